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
