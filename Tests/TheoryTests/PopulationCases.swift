import Measurements
import Theory

/// The end of a run of a linear network whose gaps are a hundredth of J and ∇J, with bounds of a tenth, and three stationary points
/// of J that have their matches in J_n.
private func population(_ change: (inout [String: Double]) -> Void = { _ in }) -> RunEvidence {
    var numbers = [
        "population_empirical": 0.9, "population_risk": 1, "population_risk_error": 0,
        "population_gradient_gap": 0.01, "population_gradient_error": 0, "population_scale": 10,
        "population_gradient_scale": 20, "population_sup_gap": 0.1, "population_sup_gap_error": 0,
        "population_sup_gradient_gap": 0.2, "population_sup_gradient_gap_error": 0, "population_bound": 1,
        "population_gradient_bound": 2, "population_theorem": 40, "population_gradient_theorem": 50,
        "population_points": 4, "population_points_degenerate": 1, "population_points_matched": 3,
        "population_points_changed": 0, "population_point_share.1": 0.6, "population_point_share.2": 0.1,
    ]
    change(&numbers)
    var run = healthy
    var columns = run.series.columns
    let rows = run.series.steps.count
    for (name, value) in numbers { columns[name] = [Double](repeating: .nan, count: rows - 1) + [value] }
    run.series = MetricSeries(steps: run.series.steps, columns: columns)
    return run
}

/// Both statements on gaps, by the names of their metrics.
private func gapCases(_ statement: Statement, _ name: String, bound: String) -> [Case] {
    [
        Case(statement, .holds, "a bound that is small", "is at most", population()),
        Case(
            statement, .cannotTell, "a bound that is not small", "its bound is", population { $0[bound] = 8 }),
        Case(statement, .cannotTell, "no bound", "no bound of it is known", population { $0[bound] = .nan }),
        Case(
            statement, .fails, "a gap that was found", "comes to",
            population {
                $0[name] = 11
                $0[bound] = 30
            }),
        Case(
            statement, .fails, "the same without a bound", "comes to",
            population {
                $0[name] = 11
                $0[bound] = .nan
            }),
        Case(
            statement, .cannotTell, "the same within six standard errors", "no bound",
            population {
                ($0[name], $0[name + "_error"], $0[bound]) = (11, 2, .nan)
            }),
        Case(
            statement, .fails, "a gap above its bound", "inconsistent", population { $0[bound] = 0.05 }),
        Case(
            statement, .cannotTell, "not recorded", "not measured",
            population { $0["population_sup_gap"] = .nan }),
        Case(
            statement, .cannotTell, "no gap, nothing to compare with, no bound", "is 0 wherever it was looked for",
            population {
                for key in [name, name + "_error", "population_scale", "population_gradient_scale"] { $0[key] = 0 }
                $0[bound] = .nan
            }),
        Case(
            statement, .cannotTell, "above its bound by an estimate", "its bound is",
            population { ($0[name], $0[name + "_error"], $0[bound]) = (8, 0.9, 5.5) }),
        Case(
            statement, .cannotTell, "nothing to compare with", "is 0 wherever it was looked for",
            population { ($0["population_scale"], $0["population_gradient_scale"]) = (0, 0) }),
    ]
}

let populationCases: [Case] =
    gapCases(.empiricalRisk, "population_sup_gap", bound: "population_bound")
    + gapCases(.gradientNearness, "population_sup_gradient_gap", bound: "population_gradient_bound")
    + [
        Case(.stationaryPointsMatched, .holds, "all matched", "all 3 non-degenerate", population()),
        Case(
            .stationaryPointsMatched, .fails, "another index", "1 of 3 non-degenerate",
            population { ($0["population_points_matched"], $0["population_points_changed"]) = (2, 1) }),
        Case(
            .stationaryPointsMatched, .cannotTell, "one that was not found again", "no stationary point of J_n",
            population { $0["population_points_matched"] = 2 }),
        Case(
            .stationaryPointsMatched, .cannotTell, "degenerate ones alone", "outside the theorem",
            population { ($0["population_points_degenerate"], $0["population_points_matched"]) = (4, 0) }),
        Case(
            .stationaryPointsMatched, .cannotTell, "none", "no stationary point of J was found",
            population {
                ($0["population_points"], $0["population_points_degenerate"]) = (0, 0)
                $0["population_points_matched"] = 0
            }),
        Case(
            .stationaryPointsMatched, .cannotTell, "farther than the theorem allows", "2.5 times as far",
            population { $0["population_point_share.2"] = 2.5 }),
        Case(
            .stationaryPointsMatched, .cannotTell, "not recorded", "were looked for",
            population { $0["population_points"] = .nan }),
    ]
