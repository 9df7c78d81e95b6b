/// What a step of Lanczos from q_j makes of the overlaps that q_j and q_{j−1} have with the vectors before them.
///
/// They follow ω_{j+1,k} β_j = β_k ω_{j,k+1} + (α_k − α_j) ω_{jk} + β_{k−1} ω_{j,k−1} − β_{j−1} ω_{j−1,k} (Simon 1984, equation 2.19),
/// whose terms are added up here. What is lost to rounding where the step takes away most of A q_j stands for the two vectors
/// that it takes away. A few rows of T are all that an eigenvalue far above the others is in, and its overlaps grow
/// much faster than the rest: these rows are named apart, so that they alone are mended at each step.
struct OverlapGrowth {
    /// Rows that grow more than eightfold and those between them; empty where there are more than four, which are read in one pass.
    let fast: Range<Int>
    /// The most that another one grows.
    let most: Double

    /// - Parameters:
    ///   - t: T of the steps before.
    ///   - alpha: α_j.
    ///   - length: β_j, as the three terms leave it.
    ///   - scale: ‖A q_j‖.
    init(_ t: Tridiagonal, alpha: Double, length: Double, scale: Double) {
        let beside = [0] + t.betas
        let growth = (0...t.order).map { k in
            k + 1 < t.order
                ? (beside[k] + abs(t.alphas[k] - alpha) + beside[k + 1] + beside[t.order]) / length : scale / length
        }
        let isFast = { growth[$0] > 8 }
        let first = growth.indices.first(where: isFast) ?? 0
        let end = (growth.indices.last(where: isFast) ?? -1) + 1
        let fast = end - first <= 4 ? first..<end : 0..<0
        self.fast = fast
        most = growth.indices.lazy.filter { !fast.contains($0) }.map { growth[$0] }.max() ?? 1
    }
}
