import LinearAlgebra

/// The trained weights alone, one after another: the space in which curvature has eigenvalues.
///
/// In vectors of a whole layout frozen tensors, and weights that are held at 0, are zeros, which would be zero modes of nothing.
public struct TrainedCoordinates: Sendable {
    /// What lies where in the whole vector.
    public let layout: ParameterLayout
    /// Numbers in the trained tensors that are not held at 0.
    public let count: Int

    /// The trained weights of a layout.
    public init(_ layout: ParameterLayout) {
        self.layout = layout
        count = layout.trainedCount
    }

    /// Whether nothing is frozen or held, so that both vectors are the same.
    public var isWhole: Bool { count == layout.count }

    /// The numbers of each trained tensor, in its order.
    package var ranges: [Range<Int>] {
        var position = 0
        return layout.trained.map { entry in
            defer { position += entry.tensor.freeCount }
            return position..<(position + entry.tensor.freeCount)
        }
    }

    /// The trained numbers of a whole vector [P], into [count].
    public func gather<S: Scalar>(_ whole: UnsafePointer<S>, into trained: UnsafeMutablePointer<S>) {
        forEachRun { position, place, count in (trained + position).update(from: whole + place, count: count) }
    }

    /// The same back; all else stays as it is.
    public func scatter<S: Scalar>(_ trained: UnsafePointer<S>, into whole: UnsafeMutablePointer<S>) {
        forEachRun { position, place, count in (whole + place).update(from: trained + position, count: count) }
    }

    /// The stretches without a zero that is held.
    private func forEachRun(_ body: (_ position: Int, _ place: Int, _ count: Int) -> Void) {
        var position = 0
        for entry in layout.trained {
            var first = 0
            func pass(to end: Int) {
                if end > first { body(position, entry.offset + first, end - first) }
                position += end - first
                first = end + 1
            }
            for zero in entry.tensor.zeros { pass(to: zero) }
            pass(to: entry.tensor.count)
        }
    }
}
