import Datasets
import Files
import LinearAlgebra
import Networks
import RealModule
import Statistics

/// What of the lazy form α (g(w, x) − g(w₀, x)) the run's arithmetic can hold.
///
/// g is rounded by about u |g|, u the unit roundoff, so that the outputs are off by α u |g| and a squared loss doesn't
/// fall below (α u |g|/|y|)² of its start, whatever the weights.
struct LazyResolution {
    /// α u √(mean g(w₀)²).
    let noise: Double
    /// √(mean y²).
    let target: Double
    let scale: Double
    let precision: Precision

    /// Noise over targets from which a warning is due: the loss then stops at 1e-8 of its start.
    static let warningRatio = 1e-4

    /// - Throws: `LabError` where the noise is as large as the targets.
    /// - Returns: a warning, where one is due.
    func remark() throws -> Remark? {
        let ratio = noise / target
        guard target > 0, ratio > Self.warningRatio else { return nil }
        let found =
            "training.lazy_scale: \(scale): \(precision.rawValue) rounds α (g − g₀) by about \(shown(noise)), the targets "
            + "are \(shown(target))"
        let remedy = "choose a smaller α" + (precision == .float32 ? " or precision: float64" : "")
        guard ratio < 1 else { throw LabError("\(found): nothing of it is left: \(remedy)") }
        return Remark(
            "\(found): F falls to about \(shown(ratio * ratio)) F₀ and no further: \(remedy)", isWarning: true)
    }

    private func shown(_ value: Double) -> String { "\(Float(value))" }
}

extension Experiment {
    /// What there is to say of the form that is trained, from one forward pass over the first samples.
    /// - Throws: `LabError` where the run's precision holds nothing of it.
    func remarkOnForm(_ workspace: Workspace<S>, _ start: ParameterVector<S>) throws -> Remark? {
        guard let scale = configuration.training.form.lazyScale, !configuration.training.form.isLinearized else {
            return nil
        }
        let rows = min(workspace.capacity, train.count)
        workspace.forward(start.base, train.inputs.base, rows: rows)
        let count = rows * model.outputCount
        let size = (S.dot(count, workspace.outputs, workspace.outputs) / Double(count)).squareRoot()
        let y = train.targets
        return try LazyResolution(
            noise: scale * S.precision.unitRoundoff * size,
            target: (S.dot(y.count, y.base, y.base) / Double(y.count)).squareRoot(), scale: scale,
            precision: S.precision
        ).remark()
    }
}
