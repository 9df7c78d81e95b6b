import Measurements
import Statistics

extension Statement {
    /// The run ends at a value that the range of its Jacobian explains, and that no linear regression on inputs or features beats.
    ///
    /// With P the projector on that range, F − c/2 ‖Y − P Y‖² = c/2 ‖P r‖² for outputs in the range, and ‖∇F‖² ≥ 2cλ times that, λ the
    /// smallest eigenvalue of J Jᵀ on its range. At a stationary point it is 0. Both are identities: numbers that break them are
    /// wrong somewhere. That F is no more than classical regressions reach is a claim, which bad minima break.
    public static let minimumQuality = Statement(
        9, "Quality of the local minimum",
        source: "after Kawaguchi, Huang, Kaelbling 2019; the form with the projector is ours",
        why:
            "Where the gradient is 0, the residual is orthogonal to the Jacobian's range, and F is what that range leaves of the targets: "
            + "every layer and unit that adds to the range lowers it.",
        refutation:
            "A linear regression on inputs or on features of a hidden layer that reaches a smaller loss; or a residual in a range whose "
            + "smallest eigenvalue and gradient allow none, which no exact numbers have.",
        exemption: {
            $0.series.known(.minimumPredicted).isEmpty ? "tracking.minimum did not ask for it" : nil
        },
        certificate: { judge(MinimumEvidence($0.run), $0.run) })
}

private func judge(_ minimum: MinimumEvidence?, _ run: RunEvidence) -> Certificate {
    guard let minimum else {
        return Certificate(
            .minimumQuality, .cannotTell, "the value at the end was not measured, or is not finite",
            missing: [.minimum])
    }
    return Certificate(.minimumQuality, minimum.parts(run), minimum.quantities)
}

extension MinimumEvidence {
    fileprivate var quantities: [Quantity] {
        [
            Quantity("F", loss),
            Quantity("c/2 ‖Y − P Y‖²", predicted, interval: min(low, predicted)...max(high, predicted)),
            Quantity("c/2 ‖P r‖²", gap, note: "0 at a stationary point", .atMost(resolution)),
            Quantity("‖∇F‖²/(2cλ)", allowedGap, note: "the most that it can be"),
            Quantity("rank J", rank, note: "of \(shown(rows)) rows, \(shown(undecided)) more undecided"),
            Quantity("distance to a kink", kinkDistance, note: "in steps of descent"),
        ]
            + regressions.map {
                Quantity("least F on what goes into \($0.layer)", $0.loss.upperBound, interval: $0.loss)
            }
    }

    fileprivate func parts(_ run: RunEvidence) -> [Part] {
        if !isInRange {
            return [
                Part(.cannotTell, "outputs are not in the Jacobian's range: the last layer is not linear and trained")
            ]
        }
        if let contradiction { return [contradiction] }
        guard isStationary else {
            return [
                Part(
                    .cannotTell,
                    isAtKink
                        ? "the run ends on a kink, where F has no gradient that vanishes: F = \(shown(loss)), and the range of one side leaves \(shown(predicted))"
                        : "no stationary point: \(shown(gap)) of F = \(shown(loss)) is left in the Jacobian's range",
                    missing: isAtKink ? [] : [run.longerRun])
            ]
        }
        return [identity] + regressions.map(regression)
    }

    /// Numbers that can't all be right.
    private var contradiction: Part? {
        guard isContradictory else { return nil }
        if loss < low {
            return Part(
                .fails,
                "inconsistent: F = \(shown(loss)) is below \(shown(low)), which the Jacobian's range leaves")
        }

        let whole =
            rank == rows
            ? "J has its full rank \(shown(rank)), the gradient leaves at most" : "the gradient leaves at most"
        return Part(
            .fails,
            "inconsistent: \(whole) \(shown(allowedGap)) of the residual in the range, and F = \(shown(loss)) is \(shown(gap)) above what the range leaves"
        )
    }

    private var identity: Part {
        if loss <= resolution { return Part(.holds, "F is 0: a global minimum") }
        return high - low <= 1e3 * resolution
            ? Part(
                .holds,
                "F = \(shown(loss)) is what a range of rank \(shown(rank)) of \(shown(rows)) leaves of the targets"
            )
            : Part(
                .cannotTell,
                "\(shown(undecided)) eigenvalues of J Jᵀ are within their error: the range leaves \(shown(low)) to \(shown(high))"
            )
    }

    private func regression(_ regression: MinimumEvidence.Regression) -> Part {
        let least = regression.loss
        let what = "linear regression on what goes into \(regression.layer)"
        if loss <= least.lowerBound + resolution {
            return Part(.holds, "no more than \(shown(least.lowerBound)), \(what)")
        }
        return loss > least.upperBound + resolution
            ? Part(.fails, "F = \(shown(loss)) is above \(shown(least.upperBound)), which \(what) reaches")
            : Part(
                .cannotTell,
                "\(what) reaches \(shown(least.lowerBound)) to \(shown(least.upperBound)), around F = \(shown(loss))")
    }
}
