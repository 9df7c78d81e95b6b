import Certificates
import Configurations
import Foundation
import Layers
import Measurements
import Reports
import ScalingLaws
import Statistics
import Studies
import Sweeps
import Training

/// The figures of a sweep; those without data are left out.
struct SweepFigures {
    let results: SweepResults
    /// Points of a paper, by the observable that they stand beside.
    let published: [PublishedPoints]
    private var table: SweepTable { results.table }
    private var axes: [SweepAxis] { results.plan.sweep.axes }
    private let width = Axis("width m", isLogarithmic: true, base: 2, isInteger: true)

    init(_ results: SweepResults, published: [PublishedPoints] = []) {
        self.results = results
        self.published = published
    }

    var all: [Figure] {
        let figures =
            results.plan.sweep.fits.flatMap { [law($0), residuals($0)] }.compactMap { $0 } + collapses + phases
            + critical
        return figures.map { figure in
            Figure(id: figure.id, title: figure.title, caption: "\(figure.caption) \(setting)", figure.content)
        }
    }

    /// What all cells share, and over what they differ.
    private var setting: String {
        let base = results.plan.base
        let family = base.values["model.network"].flatMap { ["mlp": "MLP", "cnn": "CNN", "resnet": "ResNet"][$0] }
        let data = base.values["data.samples"].map { ", n = \($0)" } ?? ""
        let seeds = axes.first { $0.key == SweepAxis.seed }.map { "; \($0.values.count) seeds" } ?? ""
        let stop = results.plan.sweep.stop
        let goal =
            stop.lossRatio.map { "; cells stop at F/F_0 = \(shown($0))" } ?? stop.steps.map {
                "; cells stop after \($0) steps"
            }
            ?? ""
        return
            "\(family ?? "Network"), \(base.model.parametrization.rawValue) parametrization, on "
            + "\(verbatim(base.values["data.source"] ?? "data"))\(data), \(base.loss.rawValue) loss\(goal)\(seeds)."
    }

    private func entries(_ name: String) -> [(place: String, law: PowerLaw)] {
        results.fits.entries.filter { $0.observable == name }.compactMap { entry in
            guard case .success(let law) = entry.law else { return nil }
            return (entry.place.isEmpty ? "mean of seeds" : Symbols.place(entry.coordinates), law)
        }
    }

    private func curves(
        _ id: String, _ title: String, _ caption: String, x: Axis, y: Axis, _ lines: [Curves.Series]
    ) -> Figure? {
        let curves = Curves(x: x, y: y, lines)
        return curves.series.isEmpty ? nil : Figure(id: id, title: title, caption: caption, .curves(curves))
    }

    /// File names hold no dots but the last.
    private func id(_ prefix: String, _ name: String) -> String { "\(prefix)-\(name.replacing(".", with: "-"))" }

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

    private func law(_ name: String) -> Figure? {
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
        return curves(
            id("law", name), "\(Symbols.title(name)) against the width",
            "\(Symbols.title(name)) where cells stop, against the width m: \(Symbols.meaning(name)). \(Self.marks), dashed: the power laws "
                + "through them, with the mean exponent."
                + (others.isEmpty ? "" : " Published: the points of \(published[0].source), digitized."), x: width,
            y: Axis(symbol, isLogarithmic: true), lines + (lines.isEmpty ? [] : others))
    }

    private func residuals(_ name: String) -> Figure? {
        let symbol = Symbols.metric(name)
        let lines = entries(name).flatMap { place, law in
            seeds(place, zip(law.points, law.residuals).map { ($0.0.size, $0.1) }, isLaw: false)
        }
        return curves(
            id("residuals", name), "\(Symbols.title(name)): what the power law leaves",
            "ln \(symbol) minus the power law in the width m, for each seed at its level. A bend is a law that is not a power, noise is "
                + "not. \(Self.marks).", x: width, y: Axis("ln value − ln fit"), lines)
    }

