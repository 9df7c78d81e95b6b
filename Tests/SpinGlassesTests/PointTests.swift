import RealModule
import SpinGlasses
import StationaryPoints
import Testing

/// Σ w_i^H has as many real points as there can be: a sum over a subset S, each entry ±√(Λ/|S|). Index and energy in
/// closed form.
@Test(arguments: shapes(3...4, 2...5)) func diagonalCouplingsHaveAllPoints(shape: SpinShape) {
    let found = SpinSearch(diagonal(shape), seed: 3, mostSearches: 1 << 15).points()
    #expect(found.standing == .complete && found.count == shape.bound...shape.bound, "\(shape): \(found.count)")
    let n = shape.dimension
    for point in found.points {
        let size = point.w.count { abs($0) > 1e-9 }
        // Λ^(−(H−1)/2) s (Λ/s)^(H/2)/Λ.
        let power = (0..<shape.order).reduce(1.0) { product, _ in product * (1 / Double(size)).squareRoot() }
        let energy = Double(size) * power / Double(n).squareRoot()
        #expect(abs(abs(point.energy) - energy) < 1e-12)
        // Away from the subset the curvature has the sign of −H, within it that of H.
        #expect(
            shape.order == 3
                ? point.energy < 0 && point.index == (size - 1)...(size - 1) : point.index == (n - size)...(n - size))
        #expect(!point.isDegenerate && point.isCertain && point.smallestCurvature > 0.1)
    }
    #expect(found.points.reduce(0) { $0 + $1.timesFound } + found.lost == found.searches)
}

/// Points that are not isolated are named, and nothing is claimed.
@Test func degeneratePointsAreNamed() {
    // Two equal eigenvalues: a circle of points, and one alone.
    let double = SpinGlass(
        SpinShape(order: 2, dimension: 3), couplings: [([0, 0], 1), ([1, 1], 1), ([2, 2], -2)])
    let circle = SpinSearch(double, seed: 1, mostSearches: 256).points()
    #expect(circle.standing == .cannotTell && circle.sums == nil && circle.missed == nil)
    #expect(!circle.degenerate.isEmpty && circle.points.contains { !$0.isDegenerate && $0.index == 0...0 })
    // ‖w‖⁴ is constant.
    let constant = SpinGlass(
        SpinShape(order: 4, dimension: 2),
        couplings: [([0, 0, 0, 0], 1), ([1, 1, 1, 1], 1), ([0, 0, 1, 1], 1.0 / 3)])
    let everywhere = SpinSearch(constant, seed: 1, mostSearches: 256).points()
    #expect(everywhere.standing == .cannotTell && everywhere.points.allSatisfy(\.isDegenerate))
    #expect(everywhere.degenerate.count == everywhere.points.count && !everywhere.points.isEmpty)
    let cubic = SpinSearch(turnedCubic(by: 0.7), seed: 1, mostSearches: 256).points()
    #expect(cubic.standing == .cannotTell)
    #expect(
        cubic.degenerate.contains { abs(-Double.sin(0.7) * $0.w[0] + Double.cos(0.7) * $0.w[1]) < 1e-3 },
        "\(cubic.points.map(\.w))")
    #expect(cubic.points.count { !$0.isDegenerate } == 2)
}

/// cos θ sin³ θ, with axes turned by an angle: dH/dθ = sin² θ (3 cos² θ − sin² θ), so that θ = 0 is stationary but
/// neither minimum nor maximum, beside a minimum and a maximum.
private func turnedCubic(by angle: Double) -> SpinGlass {
    let (x, y) = ([Double.cos(angle), Double.sin(angle)], [-Double.sin(angle), Double.cos(angle)])
    let couplings = (0...4).map { ones in
        let indices = [Int](repeating: 0, count: 4 - ones) + [Int](repeating: 1, count: ones)
        // The mean over which of the four factors is the cosine.
        let value = indices.indices.reduce(0.0) { sum, k in
            sum + indices.indices.reduce(0.25) { $0 * ($1 == k ? x : y)[indices[$1]] }
        }
        return (indices: indices, value: value)
    }
    return SpinGlass(SpinShape(order: 4, dimension: 2), couplings: couplings)
}

