import Landscape
import Layers
import LinearAlgebra
import NetworkCases
import Networks
import Testing

private let small = Case.all.filter { ((try? Instance<Double>($0).model.layout.trainedCount) ?? 0) < 800 }

private func options(_ change: (inout HessianOptions) -> Void = { _ in }) -> HessianOptions {
    var options = HessianOptions()
    (options.top, options.bottom, options.lanczosSteps) = (3, 2, 80)
    change(&options)
    return options
}

/// Against all eigenvalues of the matrix, at weights near those where the meter was turned, far from them, and at others with
/// which it has nothing to do.
@Test(arguments: small) func aMeterFindsBothEndsOfTheHessian(c: Case) throws {
    let i = try Instance<Double>(c)
    let surface = LossSurface(TrainedFunction(i.workspace), i.objective, i.x, i.y)
    let meter = HessianMeter(surface, options { $0.hasTrace = true }, seed: 3)
    surface.move(to: i.w)
    meter.turnStart()
    for factor in [1.0, 1.01, 0.5, 0] {
        let w = ParameterVector<Double>(i.w.layout, initializedFrom: 99)
        if factor > 0 { Double.axpby(w.count, factor, i.w.base, 0, w.base) }
        surface.move(to: w)
        let found = try #require(meter.measure())
        let matrix = CurvatureOperator(surface, .hessian).dense().matrix
        let values = try #require(SymmetricEigen(destroying: matrix, vectors: false)).values
        let norm = max(abs(values[0]), abs(values[values.count - 1]))
        for pair in found.spectrum.largest + found.spectrum.smallest {
            #expect(values.contains { abs($0 - pair.value) <= pair.error }, "\(factor): \(pair)")
        }
        let last = try #require(found.spectrum.largest.first)
        #expect(abs(last.value - (values.last ?? 0)) <= 1e-5 * norm, "\(factor): \(last), \(values.last ?? 0)")
        let first = try #require(found.spectrum.smallest.first)
        #expect(abs(first.value - values[0]) <= 3e-3 * norm, "\(factor): \(first), \(values[0])")
        let trace = try #require(found.trace)
        #expect(abs(trace.value - values.reduce(0, +)) <= 6 * (trace.error ?? 0) + 1e-9 * norm * Double(values.count))
    }
}

/// In float32 stated errors hold too, though they are larger.
@Test(arguments: small) func aMeterInFloat32KeepsItsBounds(c: Case) throws {
    let i = try Instance<Double>(c)
    func surface<S: Scalar>(_ type: S.Type) -> LossSurface<S> {
        let surface = LossSurface<S>(
            i.model, FunctionForm(), i.objective, i.x, i.y, samples: i.x.rows, start: i.w, rows: i.x.rows)
        surface.move(to: i.w)
        return surface
    }
    let meter = HessianMeter(surface(Float.self), options(), seed: 3)
    meter.turnStart()
    let found = try #require(meter.measure())
    let matrix = CurvatureOperator(surface(Double.self), .hessian).dense().matrix
    let values = try #require(SymmetricEigen(destroying: matrix, vectors: false)).values
    for pair in found.spectrum.largest + found.spectrum.smallest {
        #expect(values.contains { abs($0 - pair.value) <= pair.error }, "\(pair)")
    }
}

/// Of a linearized network all is G; of the network itself R has what is left.
@Test func whatIsOfTheLinearizedNetworkIsTold() throws {
    let i = try Instance<Double>(try #require(Case.all.first { $0.description == "tanh" }))
    for form in [FunctionForm(), FunctionForm(isLinearized: true)] {
        let surface = LossSurface<Double>(
            i.model, form, i.objective, i.x, i.y, samples: i.x.rows, start: i.w, rows: i.x.rows)
        surface.move(to: i.w)
        let found = try #require(HessianMeter(surface, options(), seed: 1).measure())
        let (matrix, _) = CurvatureOperator(surface, .hessian).dense()
        let (residual, _) = CurvatureOperator(surface, .residual).dense()
        let n = matrix.rows
        let eigen = try #require(SymmetricEigen(destroying: matrix, vectors: true))
        let v = matrix.base + (n - 1) * n
        let share = (0..<n).reduce(0) { $0 + v[$1] * Double.dot(n, residual.base + $1 * n, v) } / eigen.values[n - 1]
        #expect(abs(found.residualShare - share) < 1e-3, "\(found.residualShare), \(share)")
        #expect(form.isLinearized ? abs(share) < 1e-12 : abs(share) > 1e-3)
    }
}

/// Moments of the density of each part are traces of its powers, to the error of the random vectors.
@Test func densitiesAreThoseOfHAndItsParts() throws {
    let i = try Instance<Double>(try #require(Case.all.first { $0.description == "tanh" }))
    let surface = LossSurface(TrainedFunction(i.workspace), i.objective, i.x, i.y)
    surface.move(to: i.w)
    let meter = HessianMeter(surface, options { ($0.hasDensity, $0.probes) = (true, 40) }, seed: 1)
    let found = try #require(meter.measure())
    #expect(found.densities.map(\.kind.rawValue).sorted() == Curvature.allCases.map(\.rawValue).sorted())
    for (kind, density) in found.densities {
        let matrix = CurvatureOperator(surface, kind).dense().matrix
        let values = try #require(SymmetricEigen(destroying: matrix, vectors: false)).values
        for power in 1...2 {
            func f(_ x: Double) -> Double { power == 1 ? x : x * x }
            let mean = density.mean(f)
            let exact = values.reduce(0) { $0 + f($1) } / Double(values.count)
            #expect(abs(mean.value - exact) <= 5 * (mean.error ?? 0), "\(kind), \(power): \(mean), \(exact)")
        }
    }
}

@Test func aHessianThatIsNotFiniteIsNotMeasured() throws {
    let i = try Instance<Double>(try #require(Case.all.first { $0.description == "tanh" }))
    let surface = LossSurface(TrainedFunction(i.workspace), i.objective, i.x, i.y)
    i.w.base[0] = .nan
    surface.move(to: i.w)
    let meter = HessianMeter(surface, options(), seed: 1)
    meter.turnStart()
    #expect(meter.measure() == nil)
}
