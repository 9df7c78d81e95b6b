import Foundation
import Measurements
import RealModule
import Reports
import Runs
import Statistics

extension RunComparison {
    /// Writes a page: the table, and the curves of all runs in the same axes, replacing an earlier one.
    /// - Returns: the path of the page.
    /// - Throws: `LabError` where the folder is another's, or cannot be written.
    package func writePage(to out: String, withPDF: Bool, say: (String) -> Void) throws -> String {
        let folder = try ReportFolder(out, of: out)
        let page = Page(
            title: "\(runs.count) runs", summary: summary, facts: [], verdicts: [], notes: remarks.map(verbatim),
            damage: [], figures: figures, configuration: lines(columns: 100_000).joined(separator: "\n"),
            creator: "ntklab \(ntklabVersion)", origin: [("Written", RunReport.day(Date()))], sections: sections)
        return try folder.write(page, withPDF: withPDF, say: say)
    }

    private var summary: String {
        let keys = differences.map(\.key)
        guard !keys.isEmpty else { return "Their configurations are equal." }
        let shown = keys.prefix(6).map(verbatim).joined(separator: ", ")
        return "They differ in \(shown)\(keys.count > 6 ? " and \(keys.count - 6) more keys" : "")."
    }

    /// More runs than this are a table at the end of the page alone.
    private static let mostRows = 20

    /// What each run came to; nothing where the figures would be far below.
    private var sections: [Page.Section] {
        guard runs.count <= Self.mostRows else { return [] }
        let names = ["status", "step", "loss_ratio", MetricFamily.testAccuracy.name, "verdicts"]
        let rows = zip(labels, runs).map { label, run -> (cells: [String], kind: Page.Verdict.Kind) in
            let ending = run.ending
            let signs = ending["verdicts"]?.shown.filter { $0 != " " } ?? ""
            let kind: Page.Verdict.Kind =
                signs.contains("-") ? .fails : !signs.isEmpty && signs.allSatisfy { $0 == "+" } ? .holds : .unknown
            return ([verbatim(label)] + names.map { verbatim(ending[$0]?.shown ?? "–") }, kind)
        }
        return [
            Page.Section(
                "What they came to",
                paragraphs: [
                    "The last column has a sign for each of the statements 1 to 8: + holds, - fails, ? can't be told."
                ],
                table: Page.Table(
                    columns: ["run", "status", "step", "F_T/F_0", "test accuracy", "verdicts"], rows: rows))
        ]
    }

    /// A figure of each number that runs are compared by, where any has it.
    private var figures: [Figure] {
        let labels = labels
        return Self.curves.compactMap { curve in
            let lines = zip(labels, runs).map { label, run in
                Curves.Series(verbatim(label), .line, points(run.series, curve))
            }
            let curves = Curves(x: Axis("step t", isLogarithmic: curve.isOverLogSteps), y: curve.axis, lines)
            guard let first = curves.series.first, let last = curves.series.last else { return nil }
            let order =
                curves.series.count > Curves.mostColors
                ? " Colors go from \(first.name) to \(last.name), in the order of the table." : ""
            return Figure(
                id: curve.id, title: curve.title,
                caption: "\(curve.caption) \(curves.series.count) of \(runs.count) runs.\(order)", .curves(curves))
        }
    }

    private struct Curve {
        let id, metric, title, caption: String
        let axis: Axis
        var isRelative = false
        var isOverLogSteps = true
    }

    private static let curves = [
        Curve(
            id: "loss", metric: MetricFamily.trainLoss.name, title: "Training loss",
            caption: "F_t over its start, of each run. Straight lines are linear convergence.",
            axis: Axis("F_t/F_0", isLogarithmic: true), isRelative: true, isOverLogSteps: false),
        Curve(
            id: "test-accuracy", metric: MetricFamily.testAccuracy.name, title: "Test accuracy",
            caption: "Share of test samples that are classified correctly.", axis: Axis("test accuracy")),
        Curve(
            id: "test-loss", metric: MetricFamily.testLoss.name, title: "Test loss", caption: "F on the test samples.",
            axis: Axis("test loss", isLogarithmic: true)),
        Curve(
            id: "drift", metric: MetricFamily.weightDriftRelative.name, title: "Drift of the weights",
            caption: "Distance of all trained weights from the start over their norm there.",
            axis: Axis("‖w_t − w_0‖/‖w_0‖", isLogarithmic: true)),
        Curve(
            id: "kernel-drift", metric: MetricFamily.kernelDrift.name, title: "Change of the tangent kernel",
            caption: "Distance of the kernel from that of the start over its norm there.",
            axis: Axis("‖Θ_t − Θ_0‖/‖Θ_0‖", isLogarithmic: true)),
        Curve(
            id: "lambda-min", metric: MetricFamily.kernelLambdaMin.name, title: "Smallest eigenvalue of the kernel",
            caption: "λ_min(Θ_t) of the samples whose kernel each run followed.",
            axis: Axis("λ_min(Θ_t)", isLogarithmic: true)),
    ]

    /// At most so many points in all that the page stays light: those at even distances on the axis.
    private func points(_ series: MetricSeries, _ curve: Curve) -> [(x: Double, y: Double)] {
        let known = series.known(curve.metric)
        let scale = curve.isRelative ? known.first?.value ?? .nan : 1
        let points = known.map { (x: Double($0.step), y: $0.value / scale) }
        let limit = max(min(600, 20_000 / runs.count), 2)
        guard points.count > limit, let last = points.last else { return points }
        func place(_ x: Double) -> Double { curve.isOverLogSteps ? Double.log(onePlus: x) : x }
        var next = 0.0
        return points.filter { point in
            guard place(point.x) >= next || point.x == last.x else { return false }
            next = place(point.x) + place(last.x) / Double(limit)
            return true
        }
    }
}
