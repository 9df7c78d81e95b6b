import Layers
import LinearAlgebra
import NetworkCases
import Networks
import Sampling
import StationaryJobs
import StationaryPoints
import Testing

/// A case as a function of its trained weights, with a point of it.
private struct Problem {
    let loss: TrainingLoss
    let w: [Double]

    init(_ case: Case, seed: UInt64 = 3, form: FunctionForm = FunctionForm()) throws {
        let model = try `case`.builder.model(`case`.layers, inputShape: `case`.inputShape, outputs: `case`.outputs)
        let draws = RandomStream(seed: seed, "case")
        let x = MatrixBuffer(6, model.inputCount, (0..<6 * model.inputCount).map { draws.normal($0) })
        let y = MatrixBuffer<Double>(6, model.outputCount)
        for i in 0..<6 {
            switch `case`.loss.targets {
            case .oneHot: y[i, i % model.outputCount] = 1
            case .sign: for k in 0..<model.outputCount { y[i, k] = (i + k) % 2 == 0 ? 1 : -1 }
            case .real: for k in 0..<model.outputCount { y[i, k] = draws.normal(10_000 + i * model.outputCount + k) }
            }
        }
        let start = ParameterVector<Double>(model.layout, initializedFrom: seed)
        loss = TrainingLoss(
            model, Objective(`case`.loss, `case`.reduction, scale: form.objectiveScale), form,
            start: form.isNetwork ? nil : start, frozen: start, x: x, y: y)
        let coordinates = TrainedCoordinates(model.layout)
        var w = [Double](repeating: 0, count: coordinates.count)
        coordinates.gather(start.base, into: &w)
        // Biases too, which start at 0.
        for i in w.indices { w[i] += 0.05 * draws.normal(20_000 + i) }
        self.w = w
    }

    func direction(_ k: Int) -> [Double] {
        normalStart(seed: 9, k, dimension: w.count, standardDeviation: 1 / Double(w.count).squareRoot())
    }
}

private func product(_ loss: TrainingLoss, _ w: [Double], _ v: [Double]) -> [Double] {
    var out = v
    loss.hessian(at: w).apply(v, &out)
    return out
}

/// ⟨∇F, v⟩ and H v are the central differences of F and of ∇F along v, for every case: each layer, loss, bias and
/// frozen tensor.
@Test(arguments: Case.all) func derivativesAreThoseOfTheTrainedWeights(case: Case) throws {
    let problem = try Problem(`case`)
    let (loss, w) = (problem.loss, problem.w)
    let h = 1e-6
    for k in 0..<2 {
        let v = problem.direction(k)
        let (ahead, behind) = (
            loss.gradient(at: loss.moved(w, along: v, by: h)), loss.gradient(at: loss.moved(w, along: v, by: -h))
        )
        let here = loss.gradient(at: w)
        let slope = zip(here.gradient, v).reduce(0) { $0 + $1.0 * $1.1 }
        let size = abs(here.value) + abs(slope)
        #expect(abs((ahead.value - behind.value) / (2 * h) - slope) < 1e-7 * size, "\(`case`)")
        let bend = product(loss, w, v)
        for i in w.indices {
            let difference = (ahead.gradient[i] - behind.gradient[i]) / (2 * h)
            let scale = bend.reduce(0) { max($0, abs($1)) } + here.gradient.reduce(0) { max($0, abs($1)) }
            #expect(abs(difference - bend[i]) < 1e-6 * scale, "\(`case`): entry \(i)")
        }
    }
}

/// The lazy form and the linearization have their own.
@Test(arguments: [
    FunctionForm(lazyScale: 3), FunctionForm(isLinearized: true), FunctionForm(lazyScale: 3, isLinearized: true),
])
func formsHaveTheirOwnDerivatives(form: FunctionForm) throws {
    let chosen = try #require(Case.all.first { $0.description == "tanh" })
    let problem = try Problem(chosen, form: form)
    let (loss, w) = (problem.loss, problem.w)
    let v = problem.direction(0)
    let h = 1e-5
    let (ahead, behind) = (
        loss.gradient(at: loss.moved(w, along: v, by: h)), loss.gradient(at: loss.moved(w, along: v, by: -h))
    )
    let slope = zip(loss.gradient(at: w).gradient, v).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs((ahead.value - behind.value) / (2 * h) - slope) < 1e-6 * (abs(slope) + 1e-3))
    let bend = product(loss, w, v)
    for i in w.indices { #expect(abs((ahead.gradient[i] - behind.gradient[i]) / (2 * h) - bend[i]) < 1e-5) }
    #expect(loss.kink(at: w, within: 1e-3) == nil)
}

