import Foundation

/// Mini-batches: with interpolation the loss goes to 0, without it to a floor of noise.
let stochasticFamily = Battery.Family(name: "sgd", count: 80, sample: 5) { index in
    let isRealizable = index % 3 != 2
    var run = LinearRun("sgd", index)
    let n = run.draw.integer(6, 16)
    run.size(
        n, modes: isRealizable ? (run.draw.chance(0.8) ? n : n / 2) : n / 2,
        wider: isRealizable ? run.draw.integer(0, 8) : 0)
    run.condition = run.draw.spread(run.draw.pick([1, 20]), 100)
    run.outside = isRealizable ? 0 : run.draw.spread(0.3, 3)
    run.deviation = run.draw.pick([0, 0.5])
    run.setup.reduction = run.draw.pick(["sum", "mean"])
    let batch = run.draw.pick([1, 1, 1, 2, n / 2])
    // η‖x_i‖² is below 1 for each sample.
    let share = run.draw.pick([0.1, 0.3, 0.9])
    run.sampleShare = share
    let all = (0..<run.modes).reduce(0) { $0 + pow(run.condition, -Double($1) / Double(max(run.modes - 1, 1))) }
    run.factor = share / (2 * all)
    run.last(run.draw.spread(4, 60), most: 20000)
    run.asked = run.draw.pick([1e-3, 1e-8, 1e-8])
    let order = run.draw.pick(["shuffle", "replacement"])
    let probes = run.draw.pick([8, 64])
    run.more = ["batch: \(batch)", "sampling: \(order)"]
    var tracking = Tracking(every: "\(max(run.steps / run.draw.pick([30, 100]), 1))")
    tracking.more = ["contraction_batches: \(probes)"]
    run.tracking = tracking
    run.isWhole = run.draw.chance(0.5)
    run.hasPrediction = false
    run.note = "batch \(batch) \(order) η‖x‖² ≤ \(share) probes \(probes)"
    let condition = run.condition
    return run.made { evidence, facts in
        let seen = Recorded(evidence)
        facts.isLawTold = false
        guard isRealizable else {
            let tail = seen.points.suffix(seen.points.count / 2).map { log($0.loss) }
            let halves = (tail.prefix(tail.count / 2), tail.suffix(tail.count / 2))
            let means = (
                halves.0.reduce(0, +) / Double(max(halves.0.count, 1)),
                halves.1.reduce(0, +) / Double(max(halves.1.count, 1))
            )
            let isFlat = tail.count > 8 && means.0 - means.1 < 0.02
            facts.goesOn = false
            // A floor below what was asked for is none.
            let isAbove = seen.last - (facts.least ?? 0) > facts.asked * seen.first
            facts.law = isFlat && isAbove ? .noise : .free
            facts.contracts = isFlat && isAbove ? false : nil
            return
        }
        facts.contracts = true
        let isDown = seen.last <= 1.0001 * facts.asked * seen.first
        facts.isContractionTold = isDown && condition < 5 && share <= 0.3 && probes >= 8 && seen.points.count > 12
        facts.isLawTold = isDown && condition < 3 && share <= 0.3 && seen.points.count >= 40 && facts.asked < 1e-4
    }
}
