import LinearAlgebra
import Sampling
import Testing

private struct Diagonal<S: Scalar>: LinearOperator {
    let values: [Double]
    var dimension: Int { values.count }
    func apply(_ x: UnsafePointer<S>, _ out: UnsafeMutablePointer<S>) {
        for i in 0..<dimension { out[i] = S(values[i]) * x[i] }
    }
}

/// They fall like k^−power: the upper ones converge soon, and with them orthogonality is lost.
private func falling(power: Int) -> [Double] {
    (0..<6000).map { i in (1...power).reduce(i % 7 == 3 ? -1.0 : 1.0) { product, _ in product / Double(1 + i) } }
}

/// A few far above all others, as of the Hessian of a wide network: overlaps with them grow fast, those with the rest do not.
private func outliers(_ values: [Double]) -> [Double] {
    values + (0..<5995).map { 0.02 * Double($0) / 5995 - 0.005 }
}

private func start<S: Scalar>(_ n: Int) -> [S] { (0..<n).map { S(RandomStream(seed: 1, "start").normal($0)) } }

/// Vectors that wait are orthogonal to a tenth of √u, those that were mended to rounding, and A Q = Q T all the same; the
/// state between two steps is all there is.
@Test(arguments: [1, 2, 4]) func vectorsAreMendedInGroups(power: Int) {
    check(Float.self, falling(power: power), waits: 1)
    check(Double.self, falling(power: power), waits: 2)
}

@Test(arguments: [[1.0], [1, -0.7]]) func vectorsWaitBesideOutliers(far: [Double]) {
    check(Float.self, outliers(far), waits: 3)
    check(Double.self, outliers(far), waits: 8)
}

private func check<S: Scalar>(_ type: S.Type, _ values: [Double], waits: Int) {
    let (n, steps, unit) = (values.count, 60, Double(S.ulpOfOne))
    let a = Diagonal<S>(values: values)
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
    #expect(longest >= waits && lanczos.steps >= 20, "\(type): \(longest) wait")
    #expect(resumed.vectors.entries == lanczos.vectors.entries)

    let q = lanczos.vectors
    let mended = lanczos.steps + 1 - lanczos.state.waiting
    for i in 0...lanczos.steps {
        for j in 0...i {
            let overlap = S.dot(n, q.base + i * n, q.base + j * n) - (i == j ? 1 : 0)
            #expect(abs(overlap) < (i < mended ? 100 * unit : 0.1 * unit.squareRoot()), "\(type): \(i), \(j)")
        }
    }
    let image = MatrixBuffer<S>(1, n)
    for j in 0..<(mended - 1) {
        a.apply(q.base + j * n, image.base)
        S.axpy(n, S(-lanczos.alphas[j]), q.base + j * n, image.base)
        S.axpy(n, S(-lanczos.betas[j]), q.base + (j + 1) * n, image.base)
        if j > 0 { S.axpy(n, S(-lanczos.betas[j - 1]), q.base + (j - 1) * n, image.base) }
        let left = S.dot(n, image.base, image.base).squareRoot()
        #expect(left < 100 * unit * values[0], "\(type), \(j): \(left)")
    }
    let exact = Set(values)
    let error = 100 * unit
    for (value, _) in lanczos.ritz where value.residual < error {
        #expect(exact.contains { abs($0 - value.value) < 2 * error }, "\(type): \(value)")
    }
    // Each once.
    let found = lanczos.ritz.map(\.value).filter { $0.residual < error && abs($0.value) > 100 * error }
    for (value, next) in zip(found, found.dropFirst()) { #expect(next.value - value.value > 4 * error) }
}
