import Foundation

private let powerLawWithKernel = lossOnly(noise: 0) { pow(1 + $0 / 5, -2) }
    .with("kernel_lambda_min") { t, _ in 1 / (1 + Double(t) / 5) }
    .with("kernel_lambda_max") { t, _ in 1 / (1 + Double(t) / 5) }
    .with("kernel_lambda_error") { _, _ in 1e-12 }
    .setting {
        $0.kernel.hasAllOutputs = true
        $0.lossRatio = 1e-5
    }

private let crossEntropy = lossOnly(noise: 0.001) { 1 / (1 + 0.1 * $0) }
    .with("kernel_lambda_min") { _, _ in 3 }.with("kernel_lambda_max") { _, _ in 5 }
    .with("train_accuracy") { _, _ in 1 }
    .setting {
        $0.isSquaredLoss = false
        $0.kernel.hasAllOutputs = true
    }.references { $0.zeroWeights = 1 }

let convergenceCases: [Case] = [
    Case(
        .linearConvergence, .cannotTell, "down to a tenth only", "so far, to 0.09",
        Linear(eigenvalues: [1, 1, 1], eta: 0.05, every: 1).run.setting { $0.lossRatio = 0.1 }.cut(after: 23)),
    Case(.linearConvergence, .holds, "as the kernel says", "slowest mode", healthy),
    Case(
        .linearConvergence, .holds, "exponential, without a kernel", "exponential",
        lossOnly { exp(-0.01 * $0) }.setting { $0.lossRatio = 1e-8 }),
    Case(.linearConvergence, .cannotTell, "exponential, not at its end", "so far", lossOnly { exp(-0.01 * $0) }),
    Case(
        .linearConvergence, .holds, "down to the floor of float32", "exponential",
        lossOnly(steps: 4000, noise: 0.005) { exp(-0.01 * $0) + 1e-15 }.setting { $0.lossRatio = 1e-20 }),
    Case(
        .linearConvergence, .holds, "to a least loss above 0", "exponential",
        lossOnly(steps: 1000, noise: 0) { exp(-0.02 * $0) + 0.4 }.references { $0.leastPossible = 0.4 }),
    Case(.linearConvergence, .cannotTell, "power law, without a kernel", "power law", lossOnly { pow(1 + $0, -1.2) }),
    Case(.linearConvergence, .cannotTell, "stretched exponential", "", lossOnly { exp(-pow($0 / 5, 0.4)) }),
    Case(.linearConvergence, .cannotTell, "stretched, nearly not", "", lossOnly(noise: 0) { exp(-pow($0 / 50, 0.9)) }),
    Case(.linearConvergence, .cannotTell, "plateau far down", "", lossOnly { exp(-0.02 * $0) + 1e-4 }),
    Case(.linearConvergence, .cannotTell, "plateau near the start", "so far", convexPlateau),
    Case(
        .linearConvergence, .fails, "diverged", "grew",
        lossOnly { exp(0.01 * $0) }.setting { $0.ending = .diverged }.references { $0.isAffine = true }),
    Case(
        .linearConvergence, .cannotTell, "a network that grew ten thousand times", "above its start",
        lossOnly { exp(0.01 * $0) }),
    Case(.linearConvergence, .cannotTell, "above its start so far", "above its start", lossOnly { exp(0.001 * $0) }),
    Case(
        .linearConvergence, .cannotTell, "a plateau before", "",
        lossOnly(noise: 0) { 1 / (1 + exp(0.02 * ($0 - 1000))) }),
    Case(
        .linearConvergence, .cannotTell, "a power law of many modes, though the kernel is positive", "so far",
        Linear(
            eigenvalues: (1...400).map { pow(Double($0), -2) }, modes: (1...400).map { 1 / Double($0) }, eta: 1,
            steps: 3000, every: 10
        ).run),
    Case(
        .linearConvergence, .cannotTell, "a power law with a kernel that follows it", "", powerLawWithKernel),
    Case(
        .linearConvergence, .cannotTell, "a power law towards targets 0", "power law",
        powerLawWithKernel.references {
            $0.zeroOutput = 0
            $0.bestConstant = 0
        }),
    Case(
        .linearConvergence, .cannotTell, "a power law whose rate fell little", "",
        lossOnly(noise: 0) { pow(1 + $0 / 1600, -4) }),
    Case(
        .linearConvergence, .holds, "the noise of mini-batches", "exponential",
        lossOnly(steps: 6000, noise: 0.05) { exp(-0.004 * $0) }.setting { $0.lossRatio = 1e-10 }),
    Case(
        .linearConvergence, .holds, "a learning rate that falls", "slowest mode",
        healthy.with("learning_rate") { t, eta in t >= 60 ? eta / 5 : eta }
            .with("train_loss") { t, f in t >= 60 ? Linear().loss(60) * Linear(eta: 0.02).loss(t - 60) / 1.5 : f }),
    Case(
        .linearConvergence, .holds, "a learning rate that falls, without a kernel", "exponential",
        lossOnly(noise: 0) { exp(-0.01 * ($0 < 1000 ? $0 : 1000 + ($0 - 1000) / 2)) }
            .with("learning_rate") { t, eta in t >= 1000 ? eta / 2 : eta }.setting { $0.lossRatio = 1e-6 }),
    Case(
        .linearConvergence, .cannotTell, "a rate so small that nothing is seen of it", "so far",
        Linear(eigenvalues: [1e-4, 2e-4], modes: [1, 1], eta: 0.1, steps: 1000, every: 10).run),
    Case(.linearConvergence, .cannotTell, "cut short", "", lossOnly { exp(-0.01 * $0) }.cut(after: 150)),
    Case(.linearConvergence, .cannotTell, "few measurements", "few", lossOnly(every: 400) { exp(-0.005 * $0) }),
    Case(
        .linearConvergence, .holds, "few measurements, with a kernel", "slowest mode",
        Linear(steps: 120, every: 40).run.references { $0.isAffine = true }),
    Case(
        .linearConvergence, .cannotTell, "few kernels of a network that is not affine", "",
        Linear(steps: 120, every: 40).run),
    Case(
        .linearConvergence, .fails, "cross-entropy's 1/t, though the kernel is positive", "all samples right",
        crossEntropy),
    Case(
        .linearConvergence, .cannotTell, "cross-entropy that may go to more than 0", "F* is not known",
        crossEntropy.with("train_accuracy") { _, _ in 0.9 }),
]

