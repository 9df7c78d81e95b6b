import Foundation
import Sampling
import Statistics
import Studies
import Testing

private let gap = "population_sup_gap"
private let gradient = "population_sup_gradient_gap"

/// Cells of a linear network over samples and seeds: gaps like n^p with noise, in percent, within their bounds.
private func cells(
    power: Double = -0.5, noise: Double = 0.05, seeds: Int = 8,
    _ change: (Int, inout [String: Double]) -> Void = { _, _ in }
) -> [PopulationCells.Cell] {
    let stream = RandomStream(seed: 1, "cells of a test")
    return (0..<seeds).flatMap { seed in
        [100.0, 1000, 10_000, 100_000].enumerated().map { k, n in
            let size = pow(n, power) * exp(noise * stream.normal(10 * seed + k))
            var values = [
                "population_empirical": 1, "population_risk_error": 0, gap: size, gradient: 2 * size,
                "population_bound": 3 * size, "population_gradient_bound": 4 * size, "population_theorem": 10 * size,
                "population_gradient_theorem": 10 * size, "population_points": 3, "population_points_degenerate": 1,
                "population_points_matched": 2, "population_points_changed": 0,
                "population_point_distance.1": size, "population_point_distance.2": 3 * size,
                "population_point_share.1": 0.1, "population_point_share.2": 0.2,
                "population_point_curvature.1": 0.1, "population_point_curvature.2": 1,
                "population_stable_gap": size, "population_left_out": size * size,
            ]
            change(10 * seed + k, &values)
            return PopulationCells.Cell(
                place: ["model.depth": 0, "data.samples": n, "seed": Double(seed)], values: values)
        }
    }
}

private func verdicts(_ comparisons: [StudyComparison]) -> [Verdict] { comparisons.map(\.verdict) }

@Test func lawsOfGapsAreToldFromOthers() {
    #expect(verdicts(PopulationCells(cells()).gapLaws("linear")) == [.holds, .holds])
    #expect(verdicts(PopulationCells(cells(power: -0.3)).gapLaws("linear")) == [.fails, .fails])
    #expect(verdicts(PopulationCells(cells(noise: 2, seeds: 3)).gapLaws("linear")) == [.cannotTell, .cannotTell])
    #expect(verdicts(PopulationCells(cells { $1["population_empirical"] = .nan }).gapLaws("linear")) == [])
}

/// By fresh samples single cells may be below 0, and the mean over seeds keeps the law.
@Test func gapsWithErrorsHaveTheirLawInTheMean() {
    let stream = RandomStream(seed: 2, "errors of a test")
    func noisy(_ power: Double) -> PopulationCells {
        PopulationCells(
            cells(power: power, seeds: 64) { k, values in
                values["population_risk_error"] = 0.1
                for name in [gap, gradient] { values[name] = (values[name] ?? 0) * (1 + 0.5 * stream.normal(k)) }
            })
    }
    #expect(verdicts(noisy(-0.5).gapLaws("sigmoid")) == [.holds, .holds])
    #expect(verdicts(noisy(-0.1).gapLaws("sigmoid")) == [.fails, .fails])
}

@Test func crossedBoundsAreSeen() {
    #expect(PopulationCells(cells()).bounds("linear").verdict == .holds)
    let crossed = PopulationCells(cells { k, values in if k == 3 { values[gradient] = 9 } })
    #expect(crossed.bounds("linear").verdict == .fails && crossed.bounds("linear").words.contains("ours: 1 of 64"))
    let unknown = PopulationCells(
        cells { (_, values) in (values["population_bound"], values["population_gradient_bound"]) = (nil, nil) })
    #expect(unknown.bounds("sigmoid").verdict == .cannotTell)
}

/// The order: distance in n, index, distance beside (2/ζ) ‖∇J_n‖, distance in ζ.
@Test func stationaryPointsThatChangeAreSeen() {
    #expect(verdicts(PopulationCells(cells()).pointLaws("linear").dropLast()) == [.holds, .holds, .holds])
    let changed = PopulationCells(
        cells { k, values in
            if k == 2 { (values["population_points_matched"], values["population_points_changed"]) = (1, 1) }
        })
    #expect(changed.pointLaws("linear")[1].verdict == .fails)
    let none = PopulationCells(cells { (_, values) in values["population_points_matched"] = 0 })
    #expect(none.pointLaws("linear")[1].verdict == .cannotTell)
    let far = PopulationCells(cells { (_, values) in values["population_point_share.2"] = 1.5 })
    #expect(far.pointLaws("linear")[2].verdict == .cannotTell)
    #expect(PopulationCells(cells(power: -1)).pointLaws("linear")[0].verdict == .fails)
}

/// Distances from stationary points of a J over M fresh samples are those of n M/(n + M).
@Test func freshSamplesCountInDistances() {
    let m = 10_000.0
    let all = (0..<32).map { index -> PopulationCells.Cell in
        let (seed, n) = (index / 4, pow(10, Double(2 + index % 4)))
        let distance = pow(n * m / (n + m), -0.5) * (1 + 0.001 * Double(seed))
        return PopulationCells.Cell(
            place: ["data.samples": n, "seed": Double(seed)],
            values: [
                "population_empirical": 1, "population_points": 1, "population_points_degenerate": 0,
                "population_points_matched": 1, "population_points_changed": 0,
                "population_point_distance.1": distance, "population_point_share.1": 0.1,
                "population_point_curvature.1": 0.1,
            ])
    }
    #expect(PopulationCells(all, fresh: m).pointLaws("sigmoid")[0].verdict == .holds)
    #expect(PopulationCells(all).pointLaws("sigmoid")[0].verdict != .holds)
}

/// A bound of −1/2 is kept by what falls faster; what falls slower may still be below it.
@Test func stabilityIsBesideABound() {
    #expect(verdicts(PopulationCells(cells()).stabilityLaws("linear")) == [.holds, .holds])
    #expect(verdicts(PopulationCells(cells(power: -0.2)).stabilityLaws("linear")) == [.cannotTell, .cannotTell])
}
