import LinearAlgebra
import RealModule
import Sampling
import Testing

/// A symmetric matrix as an operator, and what its eigenvalues are.
private struct Symmetric<S: Scalar>: LinearOperator {
    let matrix: MatrixBuffer<S>
    var dimension: Int { matrix.rows }

    /// Q diag(values) Qᵀ with Q the eigenvectors of a random matrix.
    init(_ values: [Double], seed: UInt64 = 3) throws {
        let n = values.count
        let random = MatrixBuffer<Double>(n, n)
        for i in 0..<n {
            for j in 0...i {
                random[i, j] = RandomStream(seed: seed, "matrix").normal(i * n + j)
                random[j, i] = random[i, j]
            }
        }
        let q = try #require(SymmetricEigen(destroying: random, vectors: true)?.vectors)
        let scaled = q.copy()
        for i in 0..<n { Double.scale(n, values[i], scaled.base + i * n) }
        let product = MatrixBuffer<Double>(n, n)
        MatrixBuffer.product(q, .yes, scaled, .no, into: product)
        matrix = MatrixBuffer(n, n, product.entries.map { S($0) })
    }

    func apply(_ x: UnsafePointer<S>, _ out: UnsafeMutablePointer<S>) {
        S.gemv(.no, rows: dimension, columns: dimension, alpha: 1, matrix.base, x, beta: 0, out)
    }
}

private func normal(_ n: Int, _ name: String) -> MatrixBuffer<Double> {
    let v = MatrixBuffer<Double>(1, n)
    RandomStream(seed: 4, name).fillNormal(v.base, count: n, standardDeviation: 1)
    return v
}

@Test func aRuleIsExactForPolynomials() throws {
    let values = (0..<60).map { Double.cos(Double($0)) }
    let a = try Symmetric<Double>(values)
    let v = normal(60, "v")
    let k = 9
    let lanczos = LanczosIteration(a, start: v.base, capacity: k)
    for _ in 0..<k { lanczos.advance() }
    #expect(lanczos.outcome == .stepLimit && lanczos.steps == k)
    let rule = lanczos.rule
    #expect(abs(rule.weights.reduce(0, +) - 1) < 1e-13)
    // Powers of A times v, to degree 2k − 1 and no further.
    let (power, next) = (v.copy(), v.copy())
    let length = Double.dot(60, v.base, v.base)
    for degree in 0...(2 * k) {
        let exact = Double.dot(60, v.base, power.base) / length
        let found = rule.sum { Double.pow($0, degree) }
        if degree < 2 * k {
            #expect(abs(found - exact) <= 1e-14, "degree \(degree)")
        } else {
            #expect(abs(found - exact) > 1e-8)
        }
        a.apply(power.base, next.base)
        power.base.update(from: next.base, count: 60)
    }
}

@Test func ritzValuesAreNeverRepeated() throws {
    // Far ends converge first; without reorthogonalization they come back.
    let values = (0..<200).map { Double($0) / 200 } + [40, 41, -30, 100]
    let a = try Symmetric<Double>(values)
    let v = normal(values.count, "v")
    let lanczos = LanczosIteration(a, start: v.base, capacity: 120)
    while lanczos.outcome == nil { lanczos.advance() }
    let ritz = lanczos.ritz
    for exact in [40.0, 41, -30, 100] {
        #expect(ritz.count { abs($0.value.value - exact) < 1e-6 } == 1, "\(exact)")
    }
    for pair in ritz {
        #expect(values.contains { abs($0 - pair.value.value) <= pair.value.residual + 1e-11 })
    }
    let all = Array(ritz.indices)
    let vectors = lanczos.ritzVectors(all)
    let gram = MatrixBuffer<Double>(all.count, all.count)
    MatrixBuffer.product(vectors, .no, vectors, .yes, into: gram)
    for i in all { gram[i, i] -= 1 }
    #expect(Double.dot(gram.count, gram.base, gram.base).squareRoot() < 1e-11)
}

@Test func anIterationGoesOnToTheSameBits() throws {
    let a = try Symmetric<Float>((0..<90).map { Double($0 % 31) - 7 })
    let v = MatrixBuffer<Float>(1, 90, normal(90, "v").entries.map { Float($0) })
    let whole = LanczosIteration(a, start: v.base, capacity: 20)
    let part = LanczosIteration(a, start: v.base, capacity: 20)
    while whole.outcome == nil { whole.advance() }
    // After each step, whether a vector waits or not, and after the last.
    for _ in 0..<20 {
        part.advance()
        let rest = LanczosIteration(a, vectors: part.vectors.copy(), part.state)
        while rest.outcome == nil { rest.advance() }
        #expect(rest.state == whole.state && rest.outcome == whole.outcome)
        #expect(rest.vectors.entries == whole.vectors.entries)
    }
}

