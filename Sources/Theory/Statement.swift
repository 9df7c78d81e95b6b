import Descents
import Measurements
import Statistics

/// A statement of the theory of wide networks that can be judged on one run.
///
/// Each lies in a file of its own under `Statements`, with what it compares, and has a line in `allCases`.
public struct Statement: Sendable, CaseIterable {
    /// All of them, in the order in which they are told.
    public static let allCases: [Statement] = [
        globalMinimum, linearConvergence, noCriticalPoint, semiSmoothness, nearInitialization, tangentEquivalence,
        goodInitialization, stochasticDescent, minimumQuality, empiricalRisk, gradientNearness,
        stationaryPointsMatched,
    ]

    /// Its place in that order, from 1: tables, pages and JSON name it by that.
    public let number: Int
    /// A few words: "NTK equivalence".
    public let title: String
    /// Where it is stated and proved.
    public let source: String
    /// Why what is compared decides it, for readers who know the field and not this program.
    public let why: String
    /// What a run would have to show for it to fail.
    public let refutation: String

    /// Whether nothing is to be said of a run that took no step.
    let needsSteps: Bool
    /// Whether nothing is to be said where loss, arithmetic and batches are unknown.
    let needsConfiguration: Bool
    /// Whether it is about the whole descent. What holds before the loss is down then decides nothing.
    let isOfWholeDescent: Bool
    /// Why it says nothing of a run, in words, where it is about other runs.
    let exemption: @Sendable (RunEvidence) -> String?
    let certificate: @Sendable (JudgedRun) -> Certificate

    init(
        _ number: Int, _ title: String, source: String, why: String, refutation: String, needsSteps: Bool = true,
        needsConfiguration: Bool = true, isOfWholeDescent: Bool = false,
        exemption: @escaping @Sendable (RunEvidence) -> String? = { _ in nil },
        certificate: @escaping @Sendable (JudgedRun) -> Certificate
    ) {
        self.number = number
        self.title = title
        self.source = source
        self.why = why
        self.refutation = refutation
        self.needsSteps = needsSteps
        self.needsConfiguration = needsConfiguration
        self.isOfWholeDescent = isOfWholeDescent
        self.exemption = exemption
        self.certificate = certificate
    }
}

extension Statement: Hashable, CustomStringConvertible {
    /// Statements with the same number are the same.
    public static func == (a: Statement, b: Statement) -> Bool { a.number == b.number }
    /// Hashes the number.
    public func hash(into hasher: inout Hasher) { hasher.combine(number) }
    /// `6 NTK equivalence`.
    public var description: String { "\(number) \(title)" }
}

/// A run, and what several statements ask of it.
struct JudgedRun {
    let run: RunEvidence
    let descent: RecordedDescent
    /// The verdict on linear convergence.
    let convergence: Certificate

    init(_ run: RunEvidence) {
        self.run = run
        descent = RecordedDescent(run)
        convergence = linearConvergence(run, descent)
    }
}
