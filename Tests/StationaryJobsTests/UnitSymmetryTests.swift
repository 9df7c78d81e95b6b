import Layers
import LinearAlgebra
import Networks
import Sampling
import StationaryJobs
import StationaryPoints
import Testing

/// A small network on random data, and what may be done to its units.
private struct Network {
    let model: Model
    let loss: TrainingLoss
    let units: UnitSymmetries

    init(
        _ function: Activation.Function, width: Int = 2, depth: Int = 1, hasRidge: Bool = false, isHeld: Bool = false,
        bias: Bool = true
    ) throws {
        let builder = ModelBuilder(parametrization: .standard, activation: Activation(function), hasBias: bias)
        model = try MLP(width: width, depth: depth).model(inputShape: [2], outputs: 1, builder)
        let draws = RandomStream(seed: 4, "data")
        let start = ParameterVector<Double>(model.layout)
        loss = TrainingLoss(
            model, Objective(.squared, .sum), FunctionForm(), start: nil, frozen: start,
            x: MatrixBuffer(6, 2, (0..<12).map { draws.normal($0) }),
            y: MatrixBuffer(6, 1, (0..<6).map { draws.normal(100 + $0) }))
        units = try #require(UnitSymmetries(model, FunctionForm(), start, hasRidge: hasRidge, isHeld: isHeld))
    }

    /// w with the units of the first hidden layer in another order, each times a factor. Weights W1 [width, 2], biases,
    /// W2 [1, width], bias.
    func turned(_ w: [Double], order: [Int], factors: [Double]) -> [Double] {
        let width = order.count
        let hasBias = loss.dimension > 3 * width
        var image = w
        for (k, source) in order.enumerated() {
            for j in 0..<2 { image[2 * k + j] = factors[k] * w[2 * source + j] }
            if hasBias { image[2 * width + k] = factors[k] * w[2 * width + source] }
            let out = (hasBias ? 3 : 2) * width
            image[out + k] = w[out + source] / factors[k]
        }
        return image
    }
}

private func sphere(_ range: Range<Int>) -> HeldBlock { HeldBlock(range, radius: 2, on: .sphere) }

/// Ends of searches on a tanh network whose layers are on spheres, all of their images beside them: as many points as
/// without.
@Test func imagesOfAPointAreThatPoint() throws {
    let network = try Network(.tanh, isHeld: true, bias: false)
    let f = Constrained(network.loss, [sphere(0..<4), sphere(4..<6)])
    let search = StationarySearch(.newtonMR, maximumSteps: 300)
    let survey = StationarySurvey(f, search) { normalStart(seed: 1, $0, dimension: 6, standardDeviation: 1) }
    let ends = (0..<60).map(survey.endPoint)
    let points = DistinctPoints(ends, modulo: network.units.symmetries)
    #expect(points.found.count > 3 && points.count == points.found.count...points.found.count, "\(points.verdicts)")
    let images = ends.enumerated().map { k, _ in
        StationarySurvey(f, search) { _ in
            network.turned(
                ends[k].place.w, order: k % 2 == 0 ? [1, 0] : [0, 1],
                factors: [k % 3 == 0 ? -1 : 1, k % 5 == 0 ? -1 : 1])
        }.endPoint(k)
    }
    let both = DistinctPoints(ends + images, modulo: network.units.symmetries)
    #expect(both.count == points.count && both.found.map(\.count) == points.found.map { 2 * $0.count })
    // Without symmetries each image is a point of its own, and Σ (−1)^index over them is the same.
    let plain = DistinctPoints(ends + images)
    #expect(plain.found.count > both.found.count)
    let shared = both.found.map(\.point.place.value)
    #expect(plain.found.allSatisfy { point in shared.contains { abs($0 - point.point.place.value) < 1e-9 } })
}

