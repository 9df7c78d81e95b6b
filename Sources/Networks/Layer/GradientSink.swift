import LinearAlgebra

/// Where a layer's weight gradient g goes: target ← α g + β target.
///
/// Plain descent writes into the weights themselves with α = −η, β = 1, in the very product that
/// makes g; a stored gradient has α = 1, β = 0; a momentum buffer β = μ.
public struct GradientSink<S: Scalar> {
    /// What is written, of the length of g.
    public let target: UnsafeMutablePointer<S>
    /// Factor of the gradient.
    public let alpha: S
    /// Factor of what the target holds; at 0 it is not read.
    public let beta: S

    /// A sink over borrowed memory.
    public init(target: UnsafeMutablePointer<S>, alpha: S, beta: S) {
        self.target = target
        self.alpha = alpha
        self.beta = beta
    }

    /// What a gradient of zero leaves of a range.
    func clear(_ range: Range<Int>) {
        if beta == 0 { return (target + range.lowerBound).update(repeating: 0, count: range.count) }
        S.scale(range.count, beta, target + range.lowerBound)
    }

    func advanced(by offset: Int) -> GradientSink { GradientSink(target: target + offset, alpha: alpha, beta: beta) }
}

/// What the derivative of a pullback depends on; the letters are those of `Layer`.
public struct PullbackTangent<S: Scalar> {
    /// Parameters of the layer.
    public let w: UnsafePointer<S>
    /// ẇ.
    public let wDot: UnsafePointer<S>
    /// Input of the forward pass.
    public let x: UnsafePointer<S>
    /// Output of the forward pass.
    public let y: UnsafePointer<S>
    /// ẋ; nil where it is zero.
    public let xDot: UnsafePointer<S>?
    /// ẏ.
    public let yDot: UnsafePointer<S>
    /// ȳ.
    public let yBar: UnsafePointer<S>
    /// ȳ̇.
    public let yBarDot: UnsafePointer<S>
}
