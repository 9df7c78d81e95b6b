import LinearAlgebra
import Populations
import Sampling
import Testing

private func stability(
    _ test: Case, _ x: MatrixBuffer<Double>, _ y: MatrixBuffer<Double>, from w: [Double], leftOut: Int,
    samples: Int? = nil
) throws -> StabilityReading {
    let options = PopulationOptions(samples: samples, radius: 2, points: 1, trials: 0, starts: 0, leftOut: leftOut)
    let meter = try #require(PopulationMeter(test.network, test.population, seed: 1, x, y, options))
    let reading = try #require(meter.measure(w))
    return try #require(reading.stability)
}

/// One layer: w_n are least squares, and without sample i its residual e_i is e_i/(1 − h_i), h_i its leverage.
@Test(arguments: [5, 12, 100]) func leavingOneOutIsThatOfLeastSquares(leftOut: Int) throws {
    let test = try Case(.linear, [3, 2], variances: [2, 1, 0.5], noise: 0.7)
    let (x, y) = test.samples(12, seed: 5)
    let stability = try stability(test, x, y, from: test.weights(1), leftOut: leftOut)
    let (map, leverages) = leastSquares(x.rowArrays, y.rowArrays)
    let end = try #require(stability.end)
    #expect(zip(end.w, map).allSatisfy { abs($0 - $1) < 1e-10 })
    #expect(abs(end.distance - length(zip(map, test.weights(1)).map { $0 - $1 })) < 1e-10 && end.index == 0...0)
    let sample = PlainLoops(widths: [3, 2], w: map).loss(x.rowArrays, y.rowArrays).value
    #expect(abs(end.sampleRisk - sample) < 1e-12 && abs(end.risk.value - test.exact(map).value) < 1e-11)
    #expect(abs(end.gap.value - (sample - test.exact(map).value)) < 1e-11 && end.gap.standardError == 0)
    // Of twelve, five are 0, 2, 4, 7 and 9.
    let places = leftOut == 5 ? [0, 2, 4, 7, 9] : Array(0..<12)
    let changes = places.map { i in
        let residual = zip(product(map, x.rowArrays[i], rows: 2, inner: 3), y.rowArrays[i]).map { $0 - $1 }
        let stretch = 1 / (1 - leverages[i])
        return residual.reduce(0) { $0 + $1 * $1 } / 2 * (stretch * stretch - 1)
    }
    let count = Double(places.count)
    let mean = changes.reduce(0, +) / count
    let variance = changes.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    let change = try #require(stability.change)
    #expect(stability.leftOut == places.count && stability.arrived == places.count)
    #expect(abs(change.value - mean) < 1e-9 * mean)
    #expect(abs(change.standardError - (variance / count).squareRoot()) < 1e-9 * mean)
}

/// Two layers: any point of the valley of minima has the risks of least squares, with J by a fresh sample too.
@Test func stabilityOfADeepNetworkIsThatOfItsMap() throws {
    let test = try Case(.linear, [3, 3, 2], variances: [2, 1, 0.5], noise: 0.7)
    let (x, y) = test.samples(40, seed: 6)
    let (map, _) = leastSquares(x.rowArrays, y.rowArrays)
    // W_1 near I, W_2 near the map.
    let start = zip([1, 0, 0, 0, 1, 0, 0, 0, 1] + map, test.weights(2, scale: 0.1)).map { $0 + $1 }
    let flat = try Case(.linear, [3, 2], variances: [2, 1, 0.5], noise: 0.7)
    let single = try stability(flat, x, y, from: map, leftOut: 8)
    let closed = try stability(test, x, y, from: start, leftOut: 8)
    let sampled = try stability(test, x, y, from: start, leftOut: 8, samples: 20_000)
    let (mine, theirs) = (try #require(closed.end), try #require(single.end))
    #expect(abs(mine.sampleRisk - theirs.sampleRisk) < 1e-10 && abs(mine.risk.value - theirs.risk.value) < 1e-9)
    let changes = (try #require(closed.change), try #require(single.change))
    #expect(closed.arrived == 8 && abs(changes.0.value - changes.1.value) < 1e-7 * changes.1.value)
    let again = try #require(sampled.end)
    #expect(again.w == mine.w && sampled.change == closed.change)
    #expect(abs(again.gap.value - mine.gap.value) < 4 * again.gap.standardError)
    #expect(again.gap.standardError > 0 && again.gap.standardError < 0.1 * abs(mine.gap.value))
    #expect(again.gap.standardError == again.risk.standardError)
}

/// Where a search does not come to a stationary point there is no number, and it is said how many did.
@Test func searchesThatDoNotArriveAreCounted() throws {
    // A sigmoid learns the answer 1.05 at 1 by weights that grow for ever, and 0.3 at −1 holds them back.
    let network = try PlainNetwork(.sigmoid, widths: [1, 1])
    let population = Population(variances: [1], .network(network, weights: [1]), noise: 1)
    let (x, y) = (MatrixBuffer<Double>(3, 1, [1, 1, -1]), MatrixBuffer<Double>(3, 1, [1.05, 1.05, 0.3]))
    let options = PopulationOptions(samples: 1, radius: 2, points: 1, trials: 0, starts: 0, leftOut: 3)
    let meter = try #require(PopulationMeter(network, population, seed: 1, x, y, options))
    let reading = try #require(meter.measure([0.5]))
    let stability = try #require(reading.stability)
    #expect(stability.end != nil && stability.leftOut == 3 && stability.arrived == 2 && stability.change == nil)
    let one = try #require(
        PopulationMeter(network, population, seed: 1, MatrixBuffer(1, 1, [1]), MatrixBuffer(1, 1, [1.2]), options))
    let single = try #require(one.measure([0.5]))
    let alone = try #require(single.stability)
    #expect(alone.end == nil && alone.leftOut == 0 && alone.arrived == 0 && alone.change == nil)
}
