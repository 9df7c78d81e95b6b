/// The Lanczos iteration with full reorthogonalization, step by step, with all that is known of the spectrum after each.
///
/// With one start vector it sees each eigenvalue once, however often the operator has it: what it finds are eigenvalues, but
/// how many there are it can't say. Ritz values are never repeated.
/// Memory: `capacity` + 1 vectors in the operator's own precision.
/// Source: Golub and Van Loan, Matrix Computations, 4th ed., sections 10.1 and 10.3.
public final class LanczosIteration<A: LinearOperator> {
    private let basis: KrylovBasis<A>
    private var tridiagonal: Tridiagonal { basis.tridiagonal }
    /// How it ended; nil while it goes on.
    public private(set) var outcome: LanczosOutcome?

    /// - Parameters:
    ///   - start: [dimension]; the results do not depend on its length.
    ///   - capacity: the most steps; the dimension is enough for all.
    public convenience init(_ a: A, start: UnsafePointer<A.S>, capacity: Int) {
        self.init(a, start: start, in: MatrixBuffer(min(capacity, a.dimension) + 1, max(a.dimension, 1)))
    }

    /// The same in memory that is there, [most steps + 1, dimension], and overwritten.
    public init(_ a: A, start: UnsafePointer<A.S>, in memory: MatrixBuffer<A.S>) {
        basis = KrylovBasis(a, start, in: memory)
        if basis.isZero { outcome = .exhausted }
    }

    /// As it was after some steps.
    /// - Parameter vectors: [capacity + 1, dimension], the first steps + 1 of which are there.
    public init(_ a: A, vectors: MatrixBuffer<A.S>, _ state: LanczosState) {
        basis = KrylovBasis(a, vectors, state)
        outcome = state.outcome ?? (basis.count >= vectors.rows ? .stepLimit : nil)
    }

    /// What another one needs beside the vectors in order to go on to the same bits.
    public var state: LanczosState { basis.state(outcome) }

    /// Steps that were made, a product each.
    public var steps: Int { tridiagonal.order }
    /// The diagonal of T, α_j.
    public var alphas: [Double] { tridiagonal.alphas }
    /// Beside it, β_j; the last is the length of what the last step left.
    public var betas: [Double] { tridiagonal.betas }
    /// The orthonormal vectors, [capacity + 1, dimension]; steps + 1 of them are there.
    public var vectors: MatrixBuffer<A.S> { basis.vectors }

    /// Makes one more step, unless it has ended.
    public func advance() {
        guard outcome == nil else { return }
        guard let (_, beta, scale) = basis.advance() else {
            outcome = .nonFinite
            return
        }
        if beta <= 4 * Double(A.S.ulpOfOne) * scale || steps == basis.a.dimension {
            outcome = .exhausted
            return
        }
        if basis.count == basis.vectors.rows { outcome = .stepLimit }
    }

    /// Eigenvalues of T, ascending, each with the residual β_k |s_k| of its Ritz vector and the weight s_1² of the start
    /// vector in it; empty where there are none.
    public var ritz: [(value: RitzValue, weight: Double)] {
        let k = steps
        guard k > 0, let (values, vectors) = tridiagonal.eigen() else { return [] }
        return values.indices.map { i in
            let last = vectors[i * k + k - 1]
            return (
                RitzValue(value: values[i], residual: betas[k - 1] * abs(last)), vectors[i * k] * vectors[i * k]
            )
        }
    }

    /// Whether the outermost values of both ends have residuals within `tolerance` of the largest |θ|.
    public func hasConverged(top: Int, bottom: Int, tolerance: Double) -> Bool {
        let ritz = ritz.map(\.value)
        guard ritz.count >= top + bottom, let first = ritz.first, let last = ritz.last else { return false }
        let least = tolerance * max(abs(first.value), abs(last.value))
        return (ritz.suffix(top) + ritz.prefix(bottom)).allSatisfy { $0.residual <= least }
    }

    /// Unit Ritz vectors for some of them, [indices.count, dimension]. Cost: 2·steps·dimension flops each.
    public func ritzVectors(_ indices: [Int]) -> MatrixBuffer<A.S> {
        let (k, n) = (steps, basis.a.dimension)
        let result = MatrixBuffer<A.S>(indices.count, n)
        guard k > 0, n > 0, let vectors = tridiagonal.eigen()?.vectors else { return result }
        let s = MatrixBuffer<A.S>(indices.count, k)
        for (row, index) in indices.enumerated() {
            for j in 0..<k { s[row, j] = A.S(vectors[index * k + j]) }
        }
        A.S.gemm(
            .no, .no, m: indices.count, n: n, k: k, alpha: 1, s.base, k, basis.vectors.base, n, beta: 0, result.base, n)
        return result
    }
}
