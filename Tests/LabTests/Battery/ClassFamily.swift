import Foundation

/// Two classes under every loss, on a linear model whose distinct inputs are independent.
///
/// Separable: F → 0, for the squared loss exponentially, for the others like 1/t, since their infimum is not attained.
/// With both labels at the same inputs each group has its own best output: F* is the sum of what is left.
let classFamily = Battery.Family(name: "classes", count: 90, sample: 6) { index in
    var draw = Draw("classes", index)
    let loss = ["squared", "cross-entropy", "logistic", "sigmoid"][index % 4]
    // Separable, every group with both labels, or only some.
    let kind = draw.integer(0, 2)
    let groups = draw.integer(3, 7)
    // The sum of x xᵀ is below 6.
    let inputs = draw.frame(groups, in: groups + draw.integer(0, 4)).map { row in row.map { $0 + 0.1 * draw.normal() } }
    var setup = RunSetup()
    setup.seed = index
    setup.loss = loss
    setup.targets = 0
    setup.reduction = draw.pick(["sum", "mean"])
    var counts: [(Double, Double)] = []
    for group in 0..<groups {
        let isMixed = kind == 1 || kind == 2 && group == 0
        let size = draw.integer(1, 2)
        let count = isMixed ? (size, draw.integer(1, 2)) : group % 2 == 0 ? (size, 0) : (0, size)
        counts.append((Double(count.0), Double(count.1)))
        for label in [Int](repeating: 0, count: count.0) + [Int](repeating: 1, count: count.1) {
            setup.rows.append(inputs[group] + [Double(label)])
        }
    }
    let n = Double(setup.rows.count)
    let weight = setup.reduction == "mean" ? 1 / n : 1
    let all = counts.reduce((0, 0)) { ($0.0 + $1.0, $0.1 + $1.1) }
    let least = counts.reduce(0) { $0 + leastLoss(loss, $1.0, $1.1) }
    let steps = draw.pick([200, 2000, 20000])
    let asked = draw.pick([0, 1e-2, 1e-3])
    let rate = draw.pick([0.2, 0.6]) * (loss == "squared" ? 0.3 : 1) / weight
    let ratio = asked > 0 ? ", loss_ratio: \(asked)" : ""
    setup.training = ["learning_rate: \(rate)", "stop: {steps: \(steps)\(ratio)}"]
    var tracking = Tracking.drawn(&draw, steps: steps)
    if draw.chance(0.6) { tracking.kernelSamples = setup.rows.count }
    tracking.hasLandscape = draw.chance(0.2)
    setup.tracking = tracking.lines
    let isSquared = loss == "squared"
    return BatteryCase(
        family: "classes",
        parameters:
            "#\(index) \(loss) \(["separable", "mixed", "partly mixed"][kind]) groups \(groups) n \(Int(n)) steps \(steps) "
            + "asked \(asked) \(setup.reduction) F* \(brief(weight * least))",
        source: .run(setup)
    ) { run in
        let seen = Recorded(run)
        var facts = Facts()
        facts.least = weight * least
        facts.scale = min(seen.first, weight * leastLoss(loss, all.0, all.1))
        facts.asked = asked > 0 ? asked : 1e-3
        facts.isConvex = loss != "sigmoid"
        facts.hasEqualInputs = true
        // Of other losses no kernel tells F*.
        facts.isLeastTold = isSquared || least == 0
        facts.isLawTold = false
        if isSquared || kind == 1, loss != "sigmoid" { return facts }
        facts.law = loss == "sigmoid" && kind == 1 ? .free : .slower
        if kind == 0 {
            facts.isCritical = true
            facts.isLawTold = seen.last < 1e-2 * seen.first && seen.points.count >= 40
        }
        return facts
    }
}

/// The least loss that one output for all of `a` samples of one class and `b` of the other can have.
private func leastLoss(_ loss: String, _ a: Double, _ b: Double) -> Double {
    switch loss {
    case "squared": return a * b / (a + b)
    case "sigmoid": return min(a, b)
    default:
        let parts = [a, b].filter { $0 > 0 }
        return parts.reduce(0) { $0 + $1 * log((a + b) / $1) }
    }
}
