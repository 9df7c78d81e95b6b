import Descents
import Measurements
import Statistics

extension Statement {
    /// The weights and the ReLU patterns stay near where they began.
    ///
    /// The largest relative drift ‖W_t − W_0‖_F/‖W_0‖_F of a trained tensor and the largest share of flipped ReLU units of a
    /// layer are compared with `Thresholds.change`, since the theorem's constants are hidden (Allen-Zhu, Li, Song 2019,
    /// Theorem 1). A tensor that starts at 0 has no relative drift. It is named, and judged in the drift of all weights.
    ///
    /// Where λ_min is known along the run, there is a bound with explicit constants too: ¼α‖W_t − W_0‖ + ‖r_t‖ ≤ ‖r_0‖ with
    /// α² = min λ_min(Θ_t) (Oymak, Soltanolkotabi 2018, eq. 2.4). It is stated for small steps, ηcλ_max ≤ 1, and judged for
    /// those.
    public static let nearInitialization = Statement(
        5, "Staying near initialization",
        source:
            "after Allen-Zhu, Li, Song 2019, Theorem 1; Oymak, Soltanolkotabi 2018, eq. 2.4: ¼α‖W_t − W_0‖ + ‖r_t‖ ≤ ‖r_0‖",
        why:
            "The theorems hold in a ball around W_0 in which few ReLU units flip. Its size hides in constants, so what has to be small are the "
            + "largest relative drift of a tensor and the largest share of flipped units.",
        refutation:
            "One tensor that moves by more than half of its norm, or a layer with more than half of its units flipped.",
        needsConfiguration: false,
        isOfWholeDescent: true,
        certificate: { judge($0.run, $0.descent) })
}

private func judge(_ run: RunEvidence, _ descent: RecordedDescent) -> Certificate {
    let series = run.series
    let rows = series.rows(.weightDrift)
    let coverage = Coverage(run, at: rows, through: descent.lastRow ?? max(series.steps.count - 1, 0))
    var findings = [drift(series, coverage)]
    if !coverage.isDense(), !rows.isEmpty {
        findings.append((Part(.cannotTell, coverage.words, missing: [run.moreRows]), []))
    }
    findings.append(flips(run, coverage))
    for (family, name) in [
        (MetricFamily.weightDriftSpectral, "‖W_t − W_0‖₂"), (.weightDriftRow, "max_r ‖w_r(t) − w_r(0)‖"),
    ] {
        guard let largest = series.largest(of: family) else { continue }
        findings.append(
            (Part(.holds, ""), [Quantity(name, largest.value, note: "\(largest.member), step \(largest.step)")]))
    }
    if let bound = PathBound(run) {
        findings.append(
            (
                bound.part ?? Part(.holds, ""),
                [
                    Quantity(
                        "max ¼α‖W_t − W_0‖/(‖r_0‖ − ‖r_t‖)", bound.largest, note: "at most 1, step \(bound.step)",
                        .atMost(1))
                ]
            ))
    }
    return Certificate(.nearInitialization, findings.map(\.part), findings.flatMap(\.quantities))
}

private typealias Finding = (part: Part, quantities: [Quantity])

/// The share of flipped units, as far as the weights may have gone between the rows. Steps that go too far can flip units
/// of small inputs, which are back at the next step.
private func flips(_ run: RunEvidence, _ coverage: Coverage) -> Finding {
    if run.setting.isLinearized { return (Part(.holds, "the linearization keeps the units of its start"), []) }
    guard run.setting.hasRectifiers else { return (Part(.holds, "no ReLU layers, whose units could flip"), []) }
    let finding = share(
        of: .patternFlips, run.series, "share of flipped ReLU units",
        .patternFlips
    ) { _, values in (values.filter(\.isFinite).max() ?? .nan) * coverage.swing }
    guard finding.part.verdict == .holds, !coverage.seesOvershoot else { return finding }
    return (
        Part(
            .cannotTell, "units may flip and flip back at steps that were not recorded, such as the first",
            missing: [.firstSteps]), finding.quantities
    )
}

/// The largest value of a family against the threshold of changes. Where a value is unknown beside known ones, nothing
/// is decided.
private func share(
    of family: MetricFamily, _ series: MetricSeries, _ name: String, _ missing: MissingEvidence,
    most: (_ member: String, _ values: [Double]) -> Double
) -> Finding {
    guard let largest = series.largest(of: family) else {
        return (Part(.cannotTell, "\(name) was not recorded", missing: [missing]), [])
    }
    let quantity = Quantity(
        name, largest.value, note: "\(largest.member), step \(largest.step); at most \(shown(Thresholds.change.small))",
        .atMost(Thresholds.change.small))
    if let gap = series.gap(in: family), largest.value <= Thresholds.change.large {
        return (Part(.cannotTell, "\(name) of \(gap.member) is not a number at step \(gap.step)"), [quantity])
    }
    let between = series.family(family).map { (member: $0.member, value: most($0.member, $0.values)) }
    let farthest = between.max { $0.value < $1.value } ?? (largest.member, .nan)
    return (
        Part(
            Thresholds.verdict(change: largest.value, atMost: farthest.value),
            "\(name) up to \(shown(largest.value)) (\(largest.member))"
                + Thresholds.words(largest.value, atMost: farthest.value, farthest.member)), [quantity]
    )
}

private func drift(_ series: MetricSeries, _ coverage: Coverage) -> Finding {
    let name = "‖W_t − W_0‖_F/‖W_0‖_F"
    let family = MetricFamily.weightDriftRelative
    // What moved without ever having a relative drift began at 0.
    let absolute = Dictionary(uniqueKeysWithValues: series.family(.weightDrift).map { ($0.member, $0.values) })
    let atZero = series.family(family).filter { member, values in
        values.allSatisfy { !$0.isFinite } && (absolute[member]?.contains { $0.isFinite } ?? false)
    }.map(\.member)
    let others = series.without(atZero.map { family.of($0) })
    var (part, quantities) = share(
        of: family, others, name, .weightDrift
    ) { member, values in
        // Relative to the same norm at every row.
        let distances = absolute[member] ?? []
        let norm = zip(distances, values).first { $0.0 > 0 && $0.1 > 0 }.map { $0.0 / $0.1 }
        return norm.map { coverage.farthest(distances) / $0 } ?? 0
    }
    guard !atZero.isEmpty else { return (part, quantities) }
    let named = "\(atZero.joined(separator: ", ")) \(atZero.count == 1 ? "starts" : "start") at 0"
    guard let total = series.known(family).max(by: { $0.value < $1.value }) else {
        return (
            Part(.cannotTell, "\(named), and so do all trained weights: nothing to compare their drift with"),
            quantities
        )
    }
    quantities.append(
        Quantity(
            "\(name) of all trained weights", total.value, note: "step \(total.step); \(named)",
            .atMost(Thresholds.change.small)))
    let whole = Part(
        Thresholds.verdict(change: total.value, atMost: total.value * coverage.swing),
        "\(named), and all trained weights together move by \(shown(total.value))"
            + Thresholds.words(total.value, atMost: total.value * coverage.swing, ""))
    if others.family(family).isEmpty { return (whole, quantities) }
    // Both have to be near.
    let verdict = Verdict.all([part.verdict, whole.verdict])
    part = Part(
        verdict, [part, whole].filter { $0.verdict == verdict }.map(\.reason).joined(separator: "; "),
        missing: part.missing)
    return (part, quantities)
}
