import Console
import Files
import Foundation
import ScalingLaws
import Statistics

/// Critical widths of a sweep and the law of their growth.
package struct CriticalWidths {
    package let places: [CriticalSearch.Place]
    /// m* as powers of the sizes over which it was found, against exponentials.
    package let growth: GrowthLaw

    init(_ search: CriticalSearch) {
        places = search.places()
        let found = places.compactMap { place -> CriticalWidth? in
            if case .found(let width, _) = place.outcome { return width }
            return nil
        }
        growth = GrowthLaw(found, unknown: places.count - found.count)
    }

    /// Places with their m*, exponents and verdict, as lines for a terminal.
    package func lines(columns: Int) -> [String] {
        let widths = places.map { [$0.label, $0.shown] }
        let laws = growth.factors.map { factor in
            [
                "m* ∝ \(factor.size)^a",
                "a = \(SweepFits.shown(factor.exponent)), ln of an exponential part "
                    + "\(SweepFits.shown(factor.exponential)), 99 % intervals",
            ]
        }
        let verdict = [["polynomial growth", "\(growth.verdict.rawValue): \(growth.reason)"]]
        let table = TextTable([.text("", least: 20), .text("", least: 30)], widths + laws + verdict)
        let meaning = "critical widths: the smallest at which enough seeds get there in time, the gradient's floor kept"
        return [""] + wrapped(meaning, columns: columns) + [""]
            + widths.flatMap { table.lines(of: $0, width: columns) } + [""]
            + (laws + verdict).flatMap { table.lines(of: $0, width: columns) }
    }

    /// A line a run that was made for a critical width, widths in the order in which they were tried.
    package func csv() -> String {
        let keys = Set(places.flatMap(\.sizes.keys)).sorted()
        let header =
            ["cell"] + keys + ["width", "run", "status", "steps", "loss_ratio", "gradient_ratio", "floor", "passes"]
        let lines = places.flatMap { place in
            place.trials.flatMap { trial in
                trial.runs.map { run in
                    let sizes = keys.map { place.sizes[$0].map { "\($0)" } ?? "" }
                    let numbers = ["steps", "loss_ratio", "gradient_ratio"].map { name in
                        run.measurement?.values[name].map { "\($0)" } ?? ""
                    }
                    return [run.cell.id] + sizes + ["\(trial.width)", run.cell.label, run.state.word] + numbers
                        + [run.measurement?.floor.map { "\($0.value)" } ?? "", run.passes.map { $0 ? "1" : "0" } ?? ""]
                }
            }
        }
        return csvText([header] + lines)
    }
}

extension CriticalSearch.Place {
    /// Where passing is not monotone in the width; nil where it is, as far as one more width on each side tells.
    package var remark: String? {
        guard case .found(let found, let widths) = outcome, !widths.isEmpty else { return nil }
        let others = widths.map { "\($0) \(Double($0) < found.width ? "passes" : "fails")" }
        return "but \(others.joined(separator: ", ")): passing is not monotone here"
    }

    /// The critical width in words.
    package var shown: String {
        switch outcome {
        case .found(let found, _):
            "m* = \(Int(found.width)), \(Int(found.failed)) fails" + (remark.map { "; \($0)" } ?? "")
        case .below(let width): "m* ≤ \(width), the smallest that was tried"
        case .above(let width): "m* > \(width), the largest that was tried"
        case .singular(let reason): "there is no m*: \(reason)"
        case .needs(let cells): "not known yet: \(cells.count) cells to run"
        case .failed(let reason): "not known: \(reason)"
        }
    }
}
