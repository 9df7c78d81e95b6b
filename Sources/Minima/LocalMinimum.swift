/// What the weights of a network say of the squared loss that they have, by first derivatives alone.
///
/// With r = f − Y the residual and P the projector on the range of J, the Jacobian of all outputs in the trained weights: where f is
/// in that range, as that of a network whose last layer is linear and trained,
///
///     F = c/2 ‖Y‖² − c/2 ‖P Y‖² + c/2 ‖P r‖²,
///
/// and the last term is 0 exactly where ∇F = c Jᵀ r is. So the value of a differentiable local minimum is what the range leaves of
/// the targets, and each layer and unit that adds to the range lowers it (after Kawaguchi, Huang, Kaelbling 2019; this form is
/// ours). All in the units of F.
package struct LocalMinimum: Sendable {
    /// A part of a layer.
    package struct Share: Sendable {
        package let layer: String
        package let value: Double
        /// What the value may be less by; 0 where it has no error.
        package let error: Double
    }

    /// F, and ‖∇F‖.
    package let loss: Double
    package let gradientNorm: Double
    /// c/2 ‖Y − P Y‖², P on the directions whose eigenvalues are above their error, and where the exact one lies.
    package let predicted: Double
    package let bounds: ClosedRange<Double>
    /// c/2 ‖f − P f‖²: outputs that are in no range.
    package let outside: Double
    /// Of J, of its rows, and of the eigenvalues that may or may not be 0.
    package let rank: Int
    package let rows: Int
    package let undecided: Int
    /// The smallest and largest eigenvalue of J Jᵀ on its range, with their errors at their worst.
    package let eigenvalues: (least: Double, largest: Double)
    /// c/2 ‖P_{≤l} Y‖² − c/2 ‖P_{<l} Y‖² for each trained layer, first to last.
    package let gains: [Share]
    /// For each trained layer, the least F of a linear regression on what goes into it: on inputs for the first, on features of a
    /// hidden layer as they are for the others.
    package let baselines: [Share]
    /// The least |z| over what the next step of descent moves z by, z being 0 at kinks; infinite where none moves, nil for a smooth
    /// network.
    package let kinkDistance: Double?
    /// What the next step of descent takes off F, over η‖∇F‖²: 1 for short steps where F is smooth, near 0 where kinks hold it.
    package let stepGain: Double
}
