/// One measured cell: a size, what was measured there, and the seed it was measured with.
public struct ScalingPoint: Sendable, Equatable {
    public let size: Double
    public let value: Double
    public let seed: Int
    /// Below which the value is its own rounding.
    public let floor: Double

    public init(size: Double, value: Double, seed: Int, floor: Double = 0) {
        self.size = size
        self.value = value
        self.seed = seed
        self.floor = floor
    }
}
