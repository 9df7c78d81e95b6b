import Configurations
import Foundation
import Measurements
import ScalingLaws
import Statistics
import Sweeps

/// Stationary points of J in J_n, and how stable those of J_n are.
extension PopulationCells {
    private static let samples = "data.samples"

    /// Distances like n^(−1/2), each within (2/ζ) ‖∇J_n‖, each index as it was.
    package func pointLaws(_ kind: String) -> [StudyComparison] {
        let counts = map { row in
            [
                MetricFamily.populationPoints, .populationPointsDegenerate, .populationPointsMatched,
                .populationPointsChanged,
            ].map { row.value($0) }
        }
        func total(_ index: Int) -> Int { Int(counts.map { $0[index] }.filter(\.isFinite).reduce(0, +)) }
        let (isolated, matched, changed) = (total(0) - total(1), total(2), total(3))
        let shares = map(points).joined().map(\.share)
        let outside = shares.count { $0 > 1 }
        return [
            StudyComparison(
                "\(kind): paper, distance of stationary points in n", distances, published: .exact(-0.5)),
            StudyComparison(
                "\(kind): paper, same index", claim: "in all pairs", nil,
                changed > 0 ? .fails : matched > 0 ? .holds : .cannotTell,
                "\(matched) of \(isolated) non-degenerate points have a match of the same index, \(changed) lead to another one, "
                    + "\(isolated - matched - changed) were lost; \(total(1)) degenerate are outside the theorem"
                    + lostWords),
            StudyComparison(
                "\(kind): paper, distance over (2/zeta) |grad J_n|", claim: "at most 1", nil,
                shares.isEmpty || outside > 0 ? .cannotTell : .holds,
                "at most \(shown(shares.max() ?? .nan)), above 1 at \(outside) of \(shares.count) points"),
            curvature(kind),
        ]
    }

    /// Those with different ridges are different ones: each kind and seed has a level of its own.
    private var distances: Result<PowerLaw, PowerLaw.Refusal> {
        let ridges = values(of: "population.ridge")
        return Self.law(
            map { row in
                let kind = ridges.firstIndex(of: row.at("population.ridge")) ?? 0
                return ScalingPoint(
                    size: size(row), value: distance(row), seed: row.seed * max(ridges.count, 1) + kind)
            })
    }

    /// The geometric mean over all points, so that each counts as much.
    private func distance(_ row: Cell) -> Double {
        // A point that symmetry holds where it is does not move.
        let moved = points(row).map(\.distance).filter { $0 > 1e-6 }
        return moved.isEmpty ? .nan : exp(moved.map { log($0) }.reduce(0, +) / Double(moved.count))
    }

    /// Of the stationary points that have a match.
    private func points(_ row: Cell) -> [(distance: Double, curvature: Double, share: Double)] {
        (1...99).map { "\($0)" }.map { name in
            (
                row.value(MetricFamily.populationPointDistance.of(name)),
                row.value(MetricFamily.populationPointCurvature.of(name)),
                row.value(MetricFamily.populationPointShare.of(name))
            )
        }.filter { $0.0.isFinite && $0.1.isFinite && $0.2.isFinite }
    }

    /// distance/‖∇J_n(w*)‖ ~ ζ^p over the points of each cell; the theorem's bound of it, 2/ζ, has p = −1.
    private func curvature(_ kind: String) -> StudyComparison {
        let quantity = "\(kind): paper, distance over |grad J_n| in zeta, over points"
        let all = map(points).enumerated().flatMap { seed, points in
            points.filter { $0.distance > 1e-6 }.map {
                ScalingPoint(size: $0.curvature, value: 2 * $0.share / $0.curvature, seed: seed)
            }
        }
        let claim = "at least -1, a bound"
        switch Self.law(all) {
        case .failure(let why): return StudyComparison(quantity, claim: claim, nil, .cannotTell, "\(why)")
        case .success(let law):
            return StudyComparison(
                quantity, claim: claim, law.mean,
                law.mean.interval.lowerBound >= -1 - ScalingVerdict.resolution ? .holds : .cannotTell,
                "points of other curvature are at other places")
        }
    }

    /// The gap at w_n and what a sample that is left out changes, which a bound of the largest gap bounds.
    package func stabilityLaws(_ kind: String) -> [StudyComparison] {
        let families: [(name: String, family: MetricFamily)] = [
            ("E|J(w_n) - J_n(w_n)|", .populationStableGap), ("leave-one-out change", .populationLeftOut),
        ]
        return values(of: "model.depth").flatMap { depth in
            let cells = at("model.depth", depth)
            return families.map { name, family in
                let quantity = "\(kind), l=\(Int(depth) + 1): paper, \(name) in n"
                let above = cells.map { abs($0.value(family)) > $0.value(MetricFamily.populationBound) }.count { $0 }
                let claim = "at most -1/2, a bound"
                guard let exponent = cells.exponentOfMean(over: Self.samples, { abs($0.value(family)) }) else {
                    return StudyComparison(quantity, claim: claim, nil, .cannotTell, "too few numbers")
                }
                let (interval, most) = (exponent.interval, -0.5 + ScalingVerdict.resolution)
                return StudyComparison(
                    quantity, claim: claim, exponent,
                    interval.upperBound <= most ? .holds : .cannotTell,
                    "\(above) of \(cells.count) above our bound of the gap")
            }
        }
    }
}
