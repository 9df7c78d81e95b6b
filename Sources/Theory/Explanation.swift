extension Statement {
    /// Why what is compared decides it, for readers who know the field and not this program.
    public var why: String {
        switch self {
        case .globalMinimum:
            "No weights have a loss below F*. How far F_T may be above it is counted in the scale of the data S, the loss of the best "
                + "constant output, since a ratio to F_0 alone is small for any start that is bad enough."
        case .linearConvergence:
            "For the squared loss r_{t+1} = (I − ηcΘ_t) r_t: no mode of the residual falls slower than the smallest eigenvalue of Θ_t "
                + "on its range. While that keeps half of its start, every rate of the run has a floor, which is a constant factor a step."
        case .noCriticalPoint:
            "Where ‖∇F‖² ≥ 2μ(F − F*) with one μ > 0 (Polyak, Łojasiewicz), a gradient of 0 is possible at F = F* alone. For the squared "
                + "loss μ is at least c times the smallest eigenvalue of Θ_t on its range."
        case .semiSmoothness:
            "Δ(r) is what F has beyond its first order at distance r. A step −η∇F with Δ < η‖∇F‖² makes F smaller, without which no "
                + "proof of descent works; where −Δ(r) ≤ r‖∇F‖ no descent is hidden that the gradient does not show."
        case .nearInitialization:
            "The theorems hold in a ball around W_0 in which few ReLU units flip. Its size hides in constants, so what has to be small are the "
                + "largest relative drift of a tensor and the largest share of flipped units."
        case .tangentEquivalence:
            "Where Θ_t stays near Θ_0, and λ(Θ_t) ≥ λ(Θ_0)/2 as the rate (1 − ηλ/2)^t needs, gradient descent acts as kernel regression with "
                + "Θ_0, whose outputs are compared with those measured."
        case .goodInitialization:
            "The proofs start where the norms of h_l neither vanish nor explode from layer to layer, different samples stay apart, and backward "
                + "vectors are bounded: at random weights, before any step."
        case .stochasticDescent:
            "Where the mean of −ln F(w − ηg_b)/F(w) over batches b is above 0 in each stretch of the run, with its 99 % interval, an epoch "
                + "makes the whole loss smaller by a factor, on average."
        }
    }

    /// What a run would have to show for it to fail.
    public var refutation: String {
        switch self {
        case .globalMinimum:
            "A gradient of 0 at a loss above one that weights are known to have, or a loss that diverges."
        case .linearConvergence:
            "A loss that diverges, or a law that excludes a rate, as F' ~ −F² of losses with exponential tails. A bent curve alone does not: many "
                + "modes of a constant kernel make one too."
        case .noCriticalPoint:
            "A gradient of 0 above a loss that is known to be possible, or a ratio that goes to 0 with the loss."
        case .semiSmoothness:
            "One step that loses more than it gains, a direction in which F bends down by more than the gradient gives, or a loss that rises in "
                + "a full-batch step."
        case .nearInitialization:
            "One tensor that moves by more than half of its norm, or a layer with more than half of its units flipped."
        case .tangentEquivalence:
            "A kernel or training outputs that change by more than half, or λ(Θ_t) below half of λ(Θ_0) whatever their errors."
        case .goodInitialization:
            "A norm outside of 1/3 … 3, a separation below half of min(δ, 1/L), or backward norms above four times the last."
        case .stochasticDescent: "A loss that is no number any more, or grows over ten epochs by more than it scatters."
        }
    }
}
