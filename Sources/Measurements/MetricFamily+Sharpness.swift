/// What `tracking.sharpness` records, at the end of a run.
extension MetricFamily {
    /// Keskar's measure in all directions.
    public static let sharpness = MetricFamily(
        "sharpness",
        "Keskar's phi: 100 (max F - F)/(1 + F), the maximum over |z_i| <= 0.001 (|w_i| + 1) as far as ten iterations of L-BFGS-B find it"
    )
    /// In random ones.
    public static let sharpnessSubspace = MetricFamily(
        "sharpness_subspace", "the same in a random subspace of 100 directions")
    /// In relative steps.
    public static let sharpnessRelative = MetricFamily(
        "sharpness_relative", "the same over w_i (1 + z_i), |z_i| <= 0.001, which rescaled units leave as it is")
}
