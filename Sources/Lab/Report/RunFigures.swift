import RealModule
import Reports
import Theory

/// The figures of a run, from its series and snapshots; those without data are left out.
struct RunFigures {
    let series: MetricSeries
    let evidence: RunEvidence
    let descent: RecordedDescent
    let analysis: DescentAnalysis
    let snapshots: ReportSnapshots

    init(_ run: RecordedRun, _ snapshots: ReportSnapshots) {
        evidence = run.evidence
        series = evidence.series
        descent = RecordedDescent(evidence)
        analysis = DescentAnalysis(evidence, descent)
        self.snapshots = snapshots
    }

    var all: [Figure] {
        let curves = [
            loss, contraction, gradient, drift, flips, equivalence, spectrum, outputs, initialization, batches,
        ]
        return curves.compactMap { $0 } + grams + slices
    }

    private static let step = Axis("step t")
    private static let logStep = Axis("step t", isLogarithmic: true)

    /// A figure of curves; nil where none has a point.
    func figure(
        _ id: String, _ title: String, _ caption: String, x: Axis, y: Axis, _ lines: [Curves.Series]
    ) -> Figure? {
        let curves = Curves(x: x, y: y, lines)
        return curves.series.isEmpty ? nil : Figure(id: id, title: title, caption: caption, .curves(curves))
    }

    /// The known values of a metric, at most 600 of them: more than a figure can show.
    func points(_ metric: String, _ change: (Double) -> Double = { $0 }) -> [(x: Double, y: Double)] {
        thinned(series.known(metric).map { (Double($0.step), change($0.value)) })
    }

    private func thinned(_ points: [(x: Double, y: Double)], limit: Int = 600) -> [(x: Double, y: Double)] {
        guard points.count > limit else { return points }
        return (0..<limit).map { points[$0 * (points.count - 1) / (limit - 1)] }
    }

    private var loss: Figure? {
        let start = descent.firstLoss?.loss ?? .nan
        var lines = [
            Curves.Series("measured", .line, points("train_loss") { $0 / start }),
            Curves.Series("predicted from Θ₀", .dashed, points("predicted_loss") { $0 / start }),
        ]
        if let fits = analysis.fits, let fit = fits.linear {
            let tail = thinned(
                descent.excess.filter { fits.window.contains($0.time) }.map { (Double($0.step), $0.time) }, limit: 100)
            // Laws are of F − F*, what is drawn is F.
            func curve(_ fit: DecayFit) -> [(x: Double, y: Double)] {
                tail.map { ($0.x, (fit.value($0.y) + descent.leastLoss) / start) }
            }
            lines.append(Curves.Series("fit, \(fit.model.rawValue)", .line, curve(fit)))
            if let rival = analysis.rival {
                lines.append(
                    Curves.Series("best rival, \(rival.model.rawValue)", .dashed, curve(rival)))
            }
        }
        if let last = descent.lastLoss?.step {
            lines.append(
                Curves.Series("asked for", .dashed, [0, last].map { (Double($0), evidence.setting.lossRatio) }))
        }
        return figure(
            "loss", "Training loss",
            "Loss over its start. A straight line is linear convergence; the fit covers the last half of the decades.",
            x: Self.step, y: Axis("F_t/F_0", isLogarithmic: true), lines)
    }

    private var contraction: Figure? {
        let ratios = GradientRatios(evidence, through: descent.lastRow ?? max(series.steps.count - 1, 0))
        let rates = Dictionary(zip(series.steps, series["learning_rate"])) { a, _ in a }
        let rising = analysis.stretches.filter { $0.rate <= 0 }.count
        return figure(
            "contraction", "Contraction of the loss in a step",
            "−Δ ln(F − F*)/Δt over stretches of the run, beside the rate of the slowest mode of the kernel, and 2ημ of the "
                + "Polyak–Łojasiewicz ratio μ = ‖∇F‖²/(2(F − F*)); F* is the least loss, as far as it is known."
                + (rising > 0 ? " Not drawn: \(rising) stretches in which the loss did not fall." : ""),
            x: Self.step, y: Axis("−Δ ln(F − F*)/Δt (1/step)", isLogarithmic: true),
            [
                Curves.Series("measured", .marked, analysis.stretches.map { ($0.step, $0.rate) }),
                Curves.Series(
                    "slowest mode of Θ_t", .line,
                    thinned(analysis.kernelRates.map { (Double($0.step), $0.rate) })),
                Curves.Series(
                    "2ημ", .line,
                    thinned(ratios.points.map { (Double($0.step), 2 * (rates[$0.step] ?? .nan) * $0.value) })),
            ])
    }

