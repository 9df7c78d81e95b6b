import LinearAlgebra
import Networks
import RealModule

/// A number with a bound on what it can be off by.
public struct Bounded: Sendable, Equatable {
    /// The number.
    public let value: Double
    /// At most this far from the exact one.
    public let error: Double

    /// A number with its bound.
    public init(value: Double, error: Double) {
        self.value = value
        self.error = error
    }

    /// The value, unless its error is as large as it is.
    public var resolved: Double? { abs(value) > error ? value : nil }
}

/// What the eigenvalues of a computed kernel say about the exact one, within the error of the arithmetic.
public enum Definiteness: String, Sendable {
    case positiveDefinite = "positive definite"
    /// λ_min is within its error of zero: no negative eigenvalue is seen, nor excluded that it is zero.
    case positiveSemidefinite = "positive semi-definite within the error of its arithmetic"
    case indefinite = "not positive semi-definite"
    case unknown = "can't tell"
}

/// Extreme eigenvalues of a kernel, with what both the solver and the kernel's own arithmetic may be off by.
public struct KernelSpectrum: Sendable {
    /// All eigenvalues, ascending; nil where only the extreme ones were sought.
    public let values: [Double]?
    /// λ_min with all that it can be off by.
    public let smallest: Bounded
    /// λ_max with all that it can be off by.
    public let largest: Bounded
    /// What the smallest eigenvalue says of the exact kernel.
    public let definiteness: Definiteness
    /// Bound on ‖computed Θ − Θ‖₂, which the errors include; nil where it is not known, and they are the solver's alone.
    public let arithmeticError: Double?
    /// Steps of Lanczos; nil for a full eigendecomposition.
    public let lanczosSteps: Int?

    /// Kernels up to this many rows get a full eigendecomposition: 4/3 N³ flops, half a minute on two cores.
    public static var fullLimit: Int { 6000 }

    /// λ_min, unless its error is as large as it is.
    public var resolvedSmallest: Double? { smallest.resolved }

    /// The r-th largest eigenvalue, the smallest that a kernel of rank r has beside zeros; nil where its error is as
    /// large as it is, or not all were sought.
    public func resolvedValue(ofRank r: Int) -> Double? {
        guard let values, r > 0, r <= values.count, values[values.count - r] > smallest.error else { return nil }
        return values[values.count - r]
    }

    /// All eigenvalues of a kernel [N, N], destroyed.
    /// - Parameter arithmeticError: bound on ‖computed Θ − Θ‖₂.
    /// - Returns: nil for a kernel that is not finite.
    public init?(destroying kernel: MatrixBuffer<Double>, arithmeticError: Double) {
        guard let eigen = SymmetricEigen(destroying: kernel, vectors: false) else { return nil }
        self.init(values: eigen.values, arithmeticError: arithmeticError)
    }

    /// All eigenvalues of a kernel, ascending, from a solver that is backward stable.
    /// - Parameters:
    ///   - arithmeticError: bound on ‖computed Θ − Θ‖₂; without it nothing is said of definiteness.
    ///   - residuals: ‖Θ v − λ v‖ of unit vectors of both ends, where they were measured: λ is off by no more.
    /// - Returns: nil where there are none.
    package init?(values: [Double], arithmeticError: Double?, residuals: (smallest: Double, largest: Double) = (0, 0)) {
        guard let first = values.first, let last = values.last else { return nil }
        let solver = SymmetricEigen.solverError(norm: max(abs(first), abs(last)))
        let error = (arithmeticError ?? 0) + max(solver, residuals.smallest)
        self.values = values
        self.arithmeticError = arithmeticError
        smallest = Bounded(value: first, error: error)
        largest = Bounded(value: last, error: (arithmeticError ?? 0) + max(solver, residuals.largest))
        lanczosSteps = nil
        definiteness =
            arithmeticError == nil
            ? .unknown : first > error ? .positiveDefinite : first >= -error ? .positiveSemidefinite : .indefinite
    }

    /// The extreme eigenvalues from Lanczos on a kernel that is too large for more.
    ///
    /// A Ritz value bounds λ_min from above and λ_max from below; nothing bounds them from the other side, so that a
    /// kernel is never called positive from it.
    /// - Returns: nil for a kernel that is not finite.
    public init?(_ ritz: ExtremeEigenvalues, arithmeticError: Double) {
        guard ritz.outcome != .nonFinite else { return nil }
        values = nil
        self.arithmeticError = arithmeticError
        smallest = Bounded(value: ritz.smallest.value, error: arithmeticError + ritz.smallest.residual)
        largest = Bounded(value: ritz.largest.value, error: arithmeticError + ritz.largest.residual)
        lanczosSteps = ritz.steps
        definiteness = ritz.smallest.value < -arithmeticError ? .indefinite : .unknown
    }
}

extension KernelPlan {
    /// Bound on ‖computed Θ − Θ‖_F, and so on its spectral norm, from rounding, for a kernel of this trace made in a
    /// precision.
    ///
    /// An entry Θ_ij is a sum of products whose errors are at most γ √(Θ_ii Θ_jj) (Cauchy-Schwarz over layers), so
    /// ‖E‖₂ ≤ ‖E‖_F ≤ γ tr Θ. γ = 4 √k u with k the roundings on the longest chain from the weights to an
    /// entry: errors of k roundings add up like √k (Higham, Mary 2019, theorem 2.4, with λ = 4); the certain bound has
    /// k for 4 √k and says little in float32.
    public func arithmeticError(trace: Double, _ precision: Precision) -> Double {
        4 * Double(chainLength).squareRoot() * precision.unitRoundoff * abs(trace)
    }
}
