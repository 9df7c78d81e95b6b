import LinearAlgebra
import Sampling
import StationaryPoints

/// A small matrix, row-major.
struct Matrix {
    var rows: Int
    var columns: Int
    var entries: [Double]

    init(_ rows: Int, _ columns: Int, _ entries: [Double]) {
        (self.rows, self.columns, self.entries) = (rows, columns, entries)
    }
    init(_ rows: Int, _ columns: Int) { self.init(rows, columns, [Double](repeating: 0, count: rows * columns)) }
    static func identity(_ n: Int) -> Matrix { Matrix(n, n, (0..<n * n).map { $0 / n == $0 % n ? 1 : 0 }) }

    subscript(i: Int, j: Int) -> Double {
        get { entries[i * columns + j] }
        set { entries[i * columns + j] = newValue }
    }
    var transposed: Matrix {
        var t = Matrix(columns, rows)
        for i in 0..<rows { for j in 0..<columns { t[j, i] = self[i, j] } }
        return t
    }
    static func * (a: Matrix, b: Matrix) -> Matrix {
        precondition(a.columns == b.rows, "shapes fit")
        var c = Matrix(a.rows, b.columns)
        for i in 0..<a.rows {
            for k in 0..<a.columns {
                for j in 0..<b.columns {
                    c.entries[i * b.columns + j] += a.entries[i * a.columns + k] * b.entries[k * b.columns + j]
                }
            }
        }
        return c
    }
    static func + (a: Matrix, b: Matrix) -> Matrix {
        Matrix(a.rows, a.columns, zip(a.entries, b.entries).map { $0 + $1 })
    }
    static func - (a: Matrix, b: Matrix) -> Matrix {
        Matrix(a.rows, a.columns, zip(a.entries, b.entries).map { $0 - $1 })
    }
    var squares: Double { entries.reduce(0) { $0 + $1 * $1 } }
}

/// ½‖W_L … W_1 X − Y‖²_F with W_l [widths[l], widths[l − 1]], one after another in w.
struct DeepLinear: TwiceDifferentiable {
    let widths: [Int]
    let x: Matrix
    let y: Matrix
    var layers: Int { widths.count - 1 }
    var dimension: Int { (1...layers).reduce(0) { $0 + widths[$1] * widths[$1 - 1] } }

    func weights(_ w: [Double]) -> [Matrix] {
        var offset = 0
        return (1...layers).map { l in
            let count = widths[l] * widths[l - 1]
            defer { offset += count }
            return Matrix(widths[l], widths[l - 1], Array(w[offset..<(offset + count)]))
        }
    }

    /// What is before each layer, W_{l−1} … W_1 X, and after it, W_L … W_{l+1}, with the error.
    func parts(_ w: [Matrix]) -> (before: [Matrix], after: [Matrix], error: Matrix) {
        var before = [x]
        for l in 0..<layers { before.append(w[l] * before[l]) }
        var after = [Matrix.identity(widths[layers])]
        for l in stride(from: layers - 1, to: 0, by: -1) { after.insert(after[0] * w[l], at: 0) }
        return (before, after, before[layers] - y)
    }

    func gradient(at w: [Double]) -> (value: Double, gradient: [Double]) {
        let (before, after, error) = parts(weights(w))
        let gradient = (0..<layers).flatMap { l in (after[l].transposed * error * before[l].transposed).entries }
        return (error.squares / 2, gradient)
    }

    func hessian(at w: [Double]) -> DeepLinearHessian {
        let weights = weights(w)
        return DeepLinearHessian(f: self, w: weights, parts: parts(weights))
    }
}

struct DeepLinearHessian: LinearOperator {
    let f: DeepLinear
    let w: [Matrix]
    let parts: (before: [Matrix], after: [Matrix], error: Matrix)
    var dimension: Int { f.dimension }

    func apply(_ p: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) {
        let (before, after, error) = parts
        let v = f.weights(Array(UnsafeBufferPointer(start: p, count: dimension)))
        let last = f.layers - 1
        var dBefore = [Matrix(f.x.rows, f.x.columns)]
        for l in 0...last { dBefore.append(v[l] * before[l] + w[l] * dBefore[l]) }
        var dAfter = [Matrix(f.widths[last + 1], f.widths[last + 1])]
        for l in stride(from: last, to: 0, by: -1) { dAfter.insert(dAfter[0] * w[l] + after[l] * v[l], at: 0) }
        let dError = dBefore[last + 1]
        var offset = 0
        for l in 0...last {
            let term =
                dAfter[l].transposed * error * before[l].transposed + after[l].transposed * dError
                * before[l].transposed
                + after[l].transposed * error * dBefore[l].transposed
            for (i, entry) in term.entries.enumerated() { out[offset + i] = entry }
            offset += term.entries.count
        }
    }
}

/// A scalar chain ½(w_1 … w_L − y)².
func scalarChain(_ layers: Int, y: Double) -> DeepLinear {
    DeepLinear(widths: [Int](repeating: 1, count: layers + 1), x: Matrix(1, 1, [1]), y: Matrix(1, 1, [y]))
}
