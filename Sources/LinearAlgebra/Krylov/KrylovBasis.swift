/// All Krylov vectors of an operator, each made orthogonal to those before it, to rounding.
///
/// What the recurrence of three terms leaves loses orthogonality only as Ritz values converge; subtracting the overlaps
/// with all vectors mends that. Once is enough where it takes little away, which the lengths before and after show; else
/// it is done again (Daniel, Gragg, Kaufman, Stewart 1976; Parlett, The Symmetric Eigenvalue Problem, section 6.9).
///
/// Vectors are mended in pairs, so that all others are read twice for two steps. The first of a pair is meanwhile off by
/// e = u ‖A‖/β, and waits only where e is below a tenth of √u. Mending q̃ = q + Q c and what A q̃ left together leaves
/// A Q = Q T as it is, since A q̃ has the overlaps T c, and T is changed by terms of e² (Simon 1984, theorem 4).
/// Memory: `capacity` vectors. Cost of a step: a product, all vectors so far read once, and some twelve more read or written.
final class KrylovBasis<A: LinearOperator>: KrylovVectors {
    let a: A
    /// [capacity, dimension], of which `count` rows are there.
    var vectors: MatrixBuffer<A.S> { rows.matrix }
    private var rows: MendedRows<A.S>
    private(set) var count: Int
    /// Whether the last vector waits for the next one.
    private(set) var isWaiting: Bool
    private var beta: Double
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
        (count, beta, isWaiting) = (0, 0, false)
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
        beta = state.betas.last ?? 0
        norm = state.norm
        isWaiting = state.isWaiting
    }

    func state(_ alphas: [Double], _ betas: [Double], _ outcome: LanczosOutcome?) -> LanczosState {
        LanczosState(alphas: alphas, betas: betas, norm: norm, isWaiting: isWaiting, outcome: outcome)
    }

    func advance() -> (alpha: Double, beta: Double, scale: Double)? {
        let (last, next) = (count - 1, count)
        a.apply(vectors.base + last * a.dimension, vectors.base + next * a.dimension)
        let products = rows.dots(of: next, with: last..<(next + 1))
        let (alpha, scale) = (products[0], products[1].squareRoot())
        guard scale.isFinite else { return nil }
        norm = max(norm, scale)
        let recent = max(last - 1, 0)..<next
        let left = rows.subtract(recent, [beta, alpha].suffix(recent.count), from: next, dots: recent.count + 1)
        let length = (left.last ?? 0).squareRoot()
        let unit = Double(A.S.ulpOfOne)
        let isWaiting = self.isWaiting
        self.isWaiting = !isWaiting && count > 2 && unit * norm <= 0.1 * unit.squareRoot() * length
        if self.isWaiting {
            beta = rows.subtract(recent, left.dropLast(), from: next, dots: 1)[0].squareRoot()
        } else {
            beta = mendAgain(next, length, isWaiting ? mendPair() : rows.mend(next, by: 0..<next).left)
        }
        _ = Self.normalize(vectors.base + next * a.dimension, a.dimension, beta)
        count += 1
        return (alpha, beta, norm)
    }

    /// Mends the vector that waited and the next one, whose length is returned.
    private func mendPair() -> Double {
        let (last, next) = (count - 1, count)
        let pair = last..<(next + 1)
        // Products may round more than u ‖A‖.
        let limit = 0.1 * Double(A.S.ulpOfOne).squareRoot()
        var (largest, left) = rows.mend(pair, by: 0..<last)
        if largest > limit {
            _ = rows.mend(pair, by: 0..<last)
            let waiting = vectors.base + last * a.dimension
            _ = Self.normalize(waiting, a.dimension, A.S.dot(a.dimension, waiting, waiting).squareRoot())
            left = rows.dots(of: next, with: pair)
        }
        return rows.subtract(last..<next, left.dropLast(), from: next, dots: 1)[0].squareRoot()
    }

    /// Until it takes little away, three times at most: what is left after that is rounding.
    private func mendAgain(_ next: Int, _ length: Double, _ mended: Double) -> Double {
        var (before, left) = (length, mended)
        for _ in 0..<2 where left <= 0.7 * before { (before, left) = (left, rows.mend(next, by: 0..<next).left) }
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