/// Channels of a convolution in another order, with what reads them, through a pooling and a flattened image.
@Test func channelsAreUnits() throws {
    let layers: [any LayerDescription] = [
        ConvolutionDescription(channels: 3, kernel: .init(2, 2), stride: .init(1, 1), padding: .valid),
        ActivationDescription(Activation(.tanh)), AveragePoolDescription(PoolingWindow(kernel: .init(1, 2))),
        FlattenDescription(), DenseDescription(),
    ]
    let builder = ModelBuilder(parametrization: .standard, activation: Activation(.tanh), hasBias: false)
    let model = try builder.model(layers, inputShape: [3, 3, 1], outputs: 2)
    let start = ParameterVector<Double>(model.layout, initializedFrom: 2)
    let units = try #require(UnitSymmetries(model, FunctionForm(), start, hasRidge: false, isHeld: true))
    let loss = TrainingLoss(
        model, Objective(.squared, .sum), FunctionForm(), start: nil, frozen: start,
        x: MatrixBuffer(1, 9, (0..<9).map { Double($0 % 4) - 1.3 }), y: MatrixBuffer(1, 2, [1, -1]))
    // [3, 2, 2, 1], then [2, places · 3].
    let w = normalStart(seed: 6, 0, dimension: loss.dimension, standardDeviation: 1)
    var image = w
    let (order, factors) = ([2, 0, 1], [1.0, -1, -1])
    for (k, source) in order.enumerated() {
        for j in 0..<4 { image[4 * k + j] = factors[k] * w[4 * source + j] }
        for place in 0..<(w.count - 12) / 3 {
            image[12 + 3 * place + k] = factors[k] * w[12 + 3 * place + source]
        }
    }
    #expect(abs(loss.gradient(at: w).value - loss.gradient(at: image).value) < 1e-12)
    let f = Formula(w.count)
    let search = StationarySearch(.newtonMR, maximumSteps: 5)
    let ends = [w, image].map { point in StationarySurvey(f.at(point), search) { _ in point }.endPoint(0) }
    #expect(DistinctPoints(ends, modulo: units.symmetries).found.map(\.count) == [2])
    #expect(DistinctPoints(ends).found.count == 2)
    #expect(DistinctPoints(ends, modulo: units.symmetries).alternatingSum == 48)
}

/// Two units: 8 images under orders and signs, 4 under signs alone, fewer where units are equal or 0.
@Test func imagesAreCounted() throws {
    let (w, equal) = ([1.0, 2, 3, 4, 0.1, 0.2, 1, -1, 0.5], [1.0, 2, 1, 2, 0.1, 0.1, 3, 3, 0.5])
    let (opposite, zero) = ([1.0, 2, -1, -2, 0.1, -0.1, 3, -3, 0.5], [1.0, 2, 0, 0, 0.1, 0, 3, 0, 0.5])
    let f = Formula(9)
    for (function, hasRidge, w, expected) in [
        (Activation.Function.tanh, false, w, 8), (.tanh, true, w, 4), (.softplus, false, w, 2), (.softplus, true, w, 1),
        (.tanh, false, equal, 4), (.softplus, false, equal, 1), (.tanh, false, opposite, 4),
        (.softplus, false, opposite, 2),
        (.tanh, false, zero, 4), (.tanh, true, zero, 2),
    ] {
        let network = try Network(function, hasRidge: hasRidge, isHeld: true)
        // A minimum, whose index is even: the sum is the number of images.
        let end = StationarySurvey(f.at(w), StationarySearch(.newtonMR, maximumSteps: 5)) { _ in w }.endPoint(0)
        let sum = DistinctPoints([end], modulo: network.units.symmetries).alternatingSum
        #expect(sum == expected, "\(function), ridge \(hasRidge), \(w): \(sum ?? -1)")
    }
}

/// Signs of two hidden layers: 2⁴ images; a unit of each layer that no weight ties to the others may turn alone, or
/// they do together.
@Test func signsOfSeveralLayersAreCounted() throws {
    // W1 [2, 2], W2 [2, 2], W3 [1, 2].
    let (all, detached, pair) = (
        [1.0, 2, 3, 4, 1, 1, 1, 1, 1, 1], [1.0, 2, 0, 0, 1, 0, 1, 0, 1, 1], [1.0, 2, 0, 0, 1, 0, 0, 1, 1, 0]
    )
    for (w, expected) in [(all, 16), (detached, 8), (pair, 8)] {
        let network = try Network(.tanh, depth: 2, hasRidge: true, bias: false)
        let f = Formula(10).at(w)
        let end = StationarySurvey(f, StationarySearch(.newtonMR, maximumSteps: 5)) { _ in w }.endPoint(0)
        #expect(DistinctPoints([end], modulo: network.units.symmetries).alternatingSum == expected, "\(w)")
    }
}

