import LinearAlgebra
import StationaryPoints
import Testing

/// An end point with these eigenvalues, at a place of its own.
private func end(_ eigenvalues: [Double], at w: [Double], value: Double = 1) -> EndPoint {
    let size = Double.dot(eigenvalues.count, eigenvalues, eigenvalues).squareRoot()
    return EndPoint(
        place: StationarySearch.Place(w: w, value: value, gradient: w.map { _ in 0 }), scale: 1, steps: 1,
        stop: .converged, flatness: Flatness(index: 0, isExact: true),
        spectrum: HessianSpectrum(
            eigenvalues: eigenvalues, frobeniusNorm: size, rounding: 1e-14, threshold: 1e-14, newtonStep: 0,
            gradientInKernel: 0, stepRounding: 0, flatness: 0),
        kink: nil, verdict: .stationary)
}

/// w and −w.
private func turning(isExact: Bool) -> Symmetries {
    Symmetries(isExact: isExact, images: { _, _ in 2 }) { w, other in
        zip(w, other).reduce(0) { $0 + $1.0 * $1.1 } < 0 ? w.map { -$0 } : w
    }
}

@Test func pointsAreComparedModuloSymmetries() {
    let (w, image, other) = ([1.0, 2], [-1.0, -2], [2.0, 1])
    let values = [1.0, 3]
    for (ends, symmetries, count) in [
        ([end(values, at: w), end(values, at: image)], Symmetries.none, 2...2),
        ([end(values, at: w), end(values, at: image)], turning(isExact: true), 1...1),
        ([end(values, at: w), end(values, at: other)], turning(isExact: true), 2...2),
        // A nearer image may have been missed; not where the spectrum is another.
        ([end(values, at: w), end(values, at: other)], turning(isExact: false), 1...2),
        ([end(values, at: w), end([1, 4], at: other)], turning(isExact: false), 2...2),
        // What is held at the one and not at the other is no one point; along surfaces neither.
        ([end(values, at: w), end([1, 3, 5], at: w)], Symmetries.none, 2...2),
        ([end([0, 3], at: w), end([0, 3, 5], at: w)], Symmetries.none, 2...2),
        ([end([0, 3], at: w), end([0, 3], at: other)], Symmetries.none, 1...1),
    ] {
        #expect(DistinctPoints(ends, modulo: symmetries).count == count)
    }
    let points = DistinctPoints([end(values, at: w), end(values, at: other)], modulo: turning(isExact: true))
    #expect(points.alternatingSum == 4 && Set(points.places) == [0, 1])
}

/// More images than an `Int` counts are no sum; in a corner, where nothing is free, nothing else is near.
@Test func sumsAndCornersHaveTheirLimits() {
    let many = Symmetries(isExact: true, images: { _, _ in 1 << 62 }, nearest: { w, _ in w })
    let ends = [end([1, 3], at: [1, 2]), end([1, 3], at: [2, 1])]
    #expect(DistinctPoints(ends, modulo: many).alternatingSum == nil)
    #expect(DistinctPoints([ends[0]], modulo: many).alternatingSum == 1 << 62)
    let corners = [end([], at: [1, 1]), end([], at: [1, -1])]
    #expect(corners[0].reach < 1e-14 && DistinctPoints(corners).count == 2...2)
}

/// Beyond `mostEntries` weights all there is to judge by is MINRES-QLP: where that left out a direction for its
/// ill-conditioning, whether the gradient is flat can't be told.
@Test func flatnessOfAnIllConditionedHessianCannotBeTold() {
    let n = HessianSpectrum.mostEntries + 1
    for (smallest, verdict) in [(1e-9, EndPoint.Verdict.cannotTell), (0.5, .stationary)] {
        let bowl = Bowl(entries: [smallest] + [Double](repeating: 1, count: n - 1), slope: 1e-12)
        let start = [0, 1e-16] + [Double](repeating: 0, count: n - 2)
        let end = StationarySurvey(bowl, StationarySearch(.newtonMR, maximumSteps: 5)) { _ in start }.endPoint(0)
        #expect(end.verdict == verdict && end.flatness.isFlat == false, "\(smallest): \(end.verdict) \(end.flatness)")
    }
}
