import Certificates
import Configurations
import Foundation
import Measurements
import Reports
import ScalingLaws
import Sweeps

/// Power laws in the width, what they leave, and curves that they make one.
extension SweepFigures {
    private func entries(_ name: String) -> [(place: String, law: PowerLaw)] {
        results.fits.entries.filter { $0.observable == name }.compactMap { entry in
            guard case .success(let law) = entry.law else { return nil }
            return (entry.place.isEmpty ? "mean of seeds" : Symbols.place(entry.coordinates), law)
        }
    }

    /// Geometric means over seeds with one standard deviation, and the seeds themselves.
    private func seeds(_ place: String, _ points: [(size: Double, value: Double)], isLaw: Bool) -> [Curves
        .Series]
    {
        let sizes = Set(points.map(\.size)).sorted()
        var (means, bars): ([(x: Double, y: Double)], [ClosedRange<Double>]) = ([], [])
        for size in sizes {
            let values = points.filter { $0.size == size }.map { isLaw ? log($0.value) : $0.value }
            let mean = values.reduce(0, +) / Double(values.count)
            let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            let deviation = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : 0
            let ends = [mean - deviation, mean, mean + deviation].map { isLaw ? exp($0) : $0 }
            means.append((size, ends[1]))
            bars.append(min(ends[0], ends[2])...max(ends[0], ends[2]))
        }
        let hasSeeds = points.count > sizes.count
        let cloud = Curves.Series(
            "\(place), seeds", .points, points.map { ($0.size, $0.value) }, of: place, isListed: false)
        return [Curves.Series(place, isLaw ? .points : .marked, means, bars: hasSeeds ? bars : [])]
            + (hasSeeds ? [cloud] : [])
    }

    private static let marks = "Marks: means over seeds, bars: one standard deviation, small circles: the seeds"

    func law(_ name: String) -> Figure? {
        let symbol = Symbols.metric(name)
        let lines = entries(name).flatMap { place, law -> [Curves.Series] in
            let sizes = Set(law.points.map(\.size)).sorted()
            return seeds(place, law.points.map { ($0.size, $0.value) }, isLaw: true) + [
                Curves.Series(
                    SweepFits.power(law.mean.value), .dashed, sizes.map { ($0, law.value(at: $0)) }, of: place)
            ]
        }
        let others = published.filter { $0.observable == name }.map {
            Curves.Series($0.source, .marked, $0.points.map { ($0.size, $0.value) })
        }
        return Figure(
            id("law", name), "\(Symbols.title(name)) against the width",
            "\(Symbols.title(name)) where cells stop, against the width m: \(Symbols.meaning(name)). \(Self.marks), dashed: the power laws "
                + "through them, with the mean exponent."
                + (others.isEmpty ? "" : " Published: the points of \(published[0].source), digitized."), x: width,
            y: Axis(symbol, isLogarithmic: true), lines + (lines.isEmpty ? [] : others))
    }

    func residuals(_ name: String) -> Figure? {
        let symbol = Symbols.metric(name)
        let lines = entries(name).flatMap { place, law in
            seeds(place, zip(law.points, law.residuals).map { ($0.0.size, $0.1) }, isLaw: false)
        }
        return Figure(
            id("residuals", name), "\(Symbols.title(name)): what the power law leaves",
            "ln \(symbol) minus the power law in the width m, for each seed at its level. A bend is a law that is not a power, noise is "
                + "not. \(Self.marks).", x: width, y: Axis("ln value − ln fit"), lines)
    }

    /// Curves of all widths that fall upon one another where drift depends on loss and width through a power alone.
    var collapses: [Figure] {
        [MetricFamily.weightDrift.name, MetricFamily.kernelDrift.name].compactMap { name in
            guard let column = axes.firstIndex(where: { $0.key == SweepAxis.width }),
                case .success(let law)? = results.fits.entries.first(where: { $0.observable == name })?.law
            else { return nil }
            let power = -law.mean.value
            let symbol = Symbols.metric(name).replacing("_T", with: "_t")
            let first = table.rows.filter { row in
                row.measurement != nil && row.cell.place.indices.allSatisfy { $0 == column || row.cell.place[$0] == 0 }
            }
            let lines = first.map { row -> Curves.Series in
                let size = axes[column].values[row.cell.place[column]].number ?? .nan
                let history = RecordedMetrics(reading: results.directory.cell(row.cell.id)).history
                let losses = history.column(.trainLoss)
                let points = zip(losses, history.column(name)).map {
                    ($0 / (losses.first ?? .nan), $1 * pow(size, power))
                }
                return Curves.Series("m = \(Int(size))", points.count > 40 ? .line : .marked, points)
            }
            return Figure(
                id("collapse", name), "\(symbol) times \(SweepFits.power(power)) along the descent",
                "\(symbol) of step t, times a power of the width m, against the loss F_t over F_0: the first cell of each width. Where the "
                    + "curves are one, loss and width decide alone.",
                x: Axis("F_t/F_0", isLogarithmic: true),
                y: Axis("\(symbol) · \(SweepFits.power(power))", isLogarithmic: true),
                lines)
        }
    }
}
