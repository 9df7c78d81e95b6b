/// What can be said of a statement: it holds, it fails, or the evidence does not tell.
public enum Verdict: String, Sendable, CaseIterable {
    case holds
    case fails
    case cannotTell = "can't tell"

    /// The verdict on several parts that all have to hold.
    static func all(_ parts: [Verdict]) -> Verdict {
        parts.contains(.fails) ? .fails : parts.contains(.cannotTell) ? .cannotTell : .holds
    }
}

/// A number behind a verdict, with its interval or error where it has one.
public struct Quantity: Sendable, Equatable {
    public let name: String
    public let value: Double
    public let interval: ClosedRange<Double>?
    /// What it is compared with, in words; empty for none.
    public let mark: String

    public init(_ name: String, _ value: Double, interval: ClosedRange<Double>? = nil, mark: String = "") {
        self.name = name
        self.value = value
        self.interval = interval
        self.mark = mark
    }
}

/// One part of a statement: its own verdict, and why.
struct Part {
    let verdict: Verdict
    let reason: String

    init(_ verdict: Verdict, _ reason: String) {
        self.verdict = verdict
        self.reason = reason
    }
}

/// The verdict on one statement of the theory, for one run.
public struct Certificate: Sendable {
    public let statement: Statement
    public let verdict: Verdict
    public let reason: String
    public let quantities: [Quantity]
    /// What the statement needs and the run does not have, each with what would record it.
    public let missing: [String]

    init(
        _ statement: Statement, _ verdict: Verdict, _ reason: String, _ quantities: [Quantity] = [],
        missing: [String] = []
    ) {
        self.statement = statement
        self.verdict = verdict
        self.reason = reason
        self.quantities = quantities.filter { !$0.value.isNaN }
        self.missing = missing
    }

    /// The verdict on all parts; the reasons are those of the parts that decide it.
    init(_ statement: Statement, _ parts: [Part], _ quantities: [Quantity] = [], missing: [String] = []) {
        let verdict = Verdict.all(parts.map(\.verdict))
        let deciding = parts.filter { $0.verdict == verdict && !$0.reason.isEmpty }.map(\.reason)
        self.init(statement, verdict, deciding.joined(separator: "; "), quantities, missing: missing)
    }
}

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
        case .globalMinimum: "Allen-Zhu, Li, Song 2019, Theorems 1 and 2"
        case .linearConvergence:
            "Allen-Zhu, Li, Song 2019, Theorem 1; Du, Lee, Li, Wang, Zhai 2019, Theorem 5.1: F_t ≤ (1 − ηλ/2)^t F_0"
        case .noCriticalPoint: "Allen-Zhu, Li, Song 2019, Theorem 3: Ω(F δm/(dn²)) ≤ ‖∇F‖² ≤ O(F Lnm/d)"
        case .semiSmoothness: "Allen-Zhu, Li, Song 2019, Theorem 4 and Figure 1"
        case .nearInitialization:
            "Allen-Zhu, Li, Song 2019, Theorem 1; Oymak, Soltanolkotabi 2019, eq. 2.4: ¼α‖W_t − W_0‖ + ‖r_t‖ ≤ ‖r_0‖"
        case .tangentEquivalence:
            "Allen-Zhu, Li, Song 2019, Theorem 5; Lee et al. 2019, Theorem 2.1; Du et al. 2018, section 3"
        case .goodInitialization: "Allen-Zhu, Li, Song 2019, section 7 (Lemmas 7.1 to 7.5)"
        case .stochasticDescent: "Allen-Zhu, Li, Song 2019, Theorem 2"
        }
    }
}
