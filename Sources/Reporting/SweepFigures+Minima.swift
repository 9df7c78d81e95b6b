import Configurations
import Measurements
import Reports
import Statistics
import Sweeps

/// What `tracking.minimum` measured at the ends of cells, over the width and each other axis.
extension SweepFigures {
    /// Medians of the loss at the end, of what the Jacobian's range leaves, of the loss beside linear regression, and of what each layer
    /// takes off; none without them.
    var minima: [Figure] {
        guard let column = axes.firstIndex(where: { $0.key == SweepAxis.width }),
            table.observables.contains(MetricFamily.minimumPredicted.name)
        else { return [] }
        let others = axes.indices.filter {
            $0 != column && axes[$0].key != SweepAxis.seed && axes[$0].values.count > 1
        }
        return others.flatMap { row in values.map { map($0, row, column) } + [gains(row, column)] }
    }

    /// What is drawn of a cell, and how it is called.
    private struct Value {
        let id, title, unit, caption: String
        let of: (SweepTable.Row) -> Double
    }

    private var values: [Value] {
        let (loss, predicted) = (MetricFamily.minimumLoss.name, MetricFamily.minimumPredicted.name)
        return [
            Value(
                id: "minimum-loss", title: "Loss at the end", unit: "F_T/F(0)",
                caption: "The loss at the end over that of the output 0, medians over cells.",
                of: { $0.value(loss) / zeroLoss($0) }),
            Value(
                id: "minimum-predicted", title: "What the Jacobian's range leaves of the targets",
                unit: "share of F(0)",
                caption:
                    "‖Y − P Y‖²/‖Y‖² at the end, P the projector on the range of the Jacobian, medians over cells: the loss at a "
                    + "smooth stationary point over that of the output 0.",
                of: { $0.value(predicted) / zeroLoss($0) }),
            Value(
                id: "minimum-ratio", title: "Loss at the end beside linear regression", unit: "ratio",
                caption:
                    "The loss at the end over the least loss of a linear regression on what goes into the first trained layer, medians "
                    + "over cells. Above 1 the regression is better.",
                of: { row in
                    row.value(loss) / (layers.first.map { row.value(MetricFamily.minimumBaseline.of($0)) } ?? .nan)
                }),
        ]
    }

    /// Trained layers of any cell, W_2 before W_10, the output last.
    private var layers: [String] {
        let family = MetricFamily.minimumGain
        let names = table.observables.filter { family.contains($0) }.map { String($0.dropFirst(family.name.count + 1)) }
            .sorted { ($0.count, $0) < ($1.count, $1) }
        return names.filter { $0 != "output" } + names.filter { $0 == "output" }
    }

    /// F of the output 0: what all layers take off it and what they leave.
    private func zeroLoss(_ row: SweepTable.Row) -> Double {
        layers.map { row.value(MetricFamily.minimumGain.of($0)) }.filter(\.isFinite)
            .reduce(row.value(MetricFamily.minimumPredicted.name), +)
    }

    private func map(_ value: Value, _ row: Int, _ column: Int) -> Figure {
        figure(
            value, row, column, names: axes[row].values.map { verbatim($0.text) },
            values: axes[row].values.indices.flatMap { y in medians(row, y, column, value.of) })
    }

    /// A row for each layer at each place of the other axis.
    private func gains(_ row: Int, _ column: Int) -> Figure {
        let rows = axes[row].values.enumerated().flatMap { y, value in
            layers.map { layer -> (name: String, values: [Double]) in
                let gain = { (cell: SweepTable.Row) in cell.value(MetricFamily.minimumGain.of(layer)) / zeroLoss(cell) }
                return ("\(verbatim(value.text)): \(Symbols.tensor(layer))", medians(row, y, column, gain))
            }
        }.filter { $0.values.contains(where: \.isFinite) }
        let value = Value(
            id: "minimum-gain", title: "What each layer takes off the loss", unit: "share of F(0)",
            caption:
                "By how much the range of a layer's part of the Jacobian, beside those of the layers before it, lowers what is left of the "
                + "targets, as a share of ‖Y‖², medians over cells.", of: { _ in .nan })
        return figure(value, row, column, names: rows.map(\.name), values: rows.flatMap(\.values))
    }

    private func medians(
        _ row: Int, _ y: Int, _ column: Int, _ of: (SweepTable.Row) -> Double
    ) -> [Double] {
        axes[column].values.indices.map { x in
            let own = table.rows.filter { $0.cell.place[column] == x && $0.cell.place[row] == y }.map(of)
                .filter(\.isFinite).sorted()
            let median = own.isEmpty ? .nan : (own[own.count / 2] + own[(own.count - 1) / 2]) / 2
            // What rounding leaves of 0.
            return abs(median) < 1e-9 ? 0 : median
        }
    }

    private func figure(
        _ value: Value, _ row: Int, _ column: Int, names: [String], values: [Double]
    ) -> Figure {
        let axis = Symbols.axis(axes[row].key)
        return Figure(
            id: "\(value.id)-\(SweepAxis.names(axes)[row])", title: "\(value.title), over width and \(axis)",
            caption: value.caption + " Grey: nothing was measured.",
            .map(
                Map(
                    x: Axis("width m"), y: Axis(axis), value: Axis(value.unit),
                    xNames: axes[column].values.map { verbatim($0.text) }, yNames: names, values: values,
                    range: 0...max(values.filter(\.isFinite).max() ?? 1, 1))))
    }
}
