/// One measured cell: a size, what was measured there, and the seed it was measured with.
public struct ScalingPoint: Sendable, Equatable {
    /// The width, or another size of the problem.
    public let size: Double
    /// What was measured.
    public let value: Double
    /// The seed of weights and batches.
    public let seed: Int
    /// Below this the value is its own rounding.
    public let floor: Double

    /// A point from its numbers.
    public init(size: Double, value: Double, seed: Int, floor: Double = 0) {
        self.size = size
        self.value = value
        self.seed = seed
        self.floor = floor
    }
}
