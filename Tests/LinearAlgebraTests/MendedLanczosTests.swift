import LinearAlgebra
import Sampling
import Testing

/// Eigenvalues that fall like k^−p: the upper ones converge soon, and with them orthogonality is lost.
private struct Falling<S: Scalar>: LinearOperator {
    let dimension: Int
    let power: Double
    func apply(_ x: UnsafePointer<S>, _ out: UnsafeMutablePointer<S>) {
        for i in 0..<dimension { out[i] = S(value(i)) * x[i] }
    }
    func value(_ i: Int) -> Double {
        (1...Int(power)).reduce(i % 7 == 3 ? -1.0 : 1.0) { product, _ in product / Double(1 + i) }
    }
}

private func start<S: Scalar>(_ n: Int) -> [S] { (0..<n).map { S(RandomStream(seed: 1, "start").normal($0)) } }

/// Vectors that wait are orthogonal to a tenth of √u, those that were mended to rounding, and A Q = Q T all the same; the
/// state between two steps is all there is.
@Test(arguments: [1.0, 2, 4]) func vectorsAreMendedInGroups(power: Double) {
    check(Float.self, power: power, waits: 1)
    check(Double.self, power: power, waits: 2)
}

private func check<S: Scalar>(_ type: S.Type, power: Double, waits: Int) {
    let (n, steps, unit) = (6000, 60, Double(S.ulpOfOne))
    let a = Falling<S>(dimension: n, power: power)
    let lanczos = LanczosIteration(a, start: start(n), capacity: steps)
    var resumed = LanczosIteration(a, start: start(n), capacity: steps)
    var longest = 0
    while lanczos.outcome == nil {
        lanczos.advance()
        resumed.advance()
        resumed = LanczosIteration(a, vectors: resumed.vectors.copy(), resumed.state)
        #expect(resumed.state == lanczos.state)
        longest = max(longest, lanczos.state.waiting)
    }
    #expect(longest >= waits && lanczos.steps >= 20, "\(type), \(power): \(longest) wait")
    #expect(resumed.vectors.entries == lanczos.vectors.entries)

    let q = lanczos.vectors
    let mended = lanczos.steps + 1 - lanczos.state.waiting
    for i in 0...lanczos.steps {
        for j in 0...i {
            let overlap = S.dot(n, q.base + i * n, q.base + j * n) - (i == j ? 1 : 0)
            #expect(abs(overlap) < (i < mended ? 100 * unit : 0.1 * unit.squareRoot()), "\(type), \(power): \(i), \(j)")
        }
    }
    let image = MatrixBuffer<S>(1, n)
    for j in 0..<(mended - 1) {
        a.apply(q.base + j * n, image.base)
        S.axpy(n, S(-lanczos.alphas[j]), q.base + j * n, image.base)
        S.axpy(n, S(-lanczos.betas[j]), q.base + (j + 1) * n, image.base)
        if j > 0 { S.axpy(n, S(-lanczos.betas[j - 1]), q.base + (j - 1) * n, image.base) }
        let left = S.dot(n, image.base, image.base).squareRoot()
        #expect(left < 100 * unit * a.value(0), "\(type), \(power), \(j): \(left)")
    }
    let exact = Set((0..<n).map { a.value($0) }).sorted()
    let error = 100 * unit
    for (value, _) in lanczos.ritz where value.residual < error {
        #expect(exact.contains { abs($0 - value.value) < 2 * error }, "\(type), \(power): \(value)")
    }
    // Each once.
    let found = lanczos.ritz.map(\.value).filter { $0.residual < error && abs($0.value) > 100 * error }
    for (value, next) in zip(found, found.dropFirst()) { #expect(next.value - value.value > 4 * error) }
}
