import Foundation
import LinearAlgebra
import Sampling
import StationaryPoints

let isLong = ProcessInfo.processInfo.environment["NTKLAB_TEST_LONG"] != nil

/// A symmetric matrix as an operator.
struct Dense: LinearOperator {
    let matrix: MatrixBuffer<Double>
    var dimension: Int { matrix.rows }
    func apply(_ x: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) {
        for i in 0..<dimension { out[i] = Double.dot(dimension, matrix.base + i * dimension, x) }
    }
}

/// A diagonal matrix as an operator.
struct Diagonal: LinearOperator {
    let entries: [Double]
    var dimension: Int { entries.count }
    func apply(_ x: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) {
        for i in entries.indices { out[i] = entries[i] * x[i] }
    }
}

/// ½ Σ dᵢ wᵢ², with a slope of its own along the first entry.
struct Bowl: TwiceDifferentiable {
    let entries: [Double]
    var slope = 0.0
    var dimension: Int { entries.count }
    func gradient(at w: [Double]) -> (value: Double, gradient: [Double]) {
        var gradient = zip(entries, w).map { $0 * $1 }
        gradient[0] += slope
        return (Double.dot(w.count, gradient, w) / 2, gradient)
    }
    func hessian(at w: [Double]) -> Diagonal { Diagonal(entries: entries) }
}

/// A function from its formulas.
struct Formula: TwiceDifferentiable {
    let dimension: Int
    let value: ([Double]) -> Double
    let slope: ([Double]) -> [Double]
    /// [n, n], row after row.
    let curvature: ([Double]) -> [Double]

    func gradient(at w: [Double]) -> (value: Double, gradient: [Double]) { (value(w), slope(w)) }
    func hessian(at w: [Double]) -> Dense { Dense(matrix: MatrixBuffer(dimension, dimension, curvature(w))) }
}

/// wᵀ A w.
func form(_ a: MatrixBuffer<Double>) -> Formula {
    let n = a.rows
    let dense = Dense(matrix: a)
    func image(_ w: [Double]) -> [Double] {
        var out = w
        dense.apply(w, &out)
        return out
    }
    return Formula(
        dimension: n, value: { Double.dot(n, $0, image($0)) }, slope: { image($0).map { 2 * $0 } },
        curvature: { _ in a.entries.map { 2 * $0 } })
}

/// Normal entries, symmetric.
func randomSymmetric(_ n: Int, seed: UInt64) -> MatrixBuffer<Double> {
    let draws = RandomStream(seed: seed, "symmetric")
    let a = MatrixBuffer<Double>(n, n)
    for i in 0..<n {
        for j in 0...i { (a[i, j], a[j, i]) = (draws.normal(i * n + j), draws.normal(i * n + j)) }
    }
    return a
}

/// Different coefficients of about this size: a ridge that leaves no symmetry but signs.
func genericRidge(_ n: Int, size: Double, seed: UInt64) -> [Double] {
    (0..<n).map { size * (0.5 + RandomStream(seed: seed, "ridge").uniform($0)) }
}

/// Ends of searches 0..<count from normal starts.
func survey<F: TwiceDifferentiable>(
    _ f: F, _ count: Int, method: StationarySearch.Method = .newtonMR, steps: Int = 300, seed: UInt64 = 1,
    spread: Double = 1, canonical: @escaping ([Double]) -> [Double] = { $0 }
) -> [EndPoint] {
    let survey = StationarySurvey(f, StationarySearch(method, maximumSteps: steps), canonical: canonical) {
        normalStart(seed: seed, $0, dimension: f.dimension, standardDeviation: spread)
    }
    return (0..<count).map(survey.endPoint)
}

/// Of one point found: its value and index.
func summary(_ points: DistinctPoints) -> String {
    points.found.map { found in
        let spectrum = found.point.spectrum
        return
            "\(found.point.place.value) index \(spectrum?.index ?? 0...0) zeros \(spectrum?.zeroModes ?? 0) x\(found.count)"
    }.joined(separator: "\n") + "\n\(points.verdicts), \(points.count)"
}
