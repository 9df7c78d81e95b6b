import LinearAlgebra

/// A per-sample loss ℓ(f, y) with its first two derivatives in f.
///
/// f and y are [rows, K]: regression targets, one-hot labels, or ±1 labels, as `targets` says.
/// A new loss is one file with this protocol's requirements and one line in `LossKind`.
public protocol Loss: Sendable {
    /// ℓ of one sample of K outputs.
    func value<S: Scalar>(_ f: UnsafePointer<S>, _ y: UnsafePointer<S>, _ outputs: Int) -> Double
    /// gradient ← scale · ∂ℓ/∂f of one sample.
    func gradient<S: Scalar>(
        _ f: UnsafePointer<S>, _ y: UnsafePointer<S>, _ outputs: Int, scale: S, _ gradient: UnsafeMutablePointer<S>)
    /// product ← scale · (∂²ℓ/∂f²) ḟ of one sample.
    func hessianProduct<S: Scalar>(
        _ f: UnsafePointer<S>, _ y: UnsafePointer<S>, _ fDot: UnsafePointer<S>, _ outputs: Int, scale: S,
        _ product: UnsafeMutablePointer<S>)
}

/// What a loss expects as targets.
public enum TargetKind: Sendable {
    /// Any real numbers; labels become one-hot rows (or ±1 where there is one output).
    case real
    /// One-hot rows.
    case oneHot
    /// ±1 for every output.
    case sign
}

/// The losses by their names in configurations.
public enum LossKind: String, CaseIterable, Sendable {
    case squared
    case crossEntropy = "cross-entropy"
    case logistic
    case sigmoid

    /// The loss itself.
    public var loss: any Loss {
        switch self {
        case .squared: SquaredLoss()
        case .crossEntropy: CrossEntropy()
        case .logistic: MarginLoss(.logistic)
        case .sigmoid: MarginLoss(.sigmoid)
        }
    }

    /// Whether ∂ℓ/∂f is 0 for some f; the others fall for ever as f goes to infinity.
    public var hasMinimum: Bool { self == .squared }

    /// What it expects as y.
    public var targets: TargetKind {
        switch self {
        case .squared: .real
        case .crossEntropy: .oneHot
        case .logistic, .sigmoid: .sign
        }
    }
}

/// Whether the objective adds the samples' losses (the founding paper) or averages them.
public enum Reduction: String, CaseIterable, Sendable { case sum, mean }
