import LinearAlgebra

/// The trained weights alone, one after another: the space in which curvature has eigenvalues.
///
/// In vectors of a whole layout frozen tensors are zeros, which would be zero modes of nothing.
public struct TrainedCoordinates: Sendable {
    /// What lies where in the whole vector.
    public let layout: ParameterLayout
    /// Numbers in the trained tensors.
    public let count: Int

    /// The trained weights of a layout.
    public init(_ layout: ParameterLayout) {
        self.layout = layout
        count = layout.trainedCount
    }

    /// Whether nothing is frozen, so that both vectors are the same.
    public var isWhole: Bool { count == layout.count }

    /// The trained numbers of a whole vector [P], into [count].
    public func gather<S: Scalar>(_ whole: UnsafePointer<S>, into trained: UnsafeMutablePointer<S>) {
        var position = 0
        for entry in layout.trained {
            (trained + position).update(from: whole + entry.offset, count: entry.tensor.count)
            position += entry.tensor.count
        }
    }

    /// The same back; what is frozen stays as it is.
    public func scatter<S: Scalar>(_ trained: UnsafePointer<S>, into whole: UnsafeMutablePointer<S>) {
        var position = 0
        for entry in layout.trained {
            (whole + entry.offset).update(from: trained + position, count: entry.tensor.count)
            position += entry.tensor.count
        }
    }
}
