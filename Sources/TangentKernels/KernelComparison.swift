import LinearAlgebra
import RealModule

/// Numbers that describe one kernel, and two kernels of the same samples. All cost a few passes over them.
public enum KernelComparison {
    /// tr Θ of a kernel [N, N].
    public static func trace(_ kernel: MatrixBuffer<Double>) -> Double {
        (0..<kernel.rows).reduce(0) { $0 + kernel[$1, $1] }
    }

    /// ‖Θ‖_F.
    public static func frobeniusNorm(_ kernel: MatrixBuffer<Double>) -> Double {
        Double.dot(kernel.count, kernel.base, kernel.base).squareRoot()
    }

    /// ‖Θ_t − Θ_0‖_F / ‖Θ_0‖_F.
    public static func drift(_ now: MatrixBuffer<Double>, from start: MatrixBuffer<Double>) -> Double {
        Double.squaredDistance(now.count, now.base, start.base).squareRoot() / frobeniusNorm(start)
    }

    /// 1 − ⟨Θ, Θ'⟩ / (‖Θ‖ ‖Θ'‖) (Fort et al. 2020, their kernel distance).
    ///
    /// As ½ ‖Θ/‖Θ‖ − Θ'/‖Θ'‖‖²: near 0 the difference from 1 would lose its digits.
    public static func distance(_ a: MatrixBuffer<Double>, _ b: MatrixBuffer<Double>) -> Double {
        let difference = MatrixBuffer(a.rows, a.columns, a.entries)
        Double.axpby(a.count, -1 / frobeniusNorm(b), b.base, 1 / frobeniusNorm(a), difference.base)
        return Double.dot(a.count, difference.base, difference.base) / 2
    }

    /// (Σ λ)² / Σ λ² = (tr Θ)² / ‖Θ‖_F²: n for equal eigenvalues, 1 for a single one.
    public static func effectiveRank(_ kernel: MatrixBuffer<Double>) -> Double {
        let (trace, norm) = (trace(kernel), frobeniusNorm(kernel))
        return trace * trace / (norm * norm)
    }

    /// ⟨Θ, Y Yᵀ⟩ / (‖Θ‖_F ‖Y Yᵀ‖_F), at most 1 (Cristianini et al. 2002), as it is and with the means over samples
    /// taken out of both kernel and targets (Baratin et al. 2021).
    ///
    /// What is left of a nearly constant kernel once it is centered can be less than the rounding of its entries. The
    /// error of the centered alignment is at most 2 ‖E‖_F/‖C Θ C‖_F, since ‖a/‖a‖ − b/‖b‖‖ ≤ 2 ‖a − b‖/‖a‖.
    ///
    /// - Parameters:
    ///   - kernel: [N, N].
    ///   - targets: Y [N, columns]: one column for a full kernel, K for a trace.
    ///   - group: outputs of a sample in the rows: K for a full kernel, 1 for a trace.
    ///   - arithmeticError: bound on ‖E‖_F, E = computed Θ − Θ.
    public static func alignment(
        _ kernel: MatrixBuffer<Double>, targets: MatrixBuffer<Double>, group: Int, arithmeticError: Double = 0
    ) -> (plain: Double, centered: Bounded) {
        let centeredKernel = centered(kernel, group)
        let centeredTargets = MatrixBuffer(targets.rows, targets.columns, targets.entries)
        removeMeansOverRows(centeredTargets, group)
        let norm = frobeniusNorm(centeredKernel)
        return (
            quadratic(kernel, targets) / (frobeniusNorm(kernel) * gramNorm(targets)),
            Bounded(
                value: quadratic(centeredKernel, centeredTargets) / (norm * gramNorm(centeredTargets)),
                error: 2 * arithmeticError / norm)
        )
    }

    /// C Θ C with C = 1 − P, P the projection on what is equal for all samples. Formed entry by entry: of a nearly
    /// constant kernel, norms of Θ and P Θ would differ in their last digits alone.
    private static func centered(_ kernel: MatrixBuffer<Double>, _ group: Int) -> MatrixBuffer<Double> {
        let result = MatrixBuffer<Double>(kernel.rows, kernel.columns)
        result.base.update(from: kernel.base, count: kernel.count)
        // Twice: the rounding of a large mean is of the size of what is left.
        for _ in 0..<2 {
            removeMeansOverRows(result, group)
            removeMeansOverColumns(result, group)
        }
        return result
    }

    private static func removeMeansOverRows(_ matrix: MatrixBuffer<Double>, _ group: Int) {
        let means = means(matrix, group)
        for i in 0..<(matrix.rows / group) {
            Double.axpy(means.count, -1, means.base, matrix.base + i * means.count)
        }
    }

    private static func removeMeansOverColumns(_ matrix: MatrixBuffer<Double>, _ group: Int) {
        let samples = matrix.columns / group
        for r in 0..<matrix.rows {
            let row = matrix.base + r * matrix.columns
            for b in 0..<group {
                let mean = (0..<samples).reduce(0) { $0 + row[$1 * group + b] } / Double(samples)
                for j in 0..<samples { row[j * group + b] -= mean }
            }
        }
    }

    /// tr(Yᵀ Θ Y).
    public static func quadratic(_ kernel: MatrixBuffer<Double>, _ y: MatrixBuffer<Double>) -> Double {
        let image = MatrixBuffer<Double>(y.rows, y.columns)
        MatrixBuffer.product(kernel, .no, y, .no, into: image)
        return Double.dot(y.count, y.base, image.base)
    }

    /// ‖Y Yᵀ‖_F = ‖Yᵀ Y‖_F.
    private static func gramNorm(_ y: MatrixBuffer<Double>) -> Double {
        let gram = MatrixBuffer<Double>(y.columns, y.columns)
        MatrixBuffer.product(y, .yes, y, .no, into: gram)
        return frobeniusNorm(gram)
    }

    /// Means over samples of the columns, for each output: [group, columns]; rows are (sample, output).
    private static func means(_ matrix: MatrixBuffer<Double>, _ group: Int) -> MatrixBuffer<Double> {
        let samples = matrix.rows / group
        let means = MatrixBuffer<Double>(group, matrix.columns)
        for i in 0..<samples {
            Double.axpy(means.count, 1 / Double(samples), matrix.base + i * means.count, means.base)
        }
        return means
    }
}
