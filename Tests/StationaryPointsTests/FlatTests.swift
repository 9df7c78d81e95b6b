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
