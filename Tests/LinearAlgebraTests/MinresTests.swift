import LinearAlgebra
import Sampling
import Testing

/// V diag(λ) Vᵀ with random orthonormal V, and its pseudo-inverse's product with a vector.
private struct KnownMatrix: LinearOperator {
    let matrix: MatrixBuffer<Double>
    let eigenvalues: [Double]
    let vectors: MatrixBuffer<Double>
    var dimension: Int { eigenvalues.count }

    init?(_ eigenvalues: [Double], seed: UInt64) {
        let n = eigenvalues.count
        let draws = RandomStream(seed: seed, "matrix")
        let random = MatrixBuffer<Double>(n, n)
        for i in 0..<n {
            for j in 0...i { (random[i, j], random[j, i]) = (draws.normal(i * n + j), draws.normal(i * n + j)) }
        }
        guard let vectors = SymmetricEigen(destroying: random, vectors: true)?.vectors else { return nil }
        matrix = MatrixBuffer(n, n)
        for (k, value) in eigenvalues.enumerated() {
            for i in 0..<n {
                for j in 0..<n { matrix[i, j] += value * vectors[k, i] * vectors[k, j] }
            }
        }
        (self.eigenvalues, self.vectors) = (eigenvalues, vectors)
    }

    func apply(_ x: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) {
        Double.gemv(.no, rows: dimension, columns: dimension, alpha: 1, matrix.base, x, beta: 0, out)
    }

    /// A⁺ b, by the eigenvectors that it was made of.
    func pseudoInverse(_ b: [Double]) -> [Double] {
        let n = dimension
        var x = [Double](repeating: 0, count: n)
        for k in 0..<n where eigenvalues[k] != 0 {
            Double.axpy(n, Double.dot(n, vectors.base + k * n, b) / eigenvalues[k], vectors.base + k * n, &x)
        }
        return x
    }
}

private func spectrum(_ n: Int, zeros: Int, indefinite: Bool, spread: Double, _ draws: RandomStream) -> [Double] {
    (0..<n).map { k in
        k < zeros
            ? 0 : (indefinite && draws.uniform(2 * k) < 0.4 ? -1 : 1) * (1 + (spread - 1) * draws.uniform(2 * k + 1))
    }
}

/// Regular and singular, definite and indefinite, with and without a solution.
@Test func minimumLengthSolutionsAreThoseOfThePseudoInverse() throws {
    var outcomes: [MinresOutcome: Int] = [:]
    for seed in 0..<300 {
        let draws = RandomStream(seed: UInt64(seed), "case")
        let n = 1 + draws.integer(0, below: 40)
        let zeros = seed % 3 == 0 ? 0 : draws.integer(1, below: n)
        let values = spectrum(
            n, zeros: zeros, indefinite: seed % 2 == 0, spread: 20, RandomStream(seed: UInt64(seed), "values"))
        let a = try #require(KnownMatrix(values, seed: UInt64(seed)))
        var b = (0..<n).map { draws.normal(10 + $0) }
        let isConsistent = zeros == 0 || seed % 4 < 2
        if isConsistent {
            let y = b
            a.apply(y, &b)
        }
        let found = minimumLengthSolution(of: a, b, limits: MinresLimits(maximumSteps: 6 * n + 20))
        let exact = a.pseudoInverse(b)
        let size = Double.dot(n, exact, exact).squareRoot()
        let error = Double.squaredDistance(n, found.x.base, exact).squareRoot()
        // What stops at a pivot of 1e-7 ‖A‖ leaves as much of the null space in, times a condition of 20.
        let tolerance = found.outcome == .singular ? 1e-5 : 1e-7
        #expect(
            error <= tolerance * (size + 1e-6),
            "seed \(seed), n \(n), \(zeros) zeros: \(error) of \(size), \(found.outcome)")
        if isConsistent { #expect(found.residual <= 1e-8 * Double.dot(n, b, b).squareRoot(), "seed \(seed)") }
        outcomes[found.outcome, default: 0] += 1
    }
    #expect(outcomes[.stepLimit, default: 0] == 0 && outcomes[.nonFinite, default: 0] == 0, "\(outcomes)")
    #expect(outcomes[.solved, default: 0] > 100 && outcomes.count > 1, "\(outcomes)")
}

@Test func minimumLengthSolutionsSayHowTheyEnded() throws {
    // A vector of the null space alone: nothing can be done, and x is 0.
    let projection = try #require(KnownMatrix([0, 1, 1, -2], seed: 1))
    let null = Array(UnsafeBufferPointer(start: projection.vectors.base, count: 4))
    let none = minimumLengthSolution(of: projection, null, limits: MinresLimits(maximumSteps: 20))
    #expect(Double.dot(4, none.x.base, none.x.base) < 1e-12 && abs(none.residual - 1) < 1e-12, "\(none.outcome)")
    let zero = minimumLengthSolution(of: projection, [0, 0, 0, 0], limits: MinresLimits(maximumSteps: 20))
    #expect(zero.outcome == .solved && zero.steps == 0)
    let broken = minimumLengthSolution(of: projection, [0, .nan, 0, 0], limits: MinresLimits(maximumSteps: 20))
    #expect(broken.outcome == .nonFinite)
    // A direction in which A is 1e-9 of itself counts as one in which it is singular.
    let close = try #require(KnownMatrix([1e-9, 1, 2, 3], seed: 2))
    let b = [1.0, 1, 1, 1]
    let cut = minimumLengthSolution(of: close, b, limits: MinresLimits(maximumSteps: 20))
    #expect(cut.outcome == .singular && Double.dot(4, cut.x.base, cut.x.base) < 100)
    var far = MinresLimits(maximumSteps: 20)
    (far.largestCondition, far.longestSolution) = (1e12, .infinity)
    let whole = minimumLengthSolution(of: close, b, limits: far)
    #expect(whole.residual < 1e-6 && Double.dot(4, whole.x.base, whole.x.base) > 1e10, "\(whole.outcome)")
    far.longestSolution = 100
    #expect(minimumLengthSolution(of: close, b, limits: far).outcome == .tooLong)
    let early = minimumLengthSolution(of: close, b, limits: MinresLimits(maximumSteps: 1))
    #expect(early.outcome == .stepLimit && early.residual > 1e-3)
}
