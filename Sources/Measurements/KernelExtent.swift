/// Which part of the tangent kernel of a run a kernel is.
public struct KernelExtent: Sendable, Equatable {
    /// The first samples of the training set; 0 for no kernel.
    public var samples: Int
    /// Whether it has a row for each of their outputs, [nK, nK]: that of a single output has, summed or not.
    public var hasAllOutputs: Bool

    /// A kernel of the first samples; without arguments, none.
    public init(samples: Int = 0, hasAllOutputs: Bool = false) {
        self.samples = samples
        self.hasAllOutputs = hasAllOutputs
    }

    /// Whether it is the whole kernel of a number of training samples, whose eigenvalues bound the descent:
    /// cλ_min ≤ ‖∇F‖²/(2F) ≤ cλ_max for the squared loss.
    public func isWhole(of count: Int) -> Bool { hasAllOutputs && samples >= count }
}
