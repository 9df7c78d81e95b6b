/// At the start norms are kept forward and backward, and different samples stay different.
///
/// Forward: ‖h_l(x)‖ in 1 ± ε at every layer, relative to what the parametrization keeps on average (Cao, Gu 2019, appendix
/// B.1: [3/4, 5/4]). Separation: ‖(I − ĥ_i ĥ_iᵀ) h_j‖ ≥ (δ/2)‖h_j‖ for all pairs, with δ the least ‖x̂_i − x̂_j‖ (Allen-Zhu,
/// Li, Song 2018 on recurrent networks, eq. 4.3), at most 1/L. Backward: ‖∂f/∂h_l‖_F is bounded by a constant times that of
/// the last layer. Marks: `Marks`.
func goodInitialization(_ run: RunEvidence) -> Certificate {
    guard let start = run.initialization, !start.layers.isEmpty else {
        return Certificate(
            .goodInitialization, .cannotTell, "the norms at the start were not recorded",
            missing: ["norms in ReLU layers: tracking.initialization: 128"])
    }
    let parts = [forward(start), separation(start)] + (backward(start).map { [$0] } ?? [])
    return Certificate(.goodInitialization, parts.map(\.part), parts.flatMap(\.quantities))
}

private typealias Finding = (part: Part, quantities: [Quantity])

private func forward(_ start: InitializationEvidence) -> Finding {
    let low = start.layers.min { $0.norms.lowerBound < $1.norms.lowerBound } ?? start.layers[0]
    let high = start.layers.max { $0.norms.upperBound < $1.norms.upperBound } ?? start.layers[0]
    let ends = [low.norms.lowerBound, high.norms.upperBound]
    let (near, far) = Marks.forwardNorm
    let verdict: Verdict =
        ends.allSatisfy(near.contains) ? .holds : ends.allSatisfy(far.contains) ? .cannotTell : .fails
    return (
        Part(verdict, "norms \(shown(ends[0])) (\(low.name)) to \(shown(ends[1])) (\(high.name))"),
        [
            Quantity("smallest ‖h_l‖", ends[0], mark: "\(low.name); \(shown(near.lowerBound)) or more"),
            Quantity("largest ‖h_l‖", ends[1], mark: "\(high.name); \(shown(near.upperBound)) or less"),
        ]
    )
}

private func separation(_ start: InitializationEvidence) -> Finding {
    let closest = start.layers.min { $0.separation < $1.separation } ?? start.layers[0]
    let delta = start.inputSeparation
    let wanted = Marks.separation(delta, layers: start.layers.count) / 2
    let quantities = [
        Quantity("δ of the inputs", delta),
        Quantity("least separation of a layer", closest.separation, mark: "\(closest.name); at least \(shown(wanted))"),
    ]
    guard delta > 0 else { return (Part(.fails, "two inputs have the same direction: δ = 0"), quantities) }
    let kept = shown(closest.separation)
    return (
        closest.separation >= wanted
            ? Part(.holds, "separation \(kept) from δ = \(shown(delta))")
            : Part(
                .fails, "separation falls to \(kept) in \(closest.name), below half of min(δ, 1/L), \(shown(wanted))"),
        quantities
    )
}

/// nil where nothing is trained below a ReLU layer.
private func backward(_ start: InitializationEvidence) -> Finding? {
    guard let most = start.backward.max(by: { $0.norm < $1.norm }) else { return nil }
    let (bounded, unbounded) = Marks.backwardNorm
    return (
        Part(
            most.norm <= bounded ? .holds : most.norm > unbounded ? .fails : .cannotTell,
            "backward norms up to \(shown(most.norm)) times the last (\(most.name))"),
        [
            Quantity(
                "largest ‖∂f/∂h_l‖ over that of the last", most.norm, mark: "\(most.name); at most \(shown(bounded))")
        ]
    )
}
