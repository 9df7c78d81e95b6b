import Foundation

/// Linear least squares of every conditioning that a linear model can fit, cut short or not, with the kernel.
let linearFamily = Battery.Family(name: "linear", count: 130, sample: 7) { linearCase("linear", $0, hasKernel: true) }

/// The same with the loss and the gradient alone.
let linearPlainFamily = Battery.Family(name: "linear, no kernel", count: 60, sample: 4) {
    linearCase("linear, no kernel", $0, hasKernel: false)
}

/// Linear least squares with F* > 0: noise on more samples than inputs.
let unrealizableFamily = Battery.Family(name: "linear, F* > 0", count: 70, sample: 5) { index in
    linearCase("linear, F* > 0", index, hasKernel: index % 4 != 3, isRealizable: false)
}

private func linearCase(_ family: String, _ index: Int, hasKernel: Bool, isRealizable: Bool = true) -> BatteryCase {
    var draw = Draw(family, index)
    var setup = RunSetup()
    let isSingle = draw.chance(0.25)
    if isSingle { setup.precision = "float32" }
    let n = draw.integer(isRealizable ? 2 : 6, 12)
    // Fewer modes than samples: a kernel with eigenvalues of 0.
    let isDeficient = !isRealizable || draw.chance(0.2) && n > 3
    let modes = isDeficient ? draw.integer(1, n - 2) : n
    let d = isDeficient ? modes : n + draw.integer(0, 3)
    let condition = index % 6 == 0 ? 1 : draw.spread(1, isSingle ? 1e5 : 1e14)
    let values = (0..<modes).map { i -> Double in
        let place = modes == 1 ? 0 : Double(i) / Double(modes - 1)
        return pow(condition, -place / 2)
    }
    let isTopHeavy = draw.chance(0.15)
    let residual = values.map { isTopHeavy && $0 < 0.1 ? 0 : draw.normal() + 0.3 * draw.sign() }
    let outputs = draw.chance(0.2) ? 2 : 1
    let deviation = draw.pick([0, 0, 0.5, 3, 30])
    setup.seed = index
    let problem = LinearProblem(
        &draw, samples: n, dimension: d, values: values, residual: residual,
        outside: isRealizable ? 0 : draw.spread(0.03, 10), outputs: outputs, deviation: deviation, seed: index)
    setup.reduction = draw.pick(["sum", "sum", "mean"])
    let weight = setup.reduction == "mean" ? 1 / Double(n) : 1
    let factor = draw.pick([0.1, 0.5, 0.5, 1, 1.7])
    let rate = factor / (weight * problem.top)
    let fall = draw.spread(0.01, 80)
    let wanted = fall / (2 * rate * weight * problem.bottom)
    let steps = Int(min(max(wanted, 3), draw.pick([300, 1000, 4000])))
    let asked = draw.pick([0, 1e-2, 1e-3, 1e-6, isSingle ? 1e-9 : 1e-12])
    setup.rows = problem.rows
    setup.targets = outputs
    setup.model =
        "{network: layers, parametrization: standard, activation: linear, layers: [{type: dense, deviation: \(deviation)}]}"
    setup.training = [
        "learning_rate: \(rate)", "stop: {steps: \(steps)\(asked > 0 ? ", loss_ratio: \(asked)" : "")}",
    ]
    var tracking = Tracking.drawn(&draw, steps: steps)
    if hasKernel {
        tracking.kernelSamples = n
        tracking.kernelPrecision = draw.pick(["float64", "float64", "run"])
        tracking.hasPrediction = draw.chance(0.7)
        tracking.hasLandscape = draw.chance(0.4)
    }
    setup.tracking = tracking.lines
    let (hasPrediction, isDouble) = (tracking.hasPrediction, !isSingle)
    // One rate alone, over decades: the curve tells it without a kernel.
    let isPure = condition < 1.5 && isRealizable
    return BatteryCase(
        family: family,
        parameters:
            "#\(index) n \(n) modes \(modes) d \(d) κ \(brief(condition)) ηλ \(factor) steps \(steps) asked \(asked) "
            + "\(setup.precision) \(setup.reduction) outside \(brief(problem.least)) deviation \(deviation)",
        source: .run(setup)
    ) { run in
        var facts = Facts()
        facts.least = weight * problem.least
        facts.scale = weight * problem.scale
        facts.asked = asked > 0 ? asked : 1e-3
        facts.isConvex = true
        facts.isLeastTold = isRealizable || hasKernel && hasPrediction && isDouble
        let seen = Recorded(run)
        let isDown = seen.last <= max(1.0001 * facts.asked, seen.floor) * seen.first
        if isPure, isDown, factor <= 1, seen.points.count >= 24, seen.last < 1e-3 * seen.first,
            !isDeficient || hasKernel
        {
            facts.isLawTold = true
        }
        return facts
    }
}
