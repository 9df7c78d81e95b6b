import RealModule

/// Random numbers as a pure function of (seed, stream name, counter).
///
/// A stream has no state: value i is the same whoever asks for it, in whatever order. Weights,
/// shuffles and noise each have a stream of their own, so nothing that is drawn can shift what
/// another part of a run draws, and resuming has no generator to restore.
public struct RandomStream: Sendable {
    private let generator: Philox
    private let stream: UInt64

    /// - Parameters:
    ///   - seed: the run's seed, the generator's key.
    ///   - name: what is drawn, such as `weights/W1`; its 64-bit FNV-1a hash selects the stream.
    public init(seed: UInt64, _ name: String) {
        generator = Philox(key: SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))
        stream = name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// Two independent 64-bit words, number `index` of the stream.
    func pair(_ index: UInt64) -> (UInt64, UInt64) {
        let words = generator.words(
            at: SIMD4(
                UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32),
                UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32)))
        return (UInt64(words.y) << 32 | UInt64(words.x), UInt64(words.w) << 32 | UInt64(words.z))
    }

    /// 64 random bits, number `index` of the stream.
    public func bits(_ index: Int) -> UInt64 {
        let both = pair(UInt64(index) / 2)
        return index % 2 == 0 ? both.0 : both.1
    }

    /// Uniform on [0, 1), on a grid of 2⁻⁵³.
    public func uniform(_ index: Int) -> Double { Double(bits(index) >> 11) * 0x1p-53 }

    /// Uniform on 0..<bound, by multiplication (bias below bound/2⁶⁴).
    public func integer(_ index: Int, below bound: Int) -> Int {
        Int(bits(index).multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// Standard normal, number `index` of the stream (Box and Muller 1958, both halves used).
    public func normal(_ index: Int) -> Double {
        let (first, second) = normalPair(UInt64(index) / 2)
        return index % 2 == 0 ? first : second
    }

    private func normalPair(_ index: UInt64) -> (Double, Double) {
        let (a, b) = pair(index)
        let radius = (-2 * Double.log(1 - Double(a >> 11) * 0x1p-53)).squareRoot()
        let angle = 2 * Double.pi * (Double(b >> 11) * 0x1p-53)
        return (radius * Double.cos(angle), radius * Double.sin(angle))
    }

    /// Fills memory with normal numbers 0, 1, 2, … of the stream, times a standard deviation.
    ///
    /// Both precisions draw the same float64 numbers, so a float32 network starts as the rounded
    /// float64 one.
    @specialized(where S == Float)
    @specialized(where S == Double)
    public func fillNormal<S: BinaryFloatingPoint>(
        _ out: UnsafeMutablePointer<S>, count: Int, standardDeviation: Double
    ) {
        for i in 0..<(count / 2) {
            let (first, second) = normalPair(UInt64(i))
            out[2 * i] = S(first * standardDeviation)
            out[2 * i + 1] = S(second * standardDeviation)
        }
        if count % 2 == 1 { out[count - 1] = S(normal(count - 1) * standardDeviation) }
    }

    /// A random order of 0..<count (Fisher and Yates, Durstenfeld's form), the same for the same stream.
    public func permutation(_ count: Int) -> [Int] {
        var order = Array(0..<count)
        for i in stride(from: count - 1, to: 0, by: -1) { order.swapAt(i, integer(i, below: i + 1)) }
        return order
    }
}
