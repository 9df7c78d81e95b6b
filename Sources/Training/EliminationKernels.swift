import LinearAlgebra
import Networks
import RealModule

// Legend: i sample, k output; e exp(w_kᵀx_i + b_k), c the cotangent of f + g, a and b the first 2K added parameters.

/// e ← exp(e + b), sums ← f + a e; all [rows, K].
@specialized(where S == Float)
@specialized(where S == Double)
func neuronOutputs<S: Scalar>(
    _ rows: Int, _ outputs: Int, _ e: UnsafeMutablePointer<S>, _ added: UnsafePointer<S>, _ f: UnsafePointer<S>,
    into sums: UnsafeMutablePointer<S>
) {
    for i in 0..<rows {
        for k in 0..<outputs {
            let at = i * outputs + k
            e[at] = S(Double.exp(Double(e[at]) + Double(added[outputs + k])))
            sums[at] = f[at] + added[k] * e[at]
        }
    }
}

/// ∂/∂a_k = Σ_i c e + penalty · a_k and ∂/∂b_k = a_k Σ_i c e into the sink, which may be where they are; e ← a c e, of
/// which ∂/∂W is the product with the samples.
@specialized(where S == Float)
@specialized(where S == Double)
func neuronCotangents<S: Scalar>(
    _ rows: Int, _ outputs: Int, _ c: UnsafePointer<S>, _ e: UnsafeMutablePointer<S>, _ added: UnsafePointer<S>,
    penalty: Double, into sink: GradientSink<S>
) {
    for k in 0..<outputs {
        let a = added[k]
        var sum = 0.0
        for at in stride(from: k, to: rows * outputs, by: outputs) {
            let product = c[at] * e[at]
            sum += Double(product)
            e[at] = a * product
        }
        sink.add(sum + penalty * Double(a), at: k)
        sink.add(Double(a) * sum, at: outputs + k)
    }
}

/// The largest of `least` and all |a e|; not a number where one of these is none.
@specialized(where S == Float)
@specialized(where S == Double)
func largest<S: Scalar>(
    _ least: Double, _ rows: Int, _ outputs: Int, _ e: UnsafePointer<S>, _ added: UnsafePointer<S>
) -> Double {
    var most = least
    for at in 0..<(rows * outputs) {
        let size = abs(Double(added[at % outputs] * e[at]))
        if !(size <= most) { most = size }
        if most.isNaN { return most }
    }
    return most
}

/// 1 + (a eᵇ − 1)², the factor of F, with its derivatives.
struct LossFactor {
    let a: Double
    /// a eᵇ.
    let product: Double
    let value: Double
    let inA: Double
    let inB: Double

    init(a: Double, b: Double) {
        self.a = a
        product = a * Double.exp(b)
        value = 1 + (product - 1) * (product - 1)
        inA = 2 * (product - 1) * Double.exp(b)
        inB = 2 * (product - 1) * product
    }
}

extension GradientSink {
    /// One number of the gradient.
    func add(_ derivative: Double, at i: Int) {
        target[i] = alpha * S(derivative) + (beta == 0 ? 0 : beta * target[i])
    }
}
