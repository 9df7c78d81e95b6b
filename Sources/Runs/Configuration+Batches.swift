import Configurations
import Training

extension Configuration {
    /// "mlp 1024 x 3": the shorthand with width and depth, where it has them.
    package var networkWords: String {
        let sizes = ["model.width", "model.depth"].compactMap { values[$0] }.joined(separator: " x ")
        return [values["model.network"] ?? "", sizes].filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// "digits 100": the source with the number of samples, where that is given.
    package var dataWords: String {
        [values["data.source"], values["data.samples"]].compactMap(\.self).joined(separator: " ")
    }

    /// Which of n training samples each step sees.
    package func sampler(samples: Int) -> BatchSampler {
        BatchSampler(
            samples: samples, batch: training.batch ?? samples,
            order: training.batch == nil ? .shuffle : training.order,
            seed: seed)
    }

    /// Factor of each sample's gradient in a batch of `rows` of n samples.
    package func gradientScale(rows: Int, samples: Int) -> Double {
        guard objective.reduction == .sum else { return objective.scale / Double(rows) }
        return objective.scale * (training.isUnbiased ? Double(samples) / Double(rows) : 1)
    }
}
