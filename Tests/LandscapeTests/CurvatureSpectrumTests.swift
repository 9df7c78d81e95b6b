import Landscape
import Layers
import LinearAlgebra
import NetworkCases
import Networks
import Sampling
import Testing

private func surface<S: Scalar>(_ c: Case, _ type: S.Type) throws -> LossSurface<S> {
    let i = try Instance<S>(c)
    let surface = LossSurface(TrainedFunction(i.workspace), i.objective, i.x, i.y)
    // The same weights to the bit, so that what differs is the arithmetic.
    surface.move(to: try Instance<Float>(c).w)
    return surface
}

private func start<S: Scalar>(_ count: Int, _ name: String = "start") -> MatrixBuffer<S> {
    let v = MatrixBuffer<S>(1, count)
    RandomStream(seed: 1, name).fillNormal(v.base, count: count, standardDeviation: 1)
    return v
}

private let small = Case.all.filter { ((try? Instance<Double>($0).model.layout.trainedCount) ?? 0) < 800 }

/// What float64 is off by can't be seen in float64; the same bound with float32's rounding holds for float32.
@Test(arguments: small) func theErrorOfTheArithmeticIsBounded(c: Case) throws {
    let exact = try surface(c, Double.self)
    // Samples and targets in float32 are other numbers: rounded alike they are the same.
    let i = try Instance<Float>(c)
    let wide = LossSurface(
        TrainedFunction(Workspace<Double>(i.model, rows: c.rows)), i.objective, i.x.widened(), i.y.widened())
    wide.move(to: i.w)
    let narrow = LossSurface(TrainedFunction(i.workspace), i.objective, i.x, i.y)
    narrow.move(to: i.w)
    let ratio = Precision.float32.unitRoundoff / Precision.float64.unitRoundoff
    for kind in Curvature.allCases {
        let (a, b) = (CurvatureOperator(wide, kind), CurvatureOperator(narrow, kind))
        let values = try #require(SymmetricEigen(destroying: a.dense().matrix, vectors: false)).values
        let found = try #require(SymmetricEigen(destroying: b.dense().matrix, vectors: false)).values
        let norm = max(abs(values.first ?? 0), abs(values.last ?? 0))
        let v: MatrixBuffer<Double> = start(a.dimension)
        let gaussNewton = CurvatureOperator(wide, .gaussNewton).norm(start: v.base)
        let bound = ratio * exact.arithmeticError(norm: norm, gaussNewtonNorm: gaussNewton)
        let worst = zip(values, found).reduce(0) { max($0, abs($1.0 - $1.1)) }
        #expect(worst <= bound, "\(kind): \(worst) beyond \(bound)")
        #expect(bound <= 1e-3 * (norm + gaussNewton), "the bound says something")
    }
}

@Test func spectraOfBothKindsAgree() throws {
    let c = try #require(Case.all.first { $0.description == "tanh" })
    let surface = try surface(c, Double.self)
    let hessian = CurvatureOperator(surface, .hessian)
    let matrix = hessian.dense().matrix
    let dense = try #require(
        CurvatureSpectrum(.hessian, destroying: matrix, arithmeticError: 1e-12, top: 3, bottom: 2))
    let values = try #require(dense.values)
    #expect(
        dense.largest.map(\.value) == values.suffix(3).reversed()
            && dense.smallest.map(\.value) == Array(values.prefix(2)))
    #expect(dense.inertia.negative + dense.inertia.positive + (dense.inertia.nearZero ?? 0) == values.count)
    let v: MatrixBuffer<Double> = start(hessian.dimension)
    let lanczos = LanczosIteration(hessian, start: v.base, capacity: hessian.dimension)
    for steps in 1...60 {
        lanczos.advance()
        let found = Inertia(ritz: lanczos.ritz.map(\.value.value), error: 1e-12)
        #expect(found.negative <= dense.inertia.negative && found.positive <= dense.inertia.positive, "\(steps)")
        #expect(!found.isComplete)
    }
    let vectors = lanczos.ritzVectors([0, lanczos.steps - 1])
    for row in 0..<2 {
        let pair = hessian.measure(vectors.base + row * hessian.dimension, arithmeticError: 1e-12)
        #expect(values.contains { abs($0 - pair.value) <= pair.error })
    }
    #expect(abs(hessian.norm(start: v.base, steps: 40) - max(-values[0], values[values.count - 1])) < 1e-6)
}

/// Units that can be rescaled are zero modes of G wherever it is looked at.
@Test func rescalingsAreZeroModes() throws {
    func model(_ function: Activation.Function, bias: Bool = false) throws -> Model {
        let builder = ModelBuilder(parametrization: .standard, activation: Activation(function), hasBias: bias)
        return try MLP(width: 6, depth: 3).model(inputShape: [4], outputs: 2, builder)
    }
    #expect(try model(.relu).rescaledUnits == 18 && model(.linear).rescaledUnits == 18)
    #expect(try model(.relu, bias: true).rescaledUnits == 18 && model(.tanh).rescaledUnits == 0)
    let frozen = ModelBuilder(
        parametrization: .standard, activation: Activation(.relu), hasBias: true, frozen: ["W1.bias", "W3"])
    let partly = try MLP(width: 6, depth: 3).model(inputShape: [4], outputs: 2, frozen)
    #expect(partly.rescaledUnits == 0)
    let paper = ModelBuilder(parametrization: .paper)
    #expect(try MLP(width: 6, depth: 3).model(inputShape: [4], outputs: 2, paper).rescaledUnits == 12)
    let cnn = try CNN(width: 5, depth: 2).model(inputShape: [6, 6, 2], outputs: 3)
    #expect(cnn.rescaledUnits == 10)
    // With more outputs than weights and no dead units, nothing else makes G singular.
    let m = try model(.leakyReLU)
    let x = MatrixBuffer<Double>(300, 4)
    let y = MatrixBuffer<Double>(300, 2)
    RandomStream(seed: 2, "x").fillNormal(x.base, count: x.count, standardDeviation: 1)
    let surface = LossSurface(TrainedFunction(Workspace<Double>(m, rows: 300)), Objective(.squared, .sum), x, y)
    surface.move(to: ParameterVector<Double>(m.layout, initializedFrom: 6))
    let matrix = CurvatureOperator(surface, .gaussNewton).dense().matrix
    let spectrum = try #require(
        CurvatureSpectrum(.gaussNewton, destroying: matrix, arithmeticError: 1e-10, top: 1, bottom: 1))
    #expect(spectrum.inertia.negative == 0 && spectrum.inertia.nearZero == 18, "\(spectrum.inertia)")
}
