import Descents
import Measurements
import RealModule
import Statistics

extension Statement {
    /// F is as small as any weights make it.
    ///
    /// Two things decide. One is what is known of the least loss F* (`LeastLoss`). The other is the scale of the data S:
    /// the smaller of F_0 and the loss of the best constant output, both above F*, since a ratio to F_0 alone is small for
    /// any start that is bad enough.
    ///
    /// It holds where F_T − F* is at most the share of S that was asked for. It fails where the loss grew, and where the
    /// run ended at a gradient of 0 above a loss that weights are known to have. Where F* is not known, a loss that stands
    /// still tells nothing.
    /// Source: Allen-Zhu, Li, Song 2019, Theorems 1 and 2.
    public static let globalMinimum = Statement(
        1, "Global minimum",
        source: "after Allen-Zhu, Li, Song 2019, Theorems 1 and 2",
        why:
            "No weights have a loss below F*. How far F_T may be above it is counted in the scale of the data S, the loss of the best "
            + "constant output, since a ratio to F_0 alone is small for any start that is bad enough.",
        refutation: "A gradient of 0 at a loss above one that weights are known to have, or a loss that diverges.",
        needsSteps: false,
        certificate: { judge($0.run, $0.descent) })
}

private func judge(_ run: RunEvidence, _ descent: RecordedDescent) -> Certificate {
    guard let first = descent.firstLoss, let last = descent.lastLoss else {
        return Certificate(.globalMinimum, .cannotTell, "no training loss was recorded", missing: [.trainingLoss])
    }
    let judge = MinimumJudge(run, descent, first: first.loss, last: last)
    let part = judge.part
    return Certificate(.globalMinimum, part.verdict, part.reason, judge.quantities, missing: part.missing)
}

struct MinimumJudge {
    let run: RunEvidence
    let descent: RecordedDescent
    let first: Double
    let last: RecordedDescent.Point
    let least: LeastLoss
    let accuracy: Double?
    /// S, the scale of the data; nil where it is not known, or all targets are 0.
    let scale: Double?

    init(_ run: RunEvidence, _ descent: RecordedDescent, first: Double, last: RecordedDescent.Point) {
        (self.run, self.descent, self.first, self.last) = (run, descent, first, last)
        least = descent.least
        accuracy = run.series.known(.trainAccuracy).last?.value
        scale = run.references.flatMap { [least] references in
            // Where one constant fits all targets, their own size is the scale.
            let data = [references.bestConstant, references.zeroOutput].map { $0 - least.value }
                .first { $0 > 1e-6 * references.bestConstant }
            return data.map { min($0, first - least.value) }
        }
    }

    var quantities: [Quantity] {
        let constant = run.references?.bestConstant ?? .nan
        return [
            Quantity(
                "F_T − F*", run.references == nil || scale == nil ? .nan : last.loss - least.value,
                note: "at most what was asked for of the scale of the data", .atMost(wanted)),
            Quantity("F_T", last.loss),
            Quantity("F_T/F_0", last.loss / first, note: "asked for: \(shown(run.setting.lossRatio))"),
            Quantity("F_T over that of the best constant", constant > 0 ? last.loss / constant : .nan),
            Quantity(
                least.isKnown ? "F*" : "lower bound of F*", run.references == nil ? .nan : least.value,
                interval: least.error > 0 ? least.value...(least.value + least.error) : nil),
            Quantity("training accuracy", accuracy ?? .nan), Quantity("steps", Double(last.step)),
        ]
    }

    /// The largest F − F* that counts as none.
    var wanted: Double {
        let asked = max(min(run.setting.lossRatio, Thresholds.interpolation), LossFloor.ratio(run.setting.roundoff))
        // A loss that was lower before did not stop there.
        let isStop = descent.end == .reached && last.loss <= 2 * least.smallestSeen
        return (isStop ? max(asked, Thresholds.lossRatio) : asked) * (scale ?? 0)
    }

    var part: Part {
        if first == 0 { return Part(.holds, "F_0 = 0: the start is a global minimum") }
        if descent.hasDiverged(run) {
            return Part(.fails, descent.growth(run))
        }
        if let step = descent.lostStep { return Part(.cannotTell, "the loss is no number at step \(step), the last") }
        guard run.references != nil else {
            return Part(
                .cannotTell, "F_T/F_0 = \(shown(last.loss / first)), but what F can be at best was not recorded")
        }
        return minimum ?? better ?? open
    }

    private var minimum: Part? {
        let excess = last.loss - least.value
        let isAtFloor = descent.end == .arithmetic && excess <= Thresholds.lossRatio * (scale ?? 0)
        if least.value > 0, excess <= max(wanted, 1e3 * run.setting.roundoff * last.loss),
            least.error <= 1e-3 * (first - least.value) || excess <= 1e-6 * last.loss
        {
            return Part(
                .holds, "F_T = \(shown(last.loss)) is the least loss, \(least.words()): reached, not interpolated")
        }
        guard let scale, excess <= wanted || isAtFloor else { return nil }
        let interpolates =
            "F_T = \(shown(last.loss)) is \(shown(last.loss / scale)) of the scale of the data, \(shown(scale))"
            + (isAtFloor ? ", where rounding errors hold it" : "")
        guard run.setting.isClassification else { return Part(.holds, interpolates) }
        guard let accuracy else {
            return Part(.cannotTell, "the accuracy is unknown", missing: [.trainingAccuracy])
        }
        let right = "\(shown(100 * accuracy)) % of the training samples are right"
        return accuracy >= 1
            ? Part(.holds, "\(interpolates), and \(right)")
            : Part(
                .cannotTell, "\(interpolates), but \(right)",
                missing: [.rightSamples(below: run.setting.lossRatio)])
    }

    /// A critical point at a loss above one that other weights are known to have.
    private var better: Part? {
        guard let end = descent.criticalEnd(run) else { return nil }
        let zero = run.references?.zeroWeights ?? .infinity
        let what =
            zero <= least.smallestSeen
            ? "all trained weights 0 give \(shown(zero))" : "the run itself saw \(shown(least.smallestSeen))"
        return Part(
            .fails, "the gradient is 0 at F_T = \(shown(end.loss)), which is not the least loss: \(what)")
    }

    /// Where nothing decides: how the run stands, what equal inputs leave, and what would decide.
    private var open: Part {
        let (standing, missing) = state
        let bound = least.value > 0 && !least.isKnown ? "; \(least.words("≥"))" : ""
        return Part(.cannotTell, standing + bound, missing: missing)
    }
}
