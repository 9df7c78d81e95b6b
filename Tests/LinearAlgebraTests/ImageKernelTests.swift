import LinearAlgebra
import Sampling
import Testing

/// Kernels, strides and paddings around the tiles, channels that fill vectors and that do not.
private let shapes: [WindowShape] = [
    shape(7, 6, 5, 9, kernel: (3, 3), zeros: (1, 1, 1, 1)),
    shape(9, 8, 16, 20, kernel: (3, 3), stride: (2, 2), zeros: (0, 1, 0, 1)),
    shape(11, 10, 3, 7, kernel: (5, 4), stride: (3, 2), zeros: (2, 2, 1, 2)),
    shape(8, 8, 32, 10, kernel: (1, 1), stride: (2, 2)),
    shape(12, 12, 8, 16, kernel: (2, 3), zeros: (1, 0, 0, 0)),
    shape(6, 6, 64, 8, kernel: (3, 3), stride: (4, 4), zeros: (1, 1, 1, 1)),
    shape(5, 5, 4, 3, kernel: (5, 5)),
    shape(4, 5, 16, 33, kernel: (7, 7), zeros: (3, 3, 3, 3)),
    shape(1, 17, 1, 1, kernel: (1, 4), stride: (1, 3)),
    shape(3, 3, 2, 2, kernel: (2, 2), stride: (5, 5), zeros: (4, 4, 4, 4)),
]

/// Kernels of 3x3 on full vectors of channels, which Winograd's filtering takes: odd sides, unequal
/// zeros, none, more than the kernel reaches.
private let winogradShapes: [WindowShape] = [
    shape(16, 16, 32, 64, kernel: (3, 3), zeros: (1, 1, 1, 1)),
    shape(8, 8, 64, 64, kernel: (3, 3), zeros: (1, 1, 1, 1)),
    shape(9, 11, 96, 32, kernel: (3, 3), zeros: (1, 0, 0, 1)),
    shape(12, 15, 32, 160, kernel: (3, 3), zeros: (3, 1, 0, 3)),
    shape(11, 10, 64, 128, kernel: (3, 3)),
]

private func shape(
    _ height: Int, _ width: Int, _ channels: Int, _ outputs: Int, kernel: (Int, Int), stride: (Int, Int) = (1, 1),
    zeros: (top: Int, bottom: Int, left: Int, right: Int) = (0, 0, 0, 0)
) -> WindowShape {
    WindowShape(
        height: height, width: width, channels: channels, outputChannels: outputs,
        kernel: WindowShape.Sides(kernel.0, kernel.1), stride: WindowShape.Sides(stride.0, stride.1),
        padding: WindowShape.Padding(top: zeros.top, bottom: zeros.bottom, left: zeros.left, right: zeros.right))
}

private let batch = 3

/// Every product x·w of the definition with the indices of its factors and of its output pixel.
private func forEachProduct(_ s: WindowShape, _ body: (_ x: Int, _ w: Int, _ y: Int) -> Void) {
    for n in 0..<batch {
        for (i, j) in pairs(s.outputHeight, s.outputWidth) {
            for (ky, kx) in pairs(s.kernel.y, s.kernel.x) {
                let row = i * s.stride.y - s.padding.top + ky
                let column = j * s.stride.x - s.padding.left + kx
                guard (0..<s.height).contains(row), (0..<s.width).contains(column) else { continue }
                for o in 0..<s.outputChannels {
                    for c in 0..<s.channels {
                        body(
                            ((n * s.height + row) * s.width + column) * s.channels + c,
                            ((o * s.kernel.y + ky) * s.kernel.x + kx) * s.channels + c,
                            ((n * s.outputHeight + i) * s.outputWidth + j) * s.outputChannels + o)
                    }
                }
            }
        }
    }
}

private func pairs(_ a: Int, _ b: Int) -> [(Int, Int)] { (0..<a).flatMap { i in (0..<b).map { (i, $0) } } }

