import LinearAlgebra
import NetworkCases
import Networks
import RealModule
import Sampling
import TangentKernels
import Testing

/// A kernel with these eigenvalues.
private func kernel(_ values: [Double]) -> MatrixBuffer<Double> {
    let n = values.count
    let basis = MatrixBuffer<Double>(n, n)
    RandomStream(seed: 8, "basis").fillNormal(basis.base, count: basis.count, standardDeviation: 1)
    for i in 0..<n { for j in 0..<i { basis[i, j] = basis[j, i] } }
    guard let vectors = SymmetricEigen(destroying: basis, vectors: true)?.vectors else { return basis }
    let scaled = MatrixBuffer(n, n, vectors.entries)
    for k in 0..<n { Double.scale(n, values[k], scaled.base + k * n) }
    let result = MatrixBuffer<Double>(n, n)
    MatrixBuffer.product(vectors, .yes, scaled, .no, into: result)
    return result
}

/// Positive, not positive, and can't tell: each comes out where it is true.
@Test func definitenessHasEveryAnswer() throws {
    let cases: [([Double], Double, Definiteness)] = [
        ([1e-3, 1, 5], 1e-6, .positiveDefinite), ([1e-8, 1, 5], 1e-6, .positiveSemidefinite),
        ([-1e-8, 1, 5], 1e-6, .positiveSemidefinite), ([-1e-3, 1, 5], 1e-6, .indefinite),
    ]
    for (values, error, expected) in cases {
        let spectrum = try #require(KernelSpectrum(destroying: kernel(values), arithmeticError: error))
        #expect(spectrum.definiteness == expected)
        #expect((spectrum.resolvedSmallest != nil) == (abs(values[0]) > spectrum.smallest.error))
        #expect(abs(spectrum.largest.value - 5) < 1e-12 && spectrum.largest.error >= error)
    }
    // Without that error nothing is said, and what was measured counts where it is more than the solver's bound.
    let bare = try #require(KernelSpectrum(values: [1, 5], arithmeticError: nil, residuals: (0.5, 0)))
    #expect(bare.definiteness == .unknown && bare.arithmeticError == nil)
    #expect(bare.smallest.error == 0.5 && bare.largest.error == SymmetricEigen.solverError(norm: 5))
    #expect(KernelSpectrum(values: [], arithmeticError: 1) == nil)
    func ends(_ smallest: Double) -> ExtremeEigenvalues {
        ExtremeEigenvalues(
            smallest: RitzValue(value: smallest, residual: 0.1), largest: RitzValue(value: 5, residual: 0.1), steps: 9,
            outcome: .stepLimit)
    }
    #expect(KernelSpectrum(ends(2), arithmeticError: 1e-6)?.definiteness == .unknown)
    #expect(KernelSpectrum(ends(-1), arithmeticError: 1e-6)?.definiteness == .indefinite)
}

/// The kernel of float32 differs from that of float64, at the same weights, by less than is said, and not absurdly.
@Test(arguments: Case.all) func theArithmeticErrorIsABound(c: Case) throws {
    let single = try Instance<Float>(c)
    let w = ParameterVector<Double>(single.model.layout)
    convert(w.count, single.w.base, w.base)
    let plan = try KernelPlan(single.model, .full, samples: c.rows)
    let low = EmpiricalKernel<Float>(single.model, plan, samples: c.rows).kernel(single.w, single.x).widened()
    let high = EmpiricalKernel<Double>(single.model, plan, samples: c.rows).kernel(w, single.x.widened())
    let difference = MatrixBuffer<Double>(low.rows, low.columns)
    Double.subtract(low.count, low.base, high.base, difference.base)
    let values = try #require(SymmetricEigen(destroying: difference, vectors: false)).values
    let norm = values.reduce(0) { max($0, abs($1)) }
    let bound = plan.arithmeticError(trace: KernelComparison.trace(high), .float32)
    #expect(norm <= bound, "\(norm) \(bound)")
    #expect(norm == 0 || bound < 2000 * norm)
}

/// The closed form against the recursion r ← r − η Θ r, rates that change included, one of them beyond 1/λ_max.
@Test func theClosedFormIsTheRecursion() throws {
    let values = [0.0, 1e-9, 0.2, 1, 3.7]
    let theta = kernel(values)
    let n = values.count
    let start = MatrixBuffer(n, 2, (0..<(2 * n)).map { RandomStream(seed: 9, "r").normal($0) })
    let descent = try #require(LinearizedDescent(destroying: MatrixBuffer(n, n, theta.entries), residual: start))
    var clock = DescentClock()
    let r = MatrixBuffer(n, 2, start.entries)
    let sum = MatrixBuffer<Double>(n, 2)
    for step in 0..<40 {
        let rate = step < 7 ? 0.4 : step < 20 ? 0.1 : 0.05
        clock.advance(rate: rate)
        Double.axpy(sum.count, rate, r.base, sum.base)
        let image = MatrixBuffer<Double>(n, 2)
        MatrixBuffer.product(theta, .no, r, .no, into: image)
        Double.axpy(r.count, -rate, image.base, r.base)
        let closed = descent.residual(.descent(clock))
        #expect((0..<r.count).allSatisfy { abs(closed.base[$0] - r.base[$0]) < 1e-12 })
        // Θ⁻¹ (I − Π (I − η Θ)) r₀ = Σ η r_t, also where Θ has no inverse.
        let response = descent.response(.descent(clock))
        #expect((0..<r.count).allSatisfy { abs(response.base[$0] - sum.base[$0]) < 1e-10 })
    }
    let early = descent.residual(.flow(1e-3))
    var fine = DescentClock()
    fine.advance(rate: 1e-7, steps: 10_000)
    let small = descent.residual(.descent(fine))
    #expect((0..<r.count).allSatisfy { abs(early.base[$0] - small.base[$0]) < 1e-8 })
}

