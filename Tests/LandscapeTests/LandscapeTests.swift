import Landscape
import Layers
import LinearAlgebra
import Networks
import Sampling
import Testing

/// A network of two trained tensors and one frozen, with samples, and a surface that takes them in blocks of `rows`.
private struct Problem {
    let model: Model
    let objective: Objective
    let x: MatrixBuffer<Double>
    let y: MatrixBuffer<Double>
    let surface: LossSurface<Double>

    init(_ reduction: Reduction = .sum, rows: Int = 3) throws {
        let builder = ModelBuilder(parametrization: .paper)
        model = try MLP(width: 7, depth: 2).model(inputShape: [4], outputs: 2, builder)
        objective = Objective(.squared, reduction)
        let stream = RandomStream(seed: 8, "data")
        x = MatrixBuffer(8, 4, (0..<32).map { stream.normal($0) })
        y = MatrixBuffer(8, 2, (32..<48).map { stream.normal($0) })
        surface = LossSurface(TrainedFunction(Workspace(model, rows: rows)), objective, x, y)
        surface.move(to: ParameterVector<Double>(model.layout, initializedFrom: 2))
    }

    func direction(_ seed: UInt64) -> ParameterVector<Double> {
        let d = ParameterVector<Double>(model.layout)
        for entry in model.layout.trained {
            RandomStream(seed: seed, entry.tensor.path).fillNormal(
                d.base + entry.offset, count: entry.tensor.count, standardDeviation: 0.1)
        }
        return d
    }
}

@Test(arguments: [Reduction.sum, .mean])
func surfaceInBlocksIsTheWholeLoss(_ reduction: Reduction) throws {
    let problem = try Problem(reduction)
    let workspace = Workspace<Double>(problem.model, rows: 8)
    let w = problem.surface.weights
    let (whole, blocks) = (ParameterVector<Double>(w.layout), ParameterVector<Double>(w.layout))
    let loss = TrainedFunction(workspace).loss(problem.objective, w, problem.x, problem.y, gradient: whole)
    #expect(abs(problem.surface.gradient(into: blocks) - loss) < 1e-13)
    let v = problem.direction(1)
    let (wholeProduct, product) = (ParameterVector<Double>(w.layout), ParameterVector<Double>(w.layout))
    TrainedFunction(workspace).curvatureProduct(
        .hessian, of: problem.objective, w, v.base, problem.x.base, problem.y.base, rows: 8,
        scale: problem.objective.weight(samples: 8), into: GradientSink(target: wholeProduct.base, alpha: 1, beta: 0))
    problem.surface.product(.hessian, v.base, into: product.base)
    for i in 0..<w.count {
        #expect(abs(whole.base[i] - blocks.base[i]) < 1e-13)
        #expect(abs(wholeProduct.base[i] - product.base[i]) < 1e-12)
    }
}

@Test func lossesAlongARayAreThoseOfMovedWeights() throws {
    let problem = try Problem()
    let (d, e) = (problem.direction(1), problem.direction(2))
    let along = problem.surface.losses(from: (0.3, d), along: e, at: [0.2, -0.1, 0.4])
    let w = problem.surface.weights
    let before = (0..<w.count).map { w.base[$0] }
    for (r, loss) in zip([0.2, -0.1, 0.4], along) {
        for i in before.indices { w.base[i] = before[i] + 0.3 * d.base[i] + r * e.base[i] }
        #expect(abs(problem.surface.losses(along: e, at: [0])[0] - loss) < 1e-12)
    }
}

@Test func landscapeMeetsDifferencesAndTheDenseHessian() throws {
    let problem = try Problem()
    var options = LandscapeOptions()
    options.directions = 2
    options.radii = [3e-4, 0.03]
    options.share = 1e-4
    options.slice = 3
    let layout = problem.model.layout
    options.lanczosSteps = layout.trainedCount
    let landscape = try #require(
        LossLandscape(problem.surface, options, learningRate: 1e-3, startNorm: 1, drift: 0, seed: 5))
    #expect(abs(landscape.radii[1] - 0.03 * 3e-3 * landscape.gradientNorm) < 1e-15, "the ladder reaches three steps")
    let (near, far) = (landscape.radii[0], landscape.radii[1])
    for ray in landscape.rays {
        let slope = (ray.losses[0] - landscape.loss) / near
        #expect(abs(slope - ray.slope) < 1e-4 * (1 + landscape.gradientNorm), "\(ray.name)")
    }
    let gradient = try #require(landscape.rays.first { $0.name == "gradient" })
    #expect(abs(gradient.slope + landscape.gradientNorm) < 1e-12)
    // The whole Hessian, column by column, over the trained tensors.
    let trained = layout.trained.flatMap { Array($0.range) }
    let hessian = MatrixBuffer<Double>(trained.count, trained.count)
    let (unit, column) = (ParameterVector<Double>(layout), ParameterVector<Double>(layout))
    for (j, index) in trained.enumerated() {
        unit.clear()
        unit.base[index] = 1
        problem.surface.product(.hessian, unit.base, into: column.base)
        for (i, row) in trained.enumerated() { hessian[i, j] = column.base[row] }
    }
    let exact = try #require(SymmetricEigen(destroying: hessian, vectors: false)).values
    #expect(abs(landscape.largestCurvature.value - exact[exact.count - 1]) < 1e-6)
    #expect(abs(landscape.smallestCurvature.value - exact[0]) <= landscape.smallestCurvature.residual + 1e-9)
    #expect(exact[0] < 0 && landscape.smallestCurvature.value < 0)
    // However few the products: the ends lie at least so far out, and an eigenvalue within the residual of each.
    for steps in 1...6 {
        options.lanczosSteps = steps
        let rough = try #require(
            LossLandscape(problem.surface, options, learningRate: 1e-3, startNorm: 1, drift: 0, seed: 5))
        #expect(
            rough.smallestCurvature.value >= exact[0] - 1e-12
                && rough.largestCurvature.value <= exact[exact.count - 1] + 1e-12)
        for end in [rough.smallestCurvature, rough.largestCurvature] {
            #expect(exact.contains { abs($0 - end.value) <= end.residual + 1e-12 }, "\(steps) steps: \(end)")
        }
    }
    // Along the most negative curvature F bends down by half of it times r².
    let down = try #require(landscape.rays.first { $0.name == "curvature+" })
    let bend = 2 * (down.losses[1] - landscape.loss - far * down.slope) / (far * far)
    #expect(abs(bend - landscape.smallestCurvature.value) < 1e-2 * abs(exact[0]))
    // The middle of the slice is F(W), and its row through the middle goes along −∇F.
    let slice = try #require(landscape.slice)
    #expect(abs(slice.losses[1, 1] - landscape.loss) < 1e-12)
    #expect(slice.losses[1, 2] < landscape.loss && slice.losses[1, 0] > landscape.loss)
    #expect(abs(slice.axis[2] - 3e-3 * landscape.gradientNorm) < 1e-12)
}
