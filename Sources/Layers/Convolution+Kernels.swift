import LinearAlgebra
import Networks

/// The part of a convolution in the tangent kernel: its places are pixels of the output, at which the weight meets a
/// window of the image.
extension Convolution {
    public func gatherPatches<S: Scalar>(
        _ x: UnsafePointer<S>, _ patches: UnsafeMutablePointer<S>, _ extent: Extent
    ) {
        S.convolutionPatches(window(for: extent.input), batch: extent.rows, x, patches)
    }

    public func weightGradients<S: Scalar>(
        count: Int, _ yBar: UnsafePointer<S>, _ x: UnsafePointer<S>, _ target: UnsafeMutablePointer<S>, step: Int,
        _ extent: Extent
    ) {
        S.convolutionWeightGradients(
            window(for: extent.input), batch: extent.rows, count: count, alpha: S(weightScale), yBar, x, target,
            step: step)
    }
}