private func random<S: Scalar>(_ count: Int, _ name: String) -> [S] {
    var values = [S](repeating: 0, count: count)
    RandomStream(seed: 9, name).fillNormal(&values, count: count, standardDeviation: 1)
    return values
}

/// Sums of products by the definition, against what a kernel made of α times these and β times what was there,
/// within Higham's bound on the rounding of any order of summation (k + 3) u Σ|terms|.
private struct Definition {
    var values: [Double]
    var magnitudes: [Double]
    let terms: Int

    init(count: Int, terms: Int) {
        values = Array(repeating: 0, count: count)
        magnitudes = values
        self.terms = terms
    }

    mutating func add(_ term: Double, at index: Int) {
        values[index] += term
        magnitudes[index] += abs(term)
    }

    /// The largest error over its bound; infinite where a number is none.
    /// - Parameter isTransformed: the sum went over transformed values, of which each holds 16: the
    ///   bound is then on the largest sum of magnitudes, not on each.
    func worst<S: Scalar>(_ found: [S], _ alpha: S, _ beta: S, _ start: [S], isTransformed: Bool) -> Double {
        let unit = Double(S.ulpOfOne) / 2
        let sizes = found.indices.map { abs(Double(alpha)) * magnitudes[$0] + abs(Double(beta) * Double(start[$0])) }
        let largest = sizes.max() ?? 0
        return found.indices.map { i in
            let error = abs(Double(found[i]) - Double(alpha) * values[i] - Double(beta) * Double(start[i]))
            if error.isNaN { return .infinity }
            return error == 0 ? 0 : error / (Double(terms + 3) * unit * (isTransformed ? largest : sizes[i]))
        }.max() ?? 0
    }
}

private func checkConvolutions<S: Scalar>(_ type: S.Type, _ s: WindowShape, isTransformed: Bool) {
    let x: [S] = random(batch * s.height * s.width * s.channels, "x")
    let y: [S] = random(batch * s.outputHeight * s.outputWidth * s.outputChannels, "y")
    let w: [S] = random(s.outputChannels * s.kernel.y * s.kernel.x * s.channels, "w")
    let patch = s.kernel.y * s.kernel.x
    var f = Definition(count: y.count, terms: patch * s.channels)
    var i = Definition(count: x.count, terms: patch * s.outputChannels)
    var g = Definition(count: w.count, terms: batch * s.outputHeight * s.outputWidth)
    forEachProduct(s) { a, b, c in
        f.add(Double(x[a]) * Double(w[b]), at: c)
        i.add(Double(y[c]) * Double(w[b]), at: a)
        g.add(Double(y[c]) * Double(x[a]), at: b)
    }
    for (threads, width) in [1, 2, 3].map({ ($0, BLAS.vectorWidth) }) + narrowerWidths.map({ (2, $0) }) {
        BLAS.threadCount = threads
        BLAS.limitTiles(to: width)
        defer { BLAS.limitTiles(to: nil) }
        for (alpha, beta) in [(S(1), S(0)), (S(-0.5), S(1)), (S(2), S(0.25))] {
            var (forward, input, weight) = (y, x, w)
            if beta == 0 { (forward, input, weight) = (y.map { _ in .nan }, x.map { _ in .nan }, w.map { _ in .nan }) }
            S.convolution(s, batch: batch, alpha: alpha, x, w, beta: beta, &forward, slope: 1)
            S.convolutionInputGradient(s, batch: batch, alpha: alpha, y, w, beta: beta, &input, slope: 1, where: x)
            S.convolutionWeightGradient(s, batch: batch, alpha: alpha, y, x, beta: beta, &weight)
            let errors = [
                f.worst(forward, alpha, beta, y, isTransformed: isTransformed),
                i.worst(input, alpha, beta, x, isTransformed: isTransformed),
                g.worst(weight, alpha, beta, w, isTransformed: isTransformed),
            ]
            #expect(
                errors.allSatisfy { $0 <= 1 }, "\(s) α=\(alpha) β=\(beta), \(threads) threads, \(width): \(errors)")
        }
    }
}

