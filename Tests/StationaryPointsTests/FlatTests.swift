import LinearAlgebra
import RealModule
import StationaryPoints
import Testing

/// x³/3 + εx + y²/2: ‖g‖ is least at 0, f is stationary nowhere.
private func inflection(_ epsilon: Double) -> Formula {
    Formula(
        dimension: 2, value: { $0[0] * $0[0] * $0[0] / 3 + epsilon * $0[0] + $0[1] * $0[1] / 2 },
        slope: { [$0[0] * $0[0] + epsilon, $0[1]] }, curvature: { [2 * $0[0], 0, 0, 1] })
}

/// Whatever ε: below the tolerance too, where ‖g‖ alone would let it pass.
@Test(arguments: [1, 1e-2, 1e-5, 1e-8, 1e-11, 1e-13, 1e-15]) func pointsOfInflectionAreNotStationary(epsilon: Double) {
    for method in StationarySearch.Method.allCases {
        let ends = survey(inflection(epsilon), 100, method: method, steps: 2000)
        let points = DistinctPoints(ends)
        #expect(
            points.verdicts[.stationary] == nil && points.found.isEmpty, "\(method), ε \(epsilon): \(points.verdicts)")
        if epsilon >= 1e-5 {
            #expect(
                points.verdicts[.cannotTell] == nil && points.verdicts[.gradientFlat, default: 0] > 75,
                "\(method): \(points.verdicts)")
        }
    }
}

/// A slope of ε beside a valley: g in the kernel of H everywhere on its floor.
@Test func aSlopingValleyIsFlat() {
    for epsilon in [1e-2, 1e-6, 1e-11] {
        let valley = Formula(
            dimension: 2, value: { epsilon * $0[0] + $0[1] * $0[1] / 2 }, slope: { [epsilon, $0[1]] },
            curvature: { _ in [0, 0, 0, 1] })
        for method in StationarySearch.Method.allCases {
            let ends = survey(valley, 50, method: method)
            #expect(
                ends.allSatisfy { $0.verdict == .gradientFlat && $0.flatness.index > 0.99 }, "\(epsilon), \(method)")
        }
    }
}

/// Half of a gradient within the tolerance can go, the other half can't: r is 0.41, and no stationary point is near.
@Test func aSlopingValleyBesideItsFloorIsNotStationary() {
    let epsilon = 1e-11
    let valley = Formula(
        dimension: 2, value: { epsilon * $0[0] + $0[1] * $0[1] / 2 }, slope: { [epsilon, $0[1]] },
        curvature: { _ in [0, 0, 0, 1] })
    let ends = survey(valley, 5, canonical: { _ in [0.3, epsilon] })
    #expect(ends.allSatisfy { abs($0.flatness.index - 1 / (1 + 2.0.squareRoot())) < 1e-6 && $0.verdict == .cannotTell })
}

/// x³/3 − ε²x + y²/2 has a minimum and a saddle 2ε apart. They are told apart, or nothing is said of them.
@Test(arguments: [1, 1e-2, 1e-4, 1e-6, 1e-8, 1e-10]) func neighborsAreNeverOnePoint(epsilon: Double) {
    let f = Formula(
        dimension: 2, value: { $0[0] * $0[0] * $0[0] / 3 - epsilon * epsilon * $0[0] + $0[1] * $0[1] / 2 },
        slope: { [$0[0] * $0[0] - epsilon * epsilon, $0[1]] }, curvature: { [2 * $0[0], 0, 0, 1] })
    let points = DistinctPoints(survey(f, 200))
    #expect(points.count.upperBound == 2 || points.found.isEmpty, "ε \(epsilon)\n\(summary(points))")
    if epsilon >= 1e-4 {
        #expect(points.count == 2...2 && Set(points.found.map { $0.point.spectrum?.index }) == [0...0, 1...1])
        #expect(points.found.allSatisfy { abs(abs($0.point.place.w[0]) - epsilon) < 1e-6 * epsilon })
    }
}