    /// Curves of all widths that fall upon one another where drift depends on loss and width through a power alone.
    private var collapses: [Figure] {
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
            return curves(
                id("collapse", name), "\(symbol) times \(SweepFits.power(power)) along the descent",
                "\(symbol) of step t, times a power of the width m, against the loss F_t over F_0: the first cell of each width. Where the "
                    + "curves are one, loss and width decide alone.",
                x: Axis("F_t/F_0", isLogarithmic: true),
                y: Axis("\(symbol) · \(SweepFits.power(power))", isLogarithmic: true),
                lines)
        }
    }

    /// Which share of the cells got where cells stop, over the width and each other axis.
    private var phases: [Figure] {
        guard let column = axes.firstIndex(where: { $0.key == SweepAxis.width }) else { return [] }
        let names = SweepAxis.names(axes)
        return axes.indices.filter { $0 != column && axes[$0].key != SweepAxis.seed && axes[$0].values.count > 1 }.map {
            row in
            let shares = axes[row].values.indices.flatMap { y in
                axes[column].values.indices.map { x in
                    share(table.rows.filter { $0.cell.place[column] == x && $0.cell.place[row] == y })
                }
            }
            return Figure(
                id: "phase-\(names[row])",
                title: "Share of cells that converged, over width and \(Symbols.axis(axes[row].key))",
                caption:
                    "Share of the cells that got where cells stop, for each width m and \(Symbols.axis(axes[row].key)); 1: all of them. "
                    + "Grey: no cell has run.",
                .map(
                    Map(
                        x: Axis("width m"), y: Axis(Symbols.axis(axes[row].key)), value: Axis("share of cells"),
                        xNames: axes[column].values.map { verbatim($0.text) },
                        yNames: axes[row].values.map { verbatim($0.text) }, values: shares,
                        range: 0...1)))
        }
    }

    private func share(_ rows: [SweepTable.Row]) -> Double {
        let known = rows.filter { $0.measurement != nil || $0.state.isFinal }
        return known.isEmpty
            ? .nan : Double(known.filter { $0.measurement?.hasReached == true }.count) / Double(known.count)
    }

    /// Share of the seeds that passed at every width that was tried, and m* against each size.
    private var critical: [Figure] {
        guard let found = results.critical, !found.places.isEmpty else { return [] }
        let widths = Set(found.places.flatMap { $0.trials.map(\.width) }).sorted()
        guard !widths.isEmpty else { return [] }
        let shares = found.places.flatMap { place in
            widths.map { width -> Double in
                guard let trial = place.trials.first(where: { $0.width == width }) else { return .nan }
                return Double(trial.runs.count { $0.passes == true }) / Double(max(trial.runs.count, 1))
            }
        }
        // Where one key tells places apart it belongs to the axis.
        let coordinates = found.places.map(\.coordinates)
        let key =
            Set(coordinates.map { $0.map(\.key) }).count == 1 && coordinates[0].count == 1 ? coordinates[0][0].key : nil
        let map = Figure(
            id: "critical-trials", title: "Share of seeds that pass, at the widths that were tried",
            caption:
                "Share of the seeds that reach the loss asked for in time, their gradient's floor kept, at the widths m that were tried: the "
                + "search doubles its stride until a width passes, halves the gap, and tries one more width on each side. Grey: not "
                + "tried.",
            .map(
                Map(
                    x: Axis("width m"), y: Axis(key.map(Symbols.axis) ?? "place"), value: Axis("share of seeds"),
                    xNames: widths.map { "\($0)" },
                    yNames: coordinates.map { key == nil ? Symbols.place($0) : verbatim($0[0].value.text) },
                    values: shares, range: 0...1)))
        return [map] + Set(found.places.flatMap(\.sizes.keys)).sorted().compactMap { growth($0, found) }
    }

    private func growth(_ size: String, _ found: CriticalWidths) -> Figure? {
        let known = found.places.compactMap { place -> (label: String, x: Double, y: Double)? in
            guard case .found(let critical, _) = place.outcome, let x = critical.sizes[size] else { return nil }
            let others = place.sizes.filter { $0.key != size }.sorted { $0.key < $1.key }
            return (
                others.map { "\(Symbols.key($0.key)) = \(shown($0.value))" }.joined(separator: ", "), x, critical.width
            )
        }
        guard Set(known.map(\.x)).count > 1 else { return nil }
        let labels = known.map(\.label).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let lines = labels.map { label in
            Curves.Series(
                label.isEmpty ? "critical width" : label, .marked,
                known.filter { $0.label == label }.map { ($0.x, $0.y) })
        }
        return curves(
            id("critical", size), "Critical width against \(Symbols.axis(size))",
            "The smallest width m* at which enough seeds reach the loss asked for in time, their gradient's floor kept, against "
                + "\(Symbols.axis(size)). A straight line is polynomial growth.",
            x: Axis(Symbols.axis(size), isLogarithmic: true, base: 2),
            y: Axis("critical width m*", isLogarithmic: true), lines)
    }
}
