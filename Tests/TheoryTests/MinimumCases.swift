import Foundation
import Measurements

let convexPlateau = lossOnly(noise: 0) { exp(-0.02 * $0) + 0.4 }

let minimumCases: [Case] = [
    Case(.globalMinimum, .holds, "reached, all right", "100 %", healthy),
    Case(.globalMinimum, .cannotTell, "reached, one wrong", "99 %", healthy.with("train_accuracy") { _, _ in 0.99 }),
    Case(
        .globalMinimum, .fails, "diverged", "grew",
        healthy.with("train_loss") { t, _ in pow(1 + Double(t), 4) }.setting { $0.ending = .diverged }
            .references { $0.isAffine = true }),
    Case(
        .globalMinimum, .cannotTell, "grew, under a learning rate that falls", "may come back",
        lossOnly(noise: 0) { exp(0.01 * $0) }.references { $0.isAffine = true }.setting {
            $0.ending = .diverged
            $0.hasConstantRate = false
        }),
    Case(
        .globalMinimum, .cannotTell, "a network that grew", "may come back",
        lossOnly(noise: 0) { exp(0.01 * $0) }.setting { $0.ending = .diverged }),
    Case(
        .globalMinimum, .fails, "no number", "no number at step 2000",
        lossOnly(noise: 0) { $0 < 2000 ? 1 + $0 : .nan }.setting { $0.ending = .diverged }),
    Case(
        .globalMinimum, .cannotTell, "no number in a run that went on", "no number at step 2000",
        lossOnly(noise: 0) { $0 < 2000 ? exp(-0.01 * $0) : .nan }),
    Case(.globalMinimum, .cannotTell, "stands still, where F* is not known", "stands still", convexPlateau),
    Case(
        .globalMinimum, .fails, "a gradient of 0 above the loss of weights 0", "all trained weights 0 give",
        convexPlateau.with("gradient_norm") { t, _ in t > 900 ? 0 : 1 }.references { $0.zeroWeights = 0.2 }),
    Case(
        .globalMinimum, .cannotTell, "stands still above the loss of weights 0", "stands still",
        convexPlateau.references { $0.zeroWeights = 0.2 }),
    Case(
        .globalMinimum, .fails, "a gradient of 0 above what the run saw", "the run itself saw",
        lossOnly(noise: 0) { $0 < 500 ? 0.1 : 0.3 }.with("gradient_norm") { t, _ in t > 900 ? 0 : 1 }),
    Case(
        .globalMinimum, .cannotTell, "a large start only", "F_0 was large",
        lossOnly(noise: 0) { 1e6 * exp(-0.005 * $0) }.setting { $0.lossRatio = 1e-3 }),
    Case(
        .globalMinimum, .holds, "the scatter of twins", "F* = 0.4",
        convexPlateau.references {
            $0.leastPossible = 0.4
            $0.contradictorySamples = 2
        }.setting { $0.lossRatio = 1e-4 }),
    Case(.globalMinimum, .holds, "zero from the start", "F_0 = 0", lossOnly(noise: 0) { _ in 0 }),
    Case(
        .globalMinimum, .cannotTell, "targets 0", "no scale",
        lossOnly { exp(-0.01 * $0) }.references {
            $0.zeroOutput = 0
            $0.bestConstant = 0
        }),
    Case(.globalMinimum, .cannotTell, "cut short", "cut short", healthy.cut(after: 16)),
    Case(
        .globalMinimum, .cannotTell, "a gradient that underflows", "no scale",
        lossOnly(noise: 0) { 1e-70 * (1 + exp(-0.1 * $0)) }.with("gradient_norm") { t, _ in t > 900 ? 0 : 1e-36 }
            .references {
                $0.zeroWeights = 0
                $0.zeroOutput = 0
                $0.bestConstant = 0
            }),
    Case(.globalMinimum, .cannotTell, "no accuracy", "accuracy is unknown", healthy.without("train_accuracy")),
    Case(
        .globalMinimum, .cannotTell, "no rows at all", "no training loss",
        RunEvidence(series: MetricSeries(steps: [], columns: [:]))),
    Case(.globalMinimum, .cannotTell, "no loss", "no training loss", healthy.without("train_loss")),
    Case(
        .globalMinimum, .holds, "at the floor of float32, above what was asked for", "of the scale",
        lossOnly(noise: 0) { max(exp(-0.02 * $0), 3e-13) }.setting { $0.lossRatio = 1e-20 }),
]

