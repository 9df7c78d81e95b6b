import Foundation
import Measurements
import Sampling
import Statistics
import Theory

/// A run whose truth is known: descent of a linear model on the squared loss, with the kernel's eigenvalues given.
///
/// The residual's modes r_i fall by 1 − ηλ_i a step, so F, ‖∇F‖ and the kernel are exact.
struct Linear {
    var eigenvalues = [1.0, 2, 5]
    var modes = [1.0, 1, 1]
    var eta = 0.1
    var steps = 120
    var every = 2

    func loss(_ t: Int) -> Double { sum(t) { _ in 1 } / 2 }

    private func sum(_ t: Int, _ weight: (Double) -> Double) -> Double {
        zip(eigenvalues, modes).reduce(0) { total, mode in
            total + weight(mode.0) * mode.1 * mode.1 * pow(1 - eta * mode.0, Double(2 * t))
        }
    }

    var run: RunEvidence {
        let times = Array(stride(from: 0, through: steps, by: every))
        func constant(_ value: Double) -> [Double] { times.map { _ in value } }
        var columns: [String: [Double]] = [
            "train_loss": times.map(loss), "learning_rate": constant(eta), "train_accuracy": constant(1),
            "gradient_norm": times.map { sum($0) { $0 }.squareRoot() },
            "kernel_lambda_min": constant(eigenvalues.min() ?? 0),
            "kernel_lambda_max": constant(eigenvalues.max() ?? 0),
            "kernel_lambda_error": constant(1e-9), "kernel_trace": constant(eigenvalues.reduce(0, +)),
        ]
        // ‖W_t − W_0‖² = Σ λ_i ((1 − left)/λ_i)² r_i²: the shortest path there is.
        let drift = times.map { t in
            zip(eigenvalues, modes).reduce(0) { $0 + pow((1 - pow(1 - eta * $1.0, Double(t))) * $1.1, 2) / $1.0 }
                .squareRoot()
        }
        columns["weight_drift"] = drift
        columns["weight_drift_relative"] = drift.map { $0 / 100 }
        columns["weight_drift_relative.W1"] = drift.map { $0 / 100 }
        columns["weight_drift_spectral.W1"] = drift
        columns["weight_drift_row.W1"] = drift
        columns["pattern_flips.W1"] = drift.map { $0 / 50 }
        for gap in ["kernel_drift", "prediction_gap", "prediction_gap_test"] { columns[gap] = drift.map { $0 / 40 } }
        var run = RunEvidence(series: MetricSeries(steps: times, columns: columns))
        run.setting.lossRatio = 1e-4
        run.setting.isClassification = true
        run.setting.samples = eigenvalues.count
        run.setting.kernel.samples = eigenvalues.count
        run.setting.kernel.hasAllOutputs = true
        // Descent from f = 0: the residual is that of the targets.
        run.references = .init(bestConstant: 0.9 * loss(0), zeroOutput: loss(0), zeroWeights: loss(0))
        run.landscapes = [0, steps / 4].map { landscape(at: $0) }
        run.initialization = initialization()
        return run
    }

    /// F around W at a step: quadratic along every ray.
    func landscape(
        at t: Int, curvature: [String: Double] = ["gradient": 5, "curvature+": 0, "random1": 2], offset: Double = 0
    ) -> LandscapeEvidence {
        let f = loss(t) + offset
        let gradient = sum(t) { $0 }.squareRoot()
        let radii = [0.001, 0.01, 0.1, 1, 10]
        func value(_ slope: Double, _ bend: Double, _ r: Double) -> Double { f + slope * r + bend * r * r / 2 }
        let rays = curvature.sorted { $0.key < $1.key }.map { name, bend -> LandscapeEvidence.Ray in
            let slope = name == "gradient" ? -gradient : 0
            return .init(name: name, slope: slope, radii: radii, losses: radii.map { value(slope, bend, $0) })
        }
        return LandscapeEvidence(
            step: t, loss: f, gradientNorm: gradient, learningRate: eta,
            lossAfterStep: value(-gradient, curvature["gradient"] ?? 0, eta * gradient), rays: rays,
            smallestCurvature: (-0.1, 0), largestCurvature: (5, 0))
    }

    func initialization(
        norms: ClosedRange<Double>? = 0.9...1.1, separation: Double = 0.3, backward: Double = 1.2, delta: Double = 0.4,
        samples: Int = 3
    ) -> InitializationEvidence {
        var evidence = InitializationEvidence(
            layers: [
                .init(name: "A", norms: 0.95...1.05, separation: 0.39),
                .init(name: "W1", norms: norms, separation: separation),
            ],
            inputSeparation: delta, backward: [("W1", backward), ("W2", 1)])
        evidence.samples = samples
        return evidence
    }
}

extension RunEvidence {
    /// The same run with a metric changed where it is known.
    func with(_ metric: String, _ change: (_ step: Int, _ value: Double) -> Double) -> RunEvidence {
        var columns = series.columns
        columns[metric] = zip(series.steps, series[metric]).map(change)
        var run = self
        run.series = MetricSeries(steps: series.steps, columns: columns)
        return run
    }

    /// The same run without some metrics.
    func without(_ metrics: String...) -> RunEvidence {
        var run = self
        run.series = MetricSeries(
            steps: series.steps, columns: series.columns.filter { name, _ in !metrics.contains { name.hasPrefix($0) } })
        return run
    }

    /// The same run, ended after a step.
    func cut(after step: Int) -> RunEvidence {
        var run = self
        run.series = series.prefix(through: series.steps.lastIndex { $0 <= step } ?? 0)
        run.setting.ending = .interrupted
        return run
    }

    func setting(_ change: (inout Setting) -> Void) -> RunEvidence {
        var run = self
        change(&run.setting)
        return run
    }

    func references(_ change: (inout References) -> Void) -> RunEvidence {
        var run = self
        if var references = run.references {
            change(&references)
            run.references = references
        }
        return run
    }

    func verdict(_ statement: Statement) -> Verdict? { certify(self).first { $0.statement == statement }?.verdict }
}

/// A run of which the loss alone is known.
func lossOnly(seed: UInt64 = 5, steps: Int = 2000, every: Int = 10, noise: Double = 0.02, _ loss: (Double) -> Double)
    -> RunEvidence
{
    let stream = RandomStream(seed: seed, "noise")
    let times = Array(stride(from: 0, through: steps, by: every))
    let losses = times.map { loss(Double($0)) * exp(noise * stream.normal($0)) }
    var run = RunEvidence(
        series: MetricSeries(
            steps: times, columns: ["train_loss": losses, "learning_rate": times.map { _ in 0.01 }]))
    run.setting.lossRatio = 1e-12
    run.references = .init(bestConstant: 0.9, zeroOutput: 1)
    return run
}
