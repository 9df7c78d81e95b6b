import Foundation
import Measurements

private func start(_ evidence: InitializationEvidence?) -> RunEvidence {
    var run = healthy
    run.initialization = evidence
    return run
}

let initializationCases: [Case] = [
    Case(.goodInitialization, .holds, "kept", "separation", healthy),
    Case(.goodInitialization, .fails, "a dead layer", "norms 0", start(Linear().initialization(norms: 0...1))),
    Case(
        .goodInitialization, .fails, "samples that meet", "below half", start(Linear().initialization(separation: 0.1))),
    Case(.goodInitialization, .fails, "equal inputs", "δ = 0", start(Linear().initialization(delta: 0))),
    Case(.goodInitialization, .fails, "exploding gradients", "backward", start(Linear().initialization(backward: 9))),
    Case(
        .goodInitialization, .cannotTell, "norms between the marks", "norms",
        start(Linear().initialization(norms: 0.4...1))),
    Case(
        .goodInitialization, .cannotTell, "weights that were given", "given, not drawn",
        healthy.setting { $0.startIsDrawn = false }),
    Case(.goodInitialization, .cannotTell, "no ReLU", "not applicable", healthy.setting { $0.hasRectifiers = false }),
    Case(
        .goodInitialization, .holds, "the first of many", "of the first 2 of 90",
        start(Linear().initialization(samples: 2)).setting {
            $0.samples = 90
            $0.directionSeparation = 0.4
        }),
    Case(
        .goodInitialization, .cannotTell, "the closest directions were not measured", "closest directions",
        start(Linear().initialization(samples: 2)).setting {
            $0.samples = 90
            $0.directionSeparation = 0.1
        }),
    Case(
        .goodInitialization, .fails, "equal inputs beyond those measured", "equal",
        start(Linear().initialization(samples: 2)).setting {
            $0.samples = 90
            $0.hasEqualInputs = true
        }),
    Case(
        .goodInitialization, .cannotTell, "separations of rounding", "within rounding",
        start(Linear().initialization(separation: 1e-8, delta: 2e-8))),
    Case(.goodInitialization, .cannotTell, "not recorded", "not recorded", start(nil)),
    Case(
        .goodInitialization, .cannotTell, "norms that are no numbers", "where they are numbers",
        start(Linear().initialization(norms: nil))),
    Case(
        .goodInitialization, .cannotTell, "an unknown separation", "in W1 is not known",
        start(Linear().initialization(separation: .nan))),
    Case(
        .goodInitialization, .cannotTell, "unknown inputs", "is not known", start(Linear().initialization(delta: .nan))),
    Case(
        .goodInitialization, .cannotTell, "backward norms that are no numbers", "where they are numbers",
        start(Linear().initialization(backward: .nan))),
    Case(
        .goodInitialization, .cannotTell, "of how many is not known", "not known",
        start(Linear().initialization(samples: 2)).setting { $0.samples = .max }),
    Case(
        .goodInitialization, .cannotTell, "one sample", "no pair",
        start(Linear().initialization(samples: 1)).setting { $0.samples = 1 }),
]

/// A mini-batch run with a contraction of 0.05 a step, give or take.
private func stochastic(
    spread: Double = 0.01, loss: (Double) -> Double = { exp(-0.01 * $0) }, _ mean: @escaping (Int) -> Double
) -> RunEvidence {
    lossOnly(noise: 0.001, loss).with("batch_contraction") { t, _ in mean(t) }
        .with("batch_contraction_spread") { _, _ in spread }.with("batch_contraction_worst") { t, _ in mean(t) - spread
        }
        .setting {
            $0.isFullBatch = false
            $0.lossRatio = 1e-6
            $0.stepsPerEpoch = 5
            $0.contractionBatches = 16
            $0.drawsWithReplacement = true
        }
}

let batchCases: [Case] = [
    Case(.stochasticDescent, .holds, "contracts", "0.24", stochastic { 0.05 + 0.001 * Double($0 / 10 % 3) }),
    Case(
        .stochasticDescent, .cannotTell, "one place of the epoch", "1 of the 5 steps of an epoch",
        stochastic { 0.05 + 0.001 * Double($0 / 10 % 3) }.setting { $0.drawsWithReplacement = false }),
    Case(
        .stochasticDescent, .fails, "grows", "grew",
        stochastic(loss: { exp(0.001 * $0) }) { _ in -0.05 }),
    Case(
        .stochasticDescent, .cannotTell, "grows at times", "within its error",
        stochastic { (400..<900).contains($0) ? -0.05 : 0.05 }),
    Case(
        .stochasticDescent, .cannotTell, "rows that differ", "within its error",
        stochastic { 0.05 + 0.2 * Double($0 / 10 % 3 - 1) }),
    Case(
        .stochasticDescent, .cannotTell, "momentum", "without momentum",
        stochastic { _ in 0.05 }.setting { $0.momentum = 0.9 }),
    Case(
        .stochasticDescent, .cannotTell, "Adam", "descent by Adam",
        stochastic { _ in 0.05 }.setting { $0.isAdaptive = true }),
    Case(
        .stochasticDescent, .cannotTell, "another loss", "descent on another loss than F",
        stochastic { _ in 0.05 }.setting { $0.isAugmented = true }),
    Case(
        .stochasticDescent, .cannotTell, "a batch that blows up", "at step 300",
        stochastic { $0 == 300 ? -.infinity : 0.05 }),
    Case(
        .stochasticDescent, .cannotTell, "always positive, and as wide", "within its error",
        stochastic { $0 / 10 % 60 == 0 ? 0.5 : 1e-9 }),
    Case(.stochasticDescent, .cannotTell, "cut short", "so far", stochastic { _ in 0.05 }.cut(after: 500)),
    Case(.stochasticDescent, .cannotTell, "not recorded", "not recorded", stochastic { _ in 0.05 }.without("batch")),
]
