import Foundation
import Testing
import Theory

/// A run, what a statement has to say of it, and a word of the reason.
private struct Case {
    let name: String
    let statement: Statement
    let verdict: Verdict
    let word: String
    let run: RunEvidence

    init(_ statement: Statement, _ verdict: Verdict, _ name: String, _ word: String, _ run: RunEvidence) {
        (self.statement, self.verdict, self.name, self.word, self.run) = (statement, verdict, name, word, run)
    }
}

private let healthy = Linear().run

private let convexPlateau = lossOnly(noise: 0) { exp(-0.02 * $0) + 0.4 }

private let minimumCases: [Case] = [
    Case(.globalMinimum, .holds, "reached, all right", "100 %", healthy),
    Case(.globalMinimum, .cannotTell, "reached, one wrong", "99 %", healthy.with("train_accuracy") { _, _ in 0.99 }),
    Case(
        .globalMinimum, .fails, "diverged", "grew",
        healthy.with("train_loss") { t, _ in pow(1 + Double(t), 4) }.setting { $0.ending = .diverged }),
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
    Case(.globalMinimum, .cannotTell, "no accuracy", "accuracy is unknown", healthy.without("train_accuracy")),
    Case(
        .globalMinimum, .cannotTell, "no rows at all", "no training loss",
        RunEvidence(series: MetricSeries(steps: [], columns: [:]))),
    Case(.globalMinimum, .cannotTell, "no loss", "no training loss", healthy.without("train_loss")),
    Case(
        .globalMinimum, .holds, "at the floor of float32, above what was asked for", "of the scale",
        lossOnly(noise: 0) { max(exp(-0.02 * $0), 3e-13) }.setting { $0.lossRatio = 1e-20 }),
]

private let powerLawWithKernel = lossOnly(noise: 0) { pow(1 + $0 / 5, -2) }
    .with("kernel_lambda_min") { t, _ in 1 / (1 + Double(t) / 5) }
    .with("kernel_lambda_max") { t, _ in 1 / (1 + Double(t) / 5) }
    .with("kernel_lambda_error") { _, _ in 1e-12 }
    .setting {
        $0.kernelIsFull = true
        $0.lossRatio = 1e-5
    }

private let crossEntropy = lossOnly(noise: 0.001) { 1 / (1 + 0.1 * $0) }
    .with("kernel_lambda_min") { _, _ in 3 }.with("kernel_lambda_max") { _, _ in 5 }
    .with("train_accuracy") { _, _ in 1 }
    .setting {
        $0.isSquaredLoss = false
        $0.kernelIsFull = true
    }.references { $0.zeroWeights = 1 }

private let convergenceCases: [Case] = [
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
        lossOnly { exp(0.01 * $0) }.setting { $0.ending = .diverged }),
    Case(.linearConvergence, .fails, "grew ten thousand times", "grew", lossOnly { exp(0.01 * $0) }),
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

