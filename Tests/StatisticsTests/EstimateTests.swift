import Foundation
import LinearAlgebra
import Statistics
import Testing

@Test func leastSquaresMeetsTheClosedFormOfALine() throws {
    let x = (0..<30).map(Double.init)
    let y = x.map { 3 - 0.7 * $0 + sin(5 * $0) }
    let fit = LeastSquares(start: [0, 0]) { p in zip(x, y).map { p[0] + p[1] * $0 - $1 } }
    #expect(abs(fit.parameters[1] - slope(Array(zip(x, y)))) < 1e-9)
    // (XᵀX)⁻¹ of a line: 1/Σ(x − x̄)² for the slope.
    let inverse = try #require(fit.inverse)
    #expect(abs(inverse[1, 1] - 1 / (30.0 * (900 - 1) / 12)) < 1e-9)
}

@Test func studentQuantilesAreThoseOfTheTables() {
    for (degrees, value) in [(5, 4.032), (10, 3.169), (30, 2.750), (1000, 2.581)] {
        #expect(abs(StudentT(freedom: degrees).quantile(0.99) - value) < 0.03)
    }
}

@Test func oneMoreRunIsExpectedWhereTheFormulaSays() throws {
    // t = 9.925 for two degrees of freedom, s = 0.2: 1 ± 9.925 · 0.2 √(4/3).
    let interval = try #require(Estimate(ofRuns: [1, 1.2, 0.8])).interval
    #expect(interval.contains(1.9) && abs(interval.upperBound - (1 + 9.925 * 0.2 * sqrt(4.0 / 3))) < 1e-3)
    #expect(Estimate(ofRuns: [1]) == nil)
}