@Test func comparisonsOfKernels() throws {
    let a = kernel([1, 2, 3, 6])
    let b = MatrixBuffer(4, 4, a.entries.map { 1.5 * $0 })
    #expect(abs(KernelComparison.drift(b, from: a) - 0.5) < 1e-14)
    #expect(KernelComparison.distance(b, a) < 1e-30)
    #expect(abs(KernelComparison.effectiveRank(a) - 144.0 / 50) < 1e-12)
    #expect(abs(KernelComparison.effectiveRank(kernel([2, 2, 2])) - 3) < 1e-12)
    // A kernel of the targets themselves is aligned with them; centered, the kernel of the constant is gone.
    let y = MatrixBuffer(4, 1, [1.0, -1, 1, -1])
    let own = MatrixBuffer<Double>(4, 4)
    MatrixBuffer.product(y, .no, y, .yes, into: own)
    let shifted = MatrixBuffer(4, 4, own.entries.map { $0 + 10 })
    #expect(abs(KernelComparison.alignment(own, targets: y, group: 1).plain - 1) < 1e-14)
    let alignment = KernelComparison.alignment(shifted, targets: y, group: 1)
    #expect(abs(alignment.plain - 0.0995) < 1e-3 && abs(alignment.centered.value - 1) < 1e-12)
    // Against the definition with two outputs a sample: C = (I − 11ᵀ/n) ⊗ I.
    let full = kernel([1, 2, 4, 5, 7, 9])
    let z = MatrixBuffer(6, 1, (0..<6).map { RandomStream(seed: 3, "z").normal($0) })
    let c = MatrixBuffer<Double>(6, 6)
    for i in 0..<6 { for j in 0..<6 where i % 2 == j % 2 { c[i, j] = (i == j ? 1 : 0) - 1.0 / 3 } }
    let (left, centered, cz) = (MatrixBuffer<Double>(6, 6), MatrixBuffer<Double>(6, 6), MatrixBuffer<Double>(6, 1))
    MatrixBuffer.product(c, .no, full, .no, into: left)
    MatrixBuffer.product(left, .no, c, .no, into: centered)
    MatrixBuffer.product(c, .no, z, .no, into: cz)
    let expected =
        KernelComparison.quadratic(centered, cz)
        / (KernelComparison.frobeniusNorm(centered) * Double.dot(6, cz.base, cz.base))
    #expect(abs(KernelComparison.alignment(full, targets: z, group: 2).centered.value - expected) < 1e-12)
}

/// A constant that is a billion times what differs, in numbers that float64 holds exactly: centered, nothing of it is
/// left. Seven samples, so that means round.
@Test(arguments: [1, 2]) func alignmentOfNearlyConstantKernels(group: Int) {
    let n = 7 * group
    let small = MatrixBuffer<Double>(n, n)
    for i in 0..<n {
        for j in 0...i { (small[i, j], small[j, i]) = (Double((i * j + i + j) % 11), Double((i * j + i + j) % 11)) }
    }
    let y = MatrixBuffer(n, 1, (0..<n).map { Double($0 * $0 % 5) })
    let expected = KernelComparison.alignment(small, targets: y, group: group).centered.value
    for constant in [1.0, 1e4, 1e9] {
        let large = MatrixBuffer(n, n, small.entries.map { $0 + constant })
        let found = KernelComparison.alignment(large, targets: y, group: group).centered.value
        #expect(abs(found - expected) <= 1e-10 * abs(expected), "\(constant): \(found), expected \(expected)")
    }
}

/// A kernel of float32 that centering all but cancels: the alignment lies within its error of that in float64, and
/// where the error is as large, there is none.
@Test(arguments: Case.all) func theErrorOfTheCenteredAlignmentIsABound(c: Case) throws {
    let single = try Instance<Float>(c)
    for spread in [1, 1e-3, 1e-5] as [Float] {
        // Samples close to the first one.
        let x = MatrixBuffer<Float>(c.rows, single.model.inputCount)
        for i in 0..<x.count {
            let first = single.x.base[i % x.columns]
            x.base[i] = first + spread * (single.x.base[i] - first)
        }
        let w = ParameterVector<Double>(single.model.layout)
        convert(w.count, single.w.base, w.base)
        let plan = try KernelPlan(single.model, .full, samples: c.rows)
        let low = EmpiricalKernel<Float>(single.model, plan, samples: c.rows).kernel(single.w, x).widened()
        let high = EmpiricalKernel<Double>(single.model, plan, samples: c.rows).kernel(w, x.widened())
        let y = MatrixBuffer(low.rows, 1, (0..<low.rows).map { RandomStream(seed: 3, "y").normal($0) })
        let group = single.model.outputCount
        func alignment(_ kernel: MatrixBuffer<Double>, _ precision: Precision) -> Bounded {
            let error = plan.arithmeticError(trace: KernelComparison.trace(kernel), precision)
            return KernelComparison.alignment(kernel, targets: y, group: group, arithmeticError: error).centered
        }
        let (found, exact) = (alignment(low, .float32), alignment(high, .float64))
        guard exact.value.isFinite, found.value.isFinite else { continue }
        #expect(abs(found.value - exact.value) <= found.error + exact.error, "\(spread): \(found), \(exact)")
        #expect((found.resolved == nil) == (found.error >= abs(found.value)))
    }
}
