import Configurations
import Reports
import Statistics
import Sweeps

/// Which cells converge, and the width from which they do.
extension SweepFigures {
    /// Which share of the cells got where cells stop, over the width and each other axis; none where all of them did as they came to
    /// their number of steps.
    var phases: [Figure] {
        guard let column = axes.firstIndex(where: { $0.key == SweepAxis.width }),
            results.plan.sweep.stop.lossRatio != nil || share(table.rows) < 1
        else { return [] }
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
    var critical: [Figure] {
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
        return Figure(
            id("critical", size), "Critical width against \(Symbols.axis(size))",
            "The smallest width m* at which enough seeds reach the loss asked for in time, their gradient's floor kept, against "
                + "\(Symbols.axis(size)). A straight line is polynomial growth.",
            x: Axis(Symbols.axis(size), isLogarithmic: true, base: 2),
            y: Axis("critical width m*", isLogarithmic: true), lines)
    }
}
