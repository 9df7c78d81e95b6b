import Landscape
import RealModule
import Sampling
import Testing

/// A barrier along a loss of which everything is known.
private func barrier(points: Int = 25, adding: Int = 24, error: Double = 1e-15, _ loss: @escaping (Double) -> Double)
    -> Barrier
{
    func point(_ t: Double) -> Barrier.Point { Barrier.Point(t: t, loss: loss(t), error: error) }
    return Barrier(WeightCurve.grid(points).map(point), adding: adding, loss: adding == 0 ? nil : point)
}

@Test func aParabolaHasItsHeight() {
    for height in [1e-9, 1, 1e9] {
        let found = barrier(error: 1e-15 * height) { height * (4 * $0 * (1 - $0) + 3 * $0 - 1) }
        #expect(found.verdict == .present && abs(found.height / height - 1) < 1e-14 && found.place == 0.5)
        #expect(found.bound >= found.height && found.bound < 1.011 * found.height, "\(found.bound)")
    }
    // The highest place is between the points, and is looked for there.
    let skew = barrier { 1 / (1 + 900 * ($0 - 0.3141) * ($0 - 0.3141)) }
    let top = 1 - (1 - 0.3141) / (1 + 900 * 0.3141 * 0.3141) - 0.3141 / (1 + 900 * 0.6859 * 0.6859)
    #expect(skew.height <= top && skew.height > 0.99 * top && skew.bound >= top && abs(skew.place - 0.3141) < 0.01)
}

@Test func lossesWithoutABarrierHaveNone() {
    let losses: [(Double) -> Double] = [
        { _ in 0.25 }, { 2 * $0 + 1 }, { $0 * $0 }, { -.log(1 + 3 * $0) * 0 + .exp(-3 * $0) }, { abs($0 - 0.4) },
        { -Double.sin(.pi * $0) - 0.02 * Double.sin(6 * .pi * $0) },
    ]
    for (k, loss) in losses.enumerated() {
        let found = barrier(loss)
        #expect(found.verdict == .noneSeen, "\(k): \(found.height) \(found.bound) \(found.error)")
    }
}

/// What may lie between points is said, and looked for.
@Test func whatLiesBetweenThePointsCanNotBeTold() {
    // Zero at all of three points, but not between them.
    let cubic: (Double) -> Double = { $0 * ($0 - 0.5) * ($0 - 1) }
    #expect(barrier(points: 3, adding: 24, cubic).verdict == .present)
    // A bump whose top is between two points of the grid, below the line at both.
    let bump: (Double) -> Double = { t in
        -0.02 * (t > 0 && t < 1 ? 1 : 0) + 0.03 * .exp(-2000 * (t - 0.4375) * (t - 0.4375))
    }
    let coarse = barrier(points: 9, adding: 0, bump)
    #expect(coarse.verdict != .present)
    let kinked: (Double) -> Double = { t in -min(min(t, abs(t - 0.5) + 0.001), 1 - t) }
    let unsure = barrier(points: 5, adding: 0, kinked)
    #expect(unsure.verdict == .undecided && unsure.height == 0 && unsure.bound > 0.05, "\(unsure)")
    // Losses that are not finite tell nothing.
    #expect(barrier { $0 == 0.5 ? .infinity : 0 }.verdict == .undecided)
    #expect(barrier { $0 == 0.5 ? .nan : 0 }.verdict == .undecided)
    // Nor where an error is not known.
    let unknown = WeightCurve.grid(25).map { Barrier.Point(t: $0, loss: 0, error: $0 == 0.5 ? .nan : 0) }
    #expect(Barrier(unknown).verdict == .undecided)
    // Nor does a rise that rounding explains; nor is its absence told where the points bend by more.
    #expect(barrier(error: 1e-3) { 1e-4 * Double.sin(.pi * $0) }.verdict == .noneSeen)
}

/// Of random sums of waves the height is met or nearly, and no barrier is denied.
@Test func wavesAreJudgedRight() {
    var verdicts: [Barrier.Verdict: Int] = [:]
    for seed in 0..<300 {
        let stream = RandomStream(seed: UInt64(seed), "waves")
        let tilt = 3 * stream.normal(0)
        let loss: (Double) -> Double = { t in
            (1...5).reduce(tilt * t * (1 - t)) { sum, k in
                sum + stream.normal(2 * k) / Double(k) * .sin(Double(k) * .pi * t)
            }
        }
        let found = barrier(loss)
        let top = (0...4000).reduce(0.0) { max($0, loss(Double($1) / 4000)) }
        verdicts[found.verdict, default: 0] += 1
        #expect((found.verdict == .present) == (top > 1e-14), "\(seed): \(found.verdict) \(top)")
        // The waves themselves are rounded.
        guard top > 1e-14 else { continue }
        #expect(found.height <= top * (1 + 1e-6) && found.bound >= top * (1 - 1e-6), "\(seed) \(found.height) \(top)")
        #expect(found.height >= 0.98 * top, "\(seed) \(found.height) \(top)")
    }
    #expect(verdicts[.present] ?? 0 > 50 && verdicts[.noneSeen] ?? 0 > 20, "\(verdicts)")
}
