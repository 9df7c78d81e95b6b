import LinearAlgebra
import RealModule
import Sampling
import StationaryPoints
import Testing

/// Gradient and Hessian of everything that tests search are those of differences along a random direction.
@Test func derivativesOfTestFunctionsAreRight() {
    func check<F: TwiceDifferentiable>(_ f: F, _ name: String, tangent: Bool = false) {
        let n = f.dimension
        let w = f.moved(
            normalStart(seed: 3, 0, dimension: n, standardDeviation: 1),
            along: normalStart(seed: 3, 1, dimension: n, standardDeviation: 0), by: 0)
        var p = normalStart(seed: 3, 2, dimension: n, standardDeviation: 1)
        for normal in f.normals(at: w) {
            let along = Double.dot(n, p, normal)
            p = zip(p, normal).map { $0 - along * $1 }
        }
        let h = 1e-5
        let (ahead, behind) = (
            f.gradient(at: f.moved(w, along: p, by: h)), f.gradient(at: f.moved(w, along: p, by: -h))
        )
        let slope = Double.dot(n, f.gradient(at: w).gradient, p)
        #expect(abs((ahead.value - behind.value) / (2 * h) - slope) < 1e-6 * (1 + abs(slope)), "\(name)")
        // On a sphere gradients at other points are tangent elsewhere: pᵀ H p is the second derivative along the geodesic to
        // second order.
        var image = p
        f.hessian(at: w).apply(p, &image)
        let curvature = Double.dot(n, image, p)
        let second = (ahead.value - 2 * f.gradient(at: w).value + behind.value) / (h * h)
        #expect(abs(second - curvature) < 1e-3 * (1 + abs(curvature)), "\(name): \(second), \(curvature)")
    }
    let network = DeepLinear(
        widths: [2, 3, 2, 2], x: Matrix(2, 3, [1, 0.5, -1, 0.2, 2, 0.3]), y: Matrix(2, 3, [0.3, 1, 2, -1, 0.4, 0.7]))
    check(network, "deep linear")
    check(Ridged(network, coefficients: genericRidge(16, size: 0.3, seed: 1)), "ridge")
    let blocks = [HeldBlock(0..<6, radius: 1.5, on: .sphere), HeldBlock(6..<12, radius: 2, on: .sphere)]
    check(Constrained(network, blocks), "spheres")
    check(form(randomSymmetric(5, seed: 2)), "form")
}

/// f(w) = wᵀ A w on ‖w‖ = 1 has exactly the eigenvectors of A, each with two signs, of index k − 1.
///
/// Descent on ‖g‖ ends at each of them in more than 1 of 100 searches.
@Test(arguments: 3...8)
func formsOnASphereHaveTheirEigenvectors(n: Int) throws {
    for seed in 0..<(isLong ? 20 : 2) {
        let a = randomSymmetric(n, seed: UInt64(100 * n + seed))
        let exact = try #require(SymmetricEigen(destroying: a.copy(), vectors: true))
        let vectors = try #require(exact.vectors)
        let f = Constrained(form(a), [HeldBlock(0..<n, radius: 1, on: .sphere)])
        for method in StationarySearch.Method.allCases {
            let points = DistinctPoints(survey(f, 16 * n * n, method: method, steps: 3000))
            #expect(points.count.upperBound <= 2 * n, "seed \(seed)\n\(summary(points))")
            if method == .gradientNormDescent {
                #expect(points.count == 2 * n...2 * n, "seed \(seed)\n\(summary(points))")
                #expect(points.alternatingSum == (n % 2 == 0 ? 0 : 2))
            }
            for found in points.found {
                let spectrum = try #require(found.point.spectrum)
                let k = try #require(
                    exact.values.indices.min {
                        abs(exact.values[$0] - found.point.place.value)
                            < abs(exact.values[$1] - found.point.place.value)
                    })
                #expect(abs(found.point.place.value - exact.values[k]) < 1e-12 * (1 + abs(exact.values[k])))
                #expect(abs(abs(Double.dot(n, found.point.place.w, vectors.base + k * n)) - 1) < 1e-9)
                #expect(spectrum.index == k...k && spectrum.eigenvalues.count == n - 1 && spectrum.zeroModes == 0)
            }
        }
    }
}

/// Newton's steps end at the ends of the spectrum rarely. What they miss is within what capture and recapture says of it, mostly: in
/// 26 of 312 such surveys, of which 98 missed something, it was not. More than 4 of 12 would be another matter.
@Test func whatSearchesMissIsSeenInWhatTheyFound() throws {
    var (incomplete, unseen) = (0, 0)
    for n in 5...8 {
        for seed in 0..<3 {
            let f = Constrained(
                form(randomSymmetric(n, seed: UInt64(100 * n + seed))), [HeldBlock(0..<n, radius: 1, on: .sphere)])
            let points = DistinctPoints(survey(f, 8 * n * n, steps: 3000))
            let missed = try #require(points.missed?.missed)
            if points.found.count < 2 * n { incomplete += 1 }
            if Double(points.found.count) + missed.interval.upperBound + 1e-9 < Double(2 * n) { unseen += 1 }
        }
    }
    #expect(incomplete >= 2 && unseen <= 4, "\(incomplete) of 12 are not complete, \(unseen) do not show it")
}

/// ½‖w − c‖² in a ball and on a sphere of radius 1.
@Test func distancesInABallHaveTheirNearestPoint() throws {
    func distance(to c: [Double]) -> Formula {
        Formula(
            dimension: 3, value: { Double.squaredDistance(3, $0, c) / 2 }, slope: { zip($0, c).map { $0 - $1 } },
            curvature: { _ in [1, 0, 0, 0, 1, 0, 0, 0, 1] })
    }
    let outside = [2.0, -1, 2]
    for method in StationarySearch.Method.allCases {
        let sphere = Constrained(distance(to: outside), [HeldBlock(0..<3, radius: 1, on: .sphere)])
        let both = DistinctPoints(survey(sphere, 40, method: method))
        // ½(3 ∓ 1)².
        #expect(both.count == 2...2 && both.found.map { $0.point.spectrum?.index } == [0...0, 2...2])
        #expect(zip(both.found, [2.0, 8]).allSatisfy { abs($0.point.place.value - $1) < 1e-12 })
        let ball = Constrained(distance(to: outside), [HeldBlock(0..<3, radius: 1, on: .ball)])
        let nearest = DistinctPoints(survey(ball, 40, method: method))
        #expect(nearest.count == 1...1 && nearest.verdicts == [.stationary: 40], "\(summary(nearest))")
        let found = try #require(nearest.found.first?.point)
        #expect(
            zip(found.place.w, outside).allSatisfy { abs($0 - $1 / 3) < 1e-12 }
                && found.spectrum?.eigenvalues.count == 2)
        let inside = Constrained(distance(to: [0.1, 0.2, 0.3]), [HeldBlock(0..<3, radius: 1, on: .ball)])
        let center = DistinctPoints(survey(inside, 40, method: method))
        #expect(
            center.count == 1...1 && center.found.first?.point.spectrum?.eigenvalues.count == 3, "\(summary(center))")
        // A point on the surface that nothing presses against it: whether it is held can't be told.
        let touching = Constrained(distance(to: [1, 0, 0]), [HeldBlock(0..<3, radius: 1, on: .ball)])
        let verdicts = DistinctPoints(survey(touching, 40, method: method)).verdicts
        #expect(verdicts[.stationary] == nil && verdicts[.cannotTell, default: 0] > 0, "\(verdicts)")
    }
}
