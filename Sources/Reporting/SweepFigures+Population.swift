import Configurations
import Measurements
import Reports
import Sweeps

/// Largest gaps between empirical and population risk at the ends of cells, over each axis with numbers.
extension SweepFigures {
    /// What is drawn, and how it is called.
    private struct Gap {
        let id, title, symbol: String
        let found, bound, theorem: MetricFamily
    }

    private static let gaps = [
        Gap(
            id: "risk-gap", title: "Empirical and population risk", symbol: "sup |J_n − J|", found: .populationSupGap,
            bound: .populationBound, theorem: .populationTheorem),
        Gap(
            id: "gradient-gap", title: "Their gradients", symbol: "sup ‖∇J_n − ∇J‖", found: .populationSupGradientGap,
            bound: .populationGradientBound, theorem: .populationGradientTheorem),
    ]

    /// None without a population.
    var populations: [Figure] {
        guard table.observables.contains(MetricFamily.populationSupGap.name) else { return [] }
        let columns = axes.indices.filter {
            axes[$0].isNumeric && axes[$0].key != SweepAxis.seed && axes[$0].values.count > 3
        }
        let gaps = columns.flatMap { column in Self.gaps.compactMap { figure($0, column) } }
        return gaps + columns.compactMap(distances)
    }

    private func figure(_ gap: Gap, _ column: Int) -> Figure? {
        let lines = places(beside: column).flatMap { name, rows -> [Curves.Series] in
            let found = medians(rows, column) { $0.value(gap.found.name) }
            let bounds = [("a bound for these samples", gap.bound), ("the published bound", gap.theorem)]
            return [Curves.Series(name, .marked, found)]
                + bounds.enumerated().map { index, bound in
                    Curves.Series(
                        "\(name), \(bound.0)", index == 0 ? .dashed : .line,
                        medians(rows, column) { $0.value(bound.1.name) }, of: name)
                }
        }
        return Figure(
            "\(gap.id)-\(SweepAxis.names(axes)[column])", "\(gap.title) against \(Symbols.axis(axes[column].key))",
            "The largest gap \(gap.symbol) that was found among weights of bounded norm, medians over seeds (marks); an upper bound that "
                + "holds for the samples of each cell, of linear networks (dashed); the published bound with its constant taken as 1 (line).",
            x: axis(column), y: Axis(gap.symbol, isLogarithmic: true),
            lines)
    }

    /// Of stationary points from their matches.
    private func distances(_ column: Int) -> Figure? {
        let family = MetricFamily.populationPointDistance
        let points = table.observables.filter { family.contains($0) }.sorted { ($0.count, $0) < ($1.count, $1) }
        let lines = points.prefix(Curves.mostColors).map { name -> Curves.Series in
            let point = name.dropFirst(family.name.count + 1)
            let index = MetricFamily.populationPointIndex.of(String(point))
            let indices = Set(table.rows.map { $0.value(index) }.filter(\.isFinite))
            let words = indices.count == 1 ? ", index \(Int(indices.first ?? 0))" : ""
            return Curves.Series("point \(point)\(words)", .marked, medians(table.rows, column) { $0.value(name) })
        }
        guard !lines.isEmpty else { return nil }
        return Figure(
            "point-distance-\(SweepAxis.names(axes)[column])",
            "Stationary points of J and of J_n against \(Symbols.axis(axes[column].key))",
            "The distance from a stationary point of the population risk to the one of the empirical risk that Newton's steps lead to, "
                + "medians over seeds; both with a ridge. A point that symmetry holds in place does not move and is not drawn.",
            x: axis(column), y: Axis("‖w_n − w*‖", isLogarithmic: true), lines)
    }

    /// Logarithmic where no value is 0.
    private func axis(_ column: Int) -> Axis {
        let isPositive = axes[column].values.allSatisfy { ($0.number ?? 0) > 0 }
        return Axis(Symbols.axis(axes[column].key), isLogarithmic: isPositive)
    }

    /// The cells of each place on the other axes but that of seeds.
    private func places(beside column: Int) -> [(name: String, rows: [SweepTable.Row])] {
        let others = axes.indices.filter { $0 != column && axes[$0].key != SweepAxis.seed }
        return Dictionary(grouping: table.rows) { row in others.map { row.cell.place[$0] } }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { key, rows in
                let name = zip(others, key).map { axis, place in
                    "\(Symbols.axis(axes[axis].key)) = \(verbatim(axes[axis].values[place].text))"
                }
                return (name.isEmpty ? "found" : name.joined(separator: ", "), rows)
            }
    }

    private func medians(
        _ rows: [SweepTable.Row], _ column: Int, _ of: (SweepTable.Row) -> Double
    ) -> [(x: Double, y: Double)] {
        axes[column].values.indices.compactMap { x in
            let own = rows.filter { $0.cell.place[column] == x }.map(of).filter(\.isFinite).sorted()
            guard !own.isEmpty, let size = axes[column].values[x].number else { return nil }
            // A distance that rounding alone makes is none.
            let median = (own[own.count / 2] + own[(own.count - 1) / 2]) / 2
            return median > 1e-12 ? (size, median) : nil
        }
    }
}
