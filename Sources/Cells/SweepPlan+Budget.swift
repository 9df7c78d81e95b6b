import Configurations
import Console
import Datasets
import Foundation

extension SweepPlan {
    /// The width that was chosen for each network, and how near its weights come to the budget; none without one.
    var budgetRemarks: [Remark] {
        guard sweep.parameters != nil else { return [] }
        let row = sweep.axes.indices.filter { sweep.axes[$0].key != SweepAxis.seed }
        var seen: Set<String> = []
        return cells.compactMap { cell in
            guard let chosen = cell.chosen else { return nil }
            let place = Self.label(sweep.axes, row: row, row.map { cell.place[$0] })
            let text =
                "sweep.parameters: \(place.isEmpty ? "" : place + ": ")width \(chosen.width) has \(chosen.weights) trained weights, "
                + String(format: "%+.2f %% of %d", 100 * chosen.deviation, chosen.budget)
            guard seen.insert(text).inserted else { return nil }
            return Remark(text, isWarning: !chosen.isNear)
        }
    }
}
