/// Which second derivatives of F in the weights: H = G + R.
public enum Curvature: String, CaseIterable, Sendable {
    /// H = ∇²F; of networks with kinks that away from them.
    case hessian
    /// G = Jᵀ (∂²F/∂f²) J, the Gauss-Newton matrix (Schraudolph 2002, section 3): what is left where f is replaced by its linearization.
    case gaussNewton = "gauss-newton"
    /// R = Σ_ia (∂F/∂f_ia) ∇²f_ia, over samples i and outputs a.
    case residual
}
