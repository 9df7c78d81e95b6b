import LinearAlgebra
import Sampling

/// A vector in parameter space: weights, a gradient, a velocity, a tangent.
///
/// Frozen tensors, and weights that are held at 0, have their place in it too; in gradients and tangents they are zero.
public struct ParameterVector<S: Scalar> {
    /// What lies where.
    public let layout: ParameterLayout
    private let storage: MatrixBuffer<S>

    /// The zero vector.
    public init(_ layout: ParameterLayout) {
        self.layout = layout
        storage = MatrixBuffer(1, layout.count)
    }

    /// The weights at initialization: each tensor normal with its own deviation, from the stream
    /// `weights/<layer>/<role>` of the seed, so that adding a layer changes no other layer; then 0 where they are held at 0.
    public init(_ layout: ParameterLayout, initializedFrom seed: UInt64) {
        self.init(layout)
        for entry in layout.entries where entry.tensor.standardDeviation > 0 {
            RandomStream(seed: seed, "weights/" + entry.tensor.path).fillNormal(
                base + entry.offset, count: entry.tensor.count,
                standardDeviation: entry.tensor.standardDeviation)
            guard entry.tensor.isSigned else { continue }
            let size = S(entry.tensor.standardDeviation)
            for i in entry.offset..<(entry.offset + entry.tensor.count) { base[i] = base[i] < 0 ? -size : size }
        }
        clearZeros()
    }

    /// The first of its numbers; good while the vector is held by a variable.
    public var base: UnsafeMutablePointer<S> { storage.base }
    /// P, frozen tensors included.
    public var count: Int { layout.count }

    /// The numbers of one tensor, row-major, not copied.
    public func tensor(_ entry: ParameterLayout.Entry) -> UnsafeMutableBufferPointer<S> {
        UnsafeMutableBufferPointer(start: base + entry.offset, count: entry.tensor.count)
    }

    /// Copies another vector's entries into this one.
    public func assign(_ other: ParameterVector) {
        precondition(other.count == count, "vectors of \(other.count) and \(count) parameters")
        base.update(from: other.base, count: count)
    }

    /// Sets every entry to zero.
    public func clear() { base.update(repeating: 0, count: count) }

    /// ‖self‖² over the trained tensors.
    public var trainedSquaredNorm: Double {
        layout.trained.reduce(0) { $0 + S.dot($1.tensor.count, base + $1.offset, base + $1.offset) }
    }
}
