import Landscape
import LinearAlgebra
import NetworkCases
import Networks
import Sampling
import TangentKernels
import Testing

/// A case as a function that is trained, away from its start.
private struct Form: CustomStringConvertible, Sendable {
    let c: Case
    let form: FunctionForm
    var description: String {
        c.description + (form.isLinearized ? ", linearized" : "") + (form.lazyScale.map { ", lazy \($0)" } ?? "")
    }

    static let all = networks(Case.all) + others
    /// Those whose matrices are small enough to be written down, and those whose layers are made for many channels.
    static let small = networks(Case.all.filter { !isLarge($0) }) + others.filter { !isLarge($0.c) }
    static let large = networks(Case.all.filter(isLarge))

    static func isLarge(_ c: Case) -> Bool { ((try? Instance<Double>(c).model.layout.trainedCount) ?? 0) > 2000 }
    private static func networks(_ cases: [Case]) -> [Form] { cases.map { Form(c: $0, form: FunctionForm()) } }
    private static let others =
        Case.all.enumerated().filter { $0.offset % 3 == 0 }.flatMap { _, c in
            [
                FunctionForm(isLinearized: true), FunctionForm(lazyScale: 3),
                FunctionForm(lazyScale: 2, isLinearized: true),
            ]
            .map { Form(c: c, form: $0) }
        }
}

private struct Point {
    let instance: Instance<Double>
    let objective: Objective
    let function: TrainedFunction<Double>
    let w: ParameterVector<Double>

    init(_ form: Form) throws {
        instance = try Instance<Double>(form.c)
        objective = Objective(form.c.loss, form.c.reduction, scale: form.form.objectiveScale)
        function = TrainedFunction(Workspace(instance.model, rows: form.c.rows), form.form, start: instance.w)
        w = instance.moved(0.3, instance.direction("from the start"))
    }

    /// The function in blocks of so many rows, at w.
    func surface(rows: Int) -> LossSurface<Double> {
        let function = TrainedFunction(
            Workspace<Double>(instance.model, rows: rows), function.form, start: instance.w)
        let surface = LossSurface(function, objective, instance.x, instance.y)
        surface.move(to: w)
        return surface
    }

    func gradient(_ w: ParameterVector<Double>) -> ParameterVector<Double> {
        let gradient = ParameterVector<Double>(w.layout)
        _ = function.loss(objective, w, instance.x, instance.y, gradient: gradient)
        return gradient
    }

    func moved(_ step: Double, _ v: ParameterVector<Double>) -> ParameterVector<Double> {
        let result = ParameterVector<Double>(w.layout)
        result.assign(w)
        Double.axpy(w.count, step, v.base, result.base)
        return result
    }

    /// J of all outputs over the trained weights, column by column, [P, n·K].
    func jacobian() -> MatrixBuffer<Double> {
        let coordinates = TrainedCoordinates(w.layout)
        let (count, n) = (instance.y.count, coordinates.count)
        let result = MatrixBuffer<Double>(n, count)
        let (unit, whole) = (MatrixBuffer<Double>(1, n), ParameterVector<Double>(w.layout))
        function.forward(w.base, instance.x.base, rows: instance.x.rows)
        for j in 0..<n {
            unit.base[j] = 1
            coordinates.scatter(unit.base, into: whole.base)
            let image = function.workspace.pushforward(function.point(w.base), tangent: whole.base)
            for k in 0..<count { result[j, k] = (function.form.lazyScale ?? 1) * image[k] }
            unit.base[j] = 0
        }
        return result
    }

    /// Jᵀ L'' J with L'' entry by entry.
    func gaussNewton() -> MatrixBuffer<Double> {
        let j = jacobian()
        let (n, k) = (instance.x.rows, instance.y.columns)
        let bent = MatrixBuffer<Double>(j.rows, j.columns)
        function.forward(w.base, instance.x.base, rows: n)
        for p in 0..<j.rows {
            objective.hessianProduct(
                function.outputs, instance.y.base, j.base + p * n * k, rows: n, outputs: k,
                scale: objective.weight(samples: n), into: bent.base + p * n * k)
        }
        let result = MatrixBuffer<Double>(j.rows, j.rows)
        MatrixBuffer.product(j, .no, bent, .yes, into: result)
        return result
    }
}

