import Sampling
import Testing

/// The known answers of the authors' library Random123 1.14 (kat_vectors, philox4x32 10).
@Test(arguments: [
    (
        SIMD4<UInt32>(repeating: 0), SIMD2<UInt32>(repeating: 0),
        SIMD4<UInt32>(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)
    ),
    (
        SIMD4<UInt32>(repeating: UInt32.max), SIMD2<UInt32>(repeating: UInt32.max),
        SIMD4<UInt32>(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)
    ),
    (
        SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), SIMD2(0xa409_3822, 0x299f_31d0),
        SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
    ),
])
func philoxMatchesItsKnownAnswers(counter: SIMD4<UInt32>, key: SIMD2<UInt32>, expected: SIMD4<UInt32>) {
    #expect(Philox(key: key).words(at: counter) == expected)
}

@Test func streamsArePureFunctions() {
    let a = RandomStream(seed: 3, "weights/W1")
    let again = RandomStream(seed: 3, "weights/W1")
    #expect((0..<100).map { a.bits($0) } == (0..<100).reversed().map { again.bits($0) }.reversed())
    #expect(a.bits(7) != RandomStream(seed: 4, "weights/W1").bits(7))
    #expect(a.bits(7) != RandomStream(seed: 3, "weights/W2").bits(7))
    var filled = [Float](repeating: 0, count: 11)
    var wide = [Double](repeating: 0, count: 11)
    a.fillNormal(&filled, count: 11, standardDeviation: 2)
    a.fillNormal(&wide, count: 11, standardDeviation: 2)
    #expect(filled == wide.map { Float($0) })
    #expect(wide == (0..<11).map { 2 * a.normal($0) })
}

@Test func normalsHaveTheMomentsOfANormal() {
    let stream = RandomStream(seed: 0, "moments")
    let n = 200_000
    let z = (0..<n).map { stream.normal($0) }
    func moment(_ k: Int) -> Double {
        z.reduce(0.0) { sum, x in sum + (0..<k).reduce(1.0) { p, _ in p * x } } / Double(n)
    }
    // Five standard errors of each sample moment.
    let error = 5 / Double(n).squareRoot()
    #expect(abs(moment(1)) < error)
    #expect(abs(moment(2) - 1) < error * 2.0.squareRoot())
    #expect(abs(moment(3)) < error * 15.0.squareRoot())
    #expect(abs(moment(4) - 3) < error * 96.0.squareRoot())
    let correlation = (0..<(n - 1)).reduce(0.0) { $0 + z[$1] * z[$1 + 1] } / Double(n)
    #expect(abs(correlation) < error)
}

@Test func permutationsAreUniform() {
    #expect(RandomStream(seed: 1, "p").permutation(1000).sorted() == Array(0..<1000))
    #expect(RandomStream(seed: 1, "p").permutation(0).isEmpty)
    // Each of the six orders of three appears a sixth of the time, within five standard errors.
    var counts: [[Int]: Int] = [:]
    for seed in 0..<6000 { counts[RandomStream(seed: UInt64(seed), "p").permutation(3), default: 0] += 1 }
    #expect(counts.count == 6)
    #expect(counts.values.allSatisfy { abs(Double($0) - 1000) < 5 * (6000 * (1.0 / 6) * (5.0 / 6)).squareRoot() })
}
