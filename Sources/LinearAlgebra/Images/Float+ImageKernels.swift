import CLinearAlgebra

extension Float: ImageKernels {
    public static func convolution(
        _ shape: WindowShape, batch: Int, alpha: Float, _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>,
        beta: Float, _ y: UnsafeMutablePointer<Float>, slope: Float
    ) {
        checkScratch(
            withUnsafePointer(to: shape.raw(batch)) { la_convolution_forward_f32($0, alpha, x, w, beta, y, slope) })
    }

    public static func convolutionInputGradient(
        _ shape: WindowShape, batch: Int, alpha: Float, _ y: UnsafePointer<Float>, _ w: UnsafePointer<Float>,
        beta: Float, _ x: UnsafeMutablePointer<Float>, slope: Float, where sign: UnsafePointer<Float>
    ) {
        checkScratch(
            withUnsafePointer(to: shape.raw(batch)) {
                la_convolution_input_gradient_f32($0, alpha, y, w, beta, x, slope, sign)
            })
    }

    public static func convolutionWeightGradient(
        _ shape: WindowShape, batch: Int, alpha: Float, _ y: UnsafePointer<Float>, _ x: UnsafePointer<Float>,
        beta: Float, _ w: UnsafeMutablePointer<Float>
    ) {
        checkScratch(
            withUnsafePointer(to: shape.raw(batch)) { la_convolution_weight_gradient_f32($0, alpha, y, x, beta, w) })
    }

    public static func convolutionWeightGradients(
        _ shape: WindowShape, batch: Int, count: Int, alpha: Float, _ y: UnsafePointer<Float>,
        _ x: UnsafePointer<Float>, _ w: UnsafeMutablePointer<Float>, step: Int
    ) {
        checkScratch(
            withUnsafePointer(to: shape.raw(batch)) {
                la_convolution_weight_gradients_f32($0, count, alpha, y, x, w, step)
            })
    }

    public static func convolutionPatches(
        _ shape: WindowShape, batch: Int, _ x: UnsafePointer<Float>, _ patches: UnsafeMutablePointer<Float>
    ) {
        withUnsafePointer(to: shape.raw(batch)) { la_convolution_patches_f32($0, x, patches) }
    }

    public static func convolutionScratch(_ shape: WindowShape) -> Int {
        withUnsafePointer(to: shape.raw(1)) { Int(la_convolution_scratch_f32($0)) }
    }

    public static func averagePool(
        _ shape: WindowShape, batch: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
    ) {
        withUnsafePointer(to: shape.raw(batch)) { la_average_pool_f32($0, x, y) }
    }

    public static func averagePoolTransposed(
        _ shape: WindowShape, batch: Int, _ y: UnsafePointer<Float>, _ x: UnsafeMutablePointer<Float>
    ) {
        withUnsafePointer(to: shape.raw(batch)) { la_average_pool_transposed_f32($0, y, x) }
    }

    public static func maxPool(
        _ shape: WindowShape, batch: Int, at x: UnsafePointer<Float>, _ u: UnsafePointer<Float>,
        _ y: UnsafeMutablePointer<Float>
    ) {
        withUnsafePointer(to: shape.raw(batch)) { la_max_pool_f32($0, x, u, y) }
    }

    public static func maxPoolTransposed(
        _ shape: WindowShape, batch: Int, at x: UnsafePointer<Float>, _ y: UnsafePointer<Float>,
        _ u: UnsafeMutablePointer<Float>
    ) {
        withUnsafePointer(to: shape.raw(batch)) { la_max_pool_transposed_f32($0, x, y, u) }
    }
}
