import Certificates
import Measurements
import Networks
import RealModule
import Reports
import Statistics
import Theory

/// The figures of a run, from its series and snapshots; those without data are left out.
struct RunFigures {
    let series: MetricSeries
    let evidence: RunEvidence
    let descent: RecordedDescent
    let analysis: DescentAnalysis
    let snapshots: FigureData
    /// Network, data and training in a sentence, at the end of each caption.
    private let setting: String

    init(_ run: RecordedRun, _ snapshots: FigureData) {
        evidence = run.evidence
        series = evidence.series
        descent = RecordedDescent(evidence)
        analysis = DescentAnalysis(evidence, descent)
        self.snapshots = snapshots
        setting = run.configuration?.setting(run.record) ?? ""
    }

    var all: [Figure] {
        let curves = [
            loss, contraction, gradient, drift, flips, equivalence, spectrum, outputs, initialization, batches,
        ]
        return (curves.compactMap { $0 } + grams + slices).map { figure in
            Figure(id: figure.id, title: figure.title, caption: "\(figure.caption) \(setting)", figure.content)
        }
    }

    static let step = Axis("step t", isInteger: true)
    static let logStep = Axis("step t", isLogarithmic: true, isInteger: true)

    /// A figure of curves; nil where none has a point.
    func figure(
        _ id: String, _ title: String, _ caption: String, x: Axis, y: Axis, _ lines: [Curves.Series]
    ) -> Figure? {
        let curves = Curves(x: x, y: y, lines)
        return curves.series.isEmpty ? nil : Figure(id: id, title: title, caption: caption, .curves(curves))
    }

    /// The known values of a metric, at most 600 of them: more than a figure can show.
    func points(_ family: MetricFamily, _ change: (Double) -> Double = { $0 }) -> [(x: Double, y: Double)] {
        points(family.name, change)
    }

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
        return figure(
            "loss", "Training loss",
            "Training loss F_t over F_0 by step t, and what the tangent kernel Θ_0 at the start predicts of it. A straight line is linear "
                + "convergence; the fits are to the last half of the decades, “asked for” is where the run was to stop.",
            x: Self.step, y: Axis("F_t/F_0", isLogarithmic: true), lines)
    }

    private var contraction: Figure? {
        let ratios = GradientRatios(evidence, through: descent.lastRow ?? max(series.steps.count - 1, 0))
        let rates = Dictionary(zip(series.steps, series[.learningRate])) { a, _ in a }
        let rising = analysis.stretches.filter { $0.rate <= 0 }.count
        return figure(
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
                    thinned(ratios.points.map { (Double($0.step), 2 * (rates[$0.step] ?? .nan) * $0.value) })),
            ])
    }

    private var gradient: Figure? {
        let ratios = GradientRatios(evidence, through: descent.lastRow ?? max(series.steps.count - 1, 0))
        return figure(
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

    private func byLayer(_ family: MetricFamily) -> [Curves.Series] {
        series.family(family).map { Curves.Series(Symbols.tensor($0.member), .line, points(family.of($0.member))) }
    }

    private var drift: Figure? {
        figure(
            "drift", "Drift of the weights by layer",
            "Distance of each trained tensor W_t from its initialization W_0, relative to its size there, in the Frobenius norm.",
            x: Self.logStep, y: Axis("‖W_t − W_0‖_F/‖W_0‖_F", isLogarithmic: true), byLayer(.weightDriftRelative))
    }

    private var flips: Figure? {
        figure(
            "flips", "Flipped ReLU units by layer",
            "Share of pairs of a ReLU unit and a sample whose sign differs from that at initialization, for each layer.",
            x: Self.logStep, y: Axis("share of flipped units", isLogarithmic: true), byLayer(.patternFlips))
    }

    private var equivalence: Figure? {
        figure(
            "equivalence", "Distance from the linearized network",
            "Change of the tangent kernel Θ_t since the start, and distance of the outputs f from those f_lin of the network linearized at "
                + "its start, after as many steps; r_0 is the residual at the start.",
            x: Self.logStep, y: Axis("relative change", isLogarithmic: true),
            [
                Curves.Series("kernel, ‖Θ_t − Θ_0‖/‖Θ_0‖", .marked, points(.kernelDrift)),
                Curves.Series("training outputs, ‖f − f_lin‖/‖r_0‖", .line, points(.predictionGap)),
                Curves.Series("test outputs, ‖f − f_lin‖/‖f‖", .line, points(.predictionGapTest)),
            ])
    }

    private var batches: Figure? {
        let (mean, spread) = (series[.batchContraction], series[.batchContractionSpread])
        func band(_ side: Double) -> [(x: Double, y: Double)] {
            thinned(
                series.steps.indices.map { (Double(series.steps[$0]), mean[$0] + side * spread[$0]) }.filter {
                    $0.1.isFinite
                })
        }
        let isPositive = (points(.batchContraction) + band(-1)).allSatisfy { $0.y > 0 }
        return figure(
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

    private var initialization: Figure? {
        guard let start = evidence.initialization else { return nil }
        let layers = start.layers
        func line(_ name: String, _ value: (InitializationEvidence.Layer) -> Double) -> Curves.Series {
            Curves.Series(name, .marked, layers.indices.map { (Double($0 + 1), value(layers[$0])) })
        }
        let index = Dictionary(layers.enumerated().map { ($1.name, Double($0 + 1)) }) { a, _ in a }
        return figure(
            "initialization", "Initialization, layer by layer",
            "At the start, in the ReLU layers l in their order, behind \(layers.map { Symbols.tensor($0.name) }.joined(separator: ", ")): norms of the "
                + "samples ‖h_l‖ relative to what the initialization keeps, the least separation of two samples over that of the inputs δ, and the "
                + "largest norm of backward vectors ∂f/∂h_l over that of the last layer.",
            x: Axis("ReLU layer l", isInteger: true),
            y: Axis("ratio to what is kept"),
            [
                line("largest ‖h_l‖") { $0.norms?.upperBound ?? .nan },
                line("smallest ‖h_l‖") { $0.norms?.lowerBound ?? .nan },
                line("separation over δ") { $0.separation / start.inputSeparation },
                Curves.Series(
                    "‖∂f/∂h_l‖ over the last", .marked, start.backward.map { (index[$0.name] ?? .nan, $0.norm) }),
            ])
    }
}
