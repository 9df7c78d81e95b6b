/// The families of metrics of a run's end beside the population that its samples are of. All risks are means of ½‖f − y‖² over
/// samples, whatever the run's loss is in units of.
extension MetricFamily {
    /// J_n(w).
    public static let populationEmpirical = MetricFamily(
        "population_empirical", "empirical risk J_n at the end, mean of |f - y|^2/2 over the training samples")
    /// J(w).
    public static let populationRisk = MetricFamily(
        "population_risk", "population risk J at the end, the expectation of the same over all samples")
    /// Of J.
    public static let populationRiskError = MetricFamily(
        "population_risk_error", "standard error of the same; 0 in closed form")
    /// ‖∇J‖.
    public static let populationGradientNorm = MetricFamily(
        "population_gradient_norm", "|dJ/dw| at the end")
    /// ‖∇J_n − ∇J‖ at w.
    public static let populationGradientGap = MetricFamily(
        "population_gradient_gap", "|dJ_n/dw - dJ/dw| at the end")
    /// Of ∇J.
    public static let populationGradientError = MetricFamily(
        "population_gradient_error", "standard error of dJ/dw at the end, as a length; 0 in closed form")
    /// max_j ‖W_j‖_F.
    public static let populationNorm = MetricFamily(
        "population_norm",
        "largest Frobenius norm of a layer at the end; within population.radius the end is in the set of weights")
    /// The scale of J over Ω.
    public static let populationScale = MetricFamily(
        "population_scale", "largest J that was found in the set")
    /// The scale of ∇J over Ω.
    public static let populationGradientScale = MetricFamily(
        "population_gradient_scale", "largest |dJ/dw| that was found in the set")
    /// A lower bound of sup |J_n − J|.
    public static let populationSupGap = MetricFamily(
        "population_sup_gap",
        "largest |J_n - J| that was found in the set, by random weights and ascent: a lower bound of the supremum")
    /// Of it.
    public static let populationSupGapError = MetricFamily(
        "population_sup_gap_error",
        "standard error of the same, by a sample that did not choose the place; 0 in closed form")
    /// A lower bound of sup ‖∇J_n − ∇J‖.
    public static let populationSupGradientGap = MetricFamily(
        "population_sup_gradient_gap",
        "largest |dJ_n/dw - dJ/dw| that was found in the set: a lower bound of the supremum")
    /// Of it.
    public static let populationSupGradientGapError = MetricFamily(
        "population_sup_gradient_gap_error", "standard error of the same; 0 in closed form")
    /// sup |J_n − J| is no more.
    public static let populationBound = MetricFamily(
        "population_bound", "upper bound of |J_n - J| over the set that holds for these samples; linear networks")
    /// sup ‖∇J_n − ∇J‖ is no more.
    public static let populationGradientBound = MetricFamily(
        "population_gradient_bound",
        "upper bound of |dJ_n/dw - dJ/dw| over the set that holds for these samples; linear networks")
    /// Theorem 3 or 6.
    public static let populationTheorem = MetricFamily(
        "population_theorem", "the published bound of |J_n - J| with its unpublished constant taken as 1")
    /// Theorem 1 or 4.
    public static let populationGradientTheorem = MetricFamily(
        "population_gradient_theorem",
        "the published bound of |dJ_n/dw - dJ/dw| with its unpublished constant taken as 1")
}

/// Of stationary points of J + ridge, and of what becomes of them in J_n + ridge.
extension MetricFamily {
    /// How many were found.
    public static let populationPoints = MetricFamily(
        "population_points", "distinct stationary points of J with the ridge that were found")
    /// Of those.
    public static let populationPointsDegenerate = MetricFamily(
        "population_points_degenerate", "those whose Hessian may be singular: outside the theorem")
    /// Of the others.
    public static let populationPointsMatched = MetricFamily(
        "population_points_matched",
        "those from which Newton's steps lead to a stationary point of J_n of the same index, each to another, within that distance"
    )
    /// Of the others.
    public static let populationPointsChanged = MetricFamily(
        "population_points_changed",
        "those that arrive at a point of another index, or at the same point as another one, within the distance that the theorem allows"
    )
    /// ‖w_n − w*‖ ζ/(2 ‖∇J_n(w*)‖) of each.
    public static let populationPointShare = MetricFamily(
        "population_point_share",
        "distance from a point to its match over what theorems 2 and 5 allow, 2 |dJ_n/dw|/zeta", members: .points)
    /// ‖w_n − w*‖ of each.
    public static let populationPointDistance = MetricFamily(
        "population_point_distance", "distance from a point to its match", members: .points)
    /// ζ of each.
    public static let populationPointCurvature = MetricFamily(
        "population_point_curvature", "zeta, the smallest |eigenvalue| of J's Hessian at a point", members: .points)
    /// The Morse index of each.
    public static let populationPointIndex = MetricFamily(
        "population_point_index", "number of negative eigenvalues at a point", members: .points)
}

/// Of the stationary point of J_n next to the run's end, and of the same with samples left out.
extension MetricFamily {
    /// J − J_n at w_n.
    public static let populationStableGap = MetricFamily(
        "population_stable_gap", "J - J_n at the stationary point of J_n next to the end: the generalization gap")
    /// Of it.
    public static let populationStableGapError = MetricFamily(
        "population_stable_gap_error", "standard error of the same; 0 in closed form")
    /// Of samples that were left out.
    public static let populationLeftOutArrived = MetricFamily(
        "population_left_out_arrived",
        "samples without which the search from there came to a stationary point; none where J_n is 0")
    /// Mean over samples.
    public static let populationLeftOut = MetricFamily(
        "population_left_out", "mean growth of a sample's loss where that sample is left out of J_n")
    /// Of it.
    public static let populationLeftOutError = MetricFamily(
        "population_left_out_error", "standard error of the same over the samples that were left out")
}