let gradientCases: [Case] = [
    Case(
        .noCriticalPoint, .cannotTell, "a gradient that is no number", "nothing bounds",
        healthy.with("gradient_norm") { t, g in t == 40 ? .nan : g }),
    Case(
        .noCriticalPoint, .holds, "rows of the kernel alone", "cλ(Θ_0)",
        healthy.with("gradient_norm") { t, g in t == 40 ? .nan : g }.with("weight_drift") { t, d in t == 40 ? .nan : d }
    ),
    Case(.noCriticalPoint, .holds, "between the eigenvalues", "cλ(Θ_0)", healthy),
    Case(
        .noCriticalPoint, .cannotTell, "more gradient than Θ allows", "contradict",
        healthy.with("gradient_norm") { t, g in t == 0 ? 3 * g : g }),
    Case(
        .noCriticalPoint, .cannotTell, "a small ratio, without a kernel", "nothing bounds",
        healthy.without("kernel").with("gradient_norm") { t, g in t > 20 ? g / 1000 : g }),
    Case(
        .noCriticalPoint, .fails, "a gradient of 0 above the loss of weights 0", "critical point",
        convexPlateau.with("gradient_norm") { t, _ in t > 900 ? 0 : 1 }.references { $0.zeroWeights = 0.2 }),
    Case(
        .noCriticalPoint, .cannotTell, "a gradient of 0, where F* is not known", "",
        convexPlateau.with("gradient_norm") { t, _ in t > 900 ? 0 : 1 }),
    Case(
        .noCriticalPoint, .holds, "without a kernel, to the end", "until the end",
        Linear(eigenvalues: [1], modes: [1]).run.without("kernel")),
    Case(
        .noCriticalPoint, .cannotTell, "cut short, without a kernel", "",
        Linear(eigenvalues: [1], modes: [1]).run.without("kernel").cut(after: 42)),
    Case(.noCriticalPoint, .cannotTell, "cut short", "so far", healthy.cut(after: 16)),
    Case(.noCriticalPoint, .cannotTell, "no gradient", "no gradient", healthy.without("gradient_norm")),
    Case(
        .noCriticalPoint, .fails, "a law without a rate", "no μ bounds",
        crossEntropy.with("gradient_norm") { t, _ in 1 / (1 + 0.1 * Double(t)) }),
]
