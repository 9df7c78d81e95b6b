import LinearAlgebra
import RealModule

/// A smooth scalar function and its derivatives, as an activation needs them.
protocol SmoothFunction {
    /// φ(x).
    static func value<S: Scalar>(_ x: S) -> S
    /// φ' from the state (φ(x), or x for `ErrorFunction`).
    static func slope<S: Scalar>(_ state: S) -> S
    /// φ''/φ' from the state.
    static func curvatureRatio<S: Scalar>(_ state: S) -> S
}

enum HyperbolicTangent: SmoothFunction {
    static func value<S: Scalar>(_ x: S) -> S { S.tanh(x) }
    static func slope<S: Scalar>(_ y: S) -> S { (1 - y) * (1 + y) }
    static func curvatureRatio<S: Scalar>(_ y: S) -> S { -2 * y }
}

/// 1/(1 + e⁻ˣ), without overflow on either side.
enum Sigmoid: SmoothFunction {
    static func value<S: Scalar>(_ x: S) -> S {
        let e = S.exp(-abs(x))
        return (x >= 0 ? 1 : e) / (1 + e)
    }
    static func slope<S: Scalar>(_ y: S) -> S { y * (1 - y) }
    static func curvatureRatio<S: Scalar>(_ y: S) -> S { 1 - 2 * y }
}

/// ln(1 + eˣ); with y = φ(x), φ' = 1 − e⁻ʸ and φ''/φ' = e⁻ʸ.
enum Softplus: SmoothFunction {
    static func value<S: Scalar>(_ x: S) -> S { max(x, 0) + S.log(onePlus: S.exp(-abs(x))) }
    static func slope<S: Scalar>(_ y: S) -> S { -S.expMinusOne(-y) }
    static func curvatureRatio<S: Scalar>(_ y: S) -> S { S.exp(-y) }
}

/// erf(x) = (2/√π) ∫₀ˣ e^(−t²) dt; the state is x.
enum ErrorFunction: SmoothFunction {
    static func value<S: Scalar>(_ x: S) -> S { S.erf(x) }
    static func slope<S: Scalar>(_ x: S) -> S { 2 / S.sqrt(S.pi) * S.exp(-x * x) }
    static func curvatureRatio<S: Scalar>(_ x: S) -> S { -2 * x }
}

@inline(__always)
func applyValue<F: SmoothFunction, S: Scalar>(
    _ function: F.Type, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>, _ count: Int
) {
    parallelPieces(count) { first, last in
        for i in first..<last { y[i] = F.value(x[i]) }
    }
}

@inline(__always)
func applySlope<F: SmoothFunction, S: Scalar>(
    _ function: F.Type, _ state: UnsafePointer<S>, _ u: UnsafePointer<S>, _ out: UnsafeMutablePointer<S>,
    _ count: Int
) {
    parallelPieces(count) { first, last in
        for i in first..<last { out[i] = F.slope(state[i]) * u[i] }
    }
}

@inline(__always)
func addCurvature<F: SmoothFunction, S: Scalar>(
    _ function: F.Type, _ state: UnsafePointer<S>, _ p: PullbackTangent<S>, _ out: UnsafeMutablePointer<S>,
    _ count: Int
) {
    parallelPieces(count) { first, last in
        for i in first..<last { out[i] += F.curvatureRatio(state[i]) * p.yDot[i] * p.yBar[i] }
    }
}