/// One ReLU on one input x = 1: z = w₁ + b, and the kink is where that is 0.
@Test func kinksAreWhereAPreactivationVanishes() throws {
    let builder = ModelBuilder(parametrization: .standard, activation: Activation(.relu), hasBias: true)
    let model = try MLP(width: 1, depth: 1).model(inputShape: [1], outputs: 1, builder)
    let loss = TrainingLoss(
        model, Objective(.squared, .sum), FunctionForm(), start: nil, frozen: ParameterVector(model.layout),
        x: MatrixBuffer(1, 1, [1]), y: MatrixBuffer(1, 1, [1]))
    #expect(loss.dimension == 4)
    for (z, reach, isNear) in [
        (0.5, 1e-9, false), (-0.5, 1e-9, false), (1e-9, 1e-9, true), (-1e-9, 1e-9, true), (1e-6, 1e-9, false),
        (0, 1e-15, true), (1e-16, 1e-15, true),
    ] {
        let kink = try #require(loss.kink(at: [0.3 + z, -0.3, 1, 0.2], within: reach))
        #expect(abs(kink.margin - abs(z)) < 1e-16 && kink.isNear == isNear, "z \(z), reach \(reach): \(kink)")
    }
    // A unit with weights of exactly 0 and no bias.
    let bare = try MLP(width: 2, depth: 1).model(
        inputShape: [1], outputs: 1,
        ModelBuilder(parametrization: .standard, activation: Activation(.relu), hasBias: false))
    let without = TrainingLoss(
        bare, Objective(.squared, .sum), FunctionForm(), start: nil, frozen: ParameterVector(bare.layout),
        x: MatrixBuffer(2, 1, [1, 0]), y: MatrixBuffer(2, 1, [1, 1]))
    #expect(without.kink(at: [0, 1, 1, 1], within: 1e-12) == Kink(margin: 0, isNear: true))
    // The origin, where rounding has no size, is at the kinks of all units.
    let origin = StationarySurvey(without, StationarySearch(.newtonMR, maximumSteps: 5)) { _ in [0, 0, 0, 0] }.endPoint(
        0)
    #expect(origin.place.gradientNorm == 0 && origin.verdict == .kink)
    // The sample x = 0 has z = 0 whatever the weights are: no kink in them.
    #expect(without.kink(at: [1, -2, 1, 1], within: 1e-12) == Kink(margin: 1, isNear: false))
}

/// One output for data that a line separates: the logistic loss falls for ever, and the squared one has its minimum. No search says
/// otherwise, also where all samples are so far on their side that the computed gradient is 0.
@Test func aLossOfSeparableDataIsStationaryNowhere() throws {
    let builder = ModelBuilder(parametrization: .standard, activation: Activation(.tanh), hasBias: true)
    let model = try builder.model([DenseDescription()], inputShape: [2], outputs: 1)
    for kind in [LossKind.logistic, .sigmoid, .squared] {
        let loss = TrainingLoss(
            model, Objective(kind, .sum), FunctionForm(), start: nil, frozen: ParameterVector(model.layout),
            x: MatrixBuffer(4, 2, [1, 0.3, 2, -0.5, -1, 0.2, -1.5, -1]), y: MatrixBuffer(4, 1, [1, 1, -1, -1]))
        for (k, size) in [1.0, 10, 100, 1e4].enumerated() {
            for method in StationarySearch.Method.allCases {
                // On the side of the data, so far that in the end the computed gradient is 0.
                let survey = StationarySurvey(loss, StationarySearch(method, maximumSteps: 3000)) { start in
                    let noise = normalStart(seed: 1, start, dimension: 3, standardDeviation: 0.1 * size)
                    return [size + noise[0], noise[1], noise[2]]
                }
                let end = survey.endPoint(k)
                #expect(
                    (end.verdict == .stationary) == (kind == .squared),
                    "\(kind), \(method), size \(size): \(end.verdict), \(end.place.gradientNorm)")
            }
        }
    }
}