/// x⁴/4: a minimum whose Hessian is 0. Newton's steps come no nearer than rounding lets them, and that is what is said.
@Test func aDegenerateMinimumCannotBeTold() {
    let f = Formula(
        dimension: 1, value: { $0[0] * $0[0] * $0[0] * $0[0] / 4 }, slope: { [$0[0] * $0[0] * $0[0]] },
        curvature: { [3 * $0[0] * $0[0]] })
    let verdicts = DistinctPoints(survey(f, 50)).verdicts
    #expect(verdicts == [.cannotTell: 50], "\(verdicts)")
}

@Test func whatIsNotFiniteIsNotConverged() {
    let f = Formula(
        dimension: 2, value: { Double.log($0[0]) + $0[1] * $0[1] }, slope: { [1 / $0[0], 2 * $0[1]] },
        curvature: { [-1 / ($0[0] * $0[0]), 0, 0, 2] })
    for method in StationarySearch.Method.allCases {
        let ends = survey(f, 50, method: method)
        #expect(ends.allSatisfy { $0.verdict == .notConverged || $0.verdict == .gradientFlat })
    }
    let broken = Formula(dimension: 1, value: { _ in .nan }, slope: { _ in [.nan] }, curvature: { _ in [.nan] })
    let ends = survey(broken, 3)
    #expect(ends.allSatisfy { $0.verdict == .notConverged && $0.stop == .nonFinite && $0.spectrum == nil })
}

/// ½ Σ dᵢ (wᵢ − 1)² + h(y), y the last entry: whatever h does far out, the rest of the gradient vanishes.
private struct Slope: TwiceDifferentiable {
    let bowl: [Double]
    /// h, h′ and h″.
    let fall: (Double) -> (Double, Double, Double)
    var dimension: Int { bowl.count + 1 }
    func gradient(at w: [Double]) -> (value: Double, gradient: [Double]) {
        let apart = w.dropLast().map { $0 - 1 }
        let (value, slope, _) = fall(w[bowl.count])
        return (
            zip(bowl, apart).reduce(value) { $0 + $1.0 * $1.1 * $1.1 / 2 }, zip(bowl, apart).map { $0 * $1 } + [slope]
        )
    }
    func hessian(at w: [Double]) -> Diagonal { Diagonal(entries: bowl + [fall(w[bowl.count]).2]) }
}

/// Functions that fall for ever: e^(−cy), 1/y, e^(−y²) and the logistic loss of data that can be separated. Whatever the
/// curvature beside them, up to 4,000 weights and beyond, no point is called stationary where the slope is not below the rounding
/// of all the rest of the gradient.
@Test func whatFallsForEverIsNeverStationary() {
    func exponential(_ c: Double) -> (Double) -> (Double, Double, Double) {
        { y in (Double.exp(-c * y), -c * Double.exp(-c * y), c * c * Double.exp(-c * y)) }
    }
    let falls: [(String, (Double) -> (Double, Double, Double))] = [
        ("e^-y", exponential(1)), ("e^-1e5y", exponential(1e5)), ("e^-1e-3y", exponential(1e-3)),
        ("1/y", { y in (1 / abs(y), -1 / (y * abs(y)), 2 / abs(y * y * y)) }),
        (
            "e^-y²",
            { y in
                let e = Double.exp(-y * y)
                return (e, -2 * y * e, (4 * y * y - 2) * e)
            }
        ),
        (
            "logistic",
            { y in
                let p = 1 / (1 + Double.exp(y))
                return (Double.log(onePlus: Double.exp(-y)), -p, p * (1 - p))
            }
        ),
    ]
    for (name, fall) in falls {
        for (size, curvature) in [
            (1, 1e-4), (1, 1), (3, 100), (2, 1e3), (2, 1e6), (2, 1e9), (HessianSpectrum.mostEntries, 1.0),
        ] {
            let f = Slope(bowl: (0..<size).map { curvature * (1 + Double($0) / Double(size)) }, fall: fall)
            for method in size > 3 ? [.newtonMR] : StationarySearch.Method.allCases {
                for y in size > 3 ? [3.0] : [0.5, 0.708, 3, 20, 30, 1e5] {
                    // Near the bottom of the bowl, so that the scale of the gradient is about 1, and far from it.
                    for x in [1, 1 + 1e-9, 3] {
                        let start = [Double](repeating: x, count: size) + [name == "e^-1e5y" ? y / 1e5 : y]
                        let search = StationarySearch(method, maximumSteps: 300)
                        let end = StationarySurvey(f, search) { _ in start }.endPoint(0)
                        let slope = abs(fall(end.place.w[size]).1)
                        #expect(
                            end.verdict != .stationary || slope < 1e-30,
                            "\(name), \(size) of \(curvature), \(method), from \(x), \(y): \(end.place.gradientNorm)")
                    }
                }
            }
        }
    }
}

