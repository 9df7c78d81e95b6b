import Sampling

/// Which samples step t sees: a pure function of (seed, t), so resuming has nothing to restore.
public struct BatchSampler: Sendable, Equatable {
    /// How samples follow one another.
    public enum Order: String, CaseIterable, Sendable {
        /// A new random order every epoch; the last batch of an epoch may be smaller.
        case shuffle
        /// Every sample of every batch drawn uniformly, as in the theorem on SGD
        /// (Allen-Zhu, Li, Song 2019, Theorem 2).
        case replacement
    }

    /// n, the number of training samples.
    public let samples: Int
    /// b; equal to `samples` for full-batch descent.
    public let batch: Int
    /// How they follow one another.
    public let order: Order
    /// Decides all batches.
    public let seed: UInt64

    /// A batch of more samples than there are has all of them.
    public init(samples: Int, batch: Int, order: Order, seed: UInt64) {
        self.samples = samples
        self.batch = min(batch, samples)
        self.order = order
        self.seed = seed
    }

    /// Whether each step takes every sample once.
    public var isFullBatch: Bool { batch == samples && order == .shuffle }
    /// Steps in which as many samples are taken as there are: ⌈n/b⌉.
    public var stepsPerEpoch: Int { (samples + batch - 1) / batch }

    /// Writes the rows of step t. `permutation` caches the order of its epoch, remade when that changes.
    public func fill(
        _ rows: inout [Int], at step: Int, permutation: inout (epoch: Int, order: [Int])?
    ) {
        rows.removeAll(keepingCapacity: true)
        switch order {
        case .replacement:
            let stream = RandomStream(seed: seed, "batches/replacement")
            for i in 0..<batch { rows.append(stream.integer(step * batch + i, below: samples)) }
        case .shuffle:
            let epoch = step / stepsPerEpoch
            let first = step % stepsPerEpoch * batch
            if permutation?.epoch != epoch {
                permutation = (epoch, RandomStream(seed: seed, "batches/epoch-\(epoch)").permutation(samples))
            }
            if let order = permutation?.order { rows += order[first..<min(first + batch, samples)] }
        }
    }
}