private func checkPooling<S: Scalar>(_ type: S.Type) {
    for s in shapes where s.padding == WindowShape.Padding() {
        let s = WindowShape(
            height: s.height, width: s.width, channels: s.channels, outputChannels: s.channels, kernel: s.kernel,
            stride: s.stride)
        let x: [S] = random(batch * s.height * s.width * s.channels, "x")
        let u: [S] = random(x.count, "u")
        let v: [S] = random(batch * s.outputHeight * s.outputWidth * s.channels, "v")
        var windows = [[Int]](repeating: [], count: v.count)
        forEachProduct(s) { a, _, c in
            if a % s.channels == c % s.channels, !windows[c].contains(a) { windows[c].append(a) }
        }
        var (average, largest) = (v, v)
        var (averageBack, largestBack) = (x.map { _ in S.nan }, x.map { _ in S.nan })
        S.averagePool(s, batch: batch, x, &average)
        S.maxPool(s, batch: batch, at: x, u, &largest)
        S.averagePoolTransposed(s, batch: batch, v, &averageBack)
        S.maxPoolTransposed(s, batch: batch, at: x, v, &largestBack)
        let unit = 64 * Double(S.ulpOfOne)
        for (c, window) in windows.enumerated() {
            let mean = window.reduce(0.0) { $0 + Double(x[$1]) } / Double(window.count)
            #expect(abs(Double(average[c]) - mean) < unit)
            #expect(window.max { x[$0] < x[$1] }.map { u[$0] } == largest[c])
        }
        func dot(_ a: [S], _ b: [S]) -> Double { zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
        #expect(abs(dot(average, v) - dot(x, averageBack)) < unit * Double(x.count))
        #expect(abs(dot(largest, v) - dot(u, largestBack)) < unit * Double(x.count))
    }
}

extension ProductTests {
    /// With any number of threads, and with every width of vectors that this processor has.
    @Test func convolutionsMatchTheirDefinition() {
        for s in shapes + winogradShapes {
            let isTransformed = winogradShapes.contains(s)
            checkConvolutions(Float.self, s, isTransformed: isTransformed)
            checkConvolutions(Double.self, s, isTransformed: isTransformed)
        }
    }

    /// ReLUs that are taken along are those of a pass of their own, to the bit.
    @Test(arguments: vectorWidths) func convolutionsRectify(width: BLAS.VectorWidth) {
        BLAS.limitTiles(to: width)
        defer { BLAS.limitTiles(to: nil) }
        for s in shapes + winogradShapes {
            let x: [Float] = random(batch * s.height * s.width * s.channels, "x")
            let y: [Float] = random(batch * s.outputHeight * s.outputWidth * s.outputChannels, "y")
            let w: [Float] = random(s.outputChannels * s.kernel.y * s.kernel.x * s.channels, "w")
            for (slope, beta) in [(Float(0), Float(0)), (0.25, 0.5)] {
                var (forward, apart, input, masked) = (y, y, x, x)
                Float.convolution(s, batch: batch, alpha: 2, x, w, beta: beta, &forward, slope: slope)
                Float.convolution(s, batch: batch, alpha: 2, x, w, beta: beta, &apart, slope: 1)
                #expect(forward == apart.map { $0 > 0 ? $0 : slope * $0 }, "\(s)")
                Float.convolutionInputGradient(
                    s, batch: batch, alpha: 2, y, w, beta: beta, &input, slope: slope, where: x)
                Float.convolutionInputGradient(s, batch: batch, alpha: 2, y, w, beta: beta, &masked, slope: 1, where: x)
                #expect(input == zip(masked, x).map { $1 > 0 ? $0 : slope * $0 }, "\(s)")
            }
        }
    }

    /// ⟨y, conv(x, w)⟩ = ⟨w, gradient⟩, where pixels are summed in several chunks.
    @Test(arguments: [(3, 64, 48), (3, 32, 160), (3, 3, 21), (5, 20, 8)])
    func gradientsOfManyPixelsAreAdjoint(kernel: Int, channels: Int, outputs: Int) {
        BLAS.threadCount = 2
        let s = shape(38, 40, channels, outputs, kernel: (kernel, kernel), zeros: (1, 1, 1, 1))
        let x: [Double] = random(8 * 38 * 40 * channels, "x")
        let y: [Double] = random(8 * s.outputHeight * s.outputWidth * outputs, "y")
        let w: [Double] = random(outputs * kernel * kernel * channels, "w")
        var (image, gradient) = (y, w)
        Double.convolution(s, batch: 8, alpha: 1, x, w, beta: 0, &image, slope: 1)
        Double.convolutionWeightGradient(s, batch: 8, alpha: 1, y, x, beta: 0, &gradient)
        let (left, right) = (zip(y, image).map(*), zip(w, gradient).map(*))
        let magnitude = left.reduce(0) { $0 + abs($1) }
        #expect(abs(left.reduce(0, +) - right.reduce(0, +)) < 1e-12 * magnitude)
    }

    @Test func poolingsMatchTheirDefinition() {
        checkPooling(Float.self)
        checkPooling(Double.self)
    }

    /// After a ReLU ties at zero are common: the first in row order is taken, by the transpose too.
    @Test func maxPoolingTakesTheFirstOfEqualValues() {
        let s = shape(2, 4, 1, 1, kernel: (2, 2), stride: (2, 2))
        let x: [Float] = [0, 0, 5, 7, 0, 0, 7, 7]
        let u: [Float] = [1, 2, 3, 4, 5, 6, 7, 8]
        var y: [Float] = [0, 0]
        var back = [Float](repeating: .nan, count: 8)
        Float.maxPool(s, batch: 1, at: x, u, &y)
        Float.maxPoolTransposed(s, batch: 1, at: x, [10, 20], &back)
        #expect(y == [1, 4] && back == [10, 0, 0, 20, 0, 0, 0, 0])
    }

    /// Winograd's filtering, full vectors without it, a stride, and patches that are gathered; channels over
    /// which pieces are cut differently for different numbers of threads; pixels that are summed in chunks.
    @Test(arguments: [
        (3, 1, 192, 320, 8), (5, 1, 32, 64, 8), (3, 2, 32, 64, 8), (3, 1, 3, 70, 8), (3, 1, 3, 70, 56),
        (3, 1, 64, 96, 56),
    ])
    func convolutionsDoNotDependOnTheNumberOfThreads(
        kernel: Int, stride: Int, channels: Int, outputs: Int, height: Int
    ) {
        let s = shape(
            height, height + 1, channels, outputs, kernel: (kernel, 3), stride: (stride, stride), zeros: (1, 1, 1, 1))
        let x: [Float] = random(4 * height * (height + 1) * channels, "x")
        let y: [Float] = random(4 * s.outputHeight * s.outputWidth * outputs, "y")
        let w: [Float] = random(outputs * kernel * 3 * channels, "w")
        let results = [1, 2, 5, 16].map { threads in
            BLAS.threadCount = threads
            var (forward, input, weight) = (y, x, w)
            Float.convolution(s, batch: 4, alpha: 1, x, w, beta: 0, &forward, slope: 1)
            Float.convolutionInputGradient(s, batch: 4, alpha: 1, y, w, beta: 0, &input, slope: 1, where: x)
            Float.convolutionWeightGradient(s, batch: 4, alpha: 1, y, x, beta: 0, &weight)
            return [forward, input, weight]
        }
        #expect(results.allSatisfy { $0 == results[0] })
    }
}
