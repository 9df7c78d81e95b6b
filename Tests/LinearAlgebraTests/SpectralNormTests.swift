import LinearAlgebra
import Sampling
import Testing

/// A [rows, columns] with these singular values, between orthonormal vectors that are eigenvectors of random symmetric
/// matrices.
private func matrix(_ rows: Int, _ columns: Int, _ values: [Double]) throws -> MatrixBuffer<Double> {
    func basis(_ n: Int) throws -> MatrixBuffer<Double> {
        let random = MatrixBuffer<Double>(n, n)
        RandomStream(seed: 6, "basis/\(n)").fillNormal(random.base, count: n * n, standardDeviation: 1)
        for i in 0..<n { for j in 0..<i { random[i, j] = random[j, i] } }
        return try #require(SymmetricEigen(destroying: random, vectors: true)?.vectors)
    }
    let (left, right) = (try basis(rows), try basis(columns))
    let scaled = MatrixBuffer<Double>(values.count, columns)
    for (k, value) in values.enumerated() {
        Double.axpby(columns, value, right.base + k * columns, 0, scaled.base + k * columns)
    }
    let result = MatrixBuffer<Double>(rows, columns)
    Double.gemm(
        .yes, .no, m: rows, n: columns, k: values.count, alpha: 1, left.base, rows, scaled.base, columns, beta: 0,
        result.base, columns)
    return result
}

/// Singular values below the first, for shapes on both sides of where the Gram matrix is formed.
private let spectra: [(name: String, values: [Double])] = [
    ("one", [3]), ("equal", [3, 3, 3]), ("two close", [3, 3 - 1e-4, 1]), ("two closer", [3, 3 - 1e-7, 3 - 2e-7]),
    ("a cluster", (0..<40).map { 3 - 1e-6 * Double($0) }), ("crowded", (0..<250).map { 3 - 0.001 * Double($0) }),
    ("crowded at the top", (0..<250).map { 3 - 1e-5 * Double($0 * $0) }),
    ("falling", (0..<250).map { 3 / Double(1 + $0) }),
]

@Test(arguments: spectra, [[250, 400], [400, 250], [300, 420], [420, 300]])
func spectralNormIsTheLargestSingularValue(spectrum: (name: String, values: [Double]), shape: [Int]) throws {
    let a = try matrix(shape[0], shape[1], spectrum.values)
    for scale in [1, 1e-170, 1e170] {
        let scaled = MatrixBuffer(a.rows, a.columns, a.entries.map { $0 * scale })
        let norm = spectralNorm(scaled.base, rows: a.rows, columns: a.columns) / scale
        #expect(abs(norm - 3) < 3e-10, "\(spectrum.name) \(shape) times \(scale): \(norm)")
    }
    let single = MatrixBuffer<Float>(a.rows, a.columns, a.entries.map { Float($0) })
    #expect(abs(spectralNorm(single.base, rows: a.rows, columns: a.columns) - 3) < 3e-6, "\(spectrum.name) \(shape)")
}

/// Noise, whose singular values crowd at the edge, against all eigenvalues of the Gram matrix.
@Test(arguments: [[7, 900], [600, 5], [257, 257], [300, 700], [700, 300]])
func spectralNormOfNoise(shape: [Int]) throws {
    let (rows, columns) = (shape[0], shape[1])
    let a = MatrixBuffer<Double>(rows, columns)
    RandomStream(seed: 2, "noise").fillNormal(a.base, count: a.count, standardDeviation: 1)
    let gram = MatrixBuffer<Double>(columns, columns)
    MatrixBuffer.product(a, .yes, a, .no, into: gram)
    let values = try #require(SymmetricEigen(destroying: gram, vectors: false)).values
    let exact = try #require(values.last).squareRoot()
    #expect(abs(spectralNorm(a.base, rows: rows, columns: columns) - exact) < 1e-10 * exact)
}
