import Foundation
import Measurements
import Networks
import Statistics
import Theory

/// Numbers that are missing or no numbers, in runs that are sound otherwise: what they leave open is not told.
let gapFamily = Battery.Family(name: "gaps", count: 51, sample: 17) { index in
    let kind = gaps[index % gaps.count]
    var problem = Regression("gaps", index, samples: 4 + index % 3, dimension: 10)
    problem.setup.precision = "float64"
    problem.setup.model = "{network: mlp, width: 512, depth: 2, parametrization: ntk}"
    problem.steps = 400
    problem.asked = 1e-4
    problem.tracking = Tracking(every: "log", perDecade: 12)
    problem.tracking.kernelSamples = problem.samples
    problem.tracking.hasPrediction = kind.statement != .stochasticDescent
    problem.tracking.hasLandscape = true
    problem.tracking.more = ["initialization: 128", "pattern_samples: 128"]
    var more = ["auto_factor: 0.5"]
    if kind.statement == .stochasticDescent {
        problem.tracking.more.append("contraction_batches: 8")
        more += ["batch: 2"]
    }
    problem.train("learning_rate: auto", more)
    var one = problem.made("gaps", "#\(index) \(kind.name)") { _, facts in
        facts.hasRectifiers = true
        facts.law = .free
        facts.isCritical = nil
        facts.gap = kind.statement
    }
    one.damage = kind.damage
    return one
}

private struct Gap: Sendable {
    let name: String
    let statement: Statement
    let damage: @Sendable (inout RunEvidence) -> Void
}

private let gaps: [Gap] = [
    Gap(name: "the last loss", statement: .globalMinimum) { run in
        let rows = run.series.steps.count
        run.change("train_loss") { row in row == rows - 1 ? .nan : nil }
    },
    Gap(name: "the last loss", statement: .linearConvergence) { run in
        let rows = run.series.steps.count
        run.change("train_loss") { row in row == rows - 1 ? .nan : nil }
    },
    Gap(name: "kernels of the end", statement: .tangentEquivalence) { run in
        let rows = run.series.steps.count
        run.setting.ending = .interrupted
        for name in [
            "kernel_drift", "kernel_lambda_max", "kernel_lambda_min", "kernel_lambda_range", "kernel_lambda_error",
        ] {
            run.change(name) { row in row > rows / 2 ? .nan : nil }
        }
    },
    Gap(name: "gaps of the end", statement: .tangentEquivalence) { run in
        let rows = run.series.steps.count
        run.setting.ending = .interrupted
        run.change("prediction_gap") { row in row > rows / 2 ? .nan : nil }
    },
    Gap(name: "norms", statement: .goodInitialization) { run in
        run.changeLayers { .init(name: $0.name, norms: nil, separation: $0.separation) }
    },
    Gap(name: "separation", statement: .goodInitialization) { run in
        run.changeLayers { .init(name: $0.name, norms: $0.norms, separation: .nan) }
    },
    Gap(name: "δ", statement: .goodInitialization) { run in
        run.changeStart { .init(layers: $0.layers, inputSeparation: .nan, backward: $0.backward) }
    },
    Gap(name: "backward norms", statement: .goodInitialization) { run in
        run.changeStart { start in
            .init(
                layers: start.layers, inputSeparation: start.inputSeparation,
                backward: start.backward.map { ($0.name, .nan) })
        }
    },
    Gap(name: "n", statement: .goodInitialization) { $0.setting.samples = .max },
    Gap(name: "errors of eigenvalues", statement: .tangentEquivalence) {
        $0.change("kernel_lambda_error") { _ in .nan }
    },
    Gap(name: "a gradient", statement: .noCriticalPoint) { run in
        let rows = run.series.steps.count
        run.change("gradient_norm") { row in row == rows / 2 ? .nan : nil }
    },
    Gap(name: "flips of a layer", statement: .nearInitialization) { run in
        let (name, rows) = (
            run.series.columns.keys.filter { $0.hasPrefix("pattern_flips.") }.min(), run.series.steps.count
        )
        run.change(name ?? "") { row in row == rows - 1 ? .nan : nil }
    },
    Gap(name: "drift of a tensor", statement: .nearInitialization) { run in
        let names = run.series.columns.keys.filter { $0.hasPrefix("weight_drift_relative.") }
        run.change(names.min() ?? "") { row in row == 3 ? .nan : nil }
    },
    Gap(name: "a loss of a ladder", statement: .semiSmoothness) { run in
        run.landscapes[0] = run.landscapes[0].changed(firstLoss: .nan)
    },
    Gap(name: "F after a step", statement: .semiSmoothness) { run in
        run.landscapes[1] = run.landscapes[1].changed(lossAfterStep: .nan)
    },
    Gap(name: "a batch that blows up", statement: .stochasticDescent) { run in
        let rows = run.series.steps.count
        run.change("batch_contraction") { row in row == rows / 3 ? -.infinity : nil }
    },
    Gap(name: "a mean over batches", statement: .stochasticDescent) { run in
        run.change("batch_contraction") { row in row == 2 ? .nan : nil }
    },
]

extension RunEvidence {
    fileprivate mutating func change(_ name: String, _ value: (Int) -> Double?) {
        var columns = series.columns
        precondition(columns[name] != nil, "a gap in \(name), which was not recorded")
        columns[name] = series[name].enumerated().map { value($0.offset) ?? $0.element }
        series = MetricSeries(steps: series.steps, columns: columns)
    }

    fileprivate mutating func changeStart(_ change: (InitializationEvidence) -> InitializationEvidence) {
        guard let start = initialization else { return }
        initialization = change(start)
        initialization?.samples = start.samples
    }

    /// Changes the first layer.
    fileprivate mutating func changeLayers(
        _ change: (InitializationEvidence.Layer) -> InitializationEvidence.Layer
    ) {
        changeStart { start in
            .init(
                layers: start.layers.enumerated().map { $0.offset == 0 ? change($0.element) : $0.element },
                inputSeparation: start.inputSeparation, backward: start.backward)
        }
    }
}

extension LandscapeEvidence {
    fileprivate func changed(firstLoss: Double? = nil, lossAfterStep: Double? = nil) -> LandscapeEvidence {
        LandscapeEvidence(
            step: step, loss: loss, gradientNorm: gradientNorm, learningRate: learningRate,
            lossAfterStep: lossAfterStep ?? self.lossAfterStep,
            rays: rays.enumerated().map { index, ray in
                Ray(
                    name: ray.name, slope: ray.slope, radii: ray.radii,
                    losses: index == 0 ? [firstLoss ?? ray.losses[0]] + ray.losses.dropFirst() : ray.losses)
            }, smallestCurvature: smallestCurvature, largestCurvature: largestCurvature)
    }
}
