import Foundation
import Measurements

/// One sample, which makes no pair and no spread: linear models and ReLU networks.
let oneSampleFamily = Battery.Family(name: "one sample", count: 24, sample: 3) { index in
    var problem = Regression("one sample", index, samples: 1, dimension: 6, outputs: 1 + index % 3)
    let isRectified = index % 2 == 1
    if problem.draw.chance(0.3) { problem.setup.precision = "float32" }
    if isRectified {
        let width = problem.draw.pick([64, 512])
        problem.setup.model =
            "{network: mlp, width: \(width), depth: \(problem.draw.integer(1, 2)), parametrization: ntk}"
    }
    problem.steps = problem.draw.pick([3, 40, 400])
    problem.asked = problem.draw.pick([0, 1e-3, 1e-8])
    problem.record(kernel: 0.75, prediction: 0.6, landscape: 0.3, rectifiers: isRectified)
    problem.train(isRectified ? "learning_rate: auto" : "learning_rate: 0.3")
    return problem.made("one sample", "#\(index) \(isRectified ? "relu" : "linear")") { _, facts in
        facts.hasRectifiers = isRectified
        facts.isEventuallyLinear = facts.law != .grows
        facts.gap = isRectified ? .goodInitialization : nil
    }
}

/// Least squares with F* > 0 whose smallest eigenvalue is near the error of the kernel's arithmetic, or below it.
let coarseKernelFamily = Battery.Family(name: "linear, coarse kernel", count: 120, sample: 4) { index in
    var run = LinearRun("linear, coarse kernel", index)
    if index % 2 == 0 { run.setup.precision = "float32" }
    let n = run.draw.integer(6, 12)
    run.size(n, modes: run.draw.integer(2, n - 2))
    let precision = run.draw.pick(["float32", "float64"])
    run.condition = precision == "float32" ? run.draw.spread(3e4, 1e7) : run.draw.spread(1e3, 1e12)
    run.slowShare = run.draw.spread(0.003, 1)
    run.outside = index % 4 == 3 ? 0 : run.draw.spread(0.03, 10)
    run.deviation = run.draw.pick([0, 0.5, 30])
    run.factor = run.draw.pick([0.5, 1, 1.7])
    run.last(run.draw.spread(0.01, 20), most: run.draw.pick([300, 3000, 20000]))
    run.asked = run.draw.pick([0, 1e-3, 1e-6])
    run.hasPrediction = false
    var tracking = Tracking.drawn(&run.draw, steps: run.steps)
    tracking.kernelSamples = n
    tracking.kernelPrecision = precision
    run.tracking = tracking
    let condition = run.condition
    run.note = "kernel in \(precision)"
    return run.made { _, facts in
        // Who has the recorded numbers alone can't know F* where λ is not above its error.
        if facts.least ?? 0 > 0 { facts.isLeastTold = false }
        if condition > (precision == "float32" ? 1e4 : 1e10) { facts.isLawTold = false }
    }
}

/// Laws whose kernel was recorded at a few of their rows: between those, and behind the last, it may go anywhere.
let sparseKernelFamily = Battery.Family(name: "series, sparse kernels", count: 60, sample: 4) { index in
    var draw = Draw("sparse kernels", index)
    let isLinear = index % 3 == 0
    let (steps, p) = (3000, draw.uniform(0.7, 4))
    let t0 = draw.spread(10, 300)
    let fall = draw.spread(3, 25) / Double(steps)
    // A rate that falls early, or is constant.
    var formula = Formula(loss: { isLinear ? exp(-fall * $0) : pow(1 + $0 / t0, -p) })
    formula.rate = { isLinear ? fall : p / (t0 + $0) }
    formula.hasKernel = true
    formula.steps = steps
    formula.record(&draw, noises: [0])
    formula.noise = 0
    formula.asked = draw.pick([1e-14, 1e-3, 0.05])
    let kept = draw.pick([1, 2, 4, 6])
    let isEarly = draw.chance(0.5)
    var one = formula.asCase(
        "series, sparse kernels",
        "#\(index) \(isLinear ? "exponential" : "power law") \(kept) kernels\(isEarly ? " at the start" : "")", &draw
    ) { _, facts in
        facts.law = isLinear ? .linear : .slower
        facts.isCritical = isLinear ? nil : true
        facts.isLawTold = false
    }
    one.damage = { run in
        let rows = run.series.steps.count
        // The first ones, or first, last and some between.
        let places = (0..<kept).map { isEarly ? $0 : kept == 1 ? 0 : $0 * (rows - 1) / (kept - 1) }
        var columns = run.series.columns
        for name in columns.keys where name.hasPrefix("kernel_") {
            columns[name] = run.series[name].enumerated().map { places.contains($0.offset) ? $0.element : .nan }
        }
        run.series = MetricSeries(steps: run.series.steps, columns: columns)
    }
    return one
}

/// Mini-batches of a problem that is easy, measured often and over many batches.
let evenStochasticFamily = Battery.Family(name: "sgd, even", count: 40, sample: 2) { index in
    var run = LinearRun("sgd, even", index)
    let n = run.draw.integer(6, 16)
    run.size(n, wider: run.draw.integer(0, 8))
    run.condition = run.draw.uniform(1, 4)
    run.deviation = run.draw.pick([0, 0.5])
    run.setup.reduction = run.draw.pick(["sum", "mean"])
    let batch = run.draw.pick([2, n / 2])
    let share = run.draw.pick([0.05, 0.2])
    run.sampleShare = share
    run.factor = share / Double(2 * n)
    run.last(run.draw.spread(10, 40), most: 20000)
    run.asked = run.draw.pick([1e-2, 1e-3, 1e-6])
    run.more = ["batch: \(batch)", "sampling: \(run.draw.pick(["shuffle", "replacement"]))"]
    var tracking = Tracking(every: "\(max(run.steps / 400, 1))")
    tracking.more = ["contraction_batches: 32"]
    run.tracking = tracking
    run.isWhole = false
    run.hasPrediction = false
    run.note = "batch \(batch) η‖x‖² ≤ \(share)"
    return run.made { evidence, facts in
        let seen = Recorded(evidence)
        facts.isLawTold = false
        facts.contracts = true
        facts.isContractionTold = seen.last <= 1.0001 * facts.asked * seen.first && seen.points.count >= 40
    }
}
