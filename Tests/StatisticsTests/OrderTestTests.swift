import Foundation
import Sampling
import Statistics
import Testing

/// Every order of a small sample has the same chance: mean and variance of J, and with them both tails, against counting them all.
@Test(arguments: [[1.0, 2, 3, 4, 5, 6, 7], [1, 1, 2, 2, 2, 3, 4]]) func orderTestsCountAllArrangements(values: [Double])
    throws
{
    var shares: [Double] = []
    var tails: [(share: Double, falls: Double, rises: Double)] = []
    func arrange(_ chosen: [Int], _ left: [Int]) {
        guard !left.isEmpty else {
            let numbers = chosen.map { values[$0] }
            if let test = OrderTest([[Array(numbers[..<2]), Array(numbers[2..<4]), Array(numbers[4...])]]) {
                shares.append(test.share)
                tails.append((test.share, test.falls, test.rises))
            }
            return
        }
        for index in left { arrange(chosen + [index], left.filter { $0 != index }) }
    }
    arrange([], Array(values.indices))
    #expect(shares.count == 5040)
    let mean = shares.reduce(0, +) / 5040
    #expect(abs(mean - 0.5) < 1e-12)
    let variance = shares.reduce(0) { $0 + ($1 - 0.5) * ($1 - 0.5) } / 5040
    // What makes a tail of a share tells the deviation that it was taken for.
    let one = try #require(tails.first { $0.share > 0.6 })
    #expect(abs(one.falls + one.rises - 1) < 1e-12)
    var (low, high) = (0.0, 10.0)
    for _ in 0..<200 {
        let z = (low + high) / 2
        if erfc(z / 2.0.squareRoot()) / 2 > one.falls { low = z } else { high = z }
    }
    let deviation = (one.share - 0.5) / low
    #expect(abs(deviation * deviation - variance) < 1e-9 * variance)
}

/// Without an order, p-values are small as rarely as they say; with one, always.
@Test func orderTestsAreRight() throws {
    let stream = RandomStream(seed: 4, "order")
    func draw(_ trial: Int, shift: Double) -> OrderTest? {
        OrderTest(
            (0..<3).map { stratum in
                (0..<4).map { group in
                    (0..<5).map { i in
                        stream.normal(((trial * 3 + stratum) * 4 + group) * 5 + i) - shift * Double(group)
                    }
                }
            })
    }
    let trials = 4000
    let small = try (0..<trials).filter { try #require(draw($0, shift: 0)).falls < 0.05 }.count
    #expect(abs(Double(small) / Double(trials) - 0.05) < 4 * (0.05 * 0.95 / Double(trials)).squareRoot() + 0.003)
    let ordered = try #require(draw(0, shift: 2))
    #expect(ordered.falls < 1e-6 && ordered.share > 0.9 && ordered.rises > 0.999)
    let reversed = try #require(draw(0, shift: -2))
    #expect(reversed.rises < 1e-6 && reversed.share < 0.1)
    let equal = try #require(OrderTest([[[0, 0], [0, 0, 0]]]))
    #expect(equal.share == 0.5 && equal.falls == 1 && equal.rises == 1)
    #expect(OrderTest([[[1, .nan], [2]]]) == nil && OrderTest([[[1, 2]]]) == nil)
}

/// Of a mean the jackknife gives the interval of Student's t.
@Test func theJackknifeOfAMeanIsStudents() throws {
    let values = [1.0, 2, 4, 7, 3]
    let found = try #require(
        Estimate(jackknifeOf: 5) { without in
            let left = values.indices.filter { $0 != without }.map { values[$0] }
            return left.reduce(0, +) / Double(left.count)
        })
    let mean = 3.4
    let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4).squareRoot()
    let length = 4.604094871 * deviation / 5.0.squareRoot()
    #expect(abs(found.value - mean) < 1e-12)
    #expect(
        abs(found.interval.upperBound - mean - length) < 1e-6 && abs(mean - found.interval.lowerBound - length) < 1e-6)
}
