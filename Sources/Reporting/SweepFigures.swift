import Configurations
import Reports
import Statistics
import Studies
import Sweeps

/// The figures of a sweep; those without data are left out.
struct SweepFigures {
    let results: SweepResults
    /// Points of a paper, by the observable that they stand beside.
    let published: [PublishedPoints]
    var table: SweepTable { results.table }
    var axes: [SweepAxis] { results.plan.sweep.axes }
    let width = Axis("width m", isLogarithmic: true, base: 2, isInteger: true)

    init(_ results: SweepResults, published: [PublishedPoints] = []) {
        self.results = results
        self.published = published
    }

    var all: [Figure] {
        let figures =
            results.plan.sweep.fits.flatMap { [law($0), residuals($0)] }.compactMap { $0 } + collapses + minima
            + populations
            + phases + critical
        return figures.map { $0.saying(setting) }
    }

    /// What all cells share, and over what they differ.
    private var setting: String {
        let base = results.plan.base
        let family = base.values["model.network"].flatMap { ["mlp": "MLP", "cnn": "CNN", "resnet": "ResNet"][$0] }
        let samples = axes.contains { $0.key == "data.samples" } ? nil : base.values["data.samples"]
        let data = samples.map { ", n = \($0)" } ?? ""
        let seeds = axes.first { $0.key == SweepAxis.seed }.map { "; \($0.values.count) seeds" } ?? ""
        let stop = results.plan.sweep.stop
        let goal =
            stop.lossRatio.map { "; cells stop at F/F_0 = \(shown($0))" } ?? stop.steps.map {
                "; cells stop after \($0) steps"
            }
            ?? ""
        return
            "\(family ?? "Network"), \(base.model.parametrization.rawValue) parametrization, on "
            + "\(verbatim(base.values["data.source"] ?? "data"))\(data), \(base.loss.rawValue) loss\(goal)\(seeds)."
    }

    /// File names hold no dots but the last.
    func id(_ prefix: String, _ name: String) -> String { "\(prefix)-\(name.replacing(".", with: "-"))" }
}
