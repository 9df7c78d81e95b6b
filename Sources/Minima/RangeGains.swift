import LinearAlgebra
import TangentKernels

/// What parts of the weights add to the range of J, one after another.
///
/// Memory: two matrices [nK, nK], and the eigenvectors of the last sum. Cost: 9 (nK)³ flops for each part.
struct RangeGains {
    /// Some of the trained weights.
    struct Part {
        let name: String
        let weights: Int
        /// Writes its part of J Jᵀ [nK, nK].
        let kernel: (_ out: MatrixBuffer<Double>) -> Void
    }

    /// The range of all of J.
    let whole: RangeProjection
    /// c/2 ‖P_{≤p} Y‖² − c/2 ‖P_{<p} Y‖² for each part. A direction whose eigenvalue is within its error counts for the part that
    /// lifts it above that.
    let gains: [LocalMinimum.Share]

    /// - Parameters:
    ///   - parts: all of J, and at least one.
    ///   - y: Y [n, K].
    ///   - half: c/2.
    ///   - rankLimit: the largest rank that J can have.
    /// - Returns: nil where something is not finite.
    init?(_ parts: [Part], of y: MatrixBuffer<Double>, half: Double, rankLimit: Int, _ plan: KernelPlan) {
        let side = y.count
        let (sum, part) = (MatrixBuffer<Double>(side, side), MatrixBuffer<Double>(side, side))
        let targets = MatrixBuffer(side, 1, y.entries)
        var whole: RangeProjection?
        var (gains, weights, inside) = ([LocalMinimum.Share](), 0, 0.0)
        for next in parts {
            next.kernel(part)
            Double.axpy(sum.count, 1, part.base, sum.base)
            part.base.update(from: sum.base, count: sum.count)
            weights += next.weights
            let trace = KernelComparison.trace(sum)
            guard
                let range = RangeProjection(
                    destroying: part, error: plan.arithmeticError(trace: trace, .float64), trace: trace,
                    rankLimit: min(side, weights, rankLimit))
            else { return nil }
            let own = range.split(targets).inside
            gains.append(.init(layer: next.name, value: half * (own - inside), error: 0))
            (whole, inside) = (range, own)
        }
        guard let whole else { return nil }
        (self.whole, self.gains) = (whole, gains)
    }
}
