import SpinGlasses
import Testing

/// What searches find are all real points there are, by continuation of all complex ones, whose number is the bound.
@Test(arguments: [(3, 2, 12), (3, 3, 12), (3, 4, 8), (3, 5, 4), (4, 2, 8), (4, 3, 6), (5, 2, 6), (6, 2, 4)])
func searchesFindAllRealPoints(order: Int, dimension: Int, draws: Int) throws {
    let shape = SpinShape(order: order, dimension: dimension)
    for seed in 0..<UInt64(isLong ? 25 * draws : draws) {
        let glass = SpinGlass(order: order, dimension: dimension, seed: seed)
        let exact = try #require(Homotopy(glass).eigenvectors(), "seed \(seed): a path is lost")
        #expect(exact.all == shape.bound, "seed \(seed)")
        let found = SpinSearch(glass, seed: seed, mostSearches: 1 << 14).points()
        #expect(found.count == exact.real.count...exact.real.count, "seed \(seed): \(found.standing)")
        #expect(found.sums?.canBeAll == true && found.missed?.value == 0, "seed \(seed)")
        #expect((found.standing == .complete) == (exact.real.count == shape.bound), "seed \(seed)")
        for w in exact.real {
            #expect(found.points.contains { distance($0.w, w) < 1e-7 }, "seed \(seed)")
        }
    }
}
