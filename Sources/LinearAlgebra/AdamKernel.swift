import CLinearAlgebra

/// The numbers of one of Adam's steps, which depend on the step alone.
public struct AdamStep: Sendable {
    /// How much of both moments is kept.
    public var beta1, beta2: Double
    /// η/(1 − β₁ᵗ), the rate after the correction of m's start at 0.
    public var rate: Double
    /// 1/√(1 − β₂ᵗ), which corrects √v.
    public var root: Double
    /// ε > 0.
    public var epsilon: Double
    /// λ of ½λ‖w‖², whose gradient is added to g.
    public var ridge: Double
    /// What decoupled decay leaves of the weights, 1 − ηλ.
    public var keep: Double

    /// A step by its numbers; see the properties.
    public init(
        beta1: Double, beta2: Double, rate: Double, root: Double, epsilon: Double, ridge: Double, keep: Double
    ) {
        (self.beta1, self.beta2, self.rate, self.root) = (beta1, beta2, rate, root)
        (self.epsilon, self.ridge, self.keep) = (epsilon, ridge, keep)
    }

    fileprivate var kernel: la_adam {
        la_adam(
            beta1: beta1, beta2: beta2, rate: rate, root: root, epsilon: epsilon, ridge: ridge, keep: keep)
    }
}

/// Adam's step on arrays of one element type.
public protocol AdamKernel {
    /// s = g + ridge w, m ← β₁ m + (1 − β₁) s, v ← β₂ v + (1 − β₂) s², w ← keep w − rate m/(root √v + ε).
    ///
    /// Cost: one pass over the four arrays, of which none may overlap another.
    static func adam(
        _ count: Int, _ step: AdamStep, _ g: UnsafePointer<Self>, _ m: UnsafeMutablePointer<Self>,
        _ v: UnsafeMutablePointer<Self>, _ w: UnsafeMutablePointer<Self>)
}

extension Float: AdamKernel {
    public static func adam(
        _ count: Int, _ step: AdamStep, _ g: UnsafePointer<Float>, _ m: UnsafeMutablePointer<Float>,
        _ v: UnsafeMutablePointer<Float>, _ w: UnsafeMutablePointer<Float>
    ) {
        var kernel = step.kernel
        la_adam_f32(count, &kernel, g, m, v, w)
    }
}

extension Double: AdamKernel {
    public static func adam(
        _ count: Int, _ step: AdamStep, _ g: UnsafePointer<Double>, _ m: UnsafeMutablePointer<Double>,
        _ v: UnsafeMutablePointer<Double>, _ w: UnsafeMutablePointer<Double>
    ) {
        var kernel = step.kernel
        la_adam_f64(count, &kernel, g, m, v, w)
    }
}
