import Descents
import Measurements
import Statistics

extension Statement {
    /// The network moves as its linearization at the start.
    ///
    /// The kernel changes little (`Thresholds.change`), and its smallest eigenvalue keeps half of its value, as the rate
    /// (1 − ηλ/2)^t of Du, Lee, Li, Wang, Zhai 2019 needs. The outputs stay near those that Θ_0 predicts, on training
    /// samples and on test samples where there are any.
    ///
    /// Source: Allen-Zhu, Li, Song 2019, Theorem 5; Lee et al. 2019, Theorem 2.1.
    public static let tangentEquivalence = Statement(
        6, "NTK equivalence",
        source: "after Allen-Zhu, Li, Song 2019, Theorem 5; Lee et al. 2019, Theorem 2.1",
        why:
            "Where Θ_t stays near Θ_0, and λ(Θ_t) ≥ λ(Θ_0)/2 as the rate (1 − ηλ/2)^t needs, gradient descent acts as kernel regression with "
            + "Θ_0, whose outputs are compared with those measured.",
        refutation:
            "A kernel or training outputs that change by more than half, or λ(Θ_t) below half of λ(Θ_0) whatever their errors.",
        isOfWholeDescent: true,
        certificate: { judge($0.run, $0.descent) })
}

private func judge(_ run: RunEvidence, _ descent: RecordedDescent) -> Certificate {
    if run.setting.isLinearized {
        return Certificate(
            .tangentEquivalence, .cannotTell,
            "the linearization itself was trained: there is nothing to compare it with",
            missing: [.networkItself])
    }
    func change(_ metric: MetricFamily, _ name: String, _ missing: [MissingEvidence]) -> Finding {
        Change(metric: metric, name: name, run: run, descent: descent, missing: missing).finding
    }
    let kernel = [change(.kernelDrift, "‖Θ_t − Θ_0‖/‖Θ_0‖", [run.wholeKernel]), smallestEigenvalue(run)]
    var findings = kernel.compactMap { $0.map { ofWholeKernel($0, run) } }
    findings.append(change(.predictionGap, "‖f − f_lin‖/‖r_0‖ on training samples", prediction(run)))
    if run.setting.hasTestSamples {
        findings.append(change(.predictionGapTest, "‖f − f_lin‖/‖f‖ on test samples", prediction(run)))
    } else if !run.series.known(.predictionGap).isEmpty {
        findings.append((Part(.holds, "there are no test samples"), []))
    }
    return Certificate(.tangentEquivalence, findings.map(\.part), findings.flatMap(\.quantities))
}

private typealias Finding = (part: Part, quantities: [Quantity])

/// A kernel of some samples or outputs says nothing of that of all.
private func ofWholeKernel(_ finding: Finding, _ run: RunEvidence) -> Finding {
    guard !run.kernelIsWhole, finding.part.verdict != .cannotTell else { return finding }
    let reason = finding.part.reason + ", of a kernel that is not that of all samples and outputs"
    return (Part(.cannotTell, reason, missing: [run.wholeKernel]), finding.quantities)
}

/// What would record a prediction; nothing where none can be made.
private func prediction(_ run: RunEvidence) -> [MissingEvidence] {
    run.setting.isSquaredLoss && run.setting.isFullBatch && run.setting.takesPlainSteps
        ? [.prediction] : []
}

/// The largest value of a metric against the threshold of changes.
private struct Change {
    let metric: MetricFamily
    let name: String
    let run: RunEvidence
    let descent: RecordedDescent
    let missing: [MissingEvidence]
    /// Whether a large value refutes. Relative to outputs that may pass through 0, it does not.
    var canRefute: Bool { metric != .predictionGapTest }

    var finding: Finding {
        let series = run.series
        let known = series.known(metric)
        guard let last = known.last, let largest = known.max(by: { $0.value < $1.value }) else {
            let why =
                !run.setting.descendsGradient && metric != .kernelDrift
                ? ", and Θ_0 predicts gradient descent on F, no \(Part.otherSteps(run.setting))"
                : missing.isEmpty ? ", which is made for full-batch descent on the squared loss alone" : ""
            return (Part(.cannotTell, "\(name) was not recorded\(why)", missing: missing), [])
        }
        let quantity = Quantity(
            name, largest.value, note: "step \(largest.step); at most \(shown(Thresholds.change.small))",
            .atMost(Thresholds.change.small))
        if largest.value > Thresholds.change.large, canRefute {
            return (Part(.fails, "\(name) up to \(shown(largest.value))"), [quantity])
        }
        // What was measured near the start says nothing of the rest.
        let end = series.steps.last ?? 0
        guard last.step == end else {
            return (
                Part(.cannotTell, "\(name) was recorded up to step \(last.step) only", missing: missing), [quantity]
            )
        }
        let isAffine = run.references?.isAffine == true
        let coverage = Coverage(run, at: series.rows(metric), through: descent.lastRow ?? series.steps.count - 1)
        guard coverage.isDense() || isAffine else {
            return (
                Part(.cannotTell, "\(name) was \(coverage.words)", missing: missing + [run.moreRows]), [quantity]
            )
        }
        let most = isAffine ? largest.value : largest.value * coverage.swing
        return (
            Part(
                verdict(largest.value, most),
                "\(name) up to \(shown(largest.value))" + Thresholds.words(largest.value, atMost: most, "")), [quantity]
        )
    }

    private func verdict(_ value: Double, _ most: Double) -> Verdict {
        let verdict = Thresholds.verdict(change: value, atMost: most)
        return verdict == .fails && !canRefute ? .cannotTell : verdict
    }
}

/// min λ(Θ_t) against half of λ(Θ_0), whatever their errors within their bounds; nil without a kernel.
private func smallestEigenvalue(_ run: RunEvidence) -> Finding? {
    let rows = run.series.steps.count - 1
    guard rows >= 0, !run.series.known(.kernelLambdaMax).isEmpty else { return nil }
    let errors = [run.smallerErrors].compactMap(\.self)
    guard let range = KernelRange(run, through: rows) else {
        return (Part(.cannotTell, "λ(Θ_0) is smaller than its error", missing: errors), [])
    }
    let (start, error) = range.start
    let quantities = [
        Quantity(
            "λ(Θ_0), smallest on the range", start, interval: (start - error)...(start + error),
            note: "error bound of its arithmetic"),
        Quantity(
            "min λ(Θ_t)/λ(Θ_0)", range.leastRatio.upperBound, interval: range.leastRatio,
            note: "step \(range.leastStep); at least 0.5", .atLeast(0.5)),
    ]
    if range.leastRatio.upperBound < 0.5 {
        return (Part(.fails, "λ(Θ_t) falls to \(shown(range.leastRatio.upperBound)) of λ(Θ_0) at most"), quantities)
    }
    if let lost = range.lostStep {
        return (
            Part(.cannotTell, "λ(Θ_t) is smaller than its error at step \(lost)", missing: errors), quantities
        )
    }
    return (
        range.leastRatio.lowerBound >= 0.5
            ? Part(.holds, "λ(Θ_t) keeps \(shown(range.leastRatio.lowerBound)) of λ(Θ_0) or more")
            : Part(
                .cannotTell,
                "whether λ(Θ_t) keeps half of λ(Θ_0) is open: errors, and kernels too far apart, leave "
                    + "\(shown(range.leastRatio.lowerBound)) to \(shown(range.leastRatio.upperBound)) of it",
                missing: errors + [.moreKernels]),
        quantities
    )
}
