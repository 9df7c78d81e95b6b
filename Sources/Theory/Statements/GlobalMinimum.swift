import RealModule

/// F_T/F_0 fell below what was asked for, and every training sample of a classification is right.
///
/// Source: Allen-Zhu, Li, Song 2019, Theorems 1 and 2. Where the loss is not there yet, the rate of the last quarter of
/// the run says whether it stands still (`RecordedDescent.isStuck`) or was cut short.
func globalMinimum(_ run: RunEvidence, _ descent: RecordedDescent) -> Certificate {
    let wanted = run.setting.lossRatio
    guard let first = descent.first, let last = descent.last, first.loss > 0 else {
        return Certificate(.globalMinimum, .cannotTell, "no training loss was recorded", missing: ["metrics.jsonl"])
    }
    let ratio = last.loss / first.loss
    var quantities = [
        Quantity("F_T/F_0", ratio, mark: "below \(shown(wanted))"), Quantity("steps", Double(last.step)),
    ]
    let accuracy = run.series.known("train_accuracy").last?.value
    if let accuracy { quantities.append(Quantity("training accuracy", accuracy, mark: "1")) }
    func told(_ verdict: Verdict, _ reason: String, missing: [String] = []) -> Certificate {
        Certificate(.globalMinimum, verdict, reason, quantities, missing: missing)
    }
    if descent.hasDiverged(run) {
        return told(.fails, "the loss grew: F_T/F_0 = \(shown(ratio)) at step \(last.step)")
    }
    // What was reached once was reached: the loss may rise a little behind it.
    if descent.end == .reached || ratio <= wanted {
        guard run.setting.isClassification else { return told(.holds, "F_T/F_0 = \(shown(ratio))") }
        guard let accuracy else {
            return told(.cannotTell, "the accuracy is unknown", missing: ["train_accuracy in metrics.jsonl"])
        }
        let isRight = accuracy >= 1
        return told(
            isRight ? .holds : .fails,
            "F_T/F_0 = \(shown(ratio)) and \(shown(100 * accuracy)) % of the training samples are right")
    }
    if descent.end == .arithmetic {
        return told(
            .cannotTell,
            "F_T/F_0 = \(shown(ratio)) is where rounding errors hold the loss, above the \(shown(wanted)) asked for",
            missing: ["a smaller roundoff: precision: float64, or a larger training.stop.loss_ratio"])
    }
    let more = descent.stepsToGo(to: wanted)
    if descent.points.count < 8 {
        return told(.cannotTell, "only \(descent.points.count) measurements of the loss", missing: [moreRows])
    }
    if descent.isStuck(above: wanted) {
        return told(
            .fails,
            "stuck at F_T/F_0 = \(shown(ratio)): at its last rate the loss would need "
                + (more.isFinite ? "\(shown(more)) more steps" : "forever"))
    }
    return told(
        .cannotTell, "cut short at F_T/F_0 = \(shown(ratio))" + (more.isFinite ? ", still falling" : ""),
        missing: [
            (more < 1e15 ? "about \(Int(more) + 1) more steps" : "more steps")
                + ", to training.stop.loss_ratio: \(shown(wanted))"
        ])
}