private let gradientCases: [Case] = [
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

private func landscapes(_ records: LandscapeEvidence...) -> RunEvidence {
    var run = healthy
    run.landscapes = records
    return run
}

private let smoothnessCases: [Case] = [
    Case(.semiSmoothness, .holds, "quadratic", "keeps", healthy),
    Case(
        .semiSmoothness, .fails, "a step too long", "loses",
        landscapes(Linear().landscape(at: 0), Linear().landscape(at: 8, curvature: ["gradient": 25]))),
    Case(
        .semiSmoothness, .fails, "a saddle", "bends down",
        landscapes(Linear().landscape(at: 0), Linear().landscape(at: 8, curvature: ["gradient": 1, "curvature+": -90]))),
    Case(
        .semiSmoothness, .cannotTell, "a step below the rounding of F", "rounding",
        landscapes(Linear().landscape(at: 0, offset: 1e17), Linear().landscape(at: 8, offset: 1e17))),
    Case(
        .semiSmoothness, .cannotTell, "a ladder without numbers", "no numbers",
        landscapes(Linear().landscape(at: 0, curvature: ["gradient": 5, "random1": .nan]), Linear().landscape(at: 8))),
    Case(
        .semiSmoothness, .cannotTell, "a ladder shorter than the way", "weights moved",
        healthy.with("weight_drift") { _, d in 100 + d }),
    Case(.semiSmoothness, .cannotTell, "one step", "one step", landscapes(Linear().landscape(at: 0))),
    Case(.semiSmoothness, .cannotTell, "none", "no landscape", landscapes()),
]

private let driftCases: [Case] = [
    Case(.nearInitialization, .holds, "near", "path", healthy),
    Case(
        .nearInitialization, .fails, "far", "W1",
        healthy.with("weight_drift_relative.W1") { t, _ in t > 50 ? 0.7 : 0.1 }),
    Case(.nearInitialization, .fails, "many flips", "flipped", healthy.with("pattern_flips.W1") { _, _ in 0.6 }),
    Case(.nearInitialization, .fails, "a detour", "path", healthy.with("weight_drift") { _, d in 9 * d }),
    Case(
        .nearInitialization, .cannotTell, "between the marks", "0.4", healthy.with("pattern_flips.W1") { _, _ in 0.4 }),
    Case(
        .nearInitialization, .holds, "no ReLU layers", "no ReLU layers",
        healthy.without("pattern_flips").setting { $0.hasRectifiers = false }),
    Case(
        .nearInitialization, .fails, "a tensor that starts at 0 and moves far", "output starts at 0",
        healthy.with("weight_drift_relative.output") { _, _ in .nan }.with("weight_drift.output") { t, _ in Double(t) }
            .with("weight_drift_relative") { _, _ in 0.8 }),
    Case(
        .nearInitialization, .cannotTell, "a drift that is no number", "not a number",
        healthy.with("weight_drift_relative.W1") { t, d in t > 50 ? .nan : d }),
    Case(.nearInitialization, .cannotTell, "no patterns", "not recorded", healthy.without("pattern_flips")),
    Case(.nearInitialization, .cannotTell, "cut short", "so far", healthy.cut(after: 16)),
]

private let tangentCases: [Case] = [
    Case(.tangentEquivalence, .holds, "lazy", "λ(Θ_t)", healthy),
    Case(.tangentEquivalence, .fails, "the kernel changes", "Θ_t", healthy.with("kernel_drift") { _, _ in 0.9 }),
    Case(
        .tangentEquivalence, .fails, "its smallest eigenvalue is lost", "falls to",
        healthy.with("kernel_lambda_min") { t, l in t > 50 ? 0.3 * l : l }),
    Case(
        .tangentEquivalence, .fails, "test outputs leave", "test", healthy.with("prediction_gap_test") { _, _ in 0.8 }),
    Case(
        .tangentEquivalence, .cannotTell, "an eigenvalue within its error of one half", "is open",
        healthy.with("kernel_lambda_min") { t, l in t > 50 ? 0.45 * l : l }.with("kernel_lambda_error") { _, _ in 0.2 }),
    Case(
        .tangentEquivalence, .cannotTell, "an eigenvalue that is not resolved", "smaller than its error",
        healthy.with("kernel_lambda_min") { t, l in t > 50 ? .nan : l }),
    Case(
        .tangentEquivalence, .cannotTell, "a kernel at the start only", "up to step 0 only",
        healthy.with("kernel_drift") { t, d in t == 0 ? 0 : .nan }),
    Case(
        .tangentEquivalence, .cannotTell, "errors as large as the eigenvalues", "is open",
        healthy.with("kernel_lambda_error") { _, _ in 0.6 }),
    Case(
        .tangentEquivalence, .cannotTell, "the linearization itself", "nothing to compare",
        healthy.setting { $0.isLinearized = true }),
    Case(
        .tangentEquivalence, .holds, "no test samples", "no test samples",
        healthy.without("prediction_gap_test").setting { $0.hasTestSamples = false }),
    Case(.tangentEquivalence, .cannotTell, "no prediction", "not recorded", healthy.without("prediction")),
]

private func start(_ evidence: InitializationEvidence?) -> RunEvidence {
    var run = healthy
    run.initialization = evidence
    return run
}

private let initializationCases: [Case] = [
    Case(.goodInitialization, .holds, "kept", "separation", healthy),
    Case(.goodInitialization, .fails, "a dead layer", "norms 0", start(Linear().initialization(norms: 0...1))),
    Case(
        .goodInitialization, .fails, "samples that meet", "below half", start(Linear().initialization(separation: 0.1))),
    Case(.goodInitialization, .fails, "equal inputs", "δ = 0", start(Linear().initialization(delta: 0))),
    Case(.goodInitialization, .fails, "exploding gradients", "backward", start(Linear().initialization(backward: 9))),
    Case(
        .goodInitialization, .cannotTell, "norms between the marks", "norms",
        start(Linear().initialization(norms: 0.4...1))),
    Case(.goodInitialization, .cannotTell, "no ReLU", "not applicable", healthy.setting { $0.hasRectifiers = false }),
    Case(
        .goodInitialization, .holds, "the first of many", "of the first 2 of 90",
        start(Linear().initialization(samples: 2)).setting {
            $0.samples = 90
            $0.separation = 0.4
            $0.directionSeparation = 0.4
        }),
    Case(
        .goodInitialization, .cannotTell, "the closest directions were not measured", "closest directions",
        start(Linear().initialization(samples: 2)).setting {
            $0.samples = 90
            $0.separation = 0.4
            $0.directionSeparation = 0.1
        }),
    Case(
        .goodInitialization, .fails, "equal inputs beyond those measured", "equal",
        start(Linear().initialization(samples: 2)).setting {
            $0.samples = 90
            $0.separation = 0
        }),
    Case(
        .goodInitialization, .cannotTell, "separations of rounding", "within rounding",
        start(Linear().initialization(separation: 1e-8, delta: 2e-8))),
    Case(.goodInitialization, .cannotTell, "not recorded", "not recorded", start(nil)),
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
        }
}