private func norm(_ a: MatrixBuffer<Double>) -> Double { Double.dot(a.count, a.base, a.base).squareRoot() }
private func distance(_ a: MatrixBuffer<Double>, _ b: MatrixBuffer<Double>) -> Double {
    Double.squaredDistance(a.count, a.base, b.base).squareRoot()
}

@Test(arguments: Form.small) private func curvatureIsWhatItIsCalled(form: Form) throws {
    let point = try Point(form)
    let surface = point.surface(rows: form.c.rows)
    let matrices = Dictionary(
        uniqueKeysWithValues: Curvature.allCases.map { ($0, CurvatureOperator(surface, $0).dense()) })
    let hessian = try #require(matrices[.hessian])
    let gaussNewton = try #require(matrices[.gaussNewton])
    let residual = try #require(matrices[.residual])
    let scale = norm(hessian.matrix) + norm(gaussNewton.matrix)
    for (kind, found) in matrices {
        #expect(found.asymmetry <= 1e-13 * scale, "\(kind) is not symmetric: \(found.asymmetry / scale)")
    }
    // H = G + R, G = Jᵀ L'' J.
    let sum = gaussNewton.matrix.copy()
    Double.axpy(sum.count, 1, residual.matrix.base, sum.base)
    #expect(distance(sum, hessian.matrix) <= 1e-13 * scale)
    #expect(distance(point.gaussNewton(), gaussNewton.matrix) <= 1e-12 * scale)
    // H is the Jacobian of the gradient.
    let coordinates = TrainedCoordinates(point.w.layout)
    let (unit, column) = (MatrixBuffer<Double>(1, coordinates.count), MatrixBuffer<Double>(1, coordinates.count))
    let v = ParameterVector<Double>(point.w.layout)
    let h = 1e-5
    var worst = 0.0
    for j in stride(from: 0, to: coordinates.count, by: 7) {
        unit.base[j] = 1
        coordinates.scatter(unit.base, into: v.base)
        unit.base[j] = 0
        let (plus, minus) = (point.gradient(point.moved(h, v)), point.gradient(point.moved(-h, v)))
        Double.axpy(plus.count, -1, minus.base, plus.base)
        coordinates.gather(plus.base, into: column.base)
        for i in 0..<coordinates.count {
            worst = max(worst, abs(column.base[i] / (2 * h) - hessian.matrix[j, i]))
        }
    }
    #expect(worst <= 1e-6 * (1 + scale))
    if form.form.isLinearized { #expect(norm(residual.matrix) == 0) }
}

/// The same along directions, where there are too many weights for matrices.
@Test(arguments: Form.large) private func curvatureOfManyWeightsIsWhatItIsCalled(form: Form) throws {
    let point = try Point(form)
    let surface = point.surface(rows: form.c.rows)
    let (v, u) = (point.instance.direction("v"), point.instance.direction("u"))
    func products(_ v: ParameterVector<Double>) -> [Curvature: ParameterVector<Double>] {
        Dictionary(
            uniqueKeysWithValues: Curvature.allCases.map { kind in
                let product = ParameterVector<Double>(v.layout)
                surface.product(kind, v.base, into: product.base)
                return (kind, product)
            })
    }
    let (ofV, ofU) = (products(v), products(u))
    for kind in Curvature.allCases {
        let (a, b) = (try #require(ofV[kind]), try #require(ofU[kind]))
        let scale = a.dot(a).squareRoot() * u.dot(u).squareRoot()
        #expect(abs(a.dot(u) - b.dot(v)) <= 1e-12 * scale, "\(kind) is not symmetric")
    }
    let (h, g, r) = (try #require(ofV[.hessian]), try #require(ofV[.gaussNewton]), try #require(ofV[.residual]))
    let scale = h.dot(h).squareRoot()
    let sum = ParameterVector<Double>(v.layout)
    sum.assign(g)
    Double.axpy(sum.count, 1, r.base, sum.base)
    #expect(Double.squaredDistance(sum.count, sum.base, h.base).squareRoot() <= 1e-13 * scale)
    // vᵀ G v is the loss's own curvature along J v, which is 1 for the squared loss.
    point.function.forward(point.w.base, point.instance.x.base, rows: form.c.rows)
    let image = point.function.workspace.pushforward(point.w.base, tangent: v.base)
    let squares = Double.dot(point.instance.y.count, image, image)
    let expected = squares * point.objective.weight(samples: form.c.rows)
    #expect(form.c.loss == .squared && abs(g.dot(v) - expected) <= 1e-12 * expected)
    let step = 1e-5
    let (plus, minus) = (point.gradient(point.moved(step, v)), point.gradient(point.moved(-step, v)))
    Double.axpy(plus.count, -1, minus.base, plus.base)
    Double.scale(plus.count, 1 / (2 * step), plus.base)
    #expect(Double.squaredDistance(plus.count, plus.base, h.base).squareRoot() <= 1e-6 * scale)
}

/// In blocks or in one pass, after other work or before it.
@Test(arguments: Form.all) private func productsDoNotDependOnBlocks(form: Form) throws {
    let point = try Point(form)
    let (whole, blocks) = (point.surface(rows: form.c.rows), point.surface(rows: 4))
    let v = point.instance.direction("v")
    let (a, b) = (ParameterVector<Double>(v.layout), ParameterVector<Double>(v.layout))
    for kind in Curvature.allCases {
        whole.product(kind, v.base, into: a.base)
        blocks.product(kind, v.base, into: b.base)
        let scale = a.dot(a).squareRoot()
        #expect(Double.squaredDistance(a.count, a.base, b.base).squareRoot() <= 1e-13 * (1 + scale), "\(kind)")
        // What is held is made anew after the workspace was used for something else.
        _ = whole.losses(along: v, at: [0.5])
        whole.product(kind, v.base, into: b.base)
        #expect((0..<a.count).allSatisfy { a.base[$0] == b.base[$0] }, "\(kind) after other work")
    }
}

/// Squared loss: the non-zero eigenvalues of G are those of the Gram matrix times the loss's factor.
@Test(arguments: Case.all.filter { $0.loss == .squared && !Form.isLarge($0) })
func gaussNewtonHasTheSpectrumOfTheGramMatrix(c: Case) throws {
    let point = try Point(Form(c: c, form: FunctionForm()))
    let matrix = CurvatureOperator(point.surface(rows: c.rows), .gaussNewton).dense().matrix
    let values = try #require(SymmetricEigen(destroying: matrix, vectors: false)).values.reversed()
    let plan = try KernelPlan(point.instance.model, .full, samples: c.rows)
    let kernel = EmpiricalKernel<Double>(point.instance.model, plan, samples: c.rows)
    let block = kernel.block(capacity: c.rows)
    kernel.fill(block, point.w, point.instance.x.base, samples: c.rows)
    let theta = MatrixBuffer<Double>(point.instance.y.count, point.instance.y.count)
    kernel.kernel(block, block, into: theta.base, leading: theta.columns)
    let gram = try #require(SymmetricEigen(destroying: theta, vectors: false)).values.reversed()
    let factor = point.objective.weight(samples: c.rows)
    let largest = factor * (gram.first ?? 0)
    for (a, b) in zip(values, gram) { #expect(abs(a - factor * b) <= 1e-12 * largest) }
    for rest in values.dropFirst(gram.count) { #expect(abs(rest) <= 1e-12 * largest) }
}
