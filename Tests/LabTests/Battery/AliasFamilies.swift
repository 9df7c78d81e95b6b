import Foundation
import Theory

/// Chains tracked at equal steps that the run does not care for: what it did between them is simulated.
let aliasFamily = Battery.Family(name: "between the rows", count: 160, sample: 6) { index in
    var draw = Draw("between the rows", index)
    let depth = draw.pick([1, 2, 2, 2, 3])
    let momentum = index % 4 == 3 ? draw.pick([0.5, 0.9, 0.98]) : 0
    let sizes = (0..<depth).map { _ in draw.uniform(0.5, 1.6) }
    let (model, weights) = Chain.layers(sizes, seed: index)
    let product = weights.reduce(1, *)
    // Near the start, across 0, or far.
    let target = draw.pick([1 + draw.uniform(-0.3, 0.3), -draw.uniform(0.3, 1.2), draw.uniform(1.5, 3)]) * product
    var chain = Chain(weights: weights, target: target, rate: 1)
    chain.rate = draw.uniform(0.05, 1.95) * (1 + momentum) / chain.kernel
    let every = draw.pick([2, 3, 4, 10, 40])
    let steps = every * draw.pick([6, 12, 40])
    let asked = draw.pick([1e-3, 1e-8, 1e-20])
    var setup = RunSetup()
    setup.seed = index
    setup.rows = [[1, target]]
    setup.model = model
    setup.training = ["learning_rate: \(chain.rate)", "stop: {steps: \(steps), loss_ratio: \(asked)}"]
    if momentum > 0 { setup.training.append("momentum: \(momentum)") }
    setup.tracking = [
        "every: \(every)", "kernel: {samples: 1, outputs: full, precision: float64, every: \(every)}",
        "landscape: {directions: 2, every: \(every), slice: 0}", "pattern_samples: 0", "initialization: 0",
        "prediction: \(momentum == 0)",
    ]
    let start = chain
    return BatteryCase(
        family: "between the rows",
        parameters:
            "#\(index) w \(weights.map(brief).joined(separator: " ")) y \(brief(target)) η \(brief(chain.rate)) "
            + "μ \(momentum) every \(every) steps \(steps) asked \(asked)",
        source: .run(setup)
    ) { run in
        let seen = Recorded(run)
        let way = ChainWay(start, momentum: momentum, steps: run.series.steps.last ?? 0)
        var facts = Facts()
        facts.asked = asked
        facts.scale = min(seen.first, target * target / 2)
        facts.law = seen.isDiverged ? .grows : .free
        facts.goesOn = false
        if depth > 1 { facts.untrue = way.untrue }
        return facts
    }
}

/// What a chain did at each step.
private struct ChainWay {
    /// Statements that do not hold of it, by the marks.
    private(set) var untrue: Set<Statement> = []

    init(_ start: Chain, momentum: Double, steps: Int) {
        var (chain, velocity) = (start, start.weights.map { _ in 0.0 })
        var line = start.product - start.target
        var loss = start.loss
        for _ in 0..<steps where chain.loss > 1e-25 * start.loss && chain.loss.isFinite {
            let (error, slopes) = (chain.product - chain.target, chain.slopes)
            for j in velocity.indices {
                velocity[j] = momentum * velocity[j] - chain.rate * error * slopes[j]
                chain.weights[j] += velocity[j]
            }
            line *= 1 - start.rate * start.kernel
            let drifts = zip(chain.weights, start.weights).map { abs($0 - $1) / abs($1) }
            if drifts.max() ?? 0 > 0.25 * (1 + 1e-6) { untrue.insert(.nearInitialization) }
            let gap = abs(chain.product - chain.target - line) / abs(start.product - start.target)
            let change = chain.kernel / start.kernel
            if change < 0.5 * (1 - 1e-6) || abs(change - 1) > 0.25 * (1 + 1e-6)
                || momentum == 0 && gap > 0.25 * (1 + 1e-6)
            {
                untrue.insert(.tangentEquivalence)
            }
            if momentum == 0, chain.loss > loss * (1 + 1e-6) + 1e-22 * start.loss { untrue.insert(.semiSmoothness) }
            loss = chain.loss
        }
    }
}

/// Runs that were built to look alike at all rows: chains that pass a saddle between them, and shuffled epochs of two samples
/// of which one undoes what the other does.
let builtFamily = Battery.Family(name: "built to deceive", count: 30, sample: 3) { index in
    var setup = RunSetup()
    setup.seed = index
    var untrue: Set<Statement> = []
    var text = "saddle"
    if index % 3 < 2 {
        let every = [45, 48, 52, 55, 60][index / 3 % 5]
        let (model, weights) = Chain.layers([1, 0.97], seed: index)
        setup.model = model
        setup.rows = [[1, weights.reduce(1, *) < 0 ? 1 : -1]]
        setup.training = ["learning_rate: 0.1", "stop: {steps: 1000, loss_ratio: 1.0e-29}"]
        let rows = index % 3 == 0 ? every : 1
        setup.tracking = [
            "every: \(rows)", "kernel: {samples: 1, outputs: full, precision: float64, every: \(every)}",
            "landscape: {directions: 2, every: \(every), slice: 0}", "prediction: true", "pattern_samples: 0",
            "initialization: 0",
        ]
        // Θ falls to 0.023 of its start, and F bends down more than its gradient gives.
        untrue = [.semiSmoothness, .tangentEquivalence, .nearInitialization]
        text = "a saddle, every \(every), rows every \(rows)"
    } else {
        let pairs = [[0.0216515, 1.0918994, 0.1065486, -1.2156914], [-1.1276, 0.4033, -1.0545, 0.1182]]
        let x = pairs[index / 3 % 2]
        setup.rows = [[x[0], x[1], x[0] + x[1]], [x[2], x[3], x[2] + x[3]]]
        setup.training = [
            "batch: 1", "sampling: shuffle", "unbiased: false", "learning_rate: 1",
            "stop: {steps: 20000, loss_ratio: 1.0e-\([8, 12][index / 6 % 2])}",
        ]
        setup.tracking = [
            "every: \([2, 4][index / 12 % 2])", "contraction_batches: 8", "pattern_samples: 0", "initialization: 0",
        ]
        // Half of all steps raise the loss, by more than 0.1 in ln F on average.
        untrue = [.stochasticDescent]
        text = "an epoch of two steps"
    }
    let (why, never) = (text, untrue)
    return BatteryCase(family: "built to deceive", parameters: "#\(index) \(why)", source: .run(setup)) { run in
        var facts = Facts()
        facts.law = .free
        facts.asked = 1e-29
        facts.scale = nil
        facts.least = nil
        facts.untrue = never
        return facts
    }
}

