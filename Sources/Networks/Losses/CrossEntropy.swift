import LinearAlgebra
import RealModule

/// Softmax cross-entropy ℓ = ln Σ_k e^{f_k} − Σ_k y_k f_k for targets y that sum to one.
public struct CrossEntropy: Loss {
    /// The loss has no parameters.
    public init() {}

    /// (max f, Σ e^{f − max f}): the two numbers a stable softmax needs.
    private func normalizer<S: Scalar>(_ f: UnsafePointer<S>, _ outputs: Int) -> (Double, Double) {
        var largest = -Double.infinity
        var sum = 0.0
        for k in 0..<outputs { largest = max(largest, Double(f[k])) }
        for k in 0..<outputs { sum += Double.exp(Double(f[k]) - largest) }
        return (largest, sum)
    }

    @specialized(where S == Float)
    @specialized(where S == Double)
    public func value<S: Scalar>(_ f: UnsafePointer<S>, _ y: UnsafePointer<S>, _ outputs: Int) -> Double {
        let (largest, sum) = normalizer(f, outputs)
        // Differences from the largest output first: ℓ near zero keeps its digits.
        var chosen = 0.0
        for k in 0..<outputs { chosen += Double(y[k]) * (Double(f[k]) - largest) }
        return Double.log(sum) - chosen
    }

    @specialized(where S == Float)
    @specialized(where S == Double)
    public func gradient<S: Scalar>(
        _ f: UnsafePointer<S>, _ y: UnsafePointer<S>, _ outputs: Int, scale: S, _ gradient: UnsafeMutablePointer<S>
    ) {
        let (largest, sum) = normalizer(f, outputs)
        for k in 0..<outputs {
            gradient[k] = scale * S(Double.exp(Double(f[k]) - largest) / sum - Double(y[k]))
        }
    }

    @specialized(where S == Float)
    @specialized(where S == Double)
    public func hessianProduct<S: Scalar>(
        _ f: UnsafePointer<S>, _ y: UnsafePointer<S>, _ fDot: UnsafePointer<S>, _ outputs: Int, scale: S,
        _ product: UnsafeMutablePointer<S>
    ) {
        let (largest, sum) = normalizer(f, outputs)
        var mean = 0.0
        for k in 0..<outputs { mean += Double.exp(Double(f[k]) - largest) / sum * Double(fDot[k]) }
        for k in 0..<outputs {
            let p = Double.exp(Double(f[k]) - largest) / sum
            product[k] = scale * S(p * (Double(fDot[k]) - mean))
        }
    }
}
