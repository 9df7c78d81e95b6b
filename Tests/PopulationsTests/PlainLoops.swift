import LinearAlgebra
import Populations

/// Linear networks without the lab's own code: the mean loss over samples and its gradient.
struct PlainLoops {
    let widths: [Int]
    let w: [Double]

    private func block(_ j: Int) -> [Double] {
        let offset = (0..<j).reduce(0) { $0 + widths[$1] * widths[$1 + 1] }
        return Array(w[offset..<(offset + widths[j] * widths[j + 1])])
    }
    private var layers: Int { widths.count - 1 }

    /// W_l … W_1, row-major.
    var map: [Double] {
        (1..<layers).reduce(block(0)) { product(block($1), $0, rows: widths[$1 + 1], inner: widths[$1]) }
    }

    /// Mean of ½‖f(x) − y‖², by back-propagation of one sample after another.
    func loss(_ x: [[Double]], _ y: [[Double]]) -> (value: Double, gradient: [Double]) {
        var (value, gradient) = (0.0, [Double](repeating: 0, count: w.count))
        for (x, y) in zip(x, y) {
            var values = [x]
            for j in 0..<layers {
                values.append(product(block(j), values[j], rows: widths[j + 1], inner: widths[j]))
            }
            var error = zip(values[layers], y).map { $0 - $1 }
            value += error.reduce(0) { $0 + $1 * $1 } / 2
            var end = w.count
            for j in (0..<layers).reversed() {
                let (rows, columns) = (widths[j + 1], widths[j])
                for r in 0..<rows {
                    for c in 0..<columns { gradient[end - rows * columns + r * columns + c] += error[r] * values[j][c] }
                }
                end -= rows * columns
                error = product(error, block(j), rows: 1, inner: rows)
            }
        }
        let count = Double(x.count)
        return (value / count, gradient.map { $0 / count })
    }
}

extension MatrixBuffer<Double> {
    var rowArrays: [[Double]] { (0..<rows).map { row in (0..<columns).map { self[row, $0] } } }
}

extension Case {
    /// J and ∇J: those of √(d_0 s_i) e_i with the teacher's answers, which have the population's moments, and the noise.
    func exact(_ w: [Double]) -> (value: Double, gradient: [Double]) {
        guard case .linear(let teacher) = population.teacher else { return (.nan, []) }
        let d = population.inputs
        let x = (0..<d).map { i in
            (0..<d).map { i == $0 ? (Double(d) * population.variances[i]).squareRoot() : 0 }
        }
        let y = x.map { product(teacher, $0, rows: population.outputs, inner: d) }
        let (value, gradient) = PlainLoops(widths: network.widths, w: w).loss(x, y)
        return (value + Double(population.outputs) * population.noise * population.noise / 2, gradient)
    }

    func samples(_ count: Int, seed: UInt64) -> (x: MatrixBuffer<Double>, y: MatrixBuffer<Double>) {
        PopulationSampler(population).sample(.training, seed: seed, count: count)
    }
}

/// A⁻¹ B by Gauss, A [n, n] and B [n, m] row-major, A positive.
func solution(_ a: [Double], _ b: [Double], rows n: Int) -> [Double] {
    let m = b.count / n
    var (a, b) = (a, b)
    for p in 0..<n {
        for r in 0..<n where r != p {
            let factor = a[r * n + p] / a[p * n + p]
            for c in 0..<n { a[r * n + c] -= factor * a[p * n + c] }
            for c in 0..<m { b[r * m + c] -= factor * b[p * m + c] }
        }
    }
    return b.indices.map { b[$0] / a[$0 / m * n + $0 / m] }
}

func transposed(_ a: [[Double]]) -> [[Double]] { a[0].indices.map { j in a.map { $0[j] } } }

/// Least squares: A with A x ≈ y, [k, d], and the leverage of each sample, xᵀ (Σ x xᵀ)⁻¹ x.
func leastSquares(_ x: [[Double]], _ y: [[Double]]) -> (map: [Double], leverages: [Double]) {
    let d = x[0].count
    let columns = transposed(x)
    let gram = product(columns.flatMap { $0 }, x.flatMap { $0 }, rows: d, inner: x.count)
    let cross = product(columns.flatMap { $0 }, y.flatMap { $0 }, rows: d, inner: x.count)
    let found = solution(gram, cross, rows: d)
    let k = y[0].count
    let map = (0..<(k * d)).map { found[$0 % d * k + $0 / d] }
    return (map, x.map { x in zip(x, solution(gram, x, rows: d)).reduce(0) { $0 + $1.0 * $1.1 } })
}
