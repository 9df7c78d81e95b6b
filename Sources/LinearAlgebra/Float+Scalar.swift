import CLinearAlgebra
import RealModule

extension Float: Scalar {
    public static var precision: Precision { .float32 }

    public static func gemm(
        _ transposeA: Transpose, _ transposeB: Transpose, m: Int, n: Int, k: Int,
        alpha: Float, _ a: UnsafePointer<Float>, _ leadingA: Int,
        _ b: UnsafePointer<Float>, _ leadingB: Int,
        beta: Float, _ c: UnsafeMutablePointer<Float>, _ leadingC: Int, slope: Float, where sign: UnsafePointer<Float>?
    ) {
        checkScratch(
            la_gemm_f32(
                transposeA.flag, transposeB.flag, m, n, k, alpha, a, leadingA, b, leadingB, beta, c, leadingC, slope,
                sign))
    }

    public static func multiplyAdds(pieces: Int) -> Double { la_multiply_adds_f32(pieces) }

    public static func gemv(
        _ transpose: Transpose, rows: Int, columns: Int, alpha: Float, _ a: UnsafePointer<Float>,
        _ x: UnsafePointer<Float>, beta: Float, _ y: UnsafeMutablePointer<Float>
    ) {
        la_gemv_f32(transpose.flag, rows, columns, alpha, a, columns, x, beta, y)
    }

    public static func rowDots(
        rows: Int, columns: Int, _ a: UnsafePointer<Float>, vectors: Int, _ x: UnsafePointer<Float>,
        _ sums: UnsafeMutablePointer<Double>
    ) {
        la_row_dots_f32(rows, columns, a, vectors, x, sums)
    }

    public static func subtractRows(
        rows: Int, columns: Int, _ a: UnsafePointer<Float>, vectors: Int, _ x: UnsafeMutablePointer<Float>,
        _ factors: UnsafePointer<Float>, _ sums: UnsafeMutablePointer<Double>
    ) {
        la_subtract_rows_f32(rows, columns, a, vectors, x, factors, sums)
    }

    public static func axpy(
        _ count: Int, _ alpha: Float, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
    ) {
        la_axpy_f32(count, alpha, x, y)
    }

    public static func axpby(
        _ count: Int, _ alpha: Float, _ x: UnsafePointer<Float>, _ beta: Float, _ y: UnsafeMutablePointer<Float>
    ) {
        la_axpby_f32(count, alpha, x, beta, y)
    }

    public static func scale(_ count: Int, _ alpha: Float, _ y: UnsafeMutablePointer<Float>) {
        la_scale_f32(count, alpha, y)
    }

    public static func subtract(
        _ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ out: UnsafeMutablePointer<Float>
    ) {
        la_subtract_f32(count, x, y, out)
    }

    public static func dot(_ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>) -> Double {
        la_dot_f32(count, x, y)
    }

    public static func squaredDistance(
        _ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>
    ) -> Double {
        la_squared_distance_f32(count, x, y)
    }

    public static func addRow(
        _ rows: Int, _ columns: Int, _ scale: Float, _ b: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
    ) {
        la_add_row_f32(rows, columns, scale, b, y)
    }

    public static func sumRows(
        _ rows: Int, _ columns: Int, _ alpha: Float, _ y: UnsafePointer<Float>, _ beta: Float,
        _ out: UnsafeMutablePointer<Float>
    ) {
        la_sum_rows_f32(rows, columns, alpha, y, beta, out)
    }

    public static func rectify(
        _ count: Int, _ slope: Float, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
    ) {
        la_rectify_f32(count, slope, x, y)
    }

    public static func rectifyMask(
        _ count: Int, _ slope: Float, _ y: UnsafePointer<Float>, _ u: UnsafePointer<Float>,
        _ out: UnsafeMutablePointer<Float>
    ) {
        la_rectify_mask_f32(count, slope, y, u, out)
    }

    public static func smoothValue(
        _ function: SmoothFunction, _ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
    ) {
        la_smooth_value_f32(function.rawValue, count, x, y)
    }

    public static func smoothSlope(
        _ function: SmoothFunction, _ count: Int, _ state: UnsafePointer<Float>, _ u: UnsafePointer<Float>,
        _ out: UnsafeMutablePointer<Float>
    ) {
        la_smooth_slope_f32(function.rawValue, count, state, u, out)
    }

    public static func smoothCurvature(
        _ function: SmoothFunction, _ count: Int, _ state: UnsafePointer<Float>, _ u: UnsafePointer<Float>,
        _ v: UnsafePointer<Float>, _ out: UnsafeMutablePointer<Float>
    ) {
        la_smooth_curvature_f32(function.rawValue, count, state, u, v, out)
    }

    public static func signPattern(
        _ count: Int, _ x: UnsafePointer<Float>, _ bits: UnsafeMutablePointer<UInt8>
    ) {
        la_sign_pattern_f32(count, x, bits)
    }

    public static func gatherRows(
        _ columns: Int, _ x: UnsafePointer<Float>, _ rows: [Int], _ out: UnsafeMutablePointer<Float>
    ) {
        la_gather_rows_f32(rows.count, columns, x, rows, out)
    }
}
