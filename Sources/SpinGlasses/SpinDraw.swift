import Statistics

/// What is kept of the stationary points of one draw of the couplings.
package struct SpinDraw: Sendable, Equatable {
    package let shape: SpinShape
    /// Of the couplings.
    package let seed: UInt64
    /// Up to the sign of w.
    package let count: ClosedRange<Int>
    package let searches: Int
    package let standing: SpinPoints.Standing
    /// Whether Σ (−1)^index is the sphere's; nil where an index is not clear.
    package let isEulers: Bool?
    /// For each index from 0 to Λ − 1 the mean of H/Λ over the points that have it, w and −w both; nil where there is
    /// none.
    package let energies: [Double?]
    /// γ of Goodman and Kruskal between energy and index over all pairs of points with different indices: 1 where each
    /// point of a smaller index has less energy; nil where all have one.
    package let rankCorrelation: Double?

    /// Couplings from a seed, and searches whose starts are from the same.
    package init(_ shape: SpinShape, seed: UInt64, mostSearches: Int) {
        let glass = SpinGlass(order: shape.order, dimension: shape.dimension, seed: seed)
        self.init(SpinSearch(glass, seed: seed, mostSearches: mostSearches).points(), seed: seed)
    }

    package init(_ points: SpinPoints, seed: UInt64) {
        self.seed = seed
        (shape, count, searches) = (points.shape, points.count, points.searches)
        (standing, isEulers) = (points.standing, points.sums?.isEulers)
        let top = points.shape.dimension - 1
        var groups = [[Double]](repeating: [], count: top + 1)
        for point in points.points where points.sums != nil {
            groups[point.index.lowerBound].append(point.energy)
            if points.shape.order % 2 == 1 { groups[top - point.index.lowerBound].append(-point.energy) }
        }
        energies = groups.map { $0.isEmpty ? nil : $0.reduce(0, +) / Double($0.count) }
        rankCorrelation = OrderTest([groups.reversed()]).map { 2 * $0.share - 1 }
    }

    /// One that was kept.
    package init(
        _ shape: SpinShape, seed: UInt64, count: ClosedRange<Int>, searches: Int, standing: SpinPoints.Standing,
        isEulers: Bool?, energies: [Double?], rankCorrelation: Double?
    ) {
        (self.shape, self.seed, self.count, self.searches) = (shape, seed, count, searches)
        (self.standing, self.isEulers) = (standing, isEulers)
        (self.energies, self.rankCorrelation) = (energies, rankCorrelation)
    }
}
