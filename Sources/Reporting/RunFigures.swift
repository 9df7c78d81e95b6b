import Certificates
import Descents
import Measurements
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
            loss, contraction, gradient, sharpness, drift, flips, equivalence, spectrum, outputs, initialization,
            batches,
        ]
        return (curves.compactMap { $0 } + densities + grams + slices).map { $0.saying(setting) }
    }

    static let step = Axis("step t", isInteger: true)
    static let logStep = Axis("step t", isLogarithmic: true, isInteger: true)

    /// The known values of a metric, at most 600 of them: more than a figure can show.
    func points(_ family: MetricFamily, _ change: (Double) -> Double = { $0 }) -> [(x: Double, y: Double)] {
        points(family.name, change)
    }

    func points(_ metric: String, _ change: (Double) -> Double = { $0 }) -> [(x: Double, y: Double)] {
        thinned(series.known(metric).map { (Double($0.step), change($0.value)) })
    }

    private func byLayer(_ family: MetricFamily) -> [Curves.Series] {
        series.family(family).map { Curves.Series(Symbols.tensor($0.member), .line, points(family.of($0.member))) }
    }

    private var drift: Figure? {
        Figure(
            "drift", "Drift of the weights by layer",
            "Distance of each trained tensor W_t from its initialization W_0, relative to its size there, in the Frobenius norm.",
            x: Self.logStep, y: Axis("‖W_t − W_0‖_F/‖W_0‖_F", isLogarithmic: true), byLayer(.weightDriftRelative))
    }

    private var flips: Figure? {
        Figure(
            "flips", "Flipped ReLU units by layer",
            "Share of pairs of a ReLU unit and a sample whose sign differs from that at initialization, for each layer.",
            x: Self.logStep, y: Axis("share of flipped units", isLogarithmic: true), byLayer(.patternFlips))
    }

    private var equivalence: Figure? {
        Figure(
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

    private var initialization: Figure? {
        guard let start = evidence.initialization else { return nil }
        let layers = start.layers
        func line(_ name: String, _ value: (InitializationEvidence.Layer) -> Double) -> Curves.Series {
            Curves.Series(name, .marked, layers.indices.map { (Double($0 + 1), value(layers[$0])) })
        }
        let index = Dictionary(layers.enumerated().map { ($1.name, Double($0 + 1)) }) { a, _ in a }
        return Figure(
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
