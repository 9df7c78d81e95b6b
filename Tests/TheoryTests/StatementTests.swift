import Descents
import Foundation
import Measurements
import Statistics
import Testing
import Theory

private let cases =
    minimumCases + convergenceCases + gradientCases + smoothnessCases + driftCases + tangentCases + initializationCases
    + batchCases + minimumQualityCases + populationCases

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

@Test func statementsAreNumberedInTheirOrder() {
    #expect(Statement.allCases.map(\.number) == Array(1...Statement.allCases.count))
}

/// Those that a key of its own asks for.
private let onRequest: [Statement] = [
    .minimumQuality, .empiricalRisk, .gradientNearness, .stationaryPointsMatched,
]

@Test func aFullBatchRunIsExemptFromSGD() {
    #expect(exemptions(of: healthy).flatMap(\.statements) == [.stochasticDescent] + onRequest)
    #expect(exemptions(of: healthy).map { numbers(of: $0.statements) } == ["8", "9", "10, 11, 12"])
    #expect(exemptions(of: healthy.setting { $0.isKnown = false }).isEmpty)
    #expect(exemptions(of: healthy.setting { $0.isFullBatch = false }).flatMap(\.statements) == onRequest)
    #expect(certify(healthy.setting { $0.isFullBatch = false }).count == 8)
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
        verdicts.filter { $0.value == .holds }.keys.sorted { $0.number < $1.number } == [
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
