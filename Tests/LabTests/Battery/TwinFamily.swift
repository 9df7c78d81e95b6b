import Foundation

/// Samples with the same inputs: with the same targets they are harmless, with different ones F* is the scatter within
/// them.
let twinFamily = Battery.Family(name: "twins", count: 60, sample: 5) { index in
    var draw = Draw("twins", index)
    let isConflicting = index % 3 != 0
    let isNetwork = index % 5 == 4
    let groups = draw.integer(2, 6)
    let condition = draw.spread(1, 300)
    let values = (0..<groups).map { pow(condition, -Double($0) / Double(max(groups - 1, 1)) / 2) }
    let problem = LinearProblem(
        &draw, samples: groups, dimension: groups, values: values, residual: draw.normals(groups), seed: index)
    var setup = RunSetup()
    setup.seed = index
    var targets: [[Double]] = []
    var (least, most) = (0.0, 1)
    for group in 0..<groups {
        let size = draw.integer(group == 0 ? 2 : 1, 4)
        most = max(most, size)
        var offsets = draw.normals(size).map { isConflicting && size > 1 ? $0 : 0 }
        let mean = offsets.reduce(0, +) / Double(size)
        offsets = offsets.map { $0 - mean }
        least += dot(offsets, offsets) / 2
        for offset in offsets {
            let own = [problem.targets[group][0] + offset]
            targets.append(own)
            setup.rows.append(problem.inputs[group] + own)
        }
    }
    setup.reduction = draw.pick(["sum", "mean"])
    let n = targets.count
    let weight = setup.reduction == "mean" ? 1 / Double(n) : 1
    let steps = draw.pick([30, 500, 4000])
    let asked = draw.pick([0, 1e-3, 1e-6])
    let ratio = asked > 0 ? ", loss_ratio: \(asked)" : ""
    setup.training = [
        "learning_rate: \(0.8 / (weight * Double(most)))", "stop: {steps: \(steps)\(ratio)}",
    ]
    if isNetwork {
        setup.model = "{network: mlp, width: 256, depth: 1, parametrization: paper}"
        setup.training[0] = "learning_rate: auto, auto_factor: 0.8"
    }
    var tracking = Tracking.drawn(&draw, steps: steps)
    if draw.chance(0.7) { tracking.kernelSamples = n }
    tracking.hasPrediction = draw.chance(0.5)
    tracking.hasLandscape = draw.chance(0.3)
    if isNetwork { tracking.more = ["initialization: 128", "pattern_samples: 128"] }
    setup.tracking = tracking.lines
    let (known, whole) = (least, targets)
    return BatteryCase(
        family: "twins",
        parameters:
            "#\(index) \(isConflicting ? "conflicting" : "harmless") \(isNetwork ? "relu" : "linear") groups \(groups) "
            + "n \(n) κ \(brief(condition)) steps \(steps) asked \(asked) \(setup.reduction) F* \(brief(weight * least))",
        source: .run(setup)
    ) { run in
        var facts = Facts()
        facts.least = weight * known
        facts.scale = weight * squaredScale(whole, start: Recorded(run).first / weight)
        facts.asked = asked > 0 ? asked : 1e-3
        facts.isConvex = !isNetwork
        facts.hasRectifiers = isNetwork
        facts.hasEqualInputs = true
        // The network's kernel is not constant, and singular.
        if isNetwork { facts.law = .free }
        facts.isLawTold = false
        return facts
    }
}
