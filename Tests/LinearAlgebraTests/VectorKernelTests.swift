import LinearAlgebra
import Sampling
import Testing

/// Lengths around vector widths and the pieces in which long vectors are worked on.
private let lengths = [0, 1, 7, 8, 15, 16, 17, 100, 16383, 16384, 16385, 70001]

private func random<S: Scalar>(_ count: Int, _ name: String) -> [S] {
    (0..<count).map { S(RandomStream(seed: 9, name).normal($0)) }
}

private func checkKernels<S: Scalar>(_ type: S.Type) {
    for n in lengths {
        let x: [S] = random(n, "x")
        let y: [S] = random(n, "y")
        var out = y
        S.axpy(n, S(0.5), x, &out)
        #expect(
            out == zip(x, y).map { S(0.5) * $0 + $1 } || maxDifference(out, zip(x, y).map { S(0.5) * $0 + $1 }) < 1e-6)
        out = y
        S.scale(n, S(-3), &out)
        #expect(out == y.map { -3 * $0 })
        S.subtract(n, x, y, &out)
        #expect(out == zip(x, y).map { $0 - $1 })
        S.rectify(n, S(0.1), x, &out)
        #expect(out == x.map { $0 > 0 ? $0 : S(0.1) * $0 })
        S.rectifyMask(n, 0, x, y, &out)
        #expect(out == zip(x, y).map { $0 > 0 ? $1 : 0 * $1 })
        let dot = zip(x, y).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        #expect(abs(S.dot(n, x, y) - dot) <= 1e-9 * Double(n + 1))
        let distance = zip(x, y).reduce(0.0) { $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1)) }
        #expect(abs(S.squaredDistance(n, x, y) - distance) <= 1e-9 * Double(n + 1))
        var bits = [UInt8](repeating: 0, count: (n + 7) / 8)
        S.signPattern(n, x, &bits)
        #expect((0..<n).allSatisfy { (bits[$0 / 8] >> ($0 % 8)) & 1 == (x[$0] > 0 ? 1 : 0) })
    }
}

private func maxDifference<S: Scalar>(_ a: [S], _ b: [S]) -> Double {
    zip(a, b).map { abs(Double($0) - Double($1)) }.max() ?? 0
}

@Test func vectorKernelsMatchTheirDefinitions() {
    checkKernels(Float.self)
    checkKernels(Double.self)
}

@Test func rowKernelsMatchTheirDefinitions() {
    let rows = 5
    let columns = 37
    let b: [Double] = random(columns, "b")
    var y: [Double] = random(rows * columns, "y")
    var sums = [Double](repeating: 2, count: columns)
    let before = y
    Double.addRow(rows, columns, 0.5, b, &y)
    #expect((0..<y.count).allSatisfy { abs(y[$0] - (before[$0] + 0.5 * b[$0 % columns])) < 1e-15 })
    Double.sumRows(rows, columns, 3, before, -1, &sums)
    for c in 0..<columns {
        let sum = (0..<rows).reduce(0.0) { $0 + before[$1 * columns + c] }
        #expect(abs(sums[c] - (3 * sum - 2)) < 1e-13)
    }
    // β = 0 overwrites whatever stood there.
    sums = [Double](repeating: .nan, count: columns)
    Double.sumRows(rows, columns, 1, before, 0, &sums)
    #expect(sums.allSatisfy { $0.isFinite })
    var gathered = [Double](repeating: 0, count: 3 * columns)
    Double.gatherRows(columns, before, [4, 0, 4], &gathered)
    #expect(Array(gathered[0..<columns]) == Array(before[(4 * columns)...]))
    #expect(gathered[columns] == before[0])
}

/// φ, φ' and φ''/φ' against differences of φ, far out and across zero.
@Test(arguments: [SmoothFunction.softplus, .erf, .tanh, .sigmoid]) func smoothFunctions(function: SmoothFunction) {
    let n = 9001
    let h = 1e-4
    let x = (0..<n).map { (Double($0) - 4500) / 900 }
    func value(_ shift: Double) -> [Double] {
        var y = [Double](repeating: 0, count: n)
        Double.smoothValue(function, n, x.map { $0 + shift }, &y)
        return y
    }
    let y = value(0)
    let plus = value(h)
    let minus = value(-h)
    let state = function == .erf ? x : y
    let ones = [Double](repeating: 1, count: n)
    var slope = ones
    var second = [Double](repeating: 0, count: n)
    Double.smoothSlope(function, n, state, ones, &slope)
    Double.smoothCurvature(function, n, state, slope, ones, &second)
    #expect((0..<n).allSatisfy { abs((plus[$0] - minus[$0]) / (2 * h) - slope[$0]) < 1e-8 })
    #expect((0..<n).allSatisfy { abs((plus[$0] - 2 * y[$0] + minus[$0]) / (h * h) - second[$0]) < 1e-6 })
    var narrow = [Float](repeating: 0, count: n)
    Float.smoothValue(function, n, x.map { Float($0) }, &narrow)
    #expect((0..<n).allSatisfy { abs(Double(narrow[$0]) - y[$0]) < 2e-6 })
}

@Test func patternDistanceCountsBits() {
    #expect(patternDistance(12, [0b1010_1010, 0b1111_0101], [0b1010_1011, 0b0000_1100]) == 1 + 2)
    #expect(patternDistance(0, [], []) == 0)
}
