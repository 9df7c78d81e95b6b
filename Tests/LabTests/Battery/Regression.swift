import Foundation

/// Inputs of norm 1 with real targets, and what networks on them share.
struct Regression {
    var draw: Draw
    var setup = RunSetup()
    let targets: [[Double]]
    let samples: Int
    let outputs: Int
    var steps = 1000
    var asked = 0.0
    var tracking = Tracking(every: "log")

    init(_ family: String, _ index: Int, samples: Int, dimension: Int, outputs: Int = 1, hasZeroTargets: Bool = false) {
        var draw = Draw(family, index)
        setup.seed = index
        setup.targets = outputs
        self.samples = samples
        self.outputs = outputs
        let targets = (0..<samples).map { _ in draw.normals(outputs).map { hasZeroTargets ? 0 : $0 } }
        self.targets = targets
        setup.rows = (0..<samples).map { i in
            let x = draw.normals(dimension)
            return x.map { $0 / dot(x, x).squareRoot() } + targets[i]
        }
        self.draw = draw
    }

    /// Test samples, behind those for training.
    mutating func addTests(_ count: Int) {
        let dimension = setup.rows[0].count - outputs
        for _ in 0..<count {
            let x = draw.normals(dimension)
            setup.rows.append(x.map { $0 / dot(x, x).squareRoot() } + draw.normals(outputs))
        }
        setup.dataKeys = ", samples: \(samples), test_samples: \(count)"
    }

    mutating func record(kernel: Double, prediction: Double, landscape: Double, rectifiers: Bool) {
        tracking = Tracking.drawn(&draw, steps: steps)
        if draw.chance(kernel) { tracking.kernelSamples = samples }
        tracking.hasPrediction = draw.chance(prediction)
        tracking.hasLandscape = draw.chance(landscape)
        if rectifiers { tracking.more = ["initialization: 128", "pattern_samples: 128"] }
    }

    mutating func train(_ rate: String, _ more: [String] = []) {
        let ratio = asked > 0 ? ", loss_ratio: \(asked)" : ""
        setup.training = [rate, "stop: {steps: \(steps)\(ratio)}"] + more
        setup.tracking = tracking.lines
    }

    func made(_ family: String, _ text: String, _ change: @escaping @Sendable (Recorded, inout Facts) -> Void)
        -> BatteryCase
    {
        let (targets, asked) = (targets, asked)
        return BatteryCase(
            family: family,
            parameters: "\(text) n \(samples) K \(outputs) steps \(steps) asked \(asked) \(setup.precision)",
            source: .run(setup)
        ) { run in
            let seen = Recorded(run)
            var facts = Facts()
            facts.asked = asked > 0 ? asked : 1e-3
            // F of the lazy form is 1/α² times the loss: so is its scale.
            let factor = run.setting.objectiveScale
            facts.scale = factor * squaredScale(targets, start: seen.first / factor)
            facts.law = seen.isDiverged ? .grows : (seen.kernelShare?.low ?? 0) >= 0.55 ? .linear : .settles
            change(seen, &facts)
            return facts
        }
    }
}
