import Foundation
import Reports
import Theory

/// The figures of a sweep; those without data are left out.
struct SweepFigures {
    let results: SweepResults
    private var table: SweepTable { results.table }
    private var axes: [SweepAxis] { results.plan.sweep.axes }
    private let width = Axis("width m", isLogarithmic: true, base: 2)

    init(_ results: SweepResults) { self.results = results }

    var all: [Figure] {
        results.plan.sweep.fits.flatMap { [law($0), residuals($0)] }.compactMap { $0 }
            + collapses + phases + critical
    }

    private func entries(_ name: String) -> [(place: String, law: PowerLaw)] {
        results.fits.entries.filter { $0.observable == name }.compactMap { entry in
            guard case .success(let law) = entry.law else { return nil }
            return (entry.place.isEmpty ? "all cells" : entry.place, law)
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

    private func law(_ name: String) -> Figure? {
        let lines = entries(name).flatMap { place, law -> [Curves.Series] in
            let sizes = Set(law.points.map(\.size)).sorted()
            let means = sizes.map { size in
                let logs = law.points.filter { $0.size == size }.map { log($0.value) }
                return (size, exp(logs.reduce(0, +) / Double(logs.count)))
            }
            return [
                Curves.Series(place, .marked, means),
                Curves.Series(
                    SweepFits.power(law.mean.value), .dashed, sizes.map { ($0, law.value(at: $0)) }),
            ]
        }
        return curves(
            id("law", name), "\(name) against the width",
            "Means over seeds and the power laws through them: \(SweepTable.meaning(of: name)).", x: width,
            y: Axis(name, isLogarithmic: true), lines)
    }

    private func residuals(_ name: String) -> Figure? {
        let lines = entries(name).map { place, law in
            Curves.Series(
                place, .marked,
                Set(law.points.map(\.size)).sorted().map { size in
                    let rest = zip(law.points, law.residuals).filter { $0.0.size == size }.map(\.1)
                    return (size, rest.reduce(0, +) / Double(rest.count))
                })
        }
        return curves(
            id("residuals", name), "\(name): what the power law leaves",
            "Mean over seeds of ln \(name) minus the law. A bend is a law that is not a power, noise is not.", x: width,
            y: Axis("ln value − ln fit"), lines)
    }

    /// Curves of all widths that fall upon one another where drift depends on loss and width through a power alone.
    private var collapses: [Figure] {
        ["weight_drift", "kernel_drift"].compactMap { name in
            guard let column = axes.firstIndex(where: { $0.key == SweepAxis.width }),
                case .success(let law)? = results.fits.entries.first(where: { $0.observable == name })?.law
            else { return nil }
            let power = -law.mean.value
            let first = table.rows.filter { row in
                row.measurement != nil && row.cell.place.indices.allSatisfy { $0 == column || row.cell.place[$0] == 0 }
            }
            let lines = first.map { row -> Curves.Series in
                let size = axes[column].values[row.cell.place[column]].number ?? .nan
                let history = RecordedMetrics(reading: results.directory.cell(row.cell.id)).history
                let losses = history.column("train_loss")
                let points = zip(losses, history.column(name)).map {
                    ($0 / (losses.first ?? .nan), $1 * pow(size, power))
                }
                return Curves.Series("m = \(Int(size))", .marked, points)
            }
            return curves(
                id("collapse", name), "\(name) times \(SweepFits.power(power)) along the descent",
                "The first cell of each width. Where the curves are one, loss and width decide alone.",
                x: Axis("F_t/F_0", isLogarithmic: true),
                y: Axis("\(name) · \(SweepFits.power(power))", isLogarithmic: true),
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
                id: "phase-\(names[row])", title: "Share of cells that converged, over width and \(names[row])",
                caption: "1: every cell got where cells stop. Empty: no cell has run.",
                .map(
                    Map(
                        x: Axis("width m"), y: Axis(axes[row].key), value: Axis("share of cells"),
                        xNames: axes[column].values.map(\.text), yNames: axes[row].values.map(\.text), values: shares,
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
        let map = Figure(
            id: "critical-trials", title: "Share of seeds that pass, at the widths that were tried",
            caption:
                "The search doubles its stride until a width passes, halves the gap, and tries one more width on each side. Empty: not tried.",
            .map(
                Map(
                    x: Axis("width m"), y: Axis("place"), value: Axis("share of seeds"), xNames: widths.map { "\($0)" },
                    yNames: found.places.map(\.label), values: shares, range: 0...1)))
        return [map] + Set(found.places.flatMap(\.sizes.keys)).sorted().compactMap { growth($0, found) }
    }

    private func growth(_ size: String, _ found: CriticalWidths) -> Figure? {
        let known = found.places.compactMap { place -> (label: String, x: Double, y: Double)? in
            guard case .found(let critical, _) = place.outcome, let x = critical.sizes[size] else { return nil }
            let others = place.sizes.filter { $0.key != size }.sorted { $0.key < $1.key }
            return (
                others.map { "\($0.key)=\(VerdictTable.number($0.value))" }.joined(separator: " "), x, critical.width
            )
        }
        guard Set(known.map(\.x)).count > 1 else { return nil }
        let labels = known.map(\.label).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let lines = labels.map { label in
            Curves.Series(
                label.isEmpty ? "m*" : label, .marked, known.filter { $0.label == label }.map { ($0.x, $0.y) })
        }
        return curves(
            id("critical", size), "Critical width against \(size)",
            "A straight line is polynomial growth.", x: Axis(size, isLogarithmic: true, base: 2),
            y: Axis("m*", isLogarithmic: true), lines)
    }
}