/// A run that ends at a stationary point of F = 2 with ½‖Y‖² = 10, whose range of rank 3 of 6 explains it, and a linear regression that
/// reaches 2.5.
private func endsAt(_ change: (inout [String: Double]) -> Void) -> RunEvidence {
    var numbers = [
        "minimum_loss": 2, "minimum_gradient_norm": 1e-12, "minimum_predicted": 2, "minimum_predicted_low": 2,
        "minimum_predicted_high": 2, "minimum_outside": 0, "minimum_rank": 3, "minimum_rank_undecided": 0,
        "minimum_rows": 6, "minimum_lambda_min": 0.1, "minimum_lambda_max": 4, "minimum_kink_distance": 50,
        "minimum_step_gain": 0.9,
        "minimum_baseline.W1": 2.5, "minimum_baseline_error.W1": 0, "minimum_baseline.output": 2,
        "minimum_baseline_error.output": 1e-9,
    ]
    change(&numbers)
    var run = healthy
    run.references?.zeroOutput = 10
    var columns = run.series.columns
    let rows = run.series.steps.count
    for (name, value) in numbers { columns[name] = [Double](repeating: .nan, count: rows - 1) + [value] }
    run.series = MetricSeries(steps: run.series.steps, columns: columns)
    return run
}

let minimumQualityCases = [
    Case(.minimumQuality, .holds, "a minimum", "a range of rank 3 of 6", endsAt { _ in }),
    Case(
        .minimumQuality, .holds, "a global minimum, whatever the rank", "global minimum",
        endsAt {
            $0["minimum_loss"] = 1e-9
            $0["minimum_predicted_low"] = 0
        }),
    Case(
        .minimumQuality, .fails, "full rank, no gradient and a loss", "inconsistent: J has its full rank 6",
        endsAt {
            $0["minimum_rank"] = 6
            for name in ["minimum_predicted", "minimum_predicted_low", "minimum_predicted_high"] { $0[name] = 0 }
        }),
    Case(
        .minimumQuality, .fails, "a gradient too small for the residual in the range", "inconsistent",
        endsAt { $0["minimum_loss"] = 2.1 }),
    Case(
        .minimumQuality, .cannotTell, "the same residual with a gradient that leaves it", "no stationary point",
        endsAt {
            $0["minimum_loss"] = 2.1
            $0["minimum_gradient_norm"] = 0.2
        }),
    Case(
        .minimumQuality, .cannotTell, "the same within a step of a kink", "on a kink",
        endsAt {
            $0["minimum_loss"] = 2.1
            $0["minimum_gradient_norm"] = 0.2
            $0["minimum_kink_distance"] = 0.3
            $0["minimum_step_gain"] = 0.01
        }),
    Case(
        .minimumQuality, .cannotTell, "a kink that does not hold it", "no stationary point",
        endsAt {
            $0["minimum_loss"] = 2.1
            $0["minimum_gradient_norm"] = 0.2
            $0["minimum_kink_distance"] = 0.3
        }),
    Case(
        .minimumQuality, .fails, "below what any weights reach", "below 2",
        endsAt { $0["minimum_loss"] = 1.9 }),
    Case(
        .minimumQuality, .cannotTell, "below it by directions that may be of the range", "within their error",
        endsAt {
            $0["minimum_loss"] = 1.9
            $0["minimum_predicted_low"] = 1.5
            $0["minimum_rank_undecided"] = 2
        }),
    Case(
        .minimumQuality, .fails, "a minimum above a linear regression", "which linear regression on what goes into W1",
        endsAt { $0["minimum_baseline.W1"] = 1.2 }),
    Case(
        .minimumQuality, .cannotTell, "a regression that its error leaves open", "around F",
        endsAt {
            $0["minimum_baseline.W1"] = 2.5
            $0["minimum_baseline_error.W1"] = 1
        }),
    Case(
        .minimumQuality, .cannotTell, "outputs in no range", "last layer",
        endsAt { $0["minimum_outside"] = 0.1 }),
    Case(
        .minimumQuality, .cannotTell, "not recorded", "not measured",
        endsAt { $0["minimum_loss"] = .nan }),
]
