import LinearAlgebra

/// ℓ = ½ ‖f − y‖² (Allen-Zhu, Li, Song 2019, section 2).
public struct SquaredLoss: Loss {
    /// The loss has no parameters.
    public init() {}

    @specialized(where S == Float)
    @specialized(where S == Double)
    public func value<S: Scalar>(_ f: UnsafePointer<S>, _ y: UnsafePointer<S>, _ outputs: Int) -> Double {
        var sum = 0.0
        for k in 0..<outputs {
            let r = Double(f[k]) - Double(y[k])
            sum += r * r
        }
        return sum / 2
    }

    @specialized(where S == Float)
    @specialized(where S == Double)
    public func gradient<S: Scalar>(
        _ f: UnsafePointer<S>, _ y: UnsafePointer<S>, _ outputs: Int, scale: S, _ gradient: UnsafeMutablePointer<S>
    ) {
        for k in 0..<outputs { gradient[k] = scale * (f[k] - y[k]) }
    }

    @specialized(where S == Float)
    @specialized(where S == Double)
    public func hessianProduct<S: Scalar>(
        _ f: UnsafePointer<S>, _ y: UnsafePointer<S>, _ fDot: UnsafePointer<S>, _ outputs: Int, scale: S,
        _ product: UnsafeMutablePointer<S>
    ) {
        for k in 0..<outputs { product[k] = scale * fDot[k] }
    }
}
