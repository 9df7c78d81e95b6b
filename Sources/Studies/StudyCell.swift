import Configurations
import Measurements
import Sweeps

/// A cell of a part that is a sweep: its place on the axes, and what was measured of it.
package struct StudyCell {
    private let place: [String: Double]
    private let values: [String: Double]

    /// - Parameters:
    ///   - place: by key of the configuration.
    ///   - values: by name of the metric.
    package init(place: [String: Double], values: [String: Double]) { (self.place, self.values) = (place, values) }

    func value(_ name: String) -> Double { values[name] ?? .nan }
    func value(_ family: MetricFamily) -> Double { value(family.name) }
    /// NaN for a key that is no axis with numbers.
    func at(_ key: String) -> Double { place[key] ?? .nan }
    var seed: Int { Int(exactly: at(SweepAxis.seed)) ?? 0 }
}

extension SweepResults {
    /// Its cells, those without a result too.
    var studyCells: [StudyCell] {
        let axes = plan.sweep.axes
        return table.rows.map { row in
            let numbers = zip(axes, row.cell.place).compactMap { axis, place in
                axis.values[place].number.map { (axis.key, $0) }
            }
            return StudyCell(
                place: Dictionary(uniqueKeysWithValues: numbers), values: row.measurement?.values ?? [:])
        }
    }
}
