import CLinearAlgebra

/// How `Scalar.rowDots` cuts its sums.
public enum RowDots {
    /// Sums that are kept for each row, whatever the number of threads.
    public static var pieces: Int { Int(LA_ROW_DOTS_PIECES) }
}

/// All Krylov vectors of an operator, each made orthogonal to those before it, to rounding.
///
/// What the recurrence of three terms leaves loses orthogonality only as Ritz values converge; subtracting the overlaps
/// with all vectors mends that. Once is enough where it takes little away, which the lengths before and after show; else
/// it is done again (Daniel, Gragg, Kaufman, Stewart 1976; Parlett, The Symmetric Eigenvalue Problem, section 6.9).
///
/// Vectors are mended in pairs, so that all others are read twice for two steps. The first of a pair is meanwhile off by
/// e = u ‖A‖/β, and waits only where e is below a tenth of √u. Mending q̃ = q + Q c and what A q̃ left together leaves
/// A Q = Q T as it is, since A q̃ has the overlaps T c, and T is changed by terms of e² (Simon 1984, theorem 4).
/// Memory: `capacity` vectors. Cost of a step: a product, and all vectors so far read once.
final class KrylovBasis<A: LinearOperator>: KrylovVectors {
    let a: A
    /// [capacity, dimension], of which `count` rows are there.
    let vectors: MatrixBuffer<A.S>
    private(set) var count: Int
    /// Whether the last vector waits for the next one.
    private(set) var isWaiting: Bool
    private var beta: Double
    /// The longest image so far, which ‖A‖ is at least.
    private var norm = 0.0
    private var sums: [Double] = []
    private let overlaps: MatrixBuffer<A.S>
    /// Whether there is no vector to begin with.
    var isZero: Bool { count == 0 }

    /// - Parameter start: [dimension], not zero; its length does not matter.
    init(_ a: A, _ start: UnsafePointer<A.S>, capacity: Int) {
        self.a = a
        vectors = MatrixBuffer(capacity, max(a.dimension, 1))
        overlaps = MatrixBuffer(2, capacity)
        vectors.base.update(from: start, count: a.dimension)
        (count, beta, isWaiting) = (0, 0, false)
        if Self.normalize(vectors.base, a.dimension) > 0 { count = 1 }
    }

    /// As it was after some steps.
    init(_ a: A, _ vectors: MatrixBuffer<A.S>, _ state: LanczosState) {
        self.a = a
        self.vectors = vectors
        count = state.alphas.count + 1
        beta = state.betas.last ?? 0
        norm = state.norm
        isWaiting = state.isWaiting
        overlaps = MatrixBuffer(2, vectors.rows)
    }

    func state(_ alphas: [Double], _ betas: [Double], _ outcome: LanczosOutcome?) -> LanczosState {
        LanczosState(alphas: alphas, betas: betas, norm: norm, isWaiting: isWaiting, outcome: outcome)
    }

    func advance() -> (alpha: Double, beta: Double, scale: Double)? {
        let n = a.dimension
        let last = vectors.base + (count - 1) * n
        let next = last + n
        a.apply(last, next)
        let scale = A.S.dot(n, next, next).squareRoot()
        guard scale.isFinite else { return nil }
        norm = max(norm, scale)
        let alpha = A.S.dot(n, last, next)
        A.S.axpy(n, A.S(-alpha), last, next)
        if count > 1 { A.S.axpy(n, A.S(-beta), last - n, next) }
        let length = A.S.dot(n, next, next).squareRoot()
        let unit = Double(A.S.ulpOfOne)
        if !isWaiting, count > 2, unit * norm <= 0.1 * unit.squareRoot() * length {
            isWaiting = true
            mend(next, from: count - 2, rows: 2)
        } else {
            // Products may round more than u ‖A‖.
            if isWaiting, mend(last, vectors: 2, from: 0, rows: count - 1) > 0.1 * unit.squareRoot() {
                mend(last, vectors: 2, from: 0, rows: count - 1)
                _ = Self.normalize(last, n)
            }
            mend(next, from: isWaiting ? count - 1 : 0, rows: isWaiting ? 1 : count)
            isWaiting = false
            mendAgain(next, length)
        }
        beta = Self.normalize(next, n)
        count += 1
        return (alpha, beta, norm)
    }

    /// Until it takes little away, three times at most: what is left after that is rounding.
    private func mendAgain(_ next: UnsafeMutablePointer<A.S>, _ length: Double) {
        var before = length
        for _ in 0..<2 {
            let left = A.S.dot(a.dimension, next, next).squareRoot()
            guard left <= 0.7 * before else { return }
            before = left
            mend(next, from: 0, rows: count)
        }
    }

    /// v ← v/‖v‖; returns ‖v‖ and leaves a zero vector alone.
    private static func normalize(_ v: UnsafeMutablePointer<A.S>, _ n: Int) -> Double {
        let norm = A.S.dot(n, v, v).squareRoot()
        if norm > 0, norm.isFinite { A.S.scale(n, A.S(1 / norm), v) }
        return norm
    }

    /// v ← v − Qᵀ Q v for some vectors one after another, Q [rows, dimension] those from a row on.
    /// - Returns: the largest overlap of the first of them.
    @discardableResult
    private func mend(_ v: UnsafeMutablePointer<A.S>, vectors number: Int = 1, from first: Int, rows: Int) -> Double {
        let room = rows * number * RowDots.pieces
        if sums.count < room { sums = [Double](repeating: 0, count: room) }
        let (n, q) = (vectors.columns, vectors.base + first * vectors.columns)
        A.S.rowDots(rows: rows, columns: n, q, vectors: number, v, &sums)
        for i in 0..<(rows * number) { overlaps.base[i] = A.S(sums[i]) }
        A.S.subtractRows(rows: rows, columns: n, q, vectors: number, overlaps.base, v)
        return sums.prefix(rows).reduce(0) { max($0, abs($1)) }
    }
}

/// All that an iteration is, beside its vectors.
public struct LanczosState: Sendable, Equatable {
    /// The diagonal of T.
    public let alphas: [Double]
    /// Beside it; the last is the length of what the last step left.
    public let betas: [Double]
    /// The longest image of a vector so far.
    public let norm: Double
    /// Whether the last vector waits for the next one to be made orthogonal.
    public let isWaiting: Bool
    /// How it ended; nil while it goes on.
    public let outcome: LanczosOutcome?

    /// A state by its parts.
    public init(alphas: [Double], betas: [Double], norm: Double, isWaiting: Bool, outcome: LanczosOutcome?) {
        (self.alphas, self.betas, self.norm, self.isWaiting) = (alphas, betas, norm, isWaiting)
        self.outcome = outcome
    }
}