/// Where h has a minimum, the same searches find it, 4,001 weights or fewer.
@Test func whatHasABottomIsStationary() {
    for size in [1, 3, HessianSpectrum.mostEntries] {
        for curvature in [1e-4, 1, 100, 1e6] {
            let f = Slope(bowl: (0..<size).map { curvature * (1 + Double($0) / Double(size)) }) { y in
                (0.3 * Double.log(Double.exp(y) + Double.exp(-y)), 0.3 * tanh(y), 0.3 * (1 - tanh(y) * tanh(y)))
            }
            let start = [Double](repeating: 3, count: size) + [0.5]
            let end = StationarySurvey(f, StationarySearch(.newtonMR, maximumSteps: 300)) { _ in start }.endPoint(0)
            #expect(end.verdict == .stationary, "\(size) of \(curvature): \(end.verdict) \(end.place.gradientNorm)")
        }
    }
}

private func tanh(_ y: Double) -> Double { 1 - 2 / (Double.exp(2 * y) + 1) }

/// Beyond 4,000 weights, where no change of the Hessian is looked at: Newton's steps contract along most directions, slowly, and hide those
/// along a slope, which do not; or what contracts has no zero.
@Test func contractionOfTheLongestStepsIsNotEnough() {
    let size = HessianSpectrum.mostEntries
    struct Slow: TwiceDifferentiable {
        let size: Int
        let factor: Double
        let fall: (Double) -> (Double, Double)
        var dimension: Int { size + 1 }
        func gradient(at w: [Double]) -> (value: Double, gradient: [Double]) {
            (0, w.dropLast().map { factor * $0 * abs($0).squareRoot() } + [fall(w[size]).0])
        }
        func hessian(at w: [Double]) -> Diagonal {
            Diagonal(entries: w.dropLast().map { 1.5 * factor * abs($0).squareRoot() } + [fall(w[size]).1])
        }
    }
    for (factor, x, y, tolerance, fall) in [
        (1, 1e-8, 25e-12, 1e-10, { y in (-Double.exp(-1e12 * y), 1e12 * Double.exp(-1e12 * y)) }),
        (4e-9, 100, 9.2, 1e-3, { y in (-Double.exp(-y), Double.exp(-y)) }),
        (1, 1e-8, 1e-6, 1e-8, { y in (1e-14 + abs(y) * abs(y).squareRoot(), 1.5 * abs(y).squareRoot()) }),
    ] as [(Double, Double, Double, Double, (Double) -> (Double, Double))] {
        var search = StationarySearch(.newtonMR, maximumSteps: 300)
        search.tolerance = tolerance
        let start = [Double](repeating: x, count: size) + [y]
        let survey = StationarySurvey(Slow(size: size, factor: factor, fall: fall), search) { _ in start }
        let end = survey.endPoint(0)
        #expect(end.verdict != .stationary, "\(x), \(y): \(end.place.gradientNorm)")
    }
}