/// Sets from which points were taken away are seen to be incomplete, where a sum or the parity can see it.
@Test func missingPointsAreSeen() throws {
    for (order, dimension) in [(3, 3), (3, 4), (4, 3), (4, 4), (5, 3)] {
        let shape = SpinShape(order: order, dimension: dimension)
        for seed in 0..<4 as Range<UInt64> {
            let found = SpinSearch(
                SpinGlass(order: order, dimension: dimension, seed: seed), seed: 1, mostSearches: 1 << 14
            )
            .points()
            let indices = found.points.map(\.index.lowerBound)
            let all = MorseSums(indices, of: shape)
            #expect(all.canBeAll && all.isEulers && all.alternatingSum == (dimension % 2 == 1 ? 2 : 0))
            for k in indices.indices {
                var fewer = indices
                fewer.remove(at: k)
                let sums = MorseSums(fewer, of: shape)
                #expect(!sums.canBeAll)
                // On an odd sphere w and −w of odd order take each other away.
                #expect(sums.isEulers == (order % 2 == 1 && dimension % 2 == 0))
            }
            // Without minima, and as many of the next index: the alternating sum alone would not see it.
            let minima = indices.filter { $0 == 0 }.count
            if order == 4, minima > 0, indices.filter({ $0 == 1 }).count >= minima {
                var (fewer, left) = (indices.filter { $0 > 0 }, minima)
                fewer.removeAll { index in
                    defer { if index == 1, left > 0 { left -= 1 } }
                    return index == 1 && left > 0
                }
                let sums = MorseSums(fewer, of: shape)
                #expect(sums.isEulers && !sums.canBeAll)
            }
        }
    }
}

/// More points than there can be are an error, and said to be one: those of order 3 taken for those of order 2.
@Test func tooManyPointsAreAnError() {
    let shape = SpinShape(order: 3, dimension: 3)
    let sphere = diagonal(shape).onSphere
    let search = StationarySearch(.newtonMR, maximumSteps: 50)
    let subsets = [[1.0, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]]
    let ends = subsets.map { EndPoint(sphere, search.end(of: sphere, from: $0), tolerance: search.tolerance) }
    let counts = [4, 4, 4, 4]
    let wrong = SpinShape(order: 2, dimension: 3)
    #expect(SpinPoints(wrong, ends, counts, searches: 16, lost: 0).standing == .aboveBound)
    #expect(SpinPoints(shape, ends, counts, searches: 16, lost: 0).standing == .incomplete)
}

/// With few searches some are missing, and that is what is said, or that it can't be told: never that all are there.
@Test func fewSearchesClaimNothing() {
    let shape = SpinShape(order: 3, dimension: 4)
    for searches in [1, 2, 3, 5] {
        let found = SpinSearch(diagonal(shape), seed: 1, mostSearches: searches).points()
        #expect(found.searches == searches && [.incomplete, .cannotTell].contains(found.standing))
    }
}

/// Minima are lowest: for H = 2 always, else mostly. −w mirrors w for odd orders.
@Test func energiesRiseWithTheIndex() throws {
    let two = SpinDraw(SpinShape(order: 2, dimension: 5), seed: 1, mostSearches: 1 << 12)
    #expect(two.rankCorrelation == 1 && two.energies.compactMap { $0 } == two.energies.compactMap { $0 }.sorted())
    let shape = SpinShape(order: 3, dimension: 5)
    let survey = SpinSurvey(shape, (0..<20).map { SpinDraw(shape, seed: $0, mostSearches: 1 << 12) })
    let correlation = try #require(survey.rankCorrelation)
    #expect(correlation.interval.lowerBound > 0.3 && correlation.value <= 1)
    for draw in survey.draws {
        for (low, high) in zip(draw.energies, draw.energies.reversed()) {
            #expect((low == nil) == (high == nil) && abs((low ?? 0) + (high ?? 0)) < 1e-12)
        }
    }
    let mean = try #require(survey.meanCount)
    #expect(mean.interval.contains(shape.meanCount) && survey.shareOfRightSums == 1)
    #expect(survey.standings.values.reduce(0, +) == 20 && survey.energies.count == 5)
}
