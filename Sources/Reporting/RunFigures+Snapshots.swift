import Networks
import RealModule
import Reports

/// The figures that need more than numbers of a step.
extension RunFigures {
    /// Eigenvalues of chosen rank, over the steps with a kernel.
    var spectrum: Figure? {
        let count = snapshots.spectra.map(\.values.count).min() ?? 0
        let decades = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].filter { $0 < count }
        let ranks = Array(Set(decades + (count > 0 ? [count] : []))).sorted()
        let lines = ranks.map { rank in
            Curves.Series(
                rank == 1 ? "λ_1 = λ_max" : rank == count ? "λ_\(rank) = λ_min" : "λ_\(rank)", .marked,
                snapshots.spectra.map { (Double($0.step), $0.values[$0.values.count - rank]) })
        }
        // A bound far below the smallest eigenvalue would take the room of the others.
        let least = snapshots.spectra.compactMap(\.values.first).min() ?? 0
        let errors = points(.kernelLambdaError)
        let bound =
            (errors.map(\.y).max() ?? 0) > least / 100 ? [Curves.Series("bound of their error", .dashed, errors)] : []
        return Figure(
            "spectrum", "Spectrum of the kernel over time",
            "Eigenvalues λ_k of the tangent kernel Θ_t by their rank k, from the largest, λ_1; below the bound of their error, where it is drawn, "
                + "they may be anything down to zero.",
            x: Self.logStep, y: Axis("eigenvalue λ_k(Θ_t)", isLogarithmic: true),
            lines + bound)
    }

    /// Outputs of the network against those of its linearization.
    var outputs: Figure? {
        guard let (step, sets) = snapshots.outputs else { return nil }
        let points = sets.map { set -> Curves.Series in
            let every = max(set.measured.count / 600, 1)
            let chosen = stride(from: 0, to: min(set.measured.count, set.predicted.count), by: every)
            return Curves.Series(
                set.name == "train" ? "training outputs" : "\(set.name) outputs", .points,
                chosen.map { (set.predicted[$0], set.measured[$0]) })
        }
        let all = sets.flatMap { $0.measured + $0.predicted }.filter(\.isFinite)
        guard let low = all.min(), let high = all.max() else { return nil }
        return Figure(
            "outputs", "Predicted and measured outputs",
            "Outputs f of the network against those f_lin of the network linearized at its start, after \(step) steps each, "
                + "a point an output of a sample.",
            x: Axis("f_lin, predicted from Θ_0"), y: Axis("f, measured"),
            [Curves.Series("equal", .dashed, [(low, low), (high, high)])] + points.reversed())
    }

    /// Θ summed over outputs at the first and the last step, on one scale of colors.
    var grams: [Figure] {
        let highest = snapshots.grams.flatMap(\.values).filter(\.isFinite).max() ?? 1
        let lowest = snapshots.grams.flatMap(\.values).filter(\.isFinite).min() ?? 0
        return snapshots.grams.enumerated().map { index, gram in
            let places = (0..<gram.side).map { Double($0) }
            return Figure(
                id: index == 0 ? "gram-start" : "gram-end", title: "Gram matrix at step \(gram.step)",
                caption:
                    "The tangent kernel Θ_ij of samples i and j in their order, summed over outputs, at step \(gram.step); the Gram matrices of "
                    + "the first and the last step have one scale of colors.",
                .map(
                    Map(
                        x: Axis("sample i", isInteger: true), y: Axis("sample j", isInteger: true), value: Axis("Θ_ij"),
                        xs: places, ys: places,
                        values: gram.values, range: lowest < highest ? lowest...highest : nil)))
        }
    }

    /// The loss over the gradient and the most negative curvature: at the start, in the middle and at the end.
    var slices: [Figure] {
        let all = snapshots.slices
        let chosen = all.count > 3 ? [all[0], all[all.count / 2], all[all.count - 1]] : all
        return chosen.map { slice in
            Figure(
                id: "slice-\(slice.step)", title: "Loss around the weights at step \(slice.step)",
                caption:
                    "The training loss around the weights W at step \(slice.step): F(W + xu + yv)/F(W) with u = −∇F/‖∇F‖ and v the direction of the most negative curvature; x and y "
                    + "reach three steps of descent; the cross is W.",
                .surface(
                    Map(
                        x: Axis("x along −∇F"), y: Axis("y along v"), value: Axis("F(·)/F(W)"), xs: slice.axis,
                        ys: slice.axis, values: slice.ratios)))
        }
    }
}
