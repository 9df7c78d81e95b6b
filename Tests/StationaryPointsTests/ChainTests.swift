import LinearAlgebra
import RealModule
import StationaryPoints
import Testing

/// w_1 w_2 = y, balanced: w_1 = ±w_2 ≥ 0 with the same product.
private func balanced(_ w: [Double]) -> [Double] {
    let product = w[0] * w[1]
    let size = abs(product).squareRoot()
    return [size, product < 0 ? -size : size]
}

/// ½(w_1 w_2 − y)²: a saddle at 0 and a curve of minima.
@Test func aChainOfTwoHasASaddleAndACurve() throws {
    for method in StationarySearch.Method.allCases {
        let f = scalarChain(2, y: 1.5)
        let points = DistinctPoints(survey(f, 200, method: method, steps: 3000, canonical: balanced))
        #expect(points.count == 2...2, "\(method)\n\(summary(points))")
        let (minimum, saddle) = (try #require(points.found.first), try #require(points.found.last))
        #expect(minimum.point.place.value < 1e-20 && minimum.point.spectrum?.zeroModes == 1)
        #expect(minimum.point.spectrum?.index == 0...0)
        #expect(saddle.point.place.value == 1.125 && saddle.point.spectrum?.index == 1...1)
        #expect(saddle.point.spectrum?.zeroModes == 0)
        // Without a point that stands for the curve, how many pieces it has can't be told: two or more is said, not guessed.
        let plain = DistinctPoints(survey(f, 200, method: method, steps: 3000))
        #expect(plain.count.lowerBound == 2 && plain.count.upperBound > 10 && plain.missed == nil, "\(plain.count)")
    }
}

/// With a ridge: 0, and where s = √(λ_1 λ_2) < |y| two minima of value s|y| − s²/2 (Euler–Lagrange by hand).
@Test(arguments: [2.0, -2.0, 0.05]) func aRidgedChainOfTwoHasIsolatedPoints(y: Double) throws {
    let coefficients = [0.1, 0.3]
    let s = (coefficients[0] * coefficients[1]).squareRoot()
    for method in StationarySearch.Method.allCases {
        let f = Ridged(scalarChain(2, y: y), coefficients: coefficients)
        let points = DistinctPoints(survey(f, 200, method: method, steps: 3000))
        let expected = s < abs(y) ? [s * abs(y) - s * s / 2, s * abs(y) - s * s / 2, y * y / 2] : [y * y / 2]
        let indices = s < abs(y) ? [0...0, 0...0, 1...1] : [0...0]
        #expect(points.count == expected.count...expected.count, "\(method), y \(y)\n\(summary(points))")
        #expect(points.found.map { $0.point.spectrum?.index } == indices)
        for (found, value) in zip(points.found, expected) { #expect(abs(found.point.place.value - value) < 1e-12) }
    }
}

/// Three weights with a ridge: λ_i w_i² = q² for all i, with q⁴/Λ² − |y| q/Λ + 1 = 0, Λ = √(λ_1 λ_2 λ_3). Two roots, each
/// with four patterns of signs, and 0: nine points.
@Test func aRidgedChainOfThreeHasNinePoints() throws {
    let (y, coefficients) = (1.5, [0.05, 0.08, 0.12])
    let size = coefficients.reduce(1, *).squareRoot()
    let between = Double.root(y * size / 4, 3)
    let roots = try [(0, between), (between, 1)].map { low, high in
        try #require(root(of: { q in q * q * q * q / (size * size) - y * q / size + 1 }, low, high))
    }
    let values = roots.map { q in
        let product = q * q * q / size
        return (product - y) * (product - y) / 2 + 3 * q * q / 2
    }
    for method in StationarySearch.Method.allCases {
        let f = Ridged(scalarChain(3, y: y), coefficients: coefficients)
        let points = DistinctPoints(survey(f, 400, method: method, steps: 3000))
        #expect(points.count == 9...9, "\(method)\n\(summary(points))")
        let expected = (values + [y * y / 2]).sorted()
        for found in points.found {
            #expect(expected.contains { abs($0 - found.point.place.value) < 1e-11 }, "\(found.point.place.value)")
        }
        // 0 is a minimum, the larger roots are, and between them are saddles of index 1.
        #expect(points.found.filter { $0.point.spectrum?.index == 0...0 }.count == 5)
        #expect(points.found.filter { $0.point.spectrum?.index == 1...1 }.count == 4)
    }
}

/// Where f changes its sign between two numbers, by bisection; nil where it does not.
private func root(of f: (Double) -> Double, _ low: Double, _ high: Double) -> Double? {
    var (low, high) = (low, high)
    guard f(low) * f(high) < 0 else { return nil }
    for _ in 0..<200 {
        let middle = (low + high) / 2
        if f(middle) * f(low) > 0 { low = middle } else { high = middle }
    }
    return low
}

/// Three weights without one: all second derivatives are 0 at 0, and axes of saddles meet there.
@Test func aDegenerateSaddleIsNotCountedOnTheWordOfASmallGradient() throws {
    let ends = survey(scalarChain(3, y: 1), 300)
    for end in ends where end.verdict == .stationary {
        let value = end.place.value
        #expect(value < 1e-18 || abs(value - 0.5) < 1e-12, "\(value)")
    }
    #expect(!ends.contains { $0.verdict == .stationary && $0.spectrum?.zeroModes == 3 && norm($0.place.w) > 0 })
}

private func norm(_ w: [Double]) -> Double { Double.dot(w.count, w, w).squareRoot() }
