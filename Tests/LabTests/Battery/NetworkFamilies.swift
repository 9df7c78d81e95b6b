import Foundation

/// Deep linear networks of matrices: small starts wait at saddles before they come down.
let matrixFamily = Battery.Family(name: "deep matrices", count: 50, sample: 4) { index in
    var problem = Regression("deep matrices", index, samples: 4, dimension: 4 + index % 2, outputs: 1 + index % 3)
    let depth = problem.draw.integer(2, 4)
    let deviation = problem.draw.pick([0.02, 0.1, 0.3, 0.6])
    let names = (1..<depth).map { "{type: dense, name: W\($0), units: 6, deviation: \(deviation)}" }
    problem.setup.model =
        "{network: layers, parametrization: standard, activation: linear, layers: ["
        + (names + ["{type: dense, name: output, deviation: \(deviation)}"]).joined(separator: ", ") + "]}"
    problem.steps = problem.draw.pick([200, 2000, 15000])
    problem.asked = problem.draw.pick([0, 1e-3, 1e-8])
    problem.record(kernel: 0.7, prediction: 0.5, landscape: 0.2, rectifiers: false)
    problem.train("learning_rate: \(problem.draw.pick([0.003, 0.01]))")
    return problem.made("deep matrices", "#\(index) depth \(depth) deviation \(deviation)") { _, facts in
        facts.isEventuallyLinear = facts.law != .grows
    }
}

/// Wide ReLU networks: the kernel keeps its smallest eigenvalue.
let wideFamily = Battery.Family(name: "wide relu", count: 50, sample: 4) { index in
    var problem = Regression("wide relu", index, samples: 4 + index % 5, dimension: 12)
    if problem.draw.chance(0.4) { problem.setup.precision = "float32" }
    let parametrization = problem.draw.pick(["paper", "ntk", "standard"])
    let width = problem.draw.pick([512, 1024])
    let depth = problem.draw.integer(1, 2)
    problem.setup.model = "{network: mlp, width: \(width), depth: \(depth), parametrization: \(parametrization)}"
    if problem.draw.chance(0.3) { problem.addTests(4) }
    problem.steps = problem.draw.pick([5, 60, 600])
    problem.asked = problem.draw.pick([1e-2, 1e-3, 1e-6])
    problem.record(kernel: 0.75, prediction: 0.6, landscape: 0.3, rectifiers: true)
    problem.train("learning_rate: auto", ["auto_factor: \(problem.draw.pick([0.3, 0.8]))"])
    return problem.made("wide relu", "#\(index) \(parametrization) width \(width) depth \(depth)") { _, facts in
        facts.hasRectifiers = true
        facts.isEventuallyLinear = facts.law != .grows
    }
}

/// Narrow ReLU networks, some of whose units are dead: what they can reach is not known.
let narrowFamily = Battery.Family(name: "narrow relu", count: 60, sample: 4) { index in
    var problem = Regression("narrow relu", index, samples: 6 + index % 5, dimension: 5)
    let width = problem.draw.integer(1, 4)
    problem.setup.model =
        "{network: mlp, width: \(width), depth: \(problem.draw.integer(1, 2)), parametrization: standard}"
    problem.steps = problem.draw.pick([100, 1000, 8000])
    problem.asked = problem.draw.pick([1e-2, 1e-3])
    problem.record(kernel: 0.5, prediction: 0.3, landscape: 0.2, rectifiers: true)
    problem.train("learning_rate: \(problem.draw.pick([0.01, 0.05]))")
    let zero = problem.targets.reduce(0) { $0 + dot($1, $1) / 2 }
    return problem.made("narrow relu", "#\(index) width \(width)") { seen, facts in
        facts.hasRectifiers = true
        facts.least = nil
        let lowest = seen.points.map(\.loss).min() ?? 0
        // No better loss is known: none of the run, and not that of weights of 0.
        facts.goesOn = seen.last <= 1.001 * lowest && seen.last < 0.99 * zero
        let half = seen.points[seen.points.count / 2].loss
        let isFlat = seen.points.count >= 8 && half < 1.001 * seen.last && seen.last > facts.asked * seen.first
        if !seen.isDiverged { facts.law = isFlat ? .rests : .free }
        if isFlat { facts.isCritical = true }
    }
}

