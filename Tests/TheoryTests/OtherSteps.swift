import Foundation
import Measurements
import Testing
import Theory

/// Descents of which nothing follows that is known of gradient descent on F.
private enum Other: CaseIterable {
    case adam, anotherLoss, both

    /// The same numbers, recorded by such a descent.
    func recording(_ run: RunEvidence) -> RunEvidence {
        run.setting {
            $0.isAdaptive = self != .anotherLoss
            $0.isAugmented = self != .adam
        }
    }

    var reason: String { self == .anotherLoss ? "descent on another loss than F" : "descent by Adam" }

    var missing: Set<MissingEvidence> {
        switch self {
        case .adam: [.gradientDescent]
        case .anotherLoss: [.descentOnLoss]
        case .both: [.gradientDescent, .descentOnLoss]
        }
    }
}

private func certificate(_ statement: Statement, _ run: RunEvidence) throws -> Certificate {
    try #require(certify(run).first { $0.statement == statement })
}

/// What theory says of gradient descent holds of no other descent, and the verdict says why.
@Test(arguments: [Statement.linearConvergence, .semiSmoothness, .tangentEquivalence], Other.allCases)
private func whatIsKnownOfGradientDescentSaysNothingOfOthers(statement: Statement, other: Other) throws {
    let run = statement == .tangentEquivalence ? healthy.without("prediction") : healthy
    #expect(try statement == .tangentEquivalence || certificate(statement, run).verdict == .holds)
    let told = try certificate(statement, other.recording(run))
    #expect(told.verdict == .cannotTell)
    #expect(told.reason.contains(other.reason), "\(told.reason)")
    #expect(statement == .tangentEquivalence || other.missing.isSubset(of: told.missing))
}

/// Statements that speak of what was recorded still do: a loss at its least is one, and rows between which nothing is known are too few.
@Test(arguments: Other.allCases) private func whatWasRecordedIsSaidOfOthersToo(other: Other) throws {
    let run = other.recording(healthy)
    #expect(run.verdict(.globalMinimum) == .holds)
    #expect(run.verdict(.goodInitialization) == healthy.verdict(.goodInitialization))
    for statement in [Statement.noCriticalPoint, .nearInitialization] {
        #expect(healthy.verdict(statement) == .holds && run.verdict(statement) == .cannotTell)
        var whole = Linear()
        (whole.every, whole.steps) = (1, 400)
        #expect(other.recording(whole.run).verdict(statement) == .holds)
    }
    #expect(
        try certificate(.noCriticalPoint, run).quantities.allSatisfy { $0.name != "2μ ∫η dt" || !$0.value.isFinite })
}

/// Such a full-batch step may raise the loss, and one away from a gradient of 0: neither refutes what it refutes of gradient descent.
@Test(arguments: Other.allCases) private func aLossThatRisesRefutesNothingOfOthers(other: Other) {
    let rising = healthy.with("train_loss") { $0 == 10 ? 3 * $1 : $1 }
    #expect(
        rising.verdict(.semiSmoothness) == .fails
            && other.recording(rising).verdict(.semiSmoothness) == .cannotTell)
    var still = Linear(eigenvalues: [1], modes: [1], steps: 400).run.with("train_loss") { $0 == 0 ? $1 : 0.2 }
        .with("gradient_norm") { $0 == 400 ? 0 : $1 }
    still.setting.lossRatio = 1e-4
    still.references?.zeroWeights = 0.1
    #expect(
        still.verdict(.globalMinimum) == .fails && other.recording(still).verdict(.globalMinimum) == .cannotTell)
}

/// An affine function whose loss grew ten thousandfold has diverged under gradient descent; others come back from that.
@Test(arguments: Other.allCases) private func growthIsNoDivergenceOfOthers(other: Other) {
    let growing = healthy.with("train_loss") { t, _ in exp(0.2 * Double(t)) }.references { $0.isAffine = true }
        .setting { $0.ending = .diverged }
    #expect(
        growing.verdict(.linearConvergence) == .fails
            && other.recording(growing).verdict(.linearConvergence) == .cannotTell)
    let lost = growing.with("train_loss") { $0 == 120 ? .nan : $1 }
    #expect(other.recording(lost).verdict(.linearConvergence) == .fails)
}