private let batchCases: [Case] = [
    Case(.stochasticDescent, .holds, "contracts", "0.24", stochastic { 0.05 + 0.001 * Double($0 / 10 % 3) }),
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
    Case(.stochasticDescent, .cannotTell, "cut short", "so far", stochastic { _ in 0.05 }.cut(after: 500)),
    Case(.stochasticDescent, .cannotTell, "not recorded", "not recorded", stochastic { _ in 0.05 }.without("batch")),
]

private let cases =
    minimumCases + convergenceCases + gradientCases + smoothnessCases + driftCases + tangentCases + initializationCases
    + batchCases

@Test(arguments: cases.indices)
func statementsSayWhatIsTrueOfSyntheticRuns(index: Int) throws {
    let wanted = cases[index]
    let certificate = try #require(certify(wanted.run).first { $0.statement == wanted.statement })
    #expect(
        certificate.verdict == wanted.verdict,
        "\(wanted.statement), \(wanted.name): \(certificate.verdict.rawValue), \(certificate.reason)")
    #expect(
        wanted.word.isEmpty || certificate.reason.contains(wanted.word),
        "\(wanted.statement), \(wanted.name): \(certificate.reason)")
    if certificate.verdict == .cannotTell, wanted.name.contains("recorded") {
        #expect(!certificate.missing.isEmpty, "\(wanted.name) has to say what would record it")
    }
}

@Test func everyStatementHasACaseOfEachVerdict() {
    for statement in Statement.allCases {
        let verdicts = Set(cases.filter { $0.statement == statement }.map(\.verdict))
        #expect(verdicts == Set(Verdict.allCases), "\(statement): \(verdicts)")
    }
}

/// How often a law is judged in each way, over draws of its noise.
private func tally(_ noise: Double, steps: Int, every: Int, _ law: (Double) -> Double) -> [Verdict: Int] {
    var count: [Verdict: Int] = [:]
    for seed in 0..<100 {
        let run = lossOnly(seed: UInt64(seed), steps: steps, every: every, noise: noise, law)
            .setting { $0.lossRatio = 2e-5 }
        count[run.verdict(.linearConvergence) ?? .cannotTell, default: 0] += 1
    }
    return count
}

@Test(arguments: [0.02, 0.1, 0.2])
func noiseNeverTurnsAVerdict(noise: Double) {
    let power = tally(noise, steps: 300, every: 10) { 1 / (1 + $0 / 6) }
    #expect(power[.holds, default: 0] == 0, "a power law: \(power)")
    let exponential = tally(noise, steps: 2000, every: 5) { exp(-0.006 * $0) }
    if noise < 0.05 { #expect(exponential[.holds, default: 0] >= 90, "an exponential: \(exponential)") }
    #expect(
        exponential[.fails, default: 0] == 0, "an exponential: \(exponential)")
}

@Test func withoutAConfigurationOnlyMeasuredShapesAreTold() {
    let verdicts = Dictionary(
        uniqueKeysWithValues: certify(healthy.setting { $0.isKnown = false }).map { ($0.statement, $0.verdict) })
    #expect(
        verdicts.filter { $0.value == .holds }.keys.sorted { $0.rawValue < $1.rawValue } == [
            .nearInitialization, .goodInitialization,
        ])
    #expect(verdicts.filter { $0.value == .cannotTell }.count == 5)
}

@Test func theWholeRunFailsWhereOneStatementFails() {
    #expect(certify(healthy).verdict == .holds)
    #expect(certify(healthy).count == 7)
    #expect(certify(healthy.with("kernel_drift") { _, _ in 0.9 }.without("pattern_flips")).verdict == .fails)
    #expect(certify(healthy.without("pattern_flips")).verdict == .cannotTell)
}

@Test func lossAtTheFloorOfFloat32EndsTheDescent() {
    let run = lossOnly(steps: 4000, noise: 0) { exp(-0.01 * $0) + 1e-13 }.setting { $0.lossRatio = 1e-20 }
    let descent = RecordedDescent(run)
    #expect(descent.end == .arithmetic)
    #expect(descent.ratio > 1e-13 && descent.ratio < 1e-12)
}

@Test func smoothnessConstantsAreThoseOfTheCurve() {
    let record = Linear().landscape(at: 0)
    let radii = [0.01, 0.1, 1.0]
    let (a, b) = (0.3, 2.5)
    let losses = radii.map { record.loss - 0.2 * $0 + a * record.loss.squareRoot() * $0 + b * $0 * $0 }
    let found = SmoothnessConstants(.init(name: "d", slope: -0.2, radii: radii, losses: losses), at: record)
    #expect(abs(found.rootTerm - a) < 1e-9 && abs(found.squareTerm - b) < 1e-9 && found.concaveTerm == 0)
    let concave = radii.map { record.loss - 0.2 * $0 - 0.4 * record.loss.squareRoot() * $0 }
    let bent = SmoothnessConstants(.init(name: "d", slope: -0.2, radii: radii, losses: concave), at: record)
    #expect(bent.rootTerm == 0 && bent.squareTerm == 0 && abs(bent.concaveTerm - 0.4) < 1e-9)
}
