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

private let minimumCases: [Case] = [
    Case(.globalMinimum, .holds, "reached, all right", "100 %", healthy),
    Case(.globalMinimum, .fails, "reached, one wrong", "99 %", healthy.with("train_accuracy") { _, _ in 0.99 }),
    Case(.globalMinimum, .fails, "grows", "grew", healthy.with("train_loss") { t, _ in 1 + Double(t) }),
    Case(.globalMinimum, .fails, "stuck on a plateau", "stuck", lossOnly(noise: 0.001) { exp(-0.02 * $0) + 0.4 }),
    Case(.globalMinimum, .cannotTell, "cut short", "cut short", healthy.cut(after: 16)),
    Case(.globalMinimum, .cannotTell, "no accuracy", "accuracy is unknown", healthy.without("train_accuracy")),
    Case(
        .globalMinimum, .cannotTell, "no rows at all", "no training loss",
        RunEvidence(series: MetricSeries(steps: [], columns: [:]))),
    Case(.globalMinimum, .cannotTell, "no loss", "no training loss", healthy.without("train_loss")),
    Case(
        .globalMinimum, .cannotTell, "at the floor of float32, above what was asked for", "rounding",
        lossOnly(noise: 0) { max(exp(-0.02 * $0), 3e-13) }.setting { $0.lossRatio = 1e-20 }),
]

private let convergenceCases: [Case] = [
    Case(.linearConvergence, .holds, "as the kernel says", "slowest mode", healthy),
    Case(.linearConvergence, .holds, "exponential, without a kernel", "exponential", lossOnly { exp(-0.01 * $0) }),
    Case(
        .linearConvergence, .holds, "down to the floor of float32", "exponential",
        lossOnly(steps: 4000) { exp(-0.01 * $0) + 1e-13 }.setting { $0.lossRatio = 1e-20 }),
    Case(.linearConvergence, .fails, "power law", "power law", lossOnly { pow(1 + $0, -1.2) }),
    Case(.linearConvergence, .fails, "noise-free power law", "power law", lossOnly(noise: 0) { pow(1 + $0 / 5, -2) }),
    Case(.linearConvergence, .fails, "stretched exponential", "describes", lossOnly { exp(-pow($0 / 5, 0.4)) }),
    Case(.linearConvergence, .fails, "plateau far down", "", lossOnly { exp(-0.02 * $0) + 1e-4 }),
    Case(
        .linearConvergence, .fails, "plateau near the start", "contraction falls",
        lossOnly(noise: 0.001) { exp(-0.02 * $0) + 0.4 }),
    Case(.linearConvergence, .fails, "grows", "grew", lossOnly { exp(0.01 * $0) }),
    Case(
        .linearConvergence, .fails, "a power law of many modes, though the kernel is positive", "power law",
        Linear(
            eigenvalues: (1...400).map { pow(Double($0), -2) }, modes: (1...400).map { 1 / Double($0) }, eta: 1,
            steps: 3000, every: 10
        ).run),
    Case(
        .linearConvergence, .cannotTell, "a power law whose rate fell little", "less than half",
        lossOnly(noise: 0) { pow(1 + $0 / 1600, -4) }),
    Case(
        .linearConvergence, .holds, "the noise of mini-batches", "exponential",
        lossOnly(steps: 4000, noise: 0.4) { exp(-0.004 * $0) }),
    Case(
        .linearConvergence, .holds, "a learning rate that falls", "slowest mode",
        healthy.with("learning_rate") { t, eta in t >= 60 ? eta / 5 : eta }
            .with("train_loss") { t, f in t >= 60 ? Linear().loss(60) * Linear(eta: 0.02).loss(t - 60) / 1.5 : f }),
    Case(.linearConvergence, .cannotTell, "cut short", "", lossOnly { exp(-0.01 * $0) }.cut(after: 150)),
    Case(.linearConvergence, .cannotTell, "few measurements", "few", lossOnly(every: 400) { exp(-0.005 * $0) }),
    Case(
        .linearConvergence, .fails, "cross-entropy's 1/t, though the kernel is positive", "power law",
        lossOnly(noise: 0.001) { 1 / (1 + 0.1 * $0) }.with("kernel_lambda_min") { _, _ in 3 }
            .with("kernel_lambda_max") { _, _ in 5 }.setting {
                $0.isSquaredLoss = false
                $0.kernelIsFull = true
            }),
]

