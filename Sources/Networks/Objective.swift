import LinearAlgebra

/// F(w) = Σ_i c ℓ(f(w, x_i), y_i): a loss with its reduction.
public struct Objective: Sendable {
    /// Which loss.
    public let kind: LossKind
    /// Sum or mean over samples.
    public let reduction: Reduction
    /// Factor of the whole: 1, or 1/α² of the lazy form.
    public let scale: Double
    private let loss: any Loss

    /// A loss with its reduction and a factor.
    public init(_ kind: LossKind, _ reduction: Reduction, scale: Double = 1) {
        self.kind = kind
        self.reduction = reduction
        self.scale = scale
        loss = kind.loss
    }

    /// The factor of one of `samples` losses: `reductionWeight` times the scale.
    public func weight(samples: Int) -> Double { scale * reductionWeight(samples: samples) }

    /// 1 for a sum, 1/samples for a mean. η times this is the rate at which the tangent kernel of the network moves
    /// the residual, in the lazy form too: there α² and 1/α² cancel.
    public func reductionWeight(samples: Int) -> Double { reduction == .sum ? 1 : 1 / Double(max(samples, 1)) }

    /// Σ_i ℓ(f_i, y_i) over rows, not yet reduced; f and y are [rows, outputs].
    public func total<S: Scalar>(_ f: UnsafePointer<S>, _ y: UnsafePointer<S>, rows: Int, outputs: Int) -> Double {
        var sum = 0.0
        for i in 0..<rows { sum += loss.value(f + i * outputs, y + i * outputs, outputs) }
        return sum
    }

    /// out ← scale · ∂ℓ/∂f, row by row.
    public func gradient<S: Scalar>(
        _ f: UnsafePointer<S>, _ y: UnsafePointer<S>, rows: Int, outputs: Int, scale: Double,
        into out: UnsafeMutablePointer<S>
    ) {
        for i in 0..<rows {
            let start = i * outputs
            loss.gradient(f + start, y + start, outputs, scale: S(scale), out + start)
        }
    }

    /// out ← scale · (∂²ℓ/∂f²) ḟ, row by row.
    public func hessianProduct<S: Scalar>(
        _ f: UnsafePointer<S>, _ y: UnsafePointer<S>, _ fDot: UnsafePointer<S>, rows: Int, outputs: Int,
        scale: Double, into out: UnsafeMutablePointer<S>
    ) {
        for i in 0..<rows {
            let start = i * outputs
            loss.hessianProduct(f + start, y + start, fDot + start, outputs, scale: S(scale), out + start)
        }
    }
}
