/// The largest singular value of a matrix A [rows, columns].
///
/// Up to `gramLimit` rows or columns from all eigenvalues of the Gram matrix of the shorter side in float64, which is
/// exact to rounding whatever the spectrum. Beyond that by Lanczos on the Gram matrix, without forming it, until its
/// residual is 1e-12 of the eigenvalue; where the top is so crowded that `stepLimit` steps don't tell, from the Gram
/// matrix after all. (A residual squared over the gap would not do: Lanczos takes a crowd for a single eigenvalue for a
/// while.)
package enum SpectralNorm {
    static let gramLimit = 256
    static let stepLimit = 300
    /// Bytes that it takes beside the matrix: blocks of it and their Gram matrix, or the vectors of Lanczos.
    package static func bytes(rows: Int, columns: Int) -> Int {
        let side = min(rows, columns)
        return 8 * (side <= gramLimit ? side * (side + Self.block) : side * (stepLimit + 4) + max(rows, columns))
    }
    /// Rows or columns of the longer side that are taken at once.
    static let block = 512
}

/// ‖A‖₂ of A [rows, columns] to 1e-10 of it, in float32 to its rounding where both sides are longer than 256.
///
/// Cost: 2 s²·(longer side) + 4/3 s³ flops for a shorter side s ≤ 256; else 4 rows·columns flops a step of Lanczos,
/// commonly thirty to a hundred steps. Sources: `SymmetricEigen`, `extremeEigenvalues`.
/// - Returns: the norm; 0 for a zero matrix; NaN where entries are not finite.
public func spectralNorm<S: Scalar>(_ matrix: UnsafePointer<S>, rows: Int, columns: Int) -> Double {
    let largest = largestEntry(matrix, rows * columns)
    guard largest > 0, largest.isFinite else { return largest }
    // Entries over the largest: squares of tiny ones would vanish.
    let side = min(rows, columns)
    if side > SpectralNorm.gramLimit {
        let a = GramOperator(matrix, rows: rows, columns: columns, scale: S(1 / largest))
        let tolerance = max(1e-12, 8 * Double(S.ulpOfOne))
        let ends = extremeEigenvalues(of: a, start: scattered(side), maximumSteps: SpectralNorm.stepLimit) {
            $0.largest.residual <= tolerance * $0.largest.value
        }
        if ends.outcome != .stepLimit { return largest * max(ends.largest.value, 0).squareRoot() }
    }
    let gram = gramMatrix(matrix, rows: rows, columns: columns, scale: 1 / largest)
    let top = SymmetricEigen(destroying: gram, vectors: false)?.values.last
    return largest * max(top ?? .nan, 0).squareRoot()
}

/// max |a|; NaN where one is not finite.
@specialized(where S == Float)
@specialized(where S == Double)
private func largestEntry<S: Scalar>(_ a: UnsafePointer<S>, _ count: Int) -> Double {
    var largest: S = 0
    for i in 0..<count {
        guard a[i].isFinite else { return .nan }
        largest = max(largest, abs(a[i]))
    }
    return Double(largest)
}

/// Entries in [−1, 1] without a pattern that a matrix could share (SplitMix64; Steele, Lea, Flood 2014): the same
/// matrix always gets the same answer.
private func scattered<S: Scalar>(_ count: Int) -> [S] {
    (1...count).map { index in
        var z = UInt64(index) &* 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return S(Double(Int64(bitPattern: z ^ (z >> 31))) * 0x1p-63)
    }
}

/// c² A Aᵀ for fewer rows than columns, c² Aᵀ A otherwise, summed in float64 a block of the longer side at a time.
private func gramMatrix<S: Scalar>(
    _ matrix: UnsafePointer<S>, rows: Int, columns: Int, scale: Double
) -> MatrixBuffer<Double> {
    let (side, length) = (min(rows, columns), max(rows, columns))
    let gram = MatrixBuffer<Double>(side, side)
    let block = MatrixBuffer<Double>(side, min(length, SpectralNorm.block))
    for first in stride(from: 0, to: length, by: SpectralNorm.block) {
        let count = min(SpectralNorm.block, length - first)
        if rows <= columns {
            for r in 0..<side { convert(count, matrix + r * columns + first, block.base + r * count) }
        } else {
            convert(count * side, matrix + first * columns, block.base)
        }
        Double.scale(side * count, scale, block.base)
        let (a, b): (Transpose, Transpose) = rows <= columns ? (.no, .yes) : (.yes, .no)
        let leading = rows <= columns ? count : side
        Double.gemm(
            a, b, m: side, n: side, k: count, alpha: 1, block.base, leading, block.base, leading, beta: 1, gram.base,
            side)
    }
    return gram
}

/// The same as an operator, without forming it.
private struct GramOperator<S: Scalar>: LinearOperator {
    let matrix: UnsafePointer<S>
    let rows: Int
    let columns: Int
    let scale: S
    let image: MatrixBuffer<S>
    var dimension: Int { min(rows, columns) }

    init(_ matrix: UnsafePointer<S>, rows: Int, columns: Int, scale: S) {
        self.matrix = matrix
        self.rows = rows
        self.columns = columns
        self.scale = scale
        image = MatrixBuffer<S>(1, max(rows, columns))
    }

    func apply(_ x: UnsafePointer<S>, _ out: UnsafeMutablePointer<S>) {
        let (first, second): (Transpose, Transpose) = rows <= columns ? (.yes, .no) : (.no, .yes)
        S.gemv(first, rows: rows, columns: columns, alpha: scale, matrix, x, beta: 0, image.base)
        S.gemv(second, rows: rows, columns: columns, alpha: scale, matrix, image.base, beta: 0, out)
    }
}
