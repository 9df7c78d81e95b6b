import LinearAlgebra
import Networks

/// An eigenvalue λ of H, G or R: of the exact matrix one lies within `error` of it.
package struct MeasuredEigenvalue: Sendable, Equatable {
    package let value: Double
    /// ‖A v − λ v‖ of the unit vector v, by a product in float64 or, along a run, as Lanczos has it; 0 where all eigenvalues were
    /// computed together.
    package let residual: Double
    /// The residual with what the solver and the products may be off by.
    package let error: Double
}

/// How many eigenvalues are negative, positive, or not to be told from 0.
package struct Inertia: Sendable, Equatable {
    package let negative: Int
    package let positive: Int
    /// Within the error of 0: zero modes, and what can't be told from them; nil where the others are only lower bounds.
    package let nearZero: Int?

    package var isComplete: Bool { nearZero != nil }

    /// Of all eigenvalues, each off by at most `error`.
    package init(_ values: [Double], error: Double) {
        negative = values.count { $0 < -error }
        positive = values.count { $0 > error }
        nearZero = values.count - negative - positive
    }

    /// Of Qᵀ A Q for some orthonormal Q: A has at least as many of each sign (Cauchy's interlacing; Golub, Van Loan, Matrix
    /// Computations, 4th ed., theorem 8.1.7).
    package init(ritz values: [Double], error: Double) {
        negative = values.count { $0 < -error }
        positive = values.count { $0 > error }
        nearZero = nil
    }
}

/// What is known of the eigenvalues of H, G or R in the trained weights.
package struct CurvatureSpectrum: Sendable {
    package enum Method: Sendable, Equatable {
        /// All eigenvalues of the matrix.
        case dense
        /// All of them, from the Gram matrix of that many rows: G of a squared loss has its eigenvalues, and zeros.
        case gram(rows: Int)
        /// Some, by Lanczos with full reorthogonalization.
        case lanczos(steps: Int, LanczosOutcome)
    }

    package let kind: Curvature
    /// Number of trained weights.
    package let dimension: Int
    package let method: Method
    /// The largest that were found, descending.
    package let largest: [MeasuredEigenvalue]
    /// The smallest that were found, ascending.
    package let smallest: [MeasuredEigenvalue]
    /// All, ascending, without the zeros that a Gram matrix doesn't have; nil where only some are known.
    package let values: [Double]?
    package let inertia: Inertia
    /// Estimate of ‖computed A − A‖₂.
    package let arithmeticError: Double

    package init(
        kind: Curvature, dimension: Int, method: Method, largest: [MeasuredEigenvalue], smallest: [MeasuredEigenvalue],
        values: [Double]?, inertia: Inertia, arithmeticError: Double
    ) {
        self.kind = kind
        self.dimension = dimension
        self.method = method
        self.largest = largest
        self.smallest = smallest
        self.values = values
        self.inertia = inertia
        self.arithmeticError = arithmeticError
    }

    /// Matrices of up to this many weights are written down: 384 MB, and about 4 P³ flops.
    package static var denseLimit: Int { 4000 }

    /// All eigenvalues of a matrix, which is destroyed and becomes their vectors, one a row.
    /// - Returns: nil where it is not finite.
    package init?(
        _ kind: Curvature, destroying matrix: MatrixBuffer<Double>, arithmeticError: Double, top: Int, bottom: Int
    ) {
        guard let values = SymmetricEigen(destroying: matrix, vectors: true)?.values else { return nil }
        let norm = max(abs(values.first ?? 0), abs(values.last ?? 0))
        let error = SymmetricEigen.solverError(norm: norm) + arithmeticError
        let all = values.map { MeasuredEigenvalue(value: $0, residual: 0, error: error) }
        self.init(
            kind: kind, dimension: values.count, method: .dense, largest: Array(all.reversed().prefix(top)),
            smallest: Array(all.prefix(bottom)), values: values, inertia: Inertia(values, error: error),
            arithmeticError: arithmeticError)
    }

    /// G of a squared loss from the eigenvalues of Θ, ascending, times the factor of a sample's loss.
    /// - Precondition: Θ has no more rows than there are weights.
    package init(gram values: [Double], error: Double, factor: Double, dimension: Int, top: Int, bottom: Int) {
        let scaled = values.map { factor * $0 }
        let own = factor * error
        let all = (Array(repeating: 0, count: min(dimension - values.count, max(top, bottom))) + scaled).map {
            MeasuredEigenvalue(value: $0, residual: 0, error: own)
        }
        let positive = scaled.count { $0 > own }
        self.init(
            kind: .gaussNewton, dimension: dimension, method: .gram(rows: values.count),
            largest: Array(all.reversed().prefix(min(top, dimension))),
            smallest: Array(all.prefix(min(bottom, dimension))),
            values: scaled, inertia: Inertia(positive: positive, nearZero: dimension - positive), arithmeticError: own)
    }

    /// What counts as 0 in a density whose nodes were found in a precision: what Lanczos can't tell from it there.
    package func zero(in precision: Precision) -> Double {
        let norm = max(abs(largest.first?.value ?? 0), abs(smallest.first?.value ?? 0))
        return max(arithmeticError, values == nil ? 100 * precision.unitRoundoff * norm : 0)
    }
}

extension Inertia {
    /// Of a matrix that has no negative eigenvalue.
    fileprivate init(positive: Int, nearZero: Int) {
        negative = 0
        self.positive = positive
        self.nearZero = nearZero
    }
}
