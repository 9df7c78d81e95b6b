import LinearAlgebra
import Measurements
import Minima
import Networks

/// All that can be measured along a run.
package enum ProbeKinds {
    /// In the order of the keys of `tracking` and, but for the norm of the gradient, which comes with the loss, of a row of
    /// metrics. A new kind is a line here.
    package static let all: [any ProbeKind] = [
        ScoreKind(), WeightDriftKind(), GradientNormKind(), PatternKind(), BackwardKind(), InitializationKind(),
        PredictionKind(), ContractionKind(), KernelKind(), HessianKind(), MinimumKind(), UnitGainKind(),
        SharpnessKind(), PopulationKind(), EliminationKind(),
    ]

    /// Those of every row, before what is measured.
    package static let ofEveryRow: [MetricFamily] = [.step, .learningRate]

    /// Every family of metrics that a run may record, in the order of a row.
    package static let families: [MetricFamily] = ofEveryRow + all.flatMap(\.families)

    private static let familiesByName = Dictionary(uniqueKeysWithValues: families.map { ($0.name, $0) })
    private static let kindsByName = Dictionary(
        uniqueKeysWithValues: all.flatMap { kind in kind.families.map { ($0.name, kind) } })

    /// The family of a metric by its name, `weight_drift` for `weight_drift.W1`; nil for a name that no probe records.
    package static func family(of metric: String) -> MetricFamily? { familiesByName[MetricFamily.name(of: metric)] }

    /// What records a metric; nil for those of every row, and unknown ones.
    package static func kind(of metric: String) -> (any ProbeKind)? { kindsByName[MetricFamily.name(of: metric)] }

    /// The meaning of a metric by its name; the name itself where no probe records it.
    package static func meaning(of metric: String) -> String {
        family(of: metric)?.meaning(of: metric) ?? metric
    }

    /// The most columns that a run's metrics have.
    package static func columns(_ model: Model, _ selection: ProbeSelection) -> Int {
        let tensors = model.layout.trained.count
        let rectifiers = ActivationPatterns.rectifiers(of: model).count
        func count(_ family: MetricFamily, isRecorded: Bool) -> Int {
            switch family.members {
            case .none: isRecorded ? 1 : 0
            case .rectifiers: isRecorded ? rectifiers : 0
            case .tensors: isRecorded ? tensors : 0
            case .allAndTensors: 1 + (isRecorded ? tensors : 0)
            case .units: isRecorded ? UnitGainMeter.units(model) : 0
            case .points: isRecorded ? selection.population?.options.starts ?? 0 : 0
            }
        }
        return all.reduce(ofEveryRow.count) { sum, kind in
            kind.families.reduce(sum) { $0 + count($1, isRecorded: kind.records($1, selection)) }
        }
    }
}
