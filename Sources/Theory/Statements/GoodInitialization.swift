import Descents
import Measurements
import Statistics

extension Statement {
    /// At the start norms are kept forward and backward, and different samples stay different.
    ///
    /// - Forward: ‖h_l(x)‖ is in 1 ± ε at every layer, relative to what the parametrization keeps on average (Cao, Gu 2019,
    ///   appendix B.1: [3/4, 5/4]).
    /// - Separation: ‖(I − ĥ_i ĥ_iᵀ) h_j‖ ≥ (δ/2)‖h_j‖ for all pairs, with δ the least ‖x̂_i − x̂_j‖, at most 1/L
    ///   (Allen-Zhu, Li, Song 2018 on recurrent networks, eq. 4.3).
    /// - Backward: ‖∂f/∂h_l‖_F is at most a constant times that of the last layer.
    ///
    /// The constants are those of `Thresholds`. What was measured on the first samples is said of those.
    public static let goodInitialization = Statement(
        7, "Good initialization",
        source: "Cao, Gu 2019, appendix B; Allen-Zhu, Li, Song 2018 (recurrent networks), eq. 4.3",
        why:
            "The proofs start where the norms of h_l neither vanish nor explode from layer to layer, different samples stay apart, and backward "
            + "vectors are bounded: at random weights, before any step.",
        refutation:
            "A norm outside of 1/3 … 3, a separation below half of min(δ, 1/L), or backward norms above four times the last.",
        needsSteps: false,
        needsConfiguration: false,
        certificate: { judge($0.run) })
}

private func judge(_ run: RunEvidence) -> Certificate {
    guard run.setting.hasRectifiers else {
        return Certificate(.goodInitialization, .cannotTell, "not applicable: the network has no ReLU layers")
    }
    guard run.setting.startIsDrawn else {
        return Certificate(
            .goodInitialization, .cannotTell, "not applicable: the weights at the start were given, not drawn at random"
        )
    }
    guard let start = run.initialization, !start.layers.isEmpty else {
        return Certificate(
            .goodInitialization, .cannotTell, "the norms at the start were not recorded",
            missing: [.initialization()])
    }
    let findings = [measured(run, start), forward(start), separation(run, start), backward(start)]
    return Certificate(.goodInitialization, findings.map(\.part), findings.flatMap(\.quantities))
}

private typealias Finding = (part: Part, quantities: [Quantity])

/// Which samples were measured, and whether the closest pair of all is among them.
private func measured(_ run: RunEvidence, _ start: InitializationEvidence) -> Finding {
    let all = run.setting.samples
    if run.setting.hasEqualInputs {
        return (Part(.fails, "two training inputs are equal: δ = 0"), [])
    }
    guard all < Int.max else {
        return (Part(.cannotTell, "measured on \(start.samples) samples; how many there are in all is not known"), [])
    }
    guard start.samples < all else { return (Part(.holds, ""), []) }
    let which = "of the first \(start.samples) of \(all) samples"
    let separation = run.setting.directionSeparation
    guard separation >= start.inputSeparation - 16 * run.setting.roundoff else {
        let leave = separation.isNaN ? "may leave" : "leave"
        return (
            Part(
                .cannotTell,
                "measured on the first \(start.samples) of \(all) samples, which \(leave) out the two closest directions, δ = "
                    + shown(separation), missing: [.initialization(samples: all)]), []
        )
    }
    return (Part(.holds, which), [Quantity("samples measured", Double(start.samples), note: "of \(all)")])
}

private func forward(_ start: InitializationEvidence) -> Finding {
    let known = start.layers.compactMap { layer in layer.norms.map { (name: layer.name, norms: $0) } }
    guard let low = known.min(by: { $0.norms.lowerBound < $1.norms.lowerBound }),
        let high = known.max(by: { $0.norms.upperBound < $1.norms.upperBound })
    else { return (Part(.cannotTell, "the norms are no numbers"), []) }
    let ends = [low.norms.lowerBound, high.norms.upperBound]
    let (near, far) = Thresholds.forwardNorm
    let isKnown = known.count == start.layers.count
    let verdict: Verdict =
        !ends.allSatisfy(far.contains) ? .fails : isKnown && ends.allSatisfy(near.contains) ? .holds : .cannotTell
    return (
        Part(
            verdict,
            "norms \(shown(ends[0])) (\(low.name)) to \(shown(ends[1])) (\(high.name))"
                + (isKnown ? "" : ", where they are numbers")),
        [
            Quantity(
                "smallest ‖h_l‖", ends[0], note: "\(low.name); \(shown(near.lowerBound)) or more",
                .atLeast(near.lowerBound)),
            Quantity(
                "largest ‖h_l‖", ends[1], note: "\(high.name); \(shown(near.upperBound)) or less",
                .atMost(near.upperBound)),
        ]
    )
}

private func separation(_ run: RunEvidence, _ start: InitializationEvidence) -> Finding {
    if start.samples == 1 || run.setting.samples == 1 {
        return (Part(.cannotTell, "one sample makes no pair that could stay apart"), [])
    }
    let closest = start.layers.min { $0.separation < $1.separation } ?? start.layers[0]
    let delta = start.inputSeparation
    let wanted = Thresholds.separation(delta, layers: start.layers.count) / 2
    let error = 16 * run.setting.roundoff
    let quantities = [
        Quantity("δ of the inputs", delta, note: "rounding: \(shown(error))"),
        Quantity(
            "least separation of a layer", closest.separation, note: "\(closest.name); at least \(shown(wanted))",
            .atLeast(wanted)),
    ]
    guard !delta.isNaN else { return (Part(.cannotTell, "the separation of the inputs is not known"), quantities) }
    guard delta > 0 else {
        return (Part(.fails, "two inputs have the same direction, or one is 0: δ = 0"), quantities)
    }
    let kept = shown(closest.separation)
    if let unknown = start.layers.first(where: { $0.separation.isNaN }) {
        return (Part(.cannotTell, "the separation in \(unknown.name) is not known"), quantities)
    }
    if abs(closest.separation - wanted) <= error {
        return (
            Part(.cannotTell, "separation \(kept) from δ = \(shown(delta)), within rounding, \(shown(error))"),
            quantities
        )
    }
    return (
        closest.separation >= wanted
            ? Part(.holds, "separation \(kept) from δ = \(shown(delta))")
            : Part(
                .fails, "separation falls to \(kept) in \(closest.name), below half of min(δ, 1/L), \(shown(wanted))"),
        quantities
    )
}

private func backward(_ start: InitializationEvidence) -> Finding {
    let known = start.backward.filter { !$0.norm.isNaN }
    guard let most = known.max(by: { $0.norm < $1.norm }) else {
        return (
            Part(
                .cannotTell,
                start.backward.isEmpty
                    ? "no backward vectors to compare: nothing below a ReLU layer is trained, or the layer above starts at 0"
                    : "backward norms are no numbers"), []
        )
    }
    let (bounded, unbounded) = Thresholds.backwardNorm
    let isKnown = known.count == start.backward.count
    let verdict: Verdict =
        most.norm > unbounded ? .fails : !isKnown ? .cannotTell : most.norm <= bounded ? .holds : .cannotTell
    return (
        Part(
            verdict,
            "backward norms up to \(shown(most.norm)) times the last (\(most.name))"
                + (isKnown ? "" : ", where they are numbers")),
        [
            Quantity(
                "largest ‖∂f/∂h_l‖ over that of the last", most.norm, note: "\(most.name); at most \(shown(bounded))",
                .atMost(bounded))
        ]
    )
}