/// Layers that start at 0: the output, the one below, or both, where the gradient is 0 from the start.
let zeroTensorFamily = Battery.Family(name: "zero tensors", count: 40, sample: 3) { index in
    var problem = Regression("zero tensors", index, samples: 5, dimension: 6)
    let kind = index % 5
    let isRectified = kind == 1
    let (first, last) = (kind >= 2 ? 0 : 0.4, kind == 2 ? 0.5 : 0.0)
    let units = isRectified ? 256 : 12
    problem.setup.model =
        "{network: layers, parametrization: standard, activation: \(isRectified ? "relu" : "linear"), "
        + (kind == 4 ? "bias: true, bias_scale: 0, " : "") + "layers: ["
        + "{type: dense, units: \(units), deviation: \(isRectified ? 0.1 : first)}, "
        + (isRectified ? "{type: activation, function: relu}, " : "") + "{type: dense, deviation: \(last)}]}"
    problem.steps = problem.draw.pick([50, 2000])
    problem.asked = problem.draw.pick([0, 1e-2, 1e-6])
    problem.record(kernel: 0.6, prediction: 0.3, landscape: 0.4, rectifiers: isRectified)
    problem.train("learning_rate: \(problem.draw.pick([0.02, 0.05]))")
    return problem.made("zero tensors", "#\(index) \(["output", "output, relu", "W1", "both", "all but biases"][kind])")
    { _, facts in
        facts.hasRectifiers = isRectified
        facts.isEventuallyLinear = kind < 3 && facts.law != .grows
        guard kind >= 3 else { return }
        // It never moves, or not beyond the best constant.
        facts.law = .slower
        facts.isCritical = true
        facts.goesOn = false
    }
}

/// The linearization itself, whose kernel is constant, and the lazy form, whose kernel hardly changes.
let linearizedFamily = Battery.Family(name: "linearized and lazy", count: 50, sample: 4) { index in
    let isLinearized = index % 2 == 0
    var problem = Regression("linearized", index, samples: 3 + index % 5, dimension: 8, outputs: 1 + index % 2)
    let activation = problem.draw.pick(["relu", "tanh"])
    let width = problem.draw.pick([32, 128])
    let scale = problem.draw.pick([30.0, 1e3, 1e5])
    problem.setup.model =
        "{network: mlp, width: \(width), depth: 1, activation: \(activation), parametrization: standard}"
    problem.steps = problem.draw.pick([30, 300, 3000])
    problem.asked = problem.draw.pick([1e-2, 1e-3, 1e-8])
    problem.record(kernel: 0.75, prediction: 0.6, landscape: 0, rectifiers: activation == "relu")
    problem.train(
        "learning_rate: auto",
        [
            "auto_factor: \(problem.draw.pick([0.3, 1, 1.6]))",
            isLinearized ? "linearized: true" : "lazy_scale: \(scale)",
        ])
    let text = "#\(index) \(isLinearized ? "linearized" : "lazy \(scale)") \(activation) width \(width)"
    return problem.made("linearized and lazy", text) { _, facts in
        facts.hasRectifiers = activation == "relu"
        facts.isConvex = isLinearized
        if isLinearized || scale >= 1e3, facts.law != .grows { facts.law = .linear }
        facts.isEventuallyLinear = true
    }
}

/// Targets that the network has at its start: F is 0 all along.
let exactFamily = Battery.Family(name: "F_0 = 0", count: 8, sample: 2) { index in
    var problem = Regression("F_0 = 0", index, samples: 4, dimension: 5, hasZeroTargets: true)
    problem.setup.model =
        index % 2 == 0
        ? RunSetup().model
        : "{network: layers, parametrization: standard, activation: relu, layers: [{type: dense, units: 64}, "
            + "{type: activation, function: relu}, {type: dense, deviation: 0}]}"
    problem.steps = problem.draw.pick([3, 100])
    problem.asked = problem.draw.pick([0, 1e-3])
    problem.record(kernel: 0.5, prediction: 0.5, landscape: 0.5, rectifiers: index % 2 == 1)
    problem.train("learning_rate: 0.1")
    return problem.made("F_0 = 0", "#\(index)") { _, facts in
        facts.hasRectifiers = index % 2 == 1
        facts.law = .free
    }
}
