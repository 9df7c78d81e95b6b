/// Kernels on images, in the manner of `Scalar`: nothing is checked, nothing allocated after the
/// first call of a size.
///
/// Legend: x [batch, height, width, channels], y [batch, output height, output width, output
/// channels], w [output channels, kernel.y, kernel.x, channels], all row-major.
public protocol ImageKernels {
    /// y ← α conv(x, w) + β y, then times `slope` where that is not positive (1: nothing);
    /// 2·|y|·kernel.y·kernel.x·channels flops, as the two below.
    static func convolution(
        _ shape: WindowShape, batch: Int, alpha: Self, _ x: UnsafePointer<Self>, _ w: UnsafePointer<Self>,
        beta: Self, _ y: UnsafeMutablePointer<Self>, slope: Self)
    /// x ← α (∂conv/∂x)ᵀ y + β x, then times `slope` where `sign`, of the shape of x, is not positive (1: nothing).
    static func convolutionInputGradient(
        _ shape: WindowShape, batch: Int, alpha: Self, _ y: UnsafePointer<Self>, _ w: UnsafePointer<Self>,
        beta: Self, _ x: UnsafeMutablePointer<Self>, slope: Self, where sign: UnsafePointer<Self>)
    /// w ← α (∂conv/∂w)ᵀ y + β w.
    static func convolutionWeightGradient(
        _ shape: WindowShape, batch: Int, alpha: Self, _ y: UnsafePointer<Self>, _ x: UnsafePointer<Self>,
        beta: Self, _ w: UnsafeMutablePointer<Self>)

    /// The weight gradient of every sample alone, for `count` cotangents a sample: y [count, batch, ...];
    /// row sample·count + c of w, `step` entries apart, ← α (∂conv/∂w)ᵀ y[c][sample].
    static func convolutionWeightGradients(
        _ shape: WindowShape, batch: Int, count: Int, alpha: Self, _ y: UnsafePointer<Self>, _ x: UnsafePointer<Self>,
        _ w: UnsafeMutablePointer<Self>, step: Int)
    /// patches [batch, output pixels, kernel.y·kernel.x·channels] ← the windows of x, zeros outside it.
    static func convolutionPatches(
        _ shape: WindowShape, batch: Int, _ x: UnsafePointer<Self>, _ patches: UnsafeMutablePointer<Self>)

    /// Bytes that all of them keep for later calls: packed weights, and a block for each thread.
    static func convolutionScratch(_ shape: WindowShape) -> Int

    /// y ← the mean of x over each window.
    static func averagePool(
        _ shape: WindowShape, batch: Int, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
    /// x ← its transpose: every window's share of y, added up.
    static func averagePoolTransposed(
        _ shape: WindowShape, batch: Int, _ y: UnsafePointer<Self>, _ x: UnsafeMutablePointer<Self>)
    /// y ← u where x has its first maximum over each window; u may be x.
    static func maxPool(
        _ shape: WindowShape, batch: Int, at x: UnsafePointer<Self>, _ u: UnsafePointer<Self>,
        _ y: UnsafeMutablePointer<Self>)
    /// u ← its transpose.
    static func maxPoolTransposed(
        _ shape: WindowShape, batch: Int, at x: UnsafePointer<Self>, _ y: UnsafePointer<Self>,
        _ u: UnsafeMutablePointer<Self>)
}
