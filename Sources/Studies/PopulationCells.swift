import Configurations
import Foundation
import Measurements
import ScalingLaws
import Statistics
import Sweeps

/// The cells of a sweep whose runs were measured beside their population, and power laws through them.
package struct PopulationCells {
    package typealias Cell = StudyCell

    private let cells: [Cell]
    /// M of a risk by fresh samples; nil in closed form.
    private let fresh: Double?
    /// Cells without a measurement: they failed, or are not there.
    let lost: Int

    package init(_ cells: [Cell], fresh: Double? = nil) {
        self.cells = cells.filter { $0.value(MetricFamily.populationEmpirical).isFinite }
        (self.fresh, lost) = (fresh, cells.count - self.cells.count)
    }

    init(_ results: SweepResults) {
        self.init(
            results.studyCells,
            fresh: results.plan.base.values["population.samples"].flatMap { Double($0) })
    }

    var count: Int { cells.count }

    /// The values of an axis that cells were measured at.
    func values(of key: String) -> [Double] { Set(cells.map { $0.at(key) }.filter(\.isFinite)).sorted() }

    /// Those at one value of an axis.
    func at(_ key: String, _ value: Double) -> PopulationCells {
        PopulationCells(cells.filter { $0.at(key) == value }, fresh: fresh)
    }

    /// A number of each cell.
    func map<T>(_ body: (Cell) -> T) -> [T] { cells.map(body) }

    /// value ~ size^p, with a level for each seed.
    func law(
        over size: (Cell) -> Double, _ value: (Cell) -> Double
    ) -> Result<PowerLaw, PowerLaw.Refusal> {
        Self.law(
            map { ScalingPoint(size: size($0), value: value($0), seed: $0.seed) })
    }

    static func law(_ points: [ScalingPoint]) -> Result<PowerLaw, PowerLaw.Refusal> {
        do { return .success(try PowerLaw(points)) } catch let refusal as PowerLaw.Refusal {
            return .failure(refusal)
        } catch { return .failure(PowerLaw.Refusal("\(error)")) }
    }

    /// The exponent of the mean over seeds: of numbers that single seeds may have as small as 0, or, by their errors, below.
    /// - Returns: nil where there are fewer than three sizes or seeds, or a mean is not positive.
    func exponentOfMean(over key: String, _ value: (Cell) -> Double) -> Estimate? {
        let (sizes, seeds) = (values(of: key), values(of: SweepAxis.seed))
        guard sizes.count > 2 else { return nil }
        let points = cells.map { (size: $0.at(key), seed: $0.at(SweepAxis.seed), value: value($0)) }
            .filter(\.value.isFinite)
        return Estimate(jackknifeOf: seeds.count) { left in
            let means = sizes.map { size in
                let own = points.filter { $0.size == size && $0.seed != left.map { seeds[$0] } }
                return own.reduce(0) { $0 + $1.value } / Double(own.count)
            }
            return Self.slope(sizes.map { log($0) }, means.map { log($0) })
        }
    }

    private static func slope(_ x: [Double], _ y: [Double]) -> Double {
        let (mx, my) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
        return zip(x, y).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) } / x.reduce(0) { $0 + ($1 - mx) * ($1 - mx) }
    }

    /// n; of stationary points of a J that is itself a mean over M fresh samples n M/(n + M), from which J_n differs as from J with so many.
    func size(_ row: Cell) -> Double {
        let n = row.at("data.samples")
        return fresh.map { n * $0 / (n + $0) } ?? n
    }
}
