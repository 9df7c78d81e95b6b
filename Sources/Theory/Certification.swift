import Measurements
import Statistics

/// The verdicts on a run, from what it recorded: a pure function.
public func certify(_ run: RunEvidence) -> [Certificate] {
    run.setting.isKnown ? certifyAll(run) : certifyAll(run).map(\.withoutConfiguration)
}

private func certifyAll(_ run: RunEvidence) -> [Certificate] {
    let descent = RecordedDescent(run)
    let convergence = linearConvergence(run, descent)
    func whole(_ certificate: Certificate) -> Certificate { descent.end == .last ? certificate.soFar : certificate }
    // Of no step nothing is to be said but of its start.
    if let first = run.series.steps.first, run.series.steps.allSatisfy({ $0 == first }) {
        return [globalMinimum(run, descent)]
            + [.linearConvergence, .noCriticalPoint, .semiSmoothness, .nearInitialization, .tangentEquivalence].map {
                Certificate($0, .cannotTell, "no step was taken", missing: [run.longerRun])
            } + [goodInitialization(run)]
            + (run.setting.isFullBatch
                ? [] : [Certificate(.stochasticDescent, .cannotTell, "no step was taken", missing: [run.longerRun])])
    }
    return [
        globalMinimum(run, descent), convergence, whole(noCriticalPoint(run, descent, convergence)),
        semiSmoothness(run, descent), whole(nearInitialization(run, descent)), whole(tangentEquivalence(run, descent)),
        goodInitialization(run),
    ] + (run.setting.isFullBatch ? [] : [whole(stochasticDescent(run, descent))])
}
extension Certificate {
    /// What can be said of a run whose configuration could not be read: its loss, arithmetic and batches are unknown.
    fileprivate var withoutConfiguration: Certificate {
        switch statement {
        case .nearInitialization, .goodInitialization: return self
        default:
            return Certificate(
                statement, .cannotTell, "the configuration could not be read", quantities,
                missing: [.configuration])
        }
    }

    /// What a statement about a whole descent says of one that is not at its end: if it fails it fails, but if it holds
    /// it holds so far.
    fileprivate var soFar: Certificate {
        guard verdict == .holds else { return self }
        return Certificate(
            statement, .cannotTell, "so far, with the loss not down yet: " + reason, quantities,
            missing: missing + [.wholeDescent])
    }
}

extension [Certificate] {
    /// The verdict on the run as a whole.
    public var verdict: Verdict { .all(map(\.verdict)) }
}
