/// At the start norms are kept forward and backward, and different samples stay different.
///
/// Forward: ‖h_l(x)‖ in 1 ± ε at every layer, relative to what the parametrization keeps on average (Allen-Zhu, Li, Song
/// 2019, Lemma 7.1; Cao, Gu 2019, App. B: [3/4, 5/4]). Separation: ‖(I − ĥ_i ĥ_iᵀ) h_j‖ ≥ (δ/2)‖h_j‖ for all pairs,
/// δ = min ‖x̂_i − x̂_j‖ (their Lemma 7.5). Backward: ‖∂f/∂h_l‖_F is bounded by a constant times that of the last layer
/// (Lemma 7.4). Marks: `Marks`.
func goodInitialization(_ run: RunEvidence) -> Certificate {
    guard let start = run.initialization, !start.layers.isEmpty else {
        return Certificate(
            .goodInitialization, .cannotTell, "the norms at the start were not recorded",
            missing: ["tracking.initialization: true, with ReLU layers"])
    }
    let low = start.layers.min { $0.norms.lowerBound < $1.norms.lowerBound } ?? start.layers[0]
    let high = start.layers.max { $0.norms.upperBound < $1.norms.upperBound } ?? start.layers[0]
    let closest = start.layers.min { $0.separation < $1.separation } ?? start.layers[0]
    var quantities = [
        Quantity(
            "smallest ‖h_l‖", low.norms.lowerBound,
            mark: "\(low.name); \(shown(Marks.forwardNorm.near.lowerBound)) or more"),
        Quantity(
            "largest ‖h_l‖", high.norms.upperBound,
            mark: "\(high.name); \(shown(Marks.forwardNorm.near.upperBound)) or less"),
        Quantity("δ of the inputs", start.inputSeparation),
        Quantity("least separation of a layer", closest.separation, mark: "\(closest.name); at least δ/2"),
    ]
    let (near, far) = Marks.forwardNorm
    let range = low.norms.lowerBound...high.norms.upperBound
    let isNear = near.contains(range.lowerBound) && near.contains(range.upperBound)
    let isFar = !far.contains(range.lowerBound) || !far.contains(range.upperBound)
    var parts = [
        Part(
            isNear ? .holds : isFar ? .fails : .cannotTell,
            "norms \(shown(range.lowerBound)) (\(low.name)) to \(shown(range.upperBound)) (\(high.name))")
    ]
    let delta = start.inputSeparation
    parts.append(
        delta > 0
            ? closest.separation >= delta / 2
                ? Part(.holds, "separation \(shown(closest.separation)) from δ = \(shown(delta))")
                : Part(
                    .fails,
                    "separation falls to \(shown(closest.separation)) in \(closest.name), below δ/2 = \(shown(delta / 2))"
                )
            : Part(.fails, "two inputs have the same direction: δ = 0"))
    if let most = start.backward.max(by: { $0.norm < $1.norm }) {
        quantities.append(
            Quantity(
                "largest ‖∂f/∂h_l‖ over that of the last", most.norm,
                mark: "\(most.name); at most \(shown(Marks.backwardNorm.bounded))"))
        parts.append(
            Part(
                most.norm <= Marks.backwardNorm.bounded
                    ? .holds : most.norm > Marks.backwardNorm.unbounded ? .fails : .cannotTell,
                "backward norms up to \(shown(most.norm)) times the last (\(most.name))"))
    }
    return Certificate(.goodInitialization, parts, quantities)
}
