import Descents
import Measurements
import Statistics

extension Statement {
    /// sup |J_n − J| over Ω = {‖W_j‖_F ≤ r} is small beside J.
    ///
    /// What was found in Ω is a lower bound of the supremum. Of linear networks an upper bound is known too,
    /// ½ ‖Σ_n − Σ‖ δ² + ‖N‖ δ + ½ |p_n − kσ²| with δ = r^l + ‖T‖ (ours); of others none with known constants.
    public static let empiricalRisk: Statement = Statement(
        10, "Empirical risk near population risk",
        source: "Zhou, Feng 2018, theorems 3 and 6; what counts as near is ours",
        why:
            "Where J_n is near J for all weights of a set at once, what descent finds for the samples at hand is as good for all samples.",
        refutation:
            "Weights of the set at which J_n and J differ by more than half of the largest J that was found there.",
        needsSteps: false, exemption: isWithoutPopulation,
        certificate: {
            judge(.empiricalRisk, PopulationEvidence($0.run)) { $0.judgement(of: $0.risks, "|J_n − J|", "J") }
        })

    /// sup ‖∇J_n − ∇J‖ over Ω is small beside ‖∇J‖.
    public static let gradientNearness: Statement = Statement(
        11, "Gradients near",
        source: "Zhou, Feng 2018, theorems 1 and 4; what counts as near is ours",
        why:
            "Where gradients are near one another for all weights of a set, J_n has no valley or saddle that J has no trace of.",
        refutation:
            "Weights of the set at which the gradients differ by more than half of the largest ‖∇J‖ that was found there.",
        needsSteps: false, exemption: isWithoutPopulation,
        certificate: {
            judge(.gradientNearness, PopulationEvidence($0.run)) {
                $0.judgement(of: $0.gradients, "‖∇J_n − ∇J‖", "‖∇J‖")
            }
        })
}

/// Nothing is said of runs that no population was given for.
@Sendable func isWithoutPopulation(_ run: RunEvidence) -> String? {
    run.series.columns[MetricFamily.populationEmpirical.name] == nil
        ? "no population section asked for it" : nil
}

/// What is said of evidence that is there, and finite.
func judge(
    _ statement: Statement, _ evidence: PopulationEvidence?,
    _ words: (PopulationEvidence) -> (part: Part, quantities: [Quantity])
) -> Certificate {
    guard let evidence else {
        return Certificate(
            statement, .cannotTell, "the population was not measured at the end, or is not finite",
            missing: [.population])
    }
    let (part, quantities) = words(evidence)
    return Certificate(statement, [part], quantities)
}

extension PopulationEvidence {
    /// - Parameters:
    ///   - name: of the gap.
    ///   - whole: of what it is compared with.
    fileprivate func judgement(of gap: Gap, _ name: String, _ whole: String) -> (part: Part, quantities: [Quantity]) {
        guard gap.scale > 0 else {
            return (Part(.cannotTell, "\(whole) is 0 wherever it was looked for"), [gap.atEnd(name)])
        }
        let (range, near) = (gap.supremum, Thresholds.change)
        let shares = (range.lowerBound / gap.scale)...(range.upperBound / gap.scale)
        let quantities = [
            gap.atEnd(name),
            Quantity(
                "sup \(name)", gap.found, interval: range.lowerBound...max(range.upperBound, gap.found),
                note: gap.bound.isNaN ? "found; no bound is known" : "found, and a bound that holds for these samples"),
            Quantity(
                "that over the largest \(whole) found", gap.found / gap.scale,
                interval: min(shares.lowerBound, gap.found / gap.scale)...max(shares.upperBound, gap.found / gap.scale),
                .atMost(near.small)),
            Quantity("published bound", gap.theorem, note: "its constant is not published, and 1 here"),
        ]
        return (part(of: gap, shares, name, whole), quantities)
    }

    private func part(of gap: Gap, _ shares: ClosedRange<Double>, _ name: String, _ whole: String) -> Part {
        let near = Thresholds.change
        if gap.isContradictory {
            return Part(
                .fails, "inconsistent: \(name) = \(shown(gap.found)) was found, above its bound \(shown(gap.bound))")
        }
        if shares.lowerBound > near.large {
            return Part(
                .fails,
                "\(name) comes to \(shown(gap.found)), \(shown(gap.found / gap.scale)) of the largest \(whole), \(shown(gap.scale))"
            )
        }
        if shares.upperBound <= near.small {
            return Part(
                .holds, "\(name) is at most \(shown(gap.bound)), \(shown(shares.upperBound)) of the largest \(whole)")
        }
        let found = "\(name) comes to \(shown(gap.found / gap.scale)) of the largest \(whole) where it was looked for"
        return Part(
            .cannotTell,
            gap.bound.isNaN
                ? found + ", and no bound of it is known"
                : found + ", and its bound is \(shown(shares.upperBound)) of that",
            missing: gap.bound.isNaN ? [] : [.moreSamples])
    }
}

extension PopulationEvidence.Gap {
    /// At the run's own weights.
    fileprivate func atEnd(_ name: String) -> Quantity {
        let error = Self.errors * endError
        return Quantity("\(name) at the end", end, interval: error > 0 ? max(end - error, 0)...(end + error) : nil)
    }
}
