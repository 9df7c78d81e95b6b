import Console
import Networks
import Populations
import Training

/// `population`: what is asked of the distribution that generated samples are of, at the end of a run.
enum PopulationConfiguration {
    /// nil without the section.
    static func read(
        _ root: ConfigSection, _ data: DataConfiguration, _ loss: LossKind, _ training: TrainingConfiguration,
        seed: UInt64
    ) -> PopulationSelection? {
        let isAsked = root.node?.mapping?["population"] != nil
        guard isAsked || root.isListing else { return nil }
        return root.section("population") { section -> PopulationSelection? in
            let options = options(section)
            guard isAsked else { return nil }
            let needs: [(isGiven: Bool, needed: String)] = [
                (data.population != nil, "data.source: gaussian"),
                (loss == .squared, "loss.kind: squared"),
                (training.form.isNetwork, "the network itself, without training.linearized or training.lazy_scale"),
            ]
            for (isGiven, needed) in needs where !isGiven {
                section.reader.report("population", section.node, "needs \(needed)")
            }
            for key in data.preprocessing.changes where data.population != nil {
                section.reader.report(
                    "population", section.node, "needs samples as they are drawn, without data.\(key)")
            }
            return data.population.map { PopulationSelection(seed: seed, options, $0) }
        }
    }

    private static func options(_ section: ConfigSection) -> PopulationOptions {
        let samples = section.wordOrNumber(
            "samples", default: .word("closed-form"), words: ["closed-form"], in: 1...1e12, isInteger: true,
            "size of the fresh sample that the population risk is estimated by; closed-form: exact, for linear networks "
                + "with a linear teacher")
        let radius = section.number(
            "radius", default: 1.5, in: 1e-6...1e6, "r: gaps are looked for among weights with ‖W_j‖_F ≤ r")
        let usual = PopulationOptions(radius: radius)
        return PopulationOptions(
            samples: samples.number.map { Int($0) }, radius: radius,
            points: section.integer(
                "points", default: usual.points, in: 1...100_000, "random weights at which gaps are looked for"),
            trials: section.integer(
                "trials", default: usual.trials, in: 0...100_000, "places that an ascent from the best of them tries"),
            starts: section.integer(
                "starts", default: usual.starts, in: 0...10_000,
                "searches for stationary points of the population risk; 0 for none"),
            ridge: section.number(
                "ridge", default: usual.ridge, in: 1e-12...1e6,
                "smallest coefficient of the ridge that takes continuous symmetries from both risks for these searches"),
            leftOut: section.integer(
                "left_out", default: usual.leftOut, in: 0...100_000,
                "samples that are left out, one at a time, to see how stable the stationary point of J_n next to the end is; 0: that "
                    + "is not asked"))
    }
}