/// Two tanh units on two samples, one of them so far out that its slope on both is below rounding: a constant to float64, and stationary
/// nowhere for that. With a slope that can be seen it counts.
@Test func unitsInSaturationHideTheirSlope() throws {
    for activation in [Activation(.tanh), Activation(.erf), Activation(.sigmoid), Activation(.softplus)] {
        let builder = ModelBuilder(parametrization: .standard, activation: activation, hasBias: false)
        let model = try MLP(width: 2, depth: 1).model(inputShape: [1], outputs: 1, builder)
        let loss = TrainingLoss(
            model, Objective(.squared, .sum), FunctionForm(), start: nil, frozen: ParameterVector(model.layout),
            x: MatrixBuffer(2, 1, [1, 0.5]), y: MatrixBuffer(2, 1, [0.3, 0.2]))
        #expect(loss.isRegular(at: [1, -2, 1, 1], tolerance: 1e-10), "\(activation)")
        #expect(!loss.isRegular(at: [1, -200, 1, 1], tolerance: 1e-10), "\(activation)")
    }
    // A ReLU that is never active is a constant indeed.
    let builder = ModelBuilder(parametrization: .standard, activation: Activation(.relu), hasBias: false)
    let model = try MLP(width: 2, depth: 1).model(inputShape: [1], outputs: 1, builder)
    let loss = TrainingLoss(
        model, Objective(.squared, .sum), FunctionForm(), start: nil, frozen: ParameterVector(model.layout),
        x: MatrixBuffer(2, 1, [1, 0.5]), y: MatrixBuffer(2, 1, [0.3, 0.2]))
    #expect(loss.isRegular(at: [1, -200, 1, 1], tolerance: 1e-10))
}

/// Smooth networks have no kinks; those with max pooling where the largest of a window is nearly the second.
@Test func networksKnowWhetherTheyHaveKinks() throws {
    for (name, hasKinks) in [
        ("tanh", false), ("softplus", false), ("relu", true), ("leaky relu", true), ("max-pool", true),
        ("avg-pool", false), ("linear regression", false),
    ] {
        let problem = try Problem(try #require(Case.all.first { $0.description == name }))
        let kink = problem.loss.kink(at: problem.w, within: 1e-14)
        #expect((kink != nil) == hasKinks && kink?.isNear != true, "\(name)")
        if hasKinks { #expect(problem.loss.kink(at: problem.w, within: 10)?.isNear == true, "\(name)") }
    }
}

/// Hidden values below a pooling: a window with its two largest 10⁻¹⁰ apart.
@Test func windowsWithTwoLargestAreKinks() throws {
    let layers: [any LayerDescription] = [
        ConvolutionDescription(channels: 1, kernel: .init(1, 1), stride: .init(1, 1), padding: .valid),
        MaxPoolDescription(PoolingWindow(kernel: .init(1, 2))), FlattenDescription(), DenseDescription(),
    ]
    let `case` = Case("pool", layers, input: [1, 2, 2], outputs: 1)
    let model = try `case`.builder.model(`case`.layers, inputShape: `case`.inputShape, outputs: `case`.outputs)
    // Values w · (1, 0) and w · (0, 1): the lead of the first is w₁ − w₂.
    let loss = TrainingLoss(
        model, Objective(.squared, .sum), FunctionForm(), start: nil, frozen: ParameterVector(model.layout),
        x: MatrixBuffer(1, 4, [1, 0, 0, 1]), y: MatrixBuffer(1, 1, [1]))
    let scale = model.layout.entries[0].tensor.forwardScale
    let near = try #require(loss.kink(at: [1 + 1e-10, 1, 1], within: 1e-10))
    #expect(abs(near.margin - scale * 1e-10) < 1e-15 && near.isNear)
    let far = try #require(loss.kink(at: [1.5, 1, 1], within: 1e-10))
    #expect(abs(far.margin - scale * 0.5) < 1e-15 && !far.isNear)
}
