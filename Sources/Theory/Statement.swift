/// The statements, in the order in which they are told.
public enum Statement: Int, Sendable, CaseIterable {
    case globalMinimum = 1
    case linearConvergence
    case noCriticalPoint
    case semiSmoothness
    case nearInitialization
    case tangentEquivalence
    case goodInitialization
    case stochasticDescent

    public var title: String {
        switch self {
        case .globalMinimum: "Global minimum"
        case .linearConvergence: "Linear convergence"
        case .noCriticalPoint: "No critical point on the way"
        case .semiSmoothness: "Semi-smoothness and almost-convexity"
        case .nearInitialization: "Staying near initialization"
        case .tangentEquivalence: "NTK equivalence"
        case .goodInitialization: "Good initialization"
        case .stochasticDescent: "SGD contracts"
        }
    }

    /// Where it is stated and proved.
    public var source: String {
        switch self {
        case .globalMinimum: "after Allen-Zhu, Li, Song 2019, Theorems 1 and 2"
        case .linearConvergence:
            "after Allen-Zhu, Li, Song 2019, Theorem 1; Du, Lee, Li, Wang, Zhai 2019: F_t ≤ (1 − ηλ/2)^t F_0"
        case .noCriticalPoint:
            "after Allen-Zhu, Li, Song 2019, Theorem 3; Allen-Zhu, Li, Song 2018 (recurrent networks), Theorem 3"
        case .semiSmoothness:
            "after Allen-Zhu, Li, Song 2019, Theorem 4 and Figure 1; their Theorem 4 of 2018 (recurrent networks)"
        case .nearInitialization:
            "after Allen-Zhu, Li, Song 2019, Theorem 1; Oymak, Soltanolkotabi 2018, eq. 2.4: ¼α‖W_t − W_0‖ + ‖r_t‖ ≤ ‖r_0‖"
        case .tangentEquivalence:
            "after Allen-Zhu, Li, Song 2019, Theorem 5; Lee et al. 2019, Theorem 2.1"
        case .goodInitialization: "Cao, Gu 2019, appendix B; Allen-Zhu, Li, Song 2018 (recurrent networks), eq. 4.3"
        case .stochasticDescent: "after Allen-Zhu, Li, Song 2019, Theorem 2"
        }
    }
}
