import Statistics

/// Stationary points over many draws of the couplings of one shape, beside what is known of their number.
///
/// Intervals are 99 % ones over draws, by the jackknife, which for a mean is Student's.
package struct SpinSurvey: Sendable {
    package let shape: SpinShape
    package let draws: [SpinDraw]

    /// - Precondition: draws of this shape.
    package init(_ shape: SpinShape, _ draws: [SpinDraw]) {
        precondition(draws.allSatisfy { $0.shape == shape }, "a survey is of one shape")
        (self.shape, self.draws) = (shape, draws)
    }

    /// The mean number of real points up to sign, of those found; nil for fewer than three draws. `SpinShape.meanCount`
    /// is within its interval 99 times of 100 where none is missing.
    package var meanCount: Estimate? { Self.mean(draws.map { Double($0.count.lowerBound) }) }

    /// The share of all draws whose alternating sum is the sphere's; nil without a draw.
    package var shareOfRightSums: Double? {
        draws.isEmpty ? nil : Double(draws.count { $0.isEulers == true }) / Double(draws.count)
    }

    /// How many draws stand how.
    package var standings: [SpinPoints.Standing: Int] { draws.reduce(into: [:]) { $0[$1.standing, default: 0] += 1 } }

    /// The mean over draws of the mean energy per Λ of points of each index, 0 … Λ − 1; nil where fewer than three
    /// draws have one.
    package var energies: [Estimate?] {
        (0..<shape.dimension).map { index in Self.mean(draws.compactMap { $0.energies[index] }) }
    }

    /// The mean over draws of the rank correlation of energy and index: above 0 where minima are lowest and maxima
    /// highest.
    package var rankCorrelation: Estimate? { Self.mean(draws.compactMap(\.rankCorrelation)) }

    private static func mean(_ values: [Double]) -> Estimate? {
        let sum = values.reduce(0, +)
        return Estimate(jackknifeOf: values.count) { without in
            without.map { (sum - values[$0]) / Double(values.count - 1) } ?? sum / Double(values.count)
        }
    }
}