    private var gradient: Figure? {
        let ratios = GradientRatios(evidence, through: descent.lastRow ?? max(series.steps.count - 1, 0))
        return figure(
            "gradient", "No critical point: ‖∇F‖²/(2(F − F*))",
            "The gradient against the loss above its least value, between the smallest eigenvalue of the kernel on its range and "
                + "the largest.",
            x: Self.logStep, y: Axis("‖∇F‖²/(2(F − F*))", isLogarithmic: true),
            [
                Curves.Series("‖∇F‖²/(2(F − F*))", .line, thinned(ratios.points.map { (Double($0.step), $0.value) })),
                Curves.Series(
                    "cλ(Θ_t), smallest on the range", .marked, ratios.bounds.map { (Double($0.step), $0.least) }),
                Curves.Series("cλ_max(Θ_t)", .marked, ratios.bounds.map { (Double($0.step), $0.most) }),
            ])
    }

    private func byLayer(_ family: String) -> [Curves.Series] {
        series.family(family).map { Curves.Series($0.member, .line, points("\(family).\($0.member)")) }
    }

    private var drift: Figure? {
        figure(
            "drift", "Drift of the weights by layer", "How far each trained tensor is from its initialization.",
            x: Self.logStep, y: Axis("‖W_t − W_0‖_F/‖W_0‖_F", isLogarithmic: true), byLayer("weight_drift_relative"))
    }

    private var flips: Figure? {
        figure(
            "flips", "Flipped ReLU units by layer",
            "Share of units and samples whose sign differs from initialization.",
            x: Self.logStep, y: Axis("share of flipped units", isLogarithmic: true), byLayer("pattern_flips"))
    }

    private var equivalence: Figure? {
        figure(
            "equivalence", "Distance from the linearized network",
            "Change of the kernel, and of the outputs against what the kernel at the start predicts.",
            x: Self.logStep, y: Axis("relative change", isLogarithmic: true),
            [
                Curves.Series("kernel, ‖Θ_t − Θ_0‖/‖Θ_0‖", .marked, points("kernel_drift")),
                Curves.Series("training outputs, ‖f − f_lin‖/‖r_0‖", .line, points("prediction_gap")),
                Curves.Series("test outputs, ‖f − f_lin‖/‖f‖", .line, points("prediction_gap_test")),
            ])
    }

    private var batches: Figure? {
        let (mean, spread) = (series["batch_contraction"], series["batch_contraction_spread"])
        func band(_ side: Double) -> [(x: Double, y: Double)] {
            thinned(
                series.steps.indices.map { (Double(series.steps[$0]), mean[$0] + side * spread[$0]) }.filter {
                    $0.1.isFinite
                })
        }
        return figure(
            "batches", "Contraction by mini-batch steps",
            "Mean of −ln F(w − ηg_b)/F(w) over batches, and their spread.",
            x: Self.step, y: Axis("contraction (1/step)"),
            [
                Curves.Series("mean over batches", .line, points("batch_contraction")),
                Curves.Series("mean + spread", .dashed, band(1)), Curves.Series("mean − spread", .dashed, band(-1)),
            ])
    }

    private var initialization: Figure? {
        guard let start = evidence.initialization else { return nil }
        let layers = start.layers
        func line(_ name: String, _ value: (InitializationEvidence.Layer) -> Double) -> Curves.Series {
            Curves.Series(name, .marked, layers.indices.map { (Double($0 + 1), value(layers[$0])) })
        }
        let index = Dictionary(layers.enumerated().map { ($1.name, Double($0 + 1)) }) { a, _ in a }
        return figure(
            "initialization", "Initialization, layer by layer",
            "ReLU layers in their order: \(layers.map(\.name).joined(separator: ", ")).", x: Axis("layer"),
            y: Axis("ratio"),
            [
                line("largest ‖h_l‖") { $0.norms?.upperBound ?? .nan },
                line("smallest ‖h_l‖") { $0.norms?.lowerBound ?? .nan },
                line("separation over δ") { $0.separation / start.inputSeparation },
                Curves.Series(
                    "‖∂f/∂h_l‖ over the last", .marked, start.backward.map { (index[$0.name] ?? .nan, $0.norm) }),
            ])
    }
}
