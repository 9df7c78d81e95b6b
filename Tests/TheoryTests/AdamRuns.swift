import Foundation
import Measurements
import Testing
import Theory

/// The same numbers, recorded by a descent with Adam.
private func byAdam(_ run: RunEvidence) -> RunEvidence { run.setting { $0.isAdaptive = true } }

private func certificate(_ statement: Statement, _ run: RunEvidence) throws -> Certificate {
    try #require(certify(run).first { $0.statement == statement })
}

/// What theory says of gradient descent holds of no descent by Adam, and the verdict says why.
@Test(arguments: [Statement.linearConvergence, .semiSmoothness, .tangentEquivalence])
func whatIsKnownOfGradientDescentSaysNothingOfAdam(statement: Statement) throws {
    let run = statement == .tangentEquivalence ? healthy.without("prediction") : healthy
    #expect(try statement == .tangentEquivalence || certificate(statement, run).verdict == .holds)
    let told = try certificate(statement, byAdam(run))
    #expect(told.verdict == .cannotTell)
    #expect(told.reason.contains("descent by Adam"), "\(told.reason)")
    #expect(statement == .tangentEquivalence || told.missing.contains(.gradientDescent))
}

/// Statements that speak of what was recorded still do: a loss at its least is one, and rows between which nothing is known are too few.
@Test func whatWasRecordedIsSaidOfAdamToo() throws {
    let run = byAdam(healthy)
    #expect(run.verdict(.globalMinimum) == .holds)
    #expect(run.verdict(.goodInitialization) == healthy.verdict(.goodInitialization))
    for statement in [Statement.noCriticalPoint, .nearInitialization] {
        #expect(healthy.verdict(statement) == .holds && run.verdict(statement) == .cannotTell)
        var whole = Linear()
        (whole.every, whole.steps) = (1, 400)
        #expect(byAdam(whole.run).verdict(statement) == .holds)
    }
    #expect(
        try certificate(.noCriticalPoint, run).quantities.allSatisfy { $0.name != "2μ ∫η dt" || !$0.value.isFinite })
}

/// A full-batch step of Adam may raise the loss, and one away from a gradient of 0: neither refutes what it refutes of gradient descent.
@Test func aLossThatRisesRefutesNothingOfAdam() {
    let rising = healthy.with("train_loss") { $0 == 10 ? 3 * $1 : $1 }
    #expect(rising.verdict(.semiSmoothness) == .fails && byAdam(rising).verdict(.semiSmoothness) == .cannotTell)
    var still = Linear(eigenvalues: [1], modes: [1], steps: 400).run.with("train_loss") { $0 == 0 ? $1 : 0.2 }
        .with("gradient_norm") { $0 == 400 ? 0 : $1 }
    still.setting.lossRatio = 1e-4
    still.references?.zeroWeights = 0.1
    #expect(still.verdict(.globalMinimum) == .fails && byAdam(still).verdict(.globalMinimum) == .cannotTell)
}

/// An affine function whose loss grew ten thousandfold has diverged under gradient descent; Adam comes back from that.
@Test func growthIsNoDivergenceOfAdam() {
    let growing = healthy.with("train_loss") { t, _ in exp(0.2 * Double(t)) }.references { $0.isAffine = true }
        .setting { $0.ending = .diverged }
    #expect(growing.verdict(.linearConvergence) == .fails && byAdam(growing).verdict(.linearConvergence) == .cannotTell)
    let lost = growing.with("train_loss") { $0 == 120 ? .nan : $1 }
    #expect(byAdam(lost).verdict(.linearConvergence) == .fails)
}
