import Foundation

/// Learning rates that change: the kernel is constant, time is ∫η dt.
let scheduleFamily = Battery.Family(name: "schedules", count: 60, sample: 4) { index in
    var run = LinearRun.drawn("schedules", index, hasKernel: index % 4 != 3)
    run.condition = run.draw.spread(1, 100)
    run.last(run.draw.spread(1, 60), most: 3000)
    let isStep = run.draw.chance(0.5)
    if isStep {
        let parts = run.draw.integer(2, 6)
        let factor = run.draw.pick([0.1, 0.3, 0.5, 0.9])
        run.more = ["schedule: {kind: step, every: \(max(run.steps / parts, 1)), factor: \(factor)}"]
    } else {
        let floor = run.draw.pick([0, 0.01, 0.3])
        run.more = ["schedule: {kind: cosine, steps: \(run.steps), floor: \(floor)}"]
    }
    run.note = run.more[0]
    return run.made { _, facts in
        // A rate that has become small may not bring it any further.
        facts.goesOn = false
    }
}

/// Heavy ball and Nesterov, stable: F swings on its way down.
let momentumFamily = Battery.Family(name: "momentum", count: 60, sample: 4) { index in
    var run = LinearRun.drawn("momentum", index, hasKernel: index % 4 != 3)
    run.condition = run.draw.spread(1, 1e4)
    run.momentum = run.draw.pick([0.3, 0.5, 0.9, 0.98])
    run.factor = run.draw.pick([0.1, 0.5, 1])
    run.hasLandscape = false
    run.hasPrediction = false
    if run.draw.chance(0.5) { run.more = ["nesterov: true"] }
    run.last(run.draw.spread(0.5, 80), most: 3000)
    let isFast = run.momentum > 0.5
    return run.made { evidence, facts in
        // How fast a mode falls depends on momentum and eigenvalue together.
        if isFast || Recorded(evidence).last > facts.asked * Recorded(evidence).first { facts.isLawTold = false }
        // Losses that swing may stand above their start in the first steps.
        let seen = Recorded(evidence)
        if seen.last > seen.first { facts.law = .free }
    }
}

/// Runs that are over in a few steps, which the kernel explains.
let fewStepsFamily = Battery.Family(name: "few steps", count: 40, sample: 3) { index in
    var run = LinearRun("few steps", index)
    run.size(run.draw.integer(2, 8))
    run.condition = run.draw.uniform(1, 1.3)
    run.factor = run.draw.uniform(0.5, 1)
    run.steps = run.draw.integer(1, 12)
    run.asked = run.draw.pick([1e-2, 1e-3, 1e-6])
    run.tracking = Tracking(every: "1", kernelPerDecade: 6)
    run.isWhole = index % 3 != 2
    let isWhole = run.isWhole
    return run.made { evidence, facts in
        let seen = Recorded(evidence)
        facts.isLawTold =
            isWhole && seen.last <= 1.0001 * facts.asked * seen.first && seen.slowestFall >= 2 && seen.points.count >= 3
    }
}

/// Down to where rounding errors hold the loss.
let floorFamily = Battery.Family(name: "floors", count: 40, sample: 3) { index in
    var run = LinearRun("floors", index)
    run.setup.precision = index % 4 == 3 ? "float64" : "float32"
    run.size(run.draw.integer(3, 10), wider: run.draw.integer(0, 2))
    run.condition = run.draw.spread(1, 100)
    run.deviation = run.draw.pick([0, 0.3, 1])
    run.factor = run.draw.uniform(0.4, 1.2)
    run.last(run.draw.uniform(60, 200), most: 6000)
    run.asked = run.isSingle ? run.draw.pick([1e-30, 1e-14, 1e-11]) : 1e-40
    run.isWhole = index % 3 != 2
    return run.made()
}

/// Steps above 2/λ_max.
let divergenceFamily = Battery.Family(name: "divergence", count: 30, sample: 2) { index in
    var run = LinearRun("divergence", index)
    run.size(run.draw.integer(2, 8))
    run.condition = run.draw.spread(1, 1e4)
    run.factor = run.draw.uniform(2.05, 4)
    run.steps = run.draw.integer(10, 300)
    run.isWhole = index % 3 != 2
    run.hasLandscape = index % 5 == 0
    return run.made { evidence, facts in
        let seen = Recorded(evidence)
        facts.law = seen.last > seen.first ? .grows : .noise
        facts.isConvex = false
        facts.goesOn = false
    }
}

/// A kernel of some of the samples only: it says nothing of the rest.
let partialKernelFamily = Battery.Family(name: "partial kernel", count: 40, sample: 2) { index in
    var run = LinearRun.drawn("partial kernel", index, hasKernel: true, isRealizable: index % 3 != 0)
    run.condition = run.draw.spread(1, 1e6)
    run.last(run.draw.spread(0.1, 60), most: 2000)
    var tracking = Tracking.drawn(&run.draw, steps: run.steps)
    tracking.kernelSamples = max(run.samples / 2, 1)
    run.tracking = tracking
    return run.made { _, facts in
        if facts.least != 0 { facts.isLeastTold = false }
        if facts.isLawTold == true { facts.isLawTold = false }
    }
}