/// With a gap around 0 the share of zeros is told; where the bulk crosses 0, it is only bracketed.
@Test(arguments: [true, false]) func densityHasTheMomentsOfTheSpectrum(hasGap: Bool) throws {
    let n = 500
    let values = (0..<n).map { index in
        let bulk = Double.cos(Double(index))
        return index < 300 ? 0 : index > 495 ? 20.0 : hasGap ? bulk + (bulk > 0 ? 0.5 : -0.5) : bulk
    }
    let a = try Symmetric<Double>(values)
    let rules = (0..<12).map { probe in
        let v = normal(n, "probe\(probe)")
        let lanczos = LanczosIteration(a, start: v.base, capacity: 60)
        while lanczos.outcome == nil { lanczos.advance() }
        return lanczos.rule
    }
    let density = SpectralDensity(rules, zero: 1e-8)
    // Mean and mean square within their Monte-Carlo error, 2‖A^k‖_F/(n √r).
    for power in [1, 2] {
        let exact = values.reduce(0) { $0 + Double.pow($1, power) } / Double(n)
        let frobenius = values.reduce(0) { $0 + Double.pow($1, 2 * power) }.squareRoot()
        let found = density.mean { Double.pow($0, power) }
        #expect(abs(found.value - exact) <= 2 * frobenius / (Double(n) * Double.sqrt(12)))
        let error = try #require(found.error)
        #expect(abs(found.value - exact) <= 4 * error)
    }
    let spike = density.spike
    let error = try #require(spike.error)
    #expect(spike.atLeast <= 0.6 + 4 * error && spike.atMost >= 0.6 - 4 * error && error < 0.02)
    #expect((spike.atMost - spike.atLeast < 0.1) == hasGap, "\(spike)")
    // With the spike, the integral is 1.
    let grid = density.grid(count: 20_000)
    let integral = density.values(at: grid).reduce(0, +) * (grid[1] - grid[0])
    #expect(abs(integral + spike.atLeast - 1) < 1e-6)
}

@Test func tracesLieWithinTheirErrors() throws {
    let n = 200
    let decaying = (0..<n).map { Double.pow(0.9, $0) * ($0 % 5 == 0 ? -1 : 1) }
    let flat = (0..<n).map { 1 + Double.cos(Double($0)) }
    for (name, values, accuracy) in [("decaying", decaying, 0.05), ("flat", flat, 0.2)] {
        let a = try Symmetric<Double>(values)
        let exact = values.reduce(0, +)
        let scale = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        var (far, errors) = (0, 0.0)
        for seed in 0..<100 {
            let estimate = TraceEstimate(a, vectors: 25) { index, v in
                RandomStream(seed: UInt64(seed), "omega/\(index)").fillNormal(v, count: n, standardDeviation: 1)
            }
            let found = try #require(estimate.run())
            let error = try #require(found.error)
            errors += error / 100
            if abs(found.value - exact) > 3 * error { far += 1 }
        }
        #expect(far <= 6, "\(name): \(far) of 100 further than three standard errors")
        #expect(errors <= accuracy * scale, "\(name): \(errors / scale)")
    }
    // A matrix of low rank is seen whole.
    let low = try Symmetric<Double>((0..<n).map { $0 < 6 ? Double($0 - 2) : 0 })
    let estimate = TraceEstimate(low, vectors: 10) { index, v in
        RandomStream(seed: 1, "omega/\(index)").fillNormal(v, count: n, standardDeviation: 1)
    }
    let found = try #require(estimate.run())
    #expect(abs(found.value - 3) < 1e-11 && found.error == 0)
}

/// Each product is off by several hundred roundings, as those with a Hessian in float32 may be.
private struct Noisy: LinearOperator {
    let a: Symmetric<Float>
    let noise: Float
    var dimension: Int { a.dimension }
    func apply(_ x: UnsafePointer<Float>, _ out: UnsafeMutablePointer<Float>) {
        a.apply(x, out)
        let length = Float(Float.dot(dimension, out, out).squareRoot())
        for i in 0..<dimension { out[i] += noise * length * Float(Double.sin(1e4 * Double(x[i]) + Double(i))) }
    }
}

@Test func noisyProductsLeaveTheVectorsOrthogonal() throws {
    let n = 300
    let a = Noisy(a: try Symmetric<Float>((0..<n).map { $0 == 0 ? 1000 : Double.cos(Double($0)) }), noise: 3e-5)
    let v = MatrixBuffer<Float>(1, n, normal(n, "v").entries.map { Float($0) })
    let lanczos = LanczosIteration(a, start: v.base, capacity: 60)
    while lanczos.outcome == nil { lanczos.advance() }
    let k = lanczos.steps
    let gram = MatrixBuffer<Float>(k, k)
    Float.gemm(
        .no, .yes, m: k, n: k, k: n, alpha: 1, lanczos.vectors.base, n, lanczos.vectors.base, n, beta: 0, gram.base, k)
    for i in 0..<k { gram[i, i] -= 1 }
    #expect(Float.dot(gram.count, gram.base, gram.base).squareRoot() < 1e-4)
}
