import Sampling

/// Which batches, and how a step is made of them.
package struct BatchSelection: Sendable {
    /// At most so many at a measurement.
    package let count: Int
    /// Which batches the run itself takes.
    package let sampler: BatchSampler
    /// Factor of each sample's gradient in a batch of some rows.
    package let gradientScale: @Sendable (Int) -> Double

    package init(count: Int, sampler: BatchSampler, gradientScale: @escaping @Sendable (Int) -> Double) {
        self.count = count
        self.sampler = sampler
        self.gradientScale = gradientScale
    }

    /// The rows of batches that the run may take next. With replacement any are as likely, drawn for this alone; in an
    /// epoch that is shuffled they are those that are left of it, all or some at equal distances: what was taken
    /// already has been fitted, and says nothing of the steps to come.
    func batches(at step: Int) -> [[Int]] {
        switch sampler.order {
        case .replacement:
            return (0..<count).map { index in
                let stream = RandomStream(seed: sampler.seed, "contraction/\(step)/\(index)")
                return (0..<sampler.batch).map { stream.integer($0, below: sampler.samples) }
            }
        case .shuffle:
            let left = sampler.stepsPerEpoch - step % sampler.stepsPerEpoch
            let taken = min(count, left)
            var permutation: (epoch: Int, order: [Int])?
            return (0..<taken).map { index in
                var rows: [Int] = []
                sampler.fill(&rows, at: step + index * left / taken, permutation: &permutation)
                return rows
            }
        }
    }
}
