import Foundation

/// Moves the bars of different series at one place beside each other, by a fiftieth of the axis.
struct Dodge {
    private let curves: Curves
    private let families: [String]
    private let step: Double

    init(_ curves: Curves) {
        self.curves = curves
        families = curves.series.filter { !$0.bars.isEmpty }.map { $0.family ?? $0.name }
        let xs = curves.series.flatMap(\.points).map(\.x)
        let ends = [xs.min() ?? 1, xs.max() ?? 1].map { curves.x.isLogarithmic ? log($0) : $0 }
        step = (ends[1] - ends[0]) / 60
    }

    var isNeeded: Bool { families.count > 1 && step > 0 && step.isFinite }

    /// The x of a series for gnuplot: its column, or that moved; fits stay.
    func place(_ index: Int) -> String {
        let line = curves.series[index]
        guard isNeeded, line.style == .points || line.style == .marked,
            let turn = families.firstIndex(of: line.family ?? line.name)
        else { return "1" }
        let shift = step * (Double(turn) - Double(families.count - 1) / 2)
        return curves.x.isLogarithmic ? "($1*\(exp(shift)))" : "($1+\(shift))"
    }
}
