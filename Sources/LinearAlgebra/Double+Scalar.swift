import CLinearAlgebra
import RealModule

extension Double: Scalar {
    public static var precision: Precision { .float64 }

    public static func gemm(
        _ transposeA: Transpose, _ transposeB: Transpose, m: Int, n: Int, k: Int,
        alpha: Double, _ a: UnsafePointer<Double>, _ leadingA: Int,
        _ b: UnsafePointer<Double>, _ leadingB: Int,
        beta: Double, _ c: UnsafeMutablePointer<Double>, _ leadingC: Int, slope: Double,
        where sign: UnsafePointer<Double>?
    ) {
        checkScratch(
            la_gemm_f64(
                transposeA.flag, transposeB.flag, m, n, k, alpha, a, leadingA, b, leadingB, beta, c, leadingC, slope,
                sign))
    }

    public static func multiplyAdds(pieces: Int) -> Double { la_multiply_adds_f64(pieces) }

    public static func gemv(
        _ transpose: Transpose, rows: Int, columns: Int, alpha: Double, _ a: UnsafePointer<Double>,
        _ x: UnsafePointer<Double>, beta: Double, _ y: UnsafeMutablePointer<Double>
    ) {
        la_gemv_f64(transpose.flag, rows, columns, alpha, a, columns, x, beta, y)
    }

    public static func rowDots(
        rows: Int, columns: Int, _ a: UnsafePointer<Double>, vectors: Int, _ x: UnsafePointer<Double>,
        _ sums: UnsafeMutablePointer<Double>
    ) {
        la_row_dots_f64(rows, columns, a, vectors, x, sums)
    }

    public static func subtractRows(
        rows: Int, columns: Int, _ a: UnsafePointer<Double>, vectors: Int, _ x: UnsafeMutablePointer<Double>,
        _ factors: UnsafePointer<Double>, _ sums: UnsafeMutablePointer<Double>
    ) {
        la_subtract_rows_f64(rows, columns, a, vectors, x, factors, sums)
    }

    public static func axpy(
        _ count: Int, _ alpha: Double, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>
    ) {
        la_axpy_f64(count, alpha, x, y)
    }

    public static func axpby(
        _ count: Int, _ alpha: Double, _ x: UnsafePointer<Double>, _ beta: Double, _ y: UnsafeMutablePointer<Double>
    ) {
        la_axpby_f64(count, alpha, x, beta, y)
    }

    public static func scale(_ count: Int, _ alpha: Double, _ y: UnsafeMutablePointer<Double>) {
        la_scale_f64(count, alpha, y)
    }

    public static func subtract(
        _ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>
    ) {
        la_subtract_f64(count, x, y, out)
    }

    public static func dot(_ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>) -> Double {
        la_dot_f64(count, x, y)
    }

    public static func squaredDistance(
        _ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>
    ) -> Double {
        la_squared_distance_f64(count, x, y)
    }

    public static func addRow(
        _ rows: Int, _ columns: Int, _ scale: Double, _ b: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>
    ) {
        la_add_row_f64(rows, columns, scale, b, y)
    }

    public static func sumRows(
        _ rows: Int, _ columns: Int, _ alpha: Double, _ y: UnsafePointer<Double>, _ beta: Double,
        _ out: UnsafeMutablePointer<Double>
    ) {
        la_sum_rows_f64(rows, columns, alpha, y, beta, out)
    }

    public static func rectify(
        _ count: Int, _ slope: Double, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>
    ) {
        la_rectify_f64(count, slope, x, y)
    }

    public static func rectifyMask(
        _ count: Int, _ slope: Double, _ y: UnsafePointer<Double>, _ u: UnsafePointer<Double>,
        _ out: UnsafeMutablePointer<Double>
    ) {
        la_rectify_mask_f64(count, slope, y, u, out)
    }

    public static func smoothValue(
        _ function: SmoothFunction, _ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>
    ) {
        la_smooth_value_f64(function.rawValue, count, x, y)
    }

    public static func smoothSlope(
        _ function: SmoothFunction, _ count: Int, _ state: UnsafePointer<Double>, _ u: UnsafePointer<Double>,
        _ out: UnsafeMutablePointer<Double>
    ) {
        la_smooth_slope_f64(function.rawValue, count, state, u, out)
    }

    public static func smoothCurvature(
        _ function: SmoothFunction, _ count: Int, _ state: UnsafePointer<Double>, _ u: UnsafePointer<Double>,
        _ v: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>
    ) {
        la_smooth_curvature_f64(function.rawValue, count, state, u, v, out)
    }

    public static func signPattern(
        _ count: Int, _ x: UnsafePointer<Double>, _ bits: UnsafeMutablePointer<UInt8>
    ) {
        la_sign_pattern_f64(count, x, bits)
    }

    public static func gatherRows(
        _ columns: Int, _ x: UnsafePointer<Double>, _ rows: [Int], _ out: UnsafeMutablePointer<Double>
    ) {
        la_gather_rows_f64(rows.count, columns, x, rows, out)
    }
}
