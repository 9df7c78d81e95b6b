import CLinearAlgebra

extension Double: ImageKernels {
    public static func convolution(
        _ shape: WindowShape, batch: Int, alpha: Double, _ x: UnsafePointer<Double>, _ w: UnsafePointer<Double>,
        beta: Double, _ y: UnsafeMutablePointer<Double>, slope: Double
    ) {
        checkScratch(
            withUnsafePointer(to: shape.raw(batch)) { la_convolution_forward_f64($0, alpha, x, w, beta, y, slope) })
    }

    public static func convolutionInputGradient(
        _ shape: WindowShape, batch: Int, alpha: Double, _ y: UnsafePointer<Double>, _ w: UnsafePointer<Double>,
        beta: Double, _ x: UnsafeMutablePointer<Double>, slope: Double, where sign: UnsafePointer<Double>
    ) {
        checkScratch(
            withUnsafePointer(to: shape.raw(batch)) {
                la_convolution_input_gradient_f64($0, alpha, y, w, beta, x, slope, sign)
            })
    }

    public static func convolutionWeightGradient(
        _ shape: WindowShape, batch: Int, alpha: Double, _ y: UnsafePointer<Double>, _ x: UnsafePointer<Double>,
        beta: Double, _ w: UnsafeMutablePointer<Double>
    ) {
        checkScratch(
            withUnsafePointer(to: shape.raw(batch)) { la_convolution_weight_gradient_f64($0, alpha, y, x, beta, w) })
    }

    public static func convolutionWeightGradients(
        _ shape: WindowShape, batch: Int, count: Int, alpha: Double, _ y: UnsafePointer<Double>,
        _ x: UnsafePointer<Double>, _ w: UnsafeMutablePointer<Double>, step: Int
    ) {
        checkScratch(
            withUnsafePointer(to: shape.raw(batch)) {
                la_convolution_weight_gradients_f64($0, count, alpha, y, x, w, step)
            })
    }

    public static func convolutionPatches(
        _ shape: WindowShape, batch: Int, _ x: UnsafePointer<Double>, _ patches: UnsafeMutablePointer<Double>
    ) {
        withUnsafePointer(to: shape.raw(batch)) { la_convolution_patches_f64($0, x, patches) }
    }

    public static func convolutionScratch(_ shape: WindowShape) -> Int {
        withUnsafePointer(to: shape.raw(1)) { Int(la_convolution_scratch_f64($0)) }
    }

    public static func averagePool(
        _ shape: WindowShape, batch: Int, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>
    ) {
        withUnsafePointer(to: shape.raw(batch)) { la_average_pool_f64($0, x, y) }
    }

    public static func averagePoolTransposed(
        _ shape: WindowShape, batch: Int, _ y: UnsafePointer<Double>, _ x: UnsafeMutablePointer<Double>
    ) {
        withUnsafePointer(to: shape.raw(batch)) { la_average_pool_transposed_f64($0, y, x) }
    }

    public static func maxPool(
        _ shape: WindowShape, batch: Int, at x: UnsafePointer<Double>, _ u: UnsafePointer<Double>,
        _ y: UnsafeMutablePointer<Double>
    ) {
        withUnsafePointer(to: shape.raw(batch)) { la_max_pool_f64($0, x, u, y) }
    }

    public static func maxPoolTransposed(
        _ shape: WindowShape, batch: Int, at x: UnsafePointer<Double>, _ y: UnsafePointer<Double>,
        _ u: UnsafeMutablePointer<Double>
    ) {
        withUnsafePointer(to: shape.raw(batch)) { la_max_pool_transposed_f64($0, x, y, u) }
    }
}
