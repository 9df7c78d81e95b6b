import LinearAlgebra
import RealModule

/// A loss of the margin z = y f of every output, for labels y = ±1: ℓ = Σ_k φ(y_k f_k).
public struct MarginLoss: Loss {
    /// φ, a function of the margin.
    public enum Function: Sendable {
        /// φ(z) = ln(1 + e⁻ᶻ): convex, its infimum 0 is not attained.
        case logistic
        /// φ(z) = 1/(1 + eᶻ): smooth, bounded and not convex, a surrogate of the 0-1 loss; one of
        /// the Lipschitz-smooth losses to which the founding theorem extends (Allen-Zhu, Li, Song
        /// 2019, remark on other loss functions).
        case sigmoid
    }

    private let function: Function

    /// The loss of one function of the margin.
    public init(_ function: Function) { self.function = function }

    /// φ, φ' and φ'' at a margin, without overflow on either side.
    private func derivatives(_ z: Double) -> (value: Double, first: Double, second: Double) {
        let e = Double.exp(-abs(z))
        let wrong = (z >= 0 ? e : 1) / (1 + e)
        let right = (z >= 0 ? 1 : e) / (1 + e)
        return switch function {
        case .logistic: (max(-z, 0) + Double.log(onePlus: e), -wrong, wrong * right)
        case .sigmoid: (wrong, -wrong * right, wrong * right * (right - wrong))
        }
    }

    @specialized(where S == Float)
    @specialized(where S == Double)
    public func value<S: Scalar>(_ f: UnsafePointer<S>, _ y: UnsafePointer<S>, _ outputs: Int) -> Double {
        (0..<outputs).reduce(0) { $0 + derivatives(Double(f[$1]) * Double(y[$1])).value }
    }

    @specialized(where S == Float)
    @specialized(where S == Double)
    public func gradient<S: Scalar>(
        _ f: UnsafePointer<S>, _ y: UnsafePointer<S>, _ outputs: Int, scale: S, _ gradient: UnsafeMutablePointer<S>
    ) {
        for k in 0..<outputs {
            gradient[k] = scale * y[k] * S(derivatives(Double(f[k]) * Double(y[k])).first)
        }
    }

    @specialized(where S == Float)
    @specialized(where S == Double)
    public func hessianProduct<S: Scalar>(
        _ f: UnsafePointer<S>, _ y: UnsafePointer<S>, _ fDot: UnsafePointer<S>, _ outputs: Int, scale: S,
        _ product: UnsafeMutablePointer<S>
    ) {
        for k in 0..<outputs {
            product[k] = scale * y[k] * y[k] * S(derivatives(Double(f[k]) * Double(y[k])).second) * fDot[k]
        }
    }
}