private let gradientCases: [Case] = [
    Case(.noCriticalPoint, .holds, "between the eigenvalues", "cλ_min", healthy),
    Case(
        .noCriticalPoint, .fails, "a gradient that dies", "below half",
        healthy.with("gradient_norm") { t, g in t > 20 ? g / 2 : g }),
    Case(
        .noCriticalPoint, .fails, "more gradient than Θ allows", "bound",
        healthy.with("gradient_norm") { t, g in t == 0 ? 3 * g : g }),
    Case(
        .noCriticalPoint, .fails, "nearly critical, without a kernel", "nearly critical",
        healthy.without("kernel").with("gradient_norm") { t, g in t > 20 ? g / 1000 : g }),
    Case(.noCriticalPoint, .holds, "without a kernel, to the end", "until the end", healthy.without("kernel")),
    Case(
        .noCriticalPoint, .cannotTell, "cut short, without a kernel", "so far", healthy.without("kernel").cut(after: 16)
    ),
    Case(.noCriticalPoint, .cannotTell, "cut short", "so far", healthy.cut(after: 16)),
    Case(.noCriticalPoint, .cannotTell, "no gradient", "no gradient", healthy.without("gradient_norm")),
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
    Case(.nearInitialization, .cannotTell, "no patterns", "not recorded", healthy.without("pattern_flips")),
    Case(.nearInitialization, .cannotTell, "cut short", "so far", healthy.cut(after: 16)),
]

private let tangentCases: [Case] = [
    Case(.tangentEquivalence, .holds, "lazy", "λ_min", healthy),
    Case(.tangentEquivalence, .fails, "the kernel changes", "Θ_t", healthy.with("kernel_drift") { _, _ in 0.9 }),
    Case(
        .tangentEquivalence, .fails, "its smallest eigenvalue is lost", "falls to",
        healthy.with("kernel_lambda_min") { t, l in t > 50 ? 0.3 * l : l }),
    Case(
        .tangentEquivalence, .fails, "test outputs leave", "test", healthy.with("prediction_gap_test") { _, _ in 0.8 }),
    Case(
        .tangentEquivalence, .cannotTell, "an eigenvalue within its error of one half", "within",
        healthy.with("kernel_lambda_min") { t, l in t > 50 ? 0.45 * l : l }.with("kernel_lambda_error") { _, _ in 0.2 }),
    Case(
        .tangentEquivalence, .cannotTell, "an eigenvalue that is not resolved", "smaller than its error",
        healthy.with("kernel_lambda_min") { t, l in t > 50 ? .nan : l }),
    Case(
        .tangentEquivalence, .cannotTell, "a kernel at the start only", "up to step 0 only",
        healthy.with("kernel_drift") { t, d in t == 0 ? 0 : .nan }),
    Case(
        .tangentEquivalence, .cannotTell, "errors as large as the eigenvalues", "within",
        healthy.with("kernel_lambda_error") { _, _ in 0.6 }),
    Case(
        .tangentEquivalence, .cannotTell, "the linearization itself", "nothing to compare",
        healthy.setting { $0.isLinearized = true }),
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
    Case(.goodInitialization, .cannotTell, "not recorded", "not recorded", start(nil)),
]

/// A mini-batch run with a contraction of 0.05 a step, give or take.
private func stochastic(_ mean: @escaping (Int) -> Double, spread: Double = 0.01) -> RunEvidence {
    lossOnly { exp(-0.05 * $0 / 5) }.with("batch_contraction") { t, _ in mean(t) }
        .with("batch_contraction_spread") { _, _ in spread }.with("batch_contraction_worst") { t, _ in mean(t) - spread
        }
        .setting {
            $0.isFullBatch = false
            $0.stepsPerEpoch = 5
            $0.contractionBatches = 16
        }
}

private let batchCases: [Case] = [
    Case(.stochasticDescent, .holds, "contracts", "0.25", stochastic { _ in 0.05 }),
    Case(
        .stochasticDescent, .fails, "grows at times", "larger", stochastic { (400..<900).contains($0) ? -0.05 : 0.05 }),
    Case(.stochasticDescent, .cannotTell, "too noisy", "within its error", stochastic({ _ in 0.05 }, spread: 1)),
    Case(
        .stochasticDescent, .cannotTell, "momentum", "without momentum",
        stochastic({ _ in 0.05 }).setting { $0.momentum = 0.9 }),
    Case(.stochasticDescent, .cannotTell, "not recorded", "not recorded", stochastic({ _ in 0.05 }).without("batch")),
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
    if certificate.verdict == .cannotTell, wanted.name.contains("recorded") || wanted.name.contains("no ") {
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
        count[run.verdict(.linearConvergence) ?? .cannotTell, default: 0] += 1
    }
    return count
}

@Test(arguments: [0.02, 0.1, 0.2])
func noiseSeldomTurnsAVerdict(noise: Double) {
    let power = tally(noise, steps: 300, every: 10) { 1 / (1 + $0 / 6) }
    #expect(power[.holds, default: 0] <= 5, "a power law: \(power)")
    let exponential = tally(noise, steps: 300, every: 10) { exp(-0.013 * $0) }
    #expect(
        exponential[.fails, default: 0] <= 2 && exponential[.holds, default: 0] >= 50, "an exponential: \(exponential)")
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
