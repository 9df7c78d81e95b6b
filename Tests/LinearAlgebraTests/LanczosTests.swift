import LinearAlgebra
import Sampling
import Testing

/// A diagonal operator: its spectrum is known.
private struct Diagonal<S: Scalar>: LinearOperator {
    let entries: [S]
    var dimension: Int { entries.count }
    func apply(_ x: UnsafePointer<S>, _ out: UnsafeMutablePointer<S>) {
        for i in entries.indices { out[i] = entries[i] * x[i] }
    }
}

private func start<S: Scalar>(_ n: Int) -> [S] { (0..<n).map { S(RandomStream(seed: 1, "start").normal($0)) } }

/// The upper end, to a residual of `tolerance` of it.
private func largest(
    of a: Diagonal<Double>, tolerance: Double, maximumSteps: Int
) -> (value: Double, residual: Double, steps: Int, outcome: LanczosOutcome) {
    let ends = extremeEigenvalues(of: a, start: start(a.dimension), maximumSteps: maximumSteps) {
        $0.largest.residual <= tolerance * $0.largest.value
    }
    return (ends.largest.value, ends.largest.residual, ends.steps, ends.outcome)
}

@Test func lanczosFindsTheLargestEigenvalue() {
    let spectrum = (0..<400).map { 1 / (1 + Double($0)) } + [0, 3.5]
    let top = largest(of: Diagonal(entries: spectrum), tolerance: 1e-8, maximumSteps: 100)
    #expect(top.outcome == .converged)
    #expect(abs(top.value - 3.5) < 1e-12)
    #expect(top.residual <= 1e-8 * 3.5)
}

@Test func lanczosReportsHowItEnded() {
    // Three distinct eigenvalues: the Krylov space is exhausted after three steps.
    let few = Diagonal(entries: (0..<50).map { Double($0 % 3) })
    let exhausted = largest(of: few, tolerance: 0, maximumSteps: 40)
    #expect(exhausted.outcome == .exhausted)
    #expect(exhausted.steps <= 4)
    #expect(abs(exhausted.value - 2) < 1e-12)
    // A crowded spectrum and two steps: an honest lower bound within its residual.
    let crowded = Diagonal(entries: (0..<1000).map { 1 + Double($0) / 1000 })
    let cut = largest(of: crowded, tolerance: 1e-12, maximumSteps: 2)
    #expect(cut.outcome == .stepLimit)
    #expect(cut.value < 1.999)
    #expect(cut.residual > 1e-3)
    let broken = Diagonal(entries: [1, .nan, 2])
    #expect(largest(of: broken, tolerance: 1e-8, maximumSteps: 3).outcome == .nonFinite)
    #expect(extremePairs(of: broken, start: MatrixBuffer(1, 3, start(3)), steps: 3).values.outcome == .nonFinite)
    #expect(extremePairs(of: few, start: MatrixBuffer(1, 50, start(50)), steps: 40).values.outcome == .exhausted)
}

@Test func spectralNormOfKnownMatrices() {
    // u vᵀ has norm ‖u‖‖v‖; a rotation has norm 1; zero has norm 0.
    let u = (0..<70).map { Double($0) }
    let v = (0..<30).map { 1 / Double(1 + $0) }
    let outer = MatrixBuffer<Double>(70, 30, u.flatMap { a in v.map { a * $0 } })
    let expected = Double.dot(70, u, u).squareRoot() * Double.dot(30, v, v).squareRoot()
    #expect(abs(spectralNorm(outer.base, rows: 70, columns: 30) - expected) < 1e-10 * expected)
    let rotation = MatrixBuffer<Float>(2, 2, [0.6, -0.8, 0.8, 0.6])
    #expect(abs(spectralNorm(rotation.base, rows: 2, columns: 2) - 1) < 1e-6)
    let zero = MatrixBuffer<Float>(4, 9)
    let infinite = MatrixBuffer<Float>(1, 2, [.infinity, 1])
    #expect(spectralNorm(zero.base, rows: 4, columns: 9) == 0)
    #expect(spectralNorm(infinite.base, rows: 1, columns: 2).isNaN)
}

/// A dense symmetric operator.
private struct Dense: LinearOperator {
    let matrix: MatrixBuffer<Double>
    var dimension: Int { matrix.rows }
    func apply(_ x: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) {
        Double.gemv(
            .no, rows: matrix.rows, columns: matrix.rows, alpha: 1, matrix.base, x, beta: 0, out)
    }
}

@Test func extremePairsAreThoseOfTheDenseMatrix() throws {
    let n = 60
    let stream = RandomStream(seed: 4, "matrix")
    let matrix = MatrixBuffer<Double>(n, n)
    for i in 0..<n {
        for j in 0...i { (matrix[i, j], matrix[j, i]) = (stream.normal(i * n + j), stream.normal(i * n + j)) }
    }
    let exact = try #require(
        SymmetricEigen(destroying: MatrixBuffer(n, n, matrix.entries), vectors: true))
    let vectors = try #require(exact.vectors)
    let found = extremePairs(of: Dense(matrix: matrix), start: MatrixBuffer(1, n, start(n)), steps: 45)
    for (pair, vector, index) in [
        (found.values.smallest, found.smallestVector, 0), (found.values.largest, found.largestVector, n - 1),
    ] {
        #expect(abs(pair.value - exact.values[index]) <= pair.residual + 1e-12)
        #expect(pair.residual < 1e-2, "residual \(pair.residual)")
        let overlap = Double.dot(n, vector.base, vectors.base + index * n)
        #expect(abs(abs(overlap) - 1) < 1e-4, "overlap \(overlap)")
    }
    let few = extremePairs(of: Dense(matrix: matrix), start: MatrixBuffer(1, n, start(n)), steps: 3)
    #expect(few.values.smallest.value > exact.values[0] && few.values.smallest.residual > 0.1, "a rough answer says so")
}
