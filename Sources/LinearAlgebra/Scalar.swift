import RealModule

/// The element type of every array in the lab: exactly `Float` and `Double`.
///
/// Beside the arithmetic of `Real`, a scalar carries the kernels that run on whole arrays of it.
/// All of them take row-major memory, check nothing and allocate nothing; they are the floor on
/// which the checked types stand.
public protocol Scalar: Real, BinaryFloatingPoint, LosslessStringConvertible, Sendable, ImageKernels, TangentProducts,
    AdamKernel
{
    /// Which of the two it is.
    static var precision: Precision { get }

    /// C ← α op(A) op(B) + β C, with op(A) [m, k], op(B) [k, n], C [m, n]; 2 m n k flops. Then times `slope` where
    /// `sign`, laid out as C, is not positive (C itself where it is nil; a slope of 1: nothing).
    static func gemm(
        _ transposeA: Transpose, _ transposeB: Transpose, m: Int, n: Int, k: Int,
        alpha: Self, _ a: UnsafePointer<Self>, _ leadingA: Int,
        _ b: UnsafePointer<Self>, _ leadingB: Int,
        beta: Self, _ c: UnsafeMutablePointer<Self>, _ leadingC: Int, slope: Self, where sign: UnsafePointer<Self>?)

    /// Does `pieces` lots of multiply-adds on operands in the first-level cache, on all threads, and returns how many
    /// flops these are: the limit of any product here, for benchmarks.
    static func multiplyAdds(pieces: Int) -> Double

    /// y ← α op(A) x + β y, with A [rows, columns]; 2 rows·columns flops.
    static func gemv(
        _ transpose: Transpose, rows: Int, columns: Int, alpha: Self, _ a: UnsafePointer<Self>,
        _ x: UnsafePointer<Self>, beta: Self, _ y: UnsafeMutablePointer<Self>)

    /// sums[v][i] ← the dot product of row i of A [rows, columns] with vector v of x [vectors, columns], accumulated in float64
    /// over chunks: for a few long rows, which are read once. `sums` has room for `RowDots.pieces` numbers a row and vector.
    static func rowDots(
        rows: Int, columns: Int, _ a: UnsafePointer<Self>, vectors: Int, _ x: UnsafePointer<Self>,
        _ sums: UnsafeMutablePointer<Double>)
    /// Vector v of x [vectors, columns], in turn ← itself − Σ_i c_{vi} row i over the rows of A [rows, columns] and the vectors before it,
    /// with A read once and the factors C [vectors, rows + vectors − 1]; in the same pass sums[0] ← the square of the last one's length,
    /// as above, with room for `RowDots.pieces` numbers.
    static func subtractRows(
        rows: Int, columns: Int, _ a: UnsafePointer<Self>, vectors: Int, _ x: UnsafeMutablePointer<Self>,
        _ factors: UnsafePointer<Self>, _ sums: UnsafeMutablePointer<Double>)

    /// y ← y + α x.
    static func axpy(_ count: Int, _ alpha: Self, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
    /// y ← α x + β y; y is not read where β is 0.
    static func axpby(
        _ count: Int, _ alpha: Self, _ x: UnsafePointer<Self>, _ beta: Self, _ y: UnsafeMutablePointer<Self>)
    /// y ← α y.
    static func scale(_ count: Int, _ alpha: Self, _ y: UnsafeMutablePointer<Self>)
    /// out ← x − y.
    static func subtract(
        _ count: Int, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>, _ out: UnsafeMutablePointer<Self>)
    /// Σ x y, accumulated in float64.
    static func dot(_ count: Int, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>) -> Double
    /// Σ (x − y)², accumulated in float64.
    static func squaredDistance(_ count: Int, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>) -> Double
    /// Every row of y [rows, columns] ← row + scale · b.
    static func addRow(
        _ rows: Int, _ columns: Int, _ scale: Self, _ b: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
    /// out ← α (sum of the rows of y [rows, columns]) + β out.
    static func sumRows(
        _ rows: Int, _ columns: Int, _ alpha: Self, _ y: UnsafePointer<Self>, _ beta: Self,
        _ out: UnsafeMutablePointer<Self>)
    /// y ← x where x > 0, slope · x elsewhere; y may be x.
    static func rectify(_ count: Int, _ slope: Self, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
    /// out ← u where y > 0, slope · u elsewhere; out may be u.
    static func rectifyMask(
        _ count: Int, _ slope: Self, _ y: UnsafePointer<Self>, _ u: UnsafePointer<Self>,
        _ out: UnsafeMutablePointer<Self>)
    /// y ← φ(x); y may be x.
    static func smoothValue(
        _ function: SmoothFunction, _ count: Int, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
    /// out ← φ' u, with φ' from the state; out may be u.
    static func smoothSlope(
        _ function: SmoothFunction, _ count: Int, _ state: UnsafePointer<Self>, _ u: UnsafePointer<Self>,
        _ out: UnsafeMutablePointer<Self>)
    /// out ← out + (φ''/φ') u v, with φ''/φ' from the state.
    static func smoothCurvature(
        _ function: SmoothFunction, _ count: Int, _ state: UnsafePointer<Self>, _ u: UnsafePointer<Self>,
        _ v: UnsafePointer<Self>, _ out: UnsafeMutablePointer<Self>)
    /// bits ← [x > 0], eight to a byte.
    static func signPattern(_ count: Int, _ x: UnsafePointer<Self>, _ bits: UnsafeMutablePointer<UInt8>)
    /// out[i] ← x[rows[i]], rows of `columns` entries.
    static func gatherRows(
        _ columns: Int, _ x: UnsafePointer<Self>, _ rows: [Int], _ out: UnsafeMutablePointer<Self>)
}

/// The arithmetic in which a network is trained.
public enum Precision: String, CaseIterable, Sendable {
    case float32, float64

    /// The type of its numbers. A generic function that is called with it runs in this precision.
    public var scalar: any Scalar.Type {
        switch self {
        case .float32: Float.self
        case .float64: Double.self
        }
    }

    /// u, the largest relative error of a rounded number: 2⁻²⁴ or 2⁻⁵³.
    public var unitRoundoff: Double {
        switch self {
        case .float32: Double(Float.ulpOfOne) / 2
        case .float64: Double.ulpOfOne / 2
        }
    }

    /// Bytes of a number: 4 or 8.
    public var byteCount: Int {
        switch self {
        case .float32: MemoryLayout<Float>.stride
        case .float64: MemoryLayout<Double>.stride
        }
    }
}

/// The smooth elementwise functions. Their derivatives come from a state: y = φ(x), but x for `erf`.
public enum SmoothFunction: Int32, Sendable {
    /// ln(1 + eˣ), (2/√π) ∫₀ˣ e^(−t²) dt, tanh x and 1/(1 + e⁻ˣ); the order is that of `la_smooth`.
    case softplus, erf, tanh, sigmoid
}

/// Whether a product takes a factor as it is stored or transposed.
public enum Transpose: Sendable {
    case no, yes
    var flag: Int32 { self == .yes ? 1 : 0 }
}

extension Scalar {
    /// C ← α op(A) op(B) + β C, with op(A) [m, k], op(B) [k, n], C [m, n]; 2 m n k flops.
    @inlinable
    public static func gemm(
        _ transposeA: Transpose, _ transposeB: Transpose, m: Int, n: Int, k: Int,
        alpha: Self, _ a: UnsafePointer<Self>, _ leadingA: Int,
        _ b: UnsafePointer<Self>, _ leadingB: Int,
        beta: Self, _ c: UnsafeMutablePointer<Self>, _ leadingC: Int
    ) {
        gemm(
            transposeA, transposeB, m: m, n: n, k: k, alpha: alpha, a, leadingA, b, leadingB, beta: beta, c, leadingC,
            slope: 1, where: nil)
    }
}
