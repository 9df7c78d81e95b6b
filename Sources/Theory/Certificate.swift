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
    /// What it has to keep to for the statement to hold; nil where nothing is asked of it.
    public let bound: Bound?

    public enum Bound: Sendable, Equatable {
        case atMost(Double)
        case below(Double)
        case atLeast(Double)
        case above(Double)
    }

    public init(
        _ name: String, _ value: Double, interval: ClosedRange<Double>? = nil, mark: String = "", _ bound: Bound? = nil
    ) {
        self.name = name
        self.value = value
        self.interval = interval
        self.mark = mark
        self.bound = bound
    }
}

/// One part of a statement: its own verdict, and why.
struct Part {
    let verdict: Verdict
    let reason: String
    /// What would have decided it.
    let missing: [String]

    init(_ verdict: Verdict, _ reason: String, missing: [String] = []) {
        self.verdict = verdict
        self.reason = reason
        self.missing = missing
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
        // What other parts lack changes nothing.
        let all = parts.filter { $0.verdict == verdict }.flatMap(\.missing) + missing
        self.init(
            statement, verdict, deciding.joined(separator: "; "), quantities,
            missing: all.enumerated().filter { index, line in all.firstIndex(of: line) == index }.map(\.element))
    }
}

extension Certificate {
    /// The same with those lines of what is missing that a predicate keeps.
    public func keeping(_ isKept: (String) -> Bool) -> Certificate {
        Certificate(statement, verdict, reason, quantities, missing: missing.filter(isKept))
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
