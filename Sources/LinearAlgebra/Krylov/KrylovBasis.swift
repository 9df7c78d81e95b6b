/// All Krylov vectors of an operator, each made orthogonal to those before it, to rounding.
///
/// What the recurrence of three terms leaves loses orthogonality only as Ritz values converge; subtracting the overlaps
/// with all vectors mends that. Once is enough where it takes little away, which the lengths before and after show; else
/// it is done again (Daniel, Gragg, Kaufman, Stewart 1976; Parlett, The Symmetric Eigenvalue Problem, section 6.9).
///
/// Vectors are mended in groups, so that all others are read twice for several steps. Meanwhile e estimates their overlaps with those
/// before them, as `OverlapGrowth` has it, and they wait while it is below a tenth of √u; the few rows whose overlaps grow fast are
/// subtracted at each step. Products that round more than u ‖A‖ make more of it, which shows when they are mended. Mending
/// q̃ = q + Q c and what A q̃ left together leaves A Q = Q T as it is, since A q̃ has the overlaps T c, and T is changed by terms
/// of e² (Simon 1984, theorem 4); a step's own overlaps with the fast rows are of the size of u ‖A‖, rounding of the product.
/// Memory: `capacity` vectors. Cost of a step: a product, all vectors so far read twice over the size of a group, and some eight
/// to twenty more read or written.
final class KrylovBasis<A: LinearOperator>: KrylovVectors {
    let a: A
    /// [capacity, dimension], of which `count` rows are there.
    var vectors: MatrixBuffer<A.S> { rows.matrix }
    private var rows: MendedRows<A.S>
    private(set) var count: Int
    /// T of the steps so far.
    private(set) var tridiagonal = Tridiagonal()
    /// How many vectors, the last ones, wait to be mended.
    private var waiting = 0
    /// e of the last vector.
    private var overlap = Double(A.S.ulpOfOne)
    /// The longest image so far, which ‖A‖ is at least.
    private var norm = 0.0
    /// Whether there is no vector to begin with.
    var isZero: Bool { count == 0 }

    /// - Parameters:
    ///   - start: [dimension], not zero; its length does not matter.
    ///   - memory: [capacity, dimension], whatever is in it.
    init(_ a: A, _ start: UnsafePointer<A.S>, in memory: MatrixBuffer<A.S>) {
        self.a = a
        rows = MendedRows(memory)
        memory.base.update(from: start, count: a.dimension)
        count = 0
        let length = A.S.dot(a.dimension, memory.base, memory.base).squareRoot()
        if Self.normalize(memory.base, a.dimension, length) { count = 1 }
    }

    convenience init(_ a: A, _ start: UnsafePointer<A.S>, capacity: Int) {
        self.init(a, start, in: MatrixBuffer(capacity, max(a.dimension, 1)))
    }

    /// As it was after some steps.
    init(_ a: A, _ vectors: MatrixBuffer<A.S>, _ state: LanczosState) {
        self.a = a
        rows = MendedRows(vectors)
        count = state.alphas.count + 1
        for (alpha, beta) in zip(state.alphas, state.betas) { tridiagonal.append(alpha, beta) }
        (norm, waiting, overlap) = (state.norm, state.waiting, state.overlap)
    }

    func state(_ outcome: LanczosOutcome?) -> LanczosState {
        LanczosState(
            alphas: tridiagonal.alphas, betas: tridiagonal.betas, norm: norm, waiting: waiting, overlap: overlap,
            outcome: outcome)
    }

    func advance() -> (alpha: Double, beta: Double, scale: Double)? {
        let (last, next) = (count - 1, count)
        a.apply(vectors.base + last * a.dimension, vectors.base + next * a.dimension)
        let products = rows.dots(of: next..<(next + 1), with: last..<(next + 1))
        let (alpha, scale) = (products[0], products[1].squareRoot())
        guard scale.isFinite else { return nil }
        norm = max(norm, scale)
        let terms = (tridiagonal.betas.suffix(1) + [alpha]).suffix(next)
        let left = rows.subtract((next - terms.count)..<next, terms, of: next..<(next + 1))
        let growth = OverlapGrowth(tridiagonal, alpha: alpha, length: left, scale: scale)
        let length = growth.fast.isEmpty ? left : rows.mend(next..<(next + 1), against: growth.fast).left
        let beta = mendWhenDue(next, length, growth.most)
        _ = Self.normalize(vectors.base + next * a.dimension, a.dimension, beta)
        tridiagonal.append(alpha, beta)
        count += 1
        return (alpha, beta, norm)
    }

    /// - Returns: the length of the next vector.
    private func mendWhenDue(_ next: Int, _ length: Double, _ growth: Double) -> Double {
        overlap *= growth
        if count > 2, overlap <= Self.largestOverlap {
            waiting += 1
            return length
        }
        defer { (waiting, overlap) = (0, Double(A.S.ulpOfOne)) }
        return mendAgain(next, length, mendGroup(next))
    }

    /// With vectors that wait.
    private static var largestOverlap: Double { 0.1 * Double(A.S.ulpOfOne).squareRoot() }

    /// Mends the vectors that waited and the next one, whose length is returned.
    private func mendGroup(_ next: Int) -> Double {
        let group = (count - waiting)..<(next + 1)
        let (overlaps, left) = rows.mend(group)
        // Products may round more than u ‖A‖.
        let isLost = (0..<waiting).contains { k in
            overlaps[(k * next)..<(k * next + group.lowerBound + k)].contains { abs($0) > Self.largestOverlap }
        }
        guard isLost else { return left }
        for row in group.dropLast() {
            let waited = vectors.base + row * a.dimension
            _ = Self.normalize(waited, a.dimension, rows.mend(row..<(row + 1)).left)
        }
        return rows.mend(next..<(next + 1)).left
    }

    /// Until it takes little away, three times at most: what is left after that is rounding.
    private func mendAgain(_ next: Int, _ length: Double, _ mended: Double) -> Double {
        var (before, left) = (length, mended)
        for _ in 0..<2 where left <= 0.7 * before { (before, left) = (left, rows.mend(next..<(next + 1)).left) }
        return left
    }

    /// v ← v/length; a zero vector is left alone.
    private static func normalize(_ v: UnsafeMutablePointer<A.S>, _ n: Int, _ length: Double) -> Bool {
        guard length > 0, length.isFinite else { return length > 0 }
        A.S.scale(n, A.S(1 / length), v)
        return true
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
    /// How many vectors, the last ones, wait to be made orthogonal to those before them.
    public let waiting: Int
    /// About the overlaps of the last vector with those before it.
    public let overlap: Double
    /// How it ended; nil while it goes on.
    public let outcome: LanczosOutcome?

    /// A state by its parts.
    public init(
        alphas: [Double], betas: [Double], norm: Double, waiting: Int, overlap: Double, outcome: LanczosOutcome?
    ) {
        (self.alphas, self.betas, self.norm) = (alphas, betas, norm)
        (self.waiting, self.overlap, self.outcome) = (waiting, overlap, outcome)
    }
}
