import Cells
import Configurations
import Console
import Foundation
import ScalingLaws
import Statistics

/// The power laws of a sweep: one for each observable and each place on the axes beside width and seed.
package struct SweepFits {
    package struct Entry {
        package let observable: String
        /// `depth=3 samples=32`; empty where there is no other axis.
        package let place: String
        /// The same as keys with values.
        package let coordinates: [(key: String, value: SweepAxis.Value)]
        package let law: Result<PowerLaw, PowerLaw.Refusal>
        package let expected: ExpectedExponent?

        /// Nil without a law, or where theory says nothing.
        package var verdict: ScalingVerdict? {
            guard case .success(let law) = law, let expected else { return nil }
            return ScalingVerdict(law, expected)
        }
    }

    /// In the order of `sweep.fit`, and of the places on the other axes.
    package let entries: [Entry]
    /// Cells that are not complete, or did not get where cells stop, which no fit holds.
    package let unreached: Int
    /// Where cells are compared, in words.
    private let goal: String

    package init(_ table: SweepTable) {
        let axes = table.plan.sweep.axes
        let stop = table.plan.sweep.stop
        goal = stop.lossRatio.map { "at F/F₀ = \($0)" } ?? stop.steps.map { "after \($0) steps" } ?? "at the end"
        unreached = table.rows.filter { $0.measurement?.hasReached != true }.count
        guard let width = axes.firstIndex(where: { $0.key == SweepAxis.width }) else {
            entries = []
            return
        }
        let seed = axes.firstIndex { $0.key == SweepAxis.seed }
        let others = axes.indices.filter { $0 != width && $0 != seed }
        let places = Dictionary(grouping: table.rows) { row in others.map { row.cell.place[$0] } }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }
        entries = table.plan.sweep.fits.flatMap { name in
            places.map { place, rows in
                let points = rows.filter { $0.measurement?.hasReached == true }.map { row in
                    ScalingPoint(
                        size: axes[width].values[row.cell.place[width]].number ?? .nan, value: row.value(name),
                        seed: seed.map { row.cell.place[$0] } ?? 0,
                        floor: row.measurement?.arithmeticFloors[name] ?? 0)
                }
                let law: Result<PowerLaw, PowerLaw.Refusal>
                do {
                    law = .success(try PowerLaw(points))
                } catch let refusal as PowerLaw.Refusal {
                    law = .failure(refusal)
                } catch {
                    law = .failure(PowerLaw.Refusal("\(error)"))
                }
                return Entry(
                    observable: name, place: SweepPlan.label(axes, row: others, place),
                    coordinates: SweepPlan.coordinates(axes, row: others, place), law: law,
                    expected: Self.expected(name, rows, table.plan))
            }
        }
    }

    /// What theory says at one loss; nothing is known of exponents at one step, where losses differ.
    private static func expected(_ name: String, _ rows: [SweepTable.Row], _ plan: SweepPlan) -> ExpectedExponent? {
        guard plan.sweep.stop.lossRatio != nil, case .success(let configuration)? = rows.first?.cell.configuration
        else {
            return nil
        }
        return configuration.expectedExponent(of: name)
    }

    /// The fits as lines for a terminal.
    package func lines(columns: Int) -> [String] {
        let meaning =
            "exponents of the width \(goal): the mean one, with the interval that decides: it covers 99 %, and is wider where "
            + "the exponent changes without the narrow widths, or by a bend that is seen; bend: what ten times the width adds to "
            + "the exponent, 90 %; theorem: what is guaranteed; typical: what first-order theory gives"
        let unreached =
            unreached > 0
            ? [""]
                + wrapped(
                    "\(unreached) cells are not complete, or did not get where cells stop; no fit holds them",
                    columns: columns) : []
        return (entries.isEmpty ? [] : wrapped(meaning, columns: columns) + [""]) + table(columns: columns) + unreached
    }

    /// A row a law; none without laws.
    package func table(columns: Int) -> [String] {
        guard !entries.isEmpty else { return [] }
        let rows = entries.map { entry -> [String] in
            let expected = [
                entry.expected?.worstCase.map { Self.shown($0) } ?? "–",
                entry.expected?.typical.map(Self.shown) ?? "–",
            ]
            switch entry.law {
            case .failure(let refusal):
                return [entry.observable, entry.place, "–", "–"] + expected + ["can't tell: \(refusal)"]
            case .success(let law):
                let words = [entry.verdict?.words ?? "–"] + [law.floorNote].compactMap { $0 }
                return [
                    entry.observable, entry.place, Self.shown(law.exponent),
                    law.bend.value.isNaN ? "–" : Self.shown(law.bend),
                ] + expected + [words.joined(separator: "; ")]
            }
        }
        let titles: [TextTable.Column] = [
            .text("observable"), .text("at", least: 10), .text("exponent"), .text("bend"), .text("theorem"),
            .text("typical"), .text("verdict", least: 24),
        ]
        return TextTable(titles, rows).lines(width: columns)
    }

    /// `m^−0.5`.
    package static func power(_ exponent: Double) -> String {
        "m^" + String(format: "%.3g", exponent).replacing("-", with: "−")
    }

    package static func shown(_ value: Double, decimals: Int = 3) -> String {
        String(format: "%+.\(decimals)f", value).replacing("-", with: "−")
    }
    package static func shown(_ estimate: Estimate, decimals: Int = 3) -> String {
        guard estimate.interval.upperBound.isFinite else { return "\(shown(estimate.value)), no interval" }
        let ends = [estimate.interval.lowerBound, estimate.interval.upperBound].map { shown($0, decimals: decimals) }
        return "\(shown(estimate.value, decimals: decimals)) [\(ends.joined(separator: ", "))]"
    }
    package static func shown(_ range: ClosedRange<Double>) -> String {
        let (low, high) = (shortened(range.lowerBound), shortened(range.upperBound))
        return low == high ? low : "\(low)…\(high)"
    }
    private static func shortened(_ value: Double) -> String {
        String(format: "%.3g", value).replacing("-", with: "−")
    }
}
