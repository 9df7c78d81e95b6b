import Layers
import LinearAlgebra
import NetworkCases
import Networks
import Sampling
import Testing

/// Central differences of step h are off by O(h²) from the derivative and by O(ε/h) from rounding.
private let h = 1e-5

@Test(arguments: Case.all) func gradientMatchesFiniteDifferences(c: Case) throws {
    let i = try Instance<Double>(c)
    let g = i.gradient(i.w)
    for trial in 0..<5 {
        let v = i.direction("v\(trial)")
        let difference = (i.loss(i.moved(h, v)) - i.loss(i.moved(-h, v))) / (2 * h)
        #expect(abs(difference - g.dot(v)) <= 2e-7 * (1 + abs(difference)), "\(difference) against \(g.dot(v))")
    }
}

/// ReLUs inside the layers beside them give the bits of passes of their own.
@Test(arguments: Case.all) func fusedReLUsChangeNoBit(c: Case) throws {
    let fused = try Instance<Float>(c)
    let apart = try Instance<Float>(c, isFused: false)
    #expect(fused.outputs(fused.w) == apart.outputs(apart.w))
    let (a, b) = (fused.gradient(fused.w), apart.gradient(apart.w))
    #expect((0..<fused.model.layout.count).allSatisfy { a.base[$0].bitPattern == b.base[$0].bitPattern })
}

@Test func reLUsAreTakenAlongWhereTheyCanBe() throws {
    let mlp = try MLP(width: 8, depth: 2).model(inputShape: [4], outputs: 2)
    #expect(mlp.fusedStages == (forward: 2, reverse: 2))
    let conv = ConvolutionDescription(channels: 4, kernel: WindowShape.Sides(3, 3))
    let phi = ActivationDescription(Activation(.relu))
    // The ReLU that reads what the block begins with can't work in place; its pullback can.
    let block = ResidualDescription(scale: 1, branch: [phi, conv, phi, conv])
    let resnet = try ModelBuilder(parametrization: .standard).model(
        [conv, block, FlattenDescription(), DenseDescription()], inputShape: [6, 6, 3], outputs: 2)
    #expect(resnet.fusedStages == (forward: 1, reverse: 2))
    #expect(mlp.unfused.fusedStages == (forward: 0, reverse: 0))
}

@Test(arguments: Case.all) func pushforwardMatchesFiniteDifferences(c: Case) throws {
    let i = try Instance<Double>(c)
    let v = i.direction("v")
    _ = i.outputs(i.w)
    let image = i.workspace.pushforward(i.w.base, tangent: v.base)
    let exact = (0..<i.y.count).map { image[$0] }
    let plus = i.outputs(i.moved(h, v))
    let minus = i.outputs(i.moved(-h, v))
    let largest = exact.map(abs).max() ?? 0
    for (k, value) in exact.enumerated() {
        #expect(abs((plus[k] - minus[k]) / (2 * h) - value) <= 2e-7 * (1 + largest))
    }
}

@Test(arguments: Case.all) func pullbackIsTheAdjointOfThePushforward(c: Case) throws {
    let i = try Instance<Double>(c)
    let v = i.direction("v")
    let gradient = ParameterVector<Double>(i.model.layout)
    let u = (0..<i.y.count).map { RandomStream(seed: 2, "u").normal($0) }
    _ = i.outputs(i.w)
    let image = i.workspace.pushforward(i.w.base, tangent: v.base)
    let left = u.indices.reduce(0.0) { $0 + image[$1] * u[$1] }
    i.workspace.outputCotangent.update(from: u, count: u.count)
    i.workspace.pullback(i.w.base, into: GradientSink(target: gradient.base, alpha: 1, beta: 0))
    #expect(abs(left - gradient.dot(v)) <= 1e-12 * (1 + abs(left)))
}

@Test(arguments: Case.all) func hessianProductMatchesDifferencesOfGradients(c: Case) throws {
    let i = try Instance<Double>(c)
    let v = i.direction("v")
    let product = i.hessianProduct(v).entries
    let plus = i.gradient(i.moved(h, v)).entries
    let minus = i.gradient(i.moved(-h, v)).entries
    let largest = product.map(abs).max() ?? 0
    for (k, value) in product.enumerated() {
        #expect(abs((plus[k] - minus[k]) / (2 * h) - value) <= 1e-6 * (1 + largest))
    }
}

@Test(arguments: Case.all) func hessianIsSymmetric(c: Case) throws {
    let i = try Instance<Double>(c)
    let u = i.direction("u")
    let v = i.direction("v")
    let left = i.hessianProduct(u).dot(v)
    let right = i.hessianProduct(v).dot(u)
    #expect(abs(left - right) <= 1e-11 * (1 + abs(left)))
}

@Test(arguments: Case.all) func frozenTensorsHaveNoGradient(c: Case) throws {
    let i = try Instance<Double>(c)
    let g = i.gradient(i.w)
    let p = i.hessianProduct(i.direction("v"))
    for entry in i.model.layout.entries where !entry.tensor.isTrained {
        #expect(g.tensor(entry).allSatisfy { $0 == 0 } && p.tensor(entry).allSatisfy { $0 == 0 })
    }
    for entry in i.model.layout.trained { #expect(g.tensor(entry).contains { $0 != 0 }) }
}

@Test(arguments: Case.all) func precisionsAgree(c: Case) throws {
    let wide = try Instance<Double>(c)
    let narrow = try Instance<Float>(c)
    let g = wide.gradient(wide.w).entries
    let largest = g.map(abs).max() ?? 0
    for (a, b) in zip(g, narrow.gradient(narrow.w).entries) { #expect(abs(a - b) <= 2e-5 * (1 + largest)) }
    let p = wide.hessianProduct(wide.direction("v")).entries
    let top = p.map(abs).max() ?? 0
    for (a, b) in zip(p, narrow.hessianProduct(narrow.direction("v")).entries) {
        #expect(abs(a - b) <= 2e-4 * (1 + top))
    }
}
