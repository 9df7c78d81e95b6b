import Networks
import Training

extension Configuration {
    /// Which of n training samples each step sees.
    func sampler(samples: Int) -> BatchSampler {
        BatchSampler(
            samples: samples, batch: training.batch ?? samples,
            order: training.batch == nil ? .shuffle : training.order,
            seed: seed)
    }

    /// Factor of each sample's gradient in a batch of `rows` of n samples.
    func gradientScale(rows: Int, samples: Int) -> Double {
        guard objective.reduction == .sum else { return objective.scale / Double(rows) }
        return objective.scale * (training.isUnbiased ? Double(samples) / Double(rows) : 1)
    }
}