/// Chains whose steps are too long for where they start: they grow, and come down at a flatter place.
let catapultFamily = Battery.Family(name: "catapults", count: 60, sample: 3) { index in
    var draw = Draw("catapults", index)
    let sizes = [draw.uniform(1.2, 2.5), draw.spread(1e-7, 0.3)]
    let (model, weights) = Chain.layers(sizes, seed: index)
    let target = draw.spread(1e-7, 0.1)
    var chain = Chain(weights: weights, target: target, rate: 1)
    chain.rate = draw.uniform(2.05, 4.2) / chain.kernel
    let steps = draw.pick([5, 10, 20, 2000])
    var setup = RunSetup()
    setup.seed = index
    setup.rows = [[1, target]]
    setup.model = model
    setup.training = ["learning_rate: \(chain.rate)", "stop: {steps: \(steps), loss_ratio: 1.0e-3}"]
    if index % 2 == 1 { setup.training.append("divergence_ratio: \(draw.pick([10, 1e4, 1e12]))") }
    var tracking = Tracking(every: "1")
    if index % 3 > 0 { tracking.kernelSamples = 1 }
    setup.tracking = tracking.lines
    let end = chain.course(100_000, until: 1e-3 * chain.loss).end
    let comesDown = end.loss <= 1e-3 * chain.loss
    let start = chain.loss
    return BatteryCase(
        family: "catapults",
        parameters:
            "#\(index) w \(weights.map(brief).joined(separator: " ")) y \(brief(target)) η \(brief(chain.rate)) steps \(steps)",
        source: .run(setup)
    ) { run in
        var facts = Facts()
        facts.asked = 1e-3
        facts.scale = min(start, target * target / 2)
        facts.goesOn = comesDown
        facts.law = .free
        if comesDown { facts.unrefuted = [.globalMinimum, .linearConvergence, .noCriticalPoint] }
        return facts
    }
}

/// One of many samples undoes with a step what all others gain: few batches meet it.
let rareSampleFamily = Battery.Family(name: "a rare sample", count: 24, sample: 1) { index in
    var draw = Draw("a rare sample", index)
    let n = draw.pick([60, 120, 200])
    let long = draw.pick([40.0, 60])
    var setup = RunSetup()
    setup.seed = index
    setup.rows = (0..<n).map { i in
        (0..<n).map { $0 == i ? (i == n - 1 ? long.squareRoot() : 1) : 0 } + [1]
    }
    setup.training = [
        "batch: 1", "sampling: \(draw.pick(["replacement", "replacement", "shuffle"]))", "unbiased: false",
        "learning_rate: 1", "stop: {steps: 5000, loss_ratio: 0.5}",
    ]
    let probes = draw.pick([1, 8, 32])
    setup.tracking = [
        "every: \(draw.pick([1, 10]))", "contraction_batches: \(probes)", "pattern_samples: 0", "initialization: 0",
    ]
    // E Δ ln F at the start, where each sample has 1/n of the loss.
    let count = Double(n)
    let change =
        log((count - 1 + (long - 1) * (long - 1)) / count) / count + (count - 1) / count * log(1 - 1 / count)
    return BatteryCase(
        family: "a rare sample", parameters: "#\(index) n \(n) η‖x‖² \(long) probes \(probes) EΔ \(brief(change))",
        source: .run(setup)
    ) { run in
        var facts = Facts()
        facts.asked = 0.5
        facts.scale = Double(n) / 2
        facts.law = .free
        if change > 0 { facts.untrue = [.stochasticDescent] }
        return facts
    }
}

/// Weights that no gradient reaches make ‖W‖ large, and steps small beside it that are not small at all.
let idleWeightsFamily = Battery.Family(name: "idle weights", count: 30, sample: 1) { index in
    var run = LinearRun("idle weights", index)
    run.setup.precision = "float32"
    run.size(run.draw.integer(2, 4), wider: run.draw.integer(200, 1000))
    run.condition = run.draw.spread(10, 3000)
    run.deviation = run.draw.pick([1, 10])
    run.factor = 0.3
    run.last(run.draw.uniform(4, 18), most: 30_000)
    run.asked = run.draw.pick([1e-6, 1e-9])
    run.isWhole = index % 2 == 0
    run.hasPrediction = false
    return run.made { _, facts in
        // Rounding of large weights ends some runs early.
        facts.end = nil
    }
}
