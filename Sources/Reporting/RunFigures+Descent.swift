import Descents
import Measurements
import Reports
import Statistics
import Theory

/// The loss on its way down, and what drives it.
extension RunFigures {
    var loss: Figure? {
        let start = descent.firstLoss?.loss ?? .nan
        var lines = [
            Curves.Series("measured", .line, points(.trainLoss) { $0 / start }),
            Curves.Series("predicted from Θ_0", .dashed, points(.predictedLoss) { $0 / start }),
        ]
        if let fits = analysis.fits, let fit = fits.linear {
            let tail = thinned(
                descent.excess.filter { fits.window.contains($0.time) }.map { (Double($0.step), $0.time) }, limit: 100)
            // Laws are of F − F*, what is drawn is F.
            func curve(_ fit: DecayFit) -> [(x: Double, y: Double)] {
                tail.map { ($0.x, (fit.value($0.y) + descent.leastLoss) / start) }
            }
            lines.append(Curves.Series("fit, \(fit.model.rawValue)", .dashed, curve(fit), of: "measured"))
            if let rival = analysis.rival {
                lines.append(
                    Curves.Series("best rival, \(rival.model.rawValue)", .dashed, curve(rival), of: "measured"))
            }
        }
        if let last = descent.lastLoss?.step {
            lines.append(
                Curves.Series("asked for", .dashed, [0, last].map { (Double($0), evidence.setting.lossRatio) }))
        }
        return Figure(
            "loss", "Training loss",
            "Training loss F_t over F_0 by step t, and what the tangent kernel Θ_0 at the start predicts of it. A straight line is linear "
                + "convergence; the fits are to the last half of the decades, “asked for” is where the run was to stop.",
            x: Self.step, y: Axis("F_t/F_0", isLogarithmic: true), lines)
    }

    var contraction: Figure? {
        let ratios = GradientRatios(evidence, through: descent.lastRow ?? max(series.steps.count - 1, 0))
        let rates = Dictionary(zip(series.steps, series[.learningRate])) { a, _ in a }
        // η is that of steps along the gradient.
        let points = evidence.setting.descendsGradient ? ratios.points : []
        let rising = analysis.stretches.filter { $0.rate <= 0 }.count
        return Figure(
            "contraction", "Contraction of the loss in a step",
            "−Δ ln(F − F*)/Δt over stretches of the run, beside the rate of the slowest mode of the kernel Θ_t, and 2ημ of the "
                + "Polyak–Łojasiewicz ratio μ = ‖∇F‖²/(2(F − F*)); F* is the least loss, as far as it is known."
                + (rising > 0 ? " Not drawn: \(rising) stretches in which the loss did not fall." : ""),
            x: Self.logStep, y: Axis("−Δ ln(F − F*)/Δt (1/step)", isLogarithmic: true),
            [
                Curves.Series("measured", .marked, analysis.stretches.map { ($0.step, $0.rate) }),
                Curves.Series(
                    "slowest mode of Θ_t", .line,
                    thinned(analysis.kernelRates.map { (Double($0.step), $0.rate) })),
                Curves.Series(
                    "2ημ", .line,
                    thinned(points.map { (Double($0.step), 2 * (rates[$0.step] ?? .nan) * $0.value) })),
            ])
    }

    var gradient: Figure? {
        let ratios = GradientRatios(evidence, through: descent.lastRow ?? max(series.steps.count - 1, 0))
        return Figure(
            "gradient", "No critical point: ‖∇F‖²/(2(F − F*))",
            "The gradient against the loss F above its least value F*, between the smallest eigenvalue λ of the kernel Θ_t on its range "
                + "and the largest; c is the weight of a sample in F. Above 0, no point on the way is critical.",
            x: Self.logStep, y: Axis("‖∇F‖²/(2(F − F*))", isLogarithmic: true),
            [
                Curves.Series("‖∇F‖²/(2(F − F*))", .line, thinned(ratios.points.map { (Double($0.step), $0.value) })),
                Curves.Series(
                    "cλ(Θ_t), smallest on the range", .marked, ratios.bounds.map { (Double($0.step), $0.least) }),
                Curves.Series("cλ_max(Θ_t)", .marked, ratios.bounds.map { (Double($0.step), $0.most) }),
            ])
    }

    var batches: Figure? {
        let (mean, spread) = (series[.batchContraction], series[.batchContractionSpread])
        func band(_ side: Double) -> [(x: Double, y: Double)] {
            thinned(
                series.steps.indices.map { (Double(series.steps[$0]), mean[$0] + side * spread[$0]) }.filter {
                    $0.1.isFinite
                })
        }
        let isPositive = (points(.batchContraction) + band(-1)).allSatisfy { $0.y > 0 }
        return Figure(
            "batches", "Contraction by mini-batch steps",
            "Mean of −ln F(w − ηg_b)/F(w) over mini-batches b, F over all samples and g_b the gradient of one batch, and the standard "
                + "deviation over batches. Above 0 a step makes the whole loss smaller.",
            x: Self.logStep, y: Axis("−ln F(w − ηg_b)/F(w) (1/step)", isLogarithmic: isPositive),
            [
                Curves.Series("mean over batches", .line, points(.batchContraction)),
                Curves.Series("mean ± standard deviation", .dashed, band(1), of: "mean over batches"),
                Curves.Series("mean − standard deviation", .dashed, band(-1), of: "mean over batches", isListed: false),
            ])
    }
}
