import LinearAlgebra
import Sampling
import Testing

private func matrix(_ n: Int, _ seed: Int, _ value: (RandomStream, Int) -> Double) -> MatrixBuffer<Double> {
    let stream = RandomStream(seed: UInt64(seed), "gains")
    return MatrixBuffer(n, n, (0..<(n * n)).map { value(stream, $0) })
}

/// Normal numbers, and few whole ones, of which many assignments are equally good.
private let kinds: [@Sendable (RandomStream, Int) -> Double] = [
    { $0.normal($1) }, { Double($0.integer($1, below: 3)) }, heavyTailed, { _, _ in 1 },
]

@Sendable private func heavyTailed(_ stream: RandomStream, _ k: Int) -> Double {
    let z = stream.normal(k)
    return z * z * z * z * z
}

private func permutations(_ n: Int) -> [[Int]] {
    n == 0 ? [[]] : permutations(n - 1).flatMap { p in (0..<n).map { Array(p[..<$0]) + [n - 1] + Array(p[$0...]) } }
}

@Test func assignmentIsTheBestOfAllPermutations() {
    for n in 0...7 {
        let all = permutations(n)
        for (k, kind) in kinds.enumerated() {
            for seed in 0..<(n < 7 ? 20 : 3) {
                let gains = matrix(n, 10 * seed + k, kind)
                let found = LinearAssignment(of: gains)
                let best = all.map { p in p.indices.reduce(0) { $0 + gains[$1, p[$1]] } }.max() ?? 0
                #expect(Set(found.columns) == Set(0..<n) && found.columns.count == n)
                #expect(abs(found.gain - best) <= 1e-12 * max(abs(best), 1), "\(n) \(k) \(seed): \(found.gain) \(best)")
            }
        }
    }
}

/// Potentials that are feasible bound every assignment, and this one reaches them: it is the best.
@Test(arguments: [50, 200, 400]) func potentialsCertifyTheAssignment(n: Int) {
    for (k, kind) in kinds.enumerated() {
        let gains = matrix(n, k, kind)
        let size = gains.entries.reduce(0) { max($0, abs($1)) }
        let found = LinearAssignment(of: gains)
        let (u, v) = (found.rowPotentials, found.columnPotentials)
        #expect(Set(found.columns) == Set(0..<n))
        var worst = 0.0
        for i in 0..<n { for j in 0..<n { worst = max(worst, gains[i, j] - u[i] - v[j]) } }
        #expect(worst <= 1e-13 * Double(n) * size, "\(n) \(k): \(worst)")
        let bound = (u + v).reduce(0, +)
        #expect(abs(bound - found.gain) <= 1e-13 * Double(n) * size * Double(n), "\(n) \(k): \(bound) \(found.gain)")
    }
}

/// A planted order that every row and column prefers is found as it was planted.
@Test func aPlantedOrderIsFound() {
    let n = 300
    let order = RandomStream(seed: 5, "order").permutation(n)
    let gains = matrix(n, 1) { stream, k in stream.uniform(k) + (order[k / n] == k % n ? 1 : 0) }
    #expect(LinearAssignment(of: gains).columns == order)
}
