import Foundation

/// Steps at the edge of what is stable: constant kernels below it, and chains whose sharpness ends at it.
let edgeFamily = Battery.Family(name: "edge of stability", count: 60, sample: 4) { index in
    guard index % 2 == 0 else {
        var run = LinearRun("edge", index)
        run.size(run.draw.integer(2, 8))
        run.condition = run.draw.spread(1, 100)
        run.factor = 2 - run.draw.spread(0.001, 0.1)
        run.steps = run.draw.pick([100, 1000, 5000])
        run.asked = run.draw.pick([1e-3, 1e-8])
        run.isWhole = index % 3 != 2
        return run.made()
    }
    var draw = Draw("edge", index)
    let depth = draw.integer(2, 4)
    let sizes = (0..<depth).map { _ in draw.uniform(0.7, 1.4) }
    let (model, weights) = Chain.layers(sizes, seed: index)
    let target: Double = weights.reduce(1, *) < 0 ? -1 : 1
    // The sharpness at balanced weights is D; at others it is more.
    let rate = draw.uniform(1.5, 2.4) / Double(depth)
    var setup = RunSetup()
    setup.seed = index
    setup.rows = [[1, target]]
    setup.model = model
    let steps = draw.pick([60, 1000, 10000])
    let asked = draw.pick([1e-3, 1e-8])
    setup.training = ["learning_rate: \(rate)", "stop: {steps: \(steps), loss_ratio: \(asked)}"]
    var tracking = Tracking.drawn(&draw, steps: steps)
    if draw.chance(0.7) { tracking.kernelSamples = 1 }
    tracking.hasPrediction = draw.chance(0.5)
    setup.tracking = tracking.lines
    return BatteryCase(
        family: "edge of stability",
        parameters:
            "#\(index) |w| \(sizes.map(brief).joined(separator: " ")) η \(brief(rate)) steps \(steps) asked \(asked)",
        source: .run(setup)
    ) { run in
        let seen = Recorded(run)
        var facts = Facts()
        facts.asked = asked
        facts.scale = min(seen.first, 0.5)
        facts.goesOn = false
        let isDown = seen.last <= 1.0001 * asked * seen.first
        // Whether it would come down at all, were it given the time.
        let chain = Chain(weights: weights, target: target, rate: rate)
        let swings = !isDown && chain.course(100_000, until: 1e-2 * chain.loss).end.loss > 1e-2 * chain.loss
        let isMonotone = zip(seen.points, seen.points.dropFirst()).allSatisfy { $1.loss < $0.loss }
        facts.law =
            seen.isDiverged ? .grows : isDown && isMonotone ? .settles : swings ? .noise : .free
        return facts
    }
}
