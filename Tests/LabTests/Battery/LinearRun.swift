import Foundation
import Measurements

/// A run of least squares whose every number is known: what families of it share.
struct LinearRun: Sendable {
    let family: String
    let index: Int
    var draw: Draw
    var setup = RunSetup()
    var samples = 8
    var modes = 8
    var dimension = 8
    var condition = 1.0
    var outside = 0.0
    var deviation = 0.0
    var isFar = false
    var isTopHeavy = false
    /// Factor of the slowest mode's residual.
    var slowShare = 1.0
    /// ηcλ_max.
    var factor = 0.5
    /// η‖x_i‖² of a step on the longest sample alone, in place of that.
    var sampleShare: Double?
    var steps = 1000
    var asked = 0.0
    var momentum = 0.0
    var more: [String] = []
    /// Changes what is recorded, once steps are known.
    var isWhole = true
    var hasPrediction = true
    var hasLandscape = false
    var tracking: Tracking?
    var note = ""

    init(_ family: String, _ index: Int) {
        (self.family, self.index) = (family, index)
        draw = Draw(family, index)
        setup.seed = index
    }

    var isSingle: Bool { setup.precision == "float32" }
    var weight: Double { setup.reduction == "mean" ? 1 / Double(samples) : 1 }
    /// Samples of full rank, or of as many modes as given.
    mutating func size(_ samples: Int, modes: Int? = nil, wider: Int = 0) {
        self.samples = samples
        self.modes = modes ?? samples
        dimension = self.modes + wider
    }

    /// Steps in which the slowest mode of F falls by e^`fall`, within limits.
    mutating func last(_ fall: Double, most: Int) {
        let wanted = fall * condition / (2 * factor) * (1 - momentum)
        steps = Int(min(max(wanted, 3), Double(most)))
    }

    /// - Parameter change: what the family knows beside: F* is known, convex, of constant kernel.
    func made(_ change: @escaping @Sendable (RunEvidence, inout Facts) -> Void = { _, _ in }) -> BatteryCase {
        var (draw, setup) = (draw, setup)
        let values = (0..<modes).map { modes == 1 ? 1 : pow(condition, -Double($0) / Double(modes - 1) / 2) }
        var residual = values.map { isTopHeavy && $0 < 0.1 ? 0 : draw.normal() + 0.3 * draw.sign() }
        residual[modes - 1] *= slowShare
        let problem = LinearProblem(
            &draw, samples: samples, dimension: dimension, values: values, residual: residual, outside: outside,
            outputs: setup.targets, deviation: deviation, isFar: isFar, seed: index)
        var factor = factor
        if let sampleShare {
            factor = sampleShare / Double(samples) / (problem.inputs.map { dot($0, $0) }.max() ?? 1)
        }
        let rate = factor / weight
        setup.rows = problem.rows
        setup.model =
            "{network: layers, parametrization: standard, activation: linear, layers: [{type: dense, deviation: \(deviation)}]}"
        setup.training =
            ["learning_rate: \(rate)", "stop: {steps: \(steps)\(asked > 0 ? ", loss_ratio: \(asked)" : "")}"] + more
        if momentum > 0 { setup.training.append("momentum: \(momentum)") }
        var tracking = tracking ?? Tracking.drawn(&draw, steps: steps)
        if isWhole {
            if tracking.kernelSamples == 0 { tracking.kernelSamples = samples }
            tracking.hasPrediction = hasPrediction
        }
        tracking.hasLandscape = hasLandscape
        setup.tracking = tracking.lines
        let run = self
        return BatteryCase(
            family: family,
            parameters:
                "#\(index) n \(samples) modes \(modes) d \(dimension) κ \(brief(condition)) ηλ \(brief(factor)) "
                + "steps \(steps) asked \(asked) \(setup.precision) \(setup.reduction) F* \(brief(weight * problem.least)) "
                + "deviation \(deviation)\(isFar ? " far" : "")\(momentum > 0 ? " μ \(momentum)" : "") \(note)",
            source: .run(setup)
        ) { evidence in
            var facts = run.facts(evidence, problem)
            change(evidence, &facts)
            return facts
        }
    }

    private func facts(_ evidence: RunEvidence, _ problem: LinearProblem) -> Facts {
        var facts = Facts()
        facts.least = weight * problem.least
        facts.scale = weight * problem.scale
        facts.asked = asked > 0 ? asked : 1e-3
        facts.isConvex = true
        facts.isLeastTold = outside == 0 || isWhole && hasPrediction && !isSingle
        let seen = Recorded(evidence)
        if !isFar, momentum == 0, more.isEmpty, condition < 1e9 {
            let steps = Double(evidence.series.steps.last ?? 0)
            let left = zip(problem.values, problem.residual).reduce(0) { sum, mode in
                sum + mode.1 * mode.1 * pow(1 - factor * mode.0 * mode.0, 2 * steps) / 2
            }
            facts.end = weight * (Double(setup.targets) * left + problem.least)
        }
        // One rate alone, over decades: the curve tells it without a kernel.
        if condition < 1.5, outside == 0, seen.last <= max(1.0001 * facts.asked, seen.floor) * seen.first, factor <= 1,
            momentum == 0, modes == samples || isWhole, seen.points.count >= 24, seen.last < 1e-3 * seen.first
        {
            facts.isLawTold = true
        }
        return facts
    }
}
