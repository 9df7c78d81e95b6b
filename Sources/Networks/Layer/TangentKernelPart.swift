import LinearAlgebra

/// How a layer's arrays enter the tangent kernel, which is the sum over layers of the products of their gradients.
///
/// A layer has it whether it is trained or not; the kernel takes what is trained. The gradient of output a at one
/// sample is
///
///     weight   s Σ_p d_ap x_pᵀ     [channels, patch]
///     bias     s_b Σ_p d_ap        [channels]
///
/// summed over the places p of the layer's output that share its weight: one in a dense layer, the pixels of a
/// convolution. d [places, channels] is the cotangent of output a, x [places, patch] what the weight meets.
public protocol TangentKernelPart: Sendable {
    /// The layer's name.
    var name: String { get }
    /// Rows of the weight as a matrix: the numbers at one place of the output.
    var channels: Int { get }
    /// Columns of the weight: the numbers that it meets at one place.
    var patch: Int { get }
    /// Terms of an entry of x̄, for the error of the arithmetic: `channels` in a dense layer.
    var reverseTerms: Int { get }
    /// s.
    var weightScale: Double { get }
    /// Whether the weight is trained.
    var trainsWeight: Bool { get }
    /// The bias with its scale s_b; nil for none.
    var bias: Bias? { get }
    /// Whether entries of the weight are held at 0, and of its gradient too: then that is no outer product; false unless a
    /// layer says so.
    var isSparse: Bool { get }

    /// patches [rows, places, patch] ← what the weight meets of inputs x [rows, inputs].
    func gatherPatches<S: Scalar>(_ x: UnsafePointer<S>, _ patches: UnsafeMutablePointer<S>, _ extent: Extent)
    /// The weight gradient of every sample alone for `count` cotangents a sample, ȳ [count, rows, outputs]: row
    /// sample·count + c of the target, `step` numbers apart.
    func weightGradients<S: Scalar>(
        count: Int, _ yBar: UnsafePointer<S>, _ x: UnsafePointer<S>, _ target: UnsafeMutablePointer<S>, step: Int,
        _ extent: Extent)
}

extension TangentKernelPart {
    public var isSparse: Bool { false }
}