/// ½‖w − c‖².
private struct Formula: TwiceDifferentiable {
    struct Identity: LinearOperator {
        let dimension: Int
        func apply(_ x: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) {
            out.update(from: x, count: dimension)
        }
    }
    let dimension: Int
    var center: [Double] = []
    init(_ dimension: Int) { self.dimension = dimension }
    func at(_ w: [Double]) -> Formula {
        var copy = self
        copy.center = w
        return copy
    }
    func gradient(at w: [Double]) -> (value: Double, gradient: [Double]) {
        let g = zip(w, center).map(-)
        return (g.reduce(0) { $0 + $1 * $1 / 2 }, g)
    }
    func hessian(at w: [Double]) -> Identity { Identity(dimension: dimension) }
}

/// The canonical point is the same for all rescalings of a ReLU, has the same loss, and is the shortest; with a
/// constraint nothing is rescaled.
@Test func rescaledUnitsHaveOneCanonicalPoint() throws {
    for depth in [1, 2] {
        let network = try Network(.relu, width: 3, depth: depth)
        let w = normalStart(seed: 2, depth, dimension: network.loss.dimension, standardDeviation: 1)
        let canonical = network.units.canonical(w)
        #expect(abs(network.loss.gradient(at: canonical).value - network.loss.gradient(at: w).value) < 1e-12)
        #expect(norm(canonical) < norm(w))
        // The first hidden layer of the deeper network is read by three units.
        guard depth == 1 else {
            let twice = network.units.canonical(canonical)
            #expect(zip(canonical, twice).allSatisfy { abs($0 - $1) < 1e-10 })
            continue
        }
        let image = network.units.canonical(network.turned(w, order: [0, 1, 2], factors: [0.1, 3, 20]))
        #expect(zip(canonical, image).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(try Network(.relu, width: 3, isHeld: true).units.canonical(w) == w)
    }
    let smooth = try Network(.tanh, width: 3)
    let w = normalStart(seed: 2, 1, dimension: smooth.loss.dimension, standardDeviation: 1)
    #expect(smooth.units.canonical(w) == w)
}

/// Linear units: any invertible matrix between the layers leaves the canonical point, up to signs and orders.
@Test func linearUnitsHaveOneCanonicalPoint() throws {
    let network = try Network(.linear, width: 2)
    let w = normalStart(seed: 5, 0, dimension: network.loss.dimension, standardDeviation: 1)
    let (a, b, c, d) = (1.3, -0.4, 0.7, 2.1)
    let determinant = a * d - b * c
    var mixed = w
    for j in [(0, 2), (1, 3), (4, 5)] {
        (mixed[j.0], mixed[j.1]) = (a * w[j.0] + b * w[j.1], c * w[j.0] + d * w[j.1])
    }
    (mixed[6], mixed[7]) = ((w[6] * d - w[7] * c) / determinant, (w[7] * a - w[6] * b) / determinant)
    let values = [w, mixed].map { network.loss.gradient(at: network.units.canonical($0)).value }
    #expect(abs(network.loss.gradient(at: w).value - values[0]) < 1e-12 && abs(values[0] - values[1]) < 1e-12)
    let (first, second) = (network.units.canonical(w), network.units.canonical(mixed))
    // One unit carries all, the other nothing.
    #expect(zip(first, second).allSatisfy { abs(abs($0) - abs($1)) < 1e-10 })
    #expect(first[2] == 0 && first[3] == 0 && first[5] == 0 && first[7] == 0)
}

private func norm(_ w: [Double]) -> Double { Double.dot(w.count, w, w).squareRoot() }
