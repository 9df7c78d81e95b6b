import Configurations
import Foundation
import Measurements
import ScalingLaws
import Statistics
import Sweeps

/// Largest gaps over sets of weights beside the theorems.
extension PopulationCells {
    private typealias Gap = (name: String, found: MetricFamily, theorem: MetricFamily, certain: MetricFamily)
    private static let gaps: [Gap] = [
        ("|J_n - J|", .populationSupGap, .populationTheorem, .populationBound),
        (
            "|grad J_n - grad J|", .populationSupGradientGap, .populationGradientTheorem,
            .populationGradientBound
        ),
    ]
    private static let (depth, samples, radius) = ("model.depth", "data.samples", "population.radius")

    /// n^(−1/2), for each number of layers l.
    package func gapLaws(_ kind: String) -> [StudyComparison] {
        eachDepth { layers, cells in
            Self.gaps.map { gap in
                cells.exponent("\(kind), l=\(layers): paper, sup \(gap.name) in n", gap.found)
            }
        }
    }

    /// By fresh samples a gap has an error, which may take all of it in single cells: then the mean over seeds has the law.
    private func exponent(_ quantity: String, _ found: MetricFamily) -> StudyComparison {
        let isExact = map { $0.value(MetricFamily.populationRiskError) }.allSatisfy { $0 == 0 }
        return isExact
            ? StudyComparison(
                quantity, law(over: { $0.at(Self.samples) }) { $0.value(found) }, published: .exact(-0.5))
            : StudyComparison(
                quantity, exponent: exponentOfMean(over: Self.samples) { $0.value(found) }, published: .exact(-0.5))
    }

    /// r^(2l) and r^(2l−1), for r beyond the teacher's norm.
    package func radiusLaws(_ kind: String) -> [StudyComparison] {
        eachDepth { layers, cells in
            Self.gaps.enumerated().map { index, gap in
                StudyComparison(
                    "\(kind), l=\(layers): paper, sup \(gap.name) in r",
                    cells.law(over: { $0.at(Self.radius) }) { $0.value(gap.found) },
                    published: .exact(Double(2 * layers - index)))
            }
        }
    }

    /// With width and depth no faster than the theorem's bound.
    package func shapeLaws(_ kind: String) -> [StudyComparison] {
        growth("\(kind)", "in width") { $0.at(SweepAxis.width) }
            + Self.gaps.map { deeper("\(kind): paper, sup \($0.name) with depth", $0) }
    }

    /// With s, the weights that are not 0, which are a share of all.
    package func sparsityLaws(_ kind: String) -> [StudyComparison] {
        growth("\(kind)", "in s") { 1 - $0.at("model.sparsity") }
    }

    private func growth(
        _ kind: String, _ size: String, _ of: @escaping (Cell) -> Double
    ) -> [StudyComparison] {
        eachDepth { layers, cells in
            Self.gaps.map { cells.growth("\(kind), l=\(layers): paper, sup \($0.name) \(size)", $0, over: of) }
        }
    }

    private func eachDepth(_ body: (_ layers: Int, PopulationCells) -> [StudyComparison]) -> [StudyComparison] {
        values(of: Self.depth).flatMap { body(Int($0) + 1, at(Self.depth, $0)) }
    }

    /// The exponent of what was found beside that of the bound. Steeper below a bound contradicts nothing, and decides nothing.
    private func growth(_ quantity: String, _ gap: Gap, over size: (Cell) -> Double) -> StudyComparison {
        guard case .success(let bound) = law(over: size, { $0.value(gap.theorem) }) else {
            return StudyComparison(quantity, claim: "no faster than the bound", nil, .cannotTell, "no bound")
        }
        let most = bound.mean.value + ScalingVerdict.resolution
        let claim = "at most \(SweepFits.shown(bound.mean.value)), as the bound"
        switch law(over: size, { $0.value(gap.found) }) {
        case .failure(let why): return StudyComparison(quantity, claim: claim, nil, .cannotTell, "\(why)")
        case .success(let law):
            let isSlower = law.exponent.interval.upperBound <= most
            return StudyComparison(
                quantity, claim: claim, law.exponent, isSlower ? .holds : .cannotTell,
                isSlower ? "what was found grows no faster" : "it may be steeper here, below the bound")
        }
    }

    /// Over the bound the gap does not grow from depth to depth.
    private func deeper(
        _ quantity: String, _ gap: Gap
    ) -> StudyComparison {
        func shares(_ cells: PopulationCells) -> [Double] { cells.map { $0.value(gap.found) / $0.value(gap.theorem) } }
        let groups = values(of: Self.depth).map { shares(at(Self.depth, $0)) }
        let strata = values(of: SweepAxis.width).map { width in
            values(of: Self.depth).map { shares(at(SweepAxis.width, width).at(Self.depth, $0)) }
        }
        guard let test = OrderTest(strata) else {
            return StudyComparison(quantity, claim: "no faster than the bound", nil, .cannotTell, "too few cells")
        }
        let verdict: Verdict = test.falls < 0.001 ? .holds : .cannotTell
        let ends = [groups.first, groups.last].compactMap { $0 }.map { shown($0.reduce(0, +) / Double($0.count)) }
        return StudyComparison(
            quantity, claim: "no faster than the bound", nil, verdict,
            "what was found over the bound: \(ends.joined(separator: " to ")), p = \(shown(min(test.falls, test.rises)))"
        )
    }

    /// No gap is above the bound that holds for certain; those with constants of 1 are counted.
    package func bounds(_ part: String) -> StudyComparison {
        var (crossed, hasCertain, above, largest) = (0, 0, 0, 0.0)
        for gap in Self.gaps {
            for share in map({
                ($0.value(gap.found) / $0.value(gap.certain), $0.value(gap.found) / $0.value(gap.theorem))
            }) {
                if share.0.isFinite { hasCertain += 1 }
                if share.0 > 1 + 1e-9 { crossed += 1 }
                if share.1 > 1 { above += 1 }
                largest = max(largest, share.1.isFinite ? share.1 : 0)
            }
        }
        let numbers = Self.gaps.count * count
        let published = "the paper's with constants 1: \(above) of \(numbers) above, at most \(shown(largest)) of it"
        let own = "ours: \(crossed) of \(hasCertain) above; "
        return StudyComparison(
            "\(part): bounds", claim: "never crossed", nil,
            crossed > 0 ? .fails : hasCertain > 0 ? .holds : .cannotTell,
            (hasCertain > 0 ? own : "") + published + lostWords)
    }

    /// `; 3 cells have no measurement`.
    var lostWords: String { lost > 0 ? "; \(lost) cells have no measurement" : "" }
}
