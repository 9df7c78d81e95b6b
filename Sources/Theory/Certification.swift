import Measurements
import Statistics

/// The verdicts on a run, from what it recorded, in the order of `Statement.allCases`; those that are about other runs
/// are left out (`exemptions(of:)`).
///
/// A pure function. Cost: some hundred passes over the rows of the series, for the fits of the loss.
public func certify(_ run: RunEvidence) -> [Certificate] {
    let judged = JudgedRun(run)
    return Statement.allCases.filter { $0.exemption(run) == nil }.map { certificate($0, judged) }
}

/// The statements that are about other runs than this one, those with the same reason together, with that, in words. Of a run whose
/// configuration is unknown nothing is said.
public func exemptions(of run: RunEvidence) -> [(statements: [Statement], reason: String)] {
    guard run.setting.isKnown else { return [] }
    return Statement.allCases.reduce(into: []) { groups, statement in
        guard let reason = statement.exemption(run) else { return }
        if let place = groups.firstIndex(where: { $0.reason == reason }) {
            groups[place].statements.append(statement)
        } else {
            groups.append(([statement], reason))
        }
    }
}

/// The numbers of statements, for a list.
public func numbers(of statements: [Statement]) -> String { statements.map { "\($0.number)" }.joined(separator: ", ") }

private func certificate(_ statement: Statement, _ judged: JudgedRun) -> Certificate {
    let run = judged.run
    var told: Certificate
    if statement.needsSteps, run.hasNoSteps {
        told = Certificate(statement, .cannotTell, "no step was taken", missing: [run.longerRun])
    } else {
        told = statement.certificate(judged)
        if statement.isOfWholeDescent, judged.descent.end == .last { told = told.soFar }
    }
    return statement.needsConfiguration && !run.setting.isKnown ? told.withoutConfiguration : told
}

extension RunEvidence {
    /// Whether all rows are of one step, of which nothing is to be said but of its weights.
    fileprivate var hasNoSteps: Bool {
        series.steps.first.map { first in series.steps.allSatisfy { $0 == first } } ?? false
    }
}

extension Certificate {
    /// What can be said of a run whose configuration could not be read.
    fileprivate var withoutConfiguration: Certificate {
        Certificate(
            statement, .cannotTell, "the configuration could not be read", quantities, missing: [.configuration])
    }

    /// What a statement about a whole descent says of one that has not ended. What fails, fails; what holds may still
    /// change, and can't be told.
    fileprivate var soFar: Certificate {
        guard verdict == .holds else { return self }
        return Certificate(
            statement, .cannotTell, "so far, with the loss not down yet: " + reason, quantities,
            missing: missing + [.wholeDescent])
    }
}

extension [Certificate] {
    /// The verdict on the run as a whole: it holds where all statements hold, and fails where one fails.
    public var verdict: Verdict { .all(map(\.verdict)) }
}
