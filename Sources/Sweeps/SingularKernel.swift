import Cells
import Configurations
import Execution
import Foundation
import HDF5
import LinearAlgebra
import Runs
import ScalingLaws

/// What can be said of Θ_0 before anything runs: where it is singular, no critical width exists.
struct SingularKernel {
    /// Rows of Θ, nK.
    let rows: Int
    let trainedCount: Int
    let hasTwins: Bool

    static let twins = "two samples are the same input, so that Θ is singular at every width"

    static func counted(rows: Int, weights: Int, width: Int) -> String {
        "Θ has \(rows) rows and at most the rank \(weights), the number of trained weights at width \(width)"
    }
}

extension CellCosts {
    /// - Throws: what is wrong with the cell's data or network.
    mutating func kernel(of configuration: Configuration) throws -> SingularKernel {
        try kernel(of: configuration, configuration.precision.storedScalar)
    }

    private mutating func kernel<S: Scalar & HDF5Element>(
        of configuration: Configuration, _ type: S.Type
    ) throws -> SingularKernel {
        let experiment: Experiment<S> = try experiment(configuration)
        return SingularKernel(
            rows: experiment.train.count * experiment.train.targets.columns,
            trainedCount: experiment.model.layout.trainedCount,
            hasTwins: Set(experiment.train.firstOfEqualInputs).count < experiment.train.count)
    }
}

extension CriticalSearch {
    /// What the search will take and can't find, before it runs.
    package var forecast: [String] {
        let widths = target.widths
        let over = target.over.compactMap { key in plan.sweep.axes.first { $0.key == key } }
        let places = SweepPlan.places(over.map(\.values.count))
        let tries = 2 * Int(log2(Double(widths.count) + 1)) + 4
        let seeds = plan.sweep.axes.first { $0.key == SweepAxis.seed }?.values.count ?? 1
        var costs = CellCosts()
        let singular = places.compactMap { singularity($0, over, widths, &costs) }
        return [
            "search    widths \(widths.first ?? 0) to \(widths.last ?? 0), \(widths.count) of them, by bisection: "
                + "\(places.count) places, at most \(min(tries, widths.count)) widths each, \(seeds) runs a width",
            "growth    " + GrowthLaw.needs(over.map { ($0.key, $0.values.count) })
                + (seeds < 3 ? "; the noise of m* needs 3 seeds or more" : ""),
        ] + singular
    }

    private func singularity(
        _ place: [Int], _ over: [SweepAxis], _ widths: [Int], _ costs: inout CellCosts
    ) -> String? {
        func kernel(_ width: Int) -> SingularKernel? {
            do {
                return try cells(width: width, over, place).first.map { try costs.kernel(of: $0.configuration.get()) }
            } catch {
                // The cell will say what is wrong.
                return nil
            }
        }
        let label = SweepPlan.label(over, place)
        guard let most = widths.last, let wide = kernel(most) else { return nil }
        if wide.hasTwins { return "warning   \(label): \(SingularKernel.twins)" }
        if wide.rows > wide.trainedCount {
            return "warning   \(label): "
                + SingularKernel.counted(rows: wide.rows, weights: wide.trainedCount, width: most)
        }
        let enough = widths.first { width in kernel(width).map { $0.rows <= $0.trainedCount } ?? true }
        guard let enough, enough > widths[0] else { return nil }
        return
            "search    \(label): below width \(enough) Θ has more rows than there are trained weights, and is singular"
    }
}
