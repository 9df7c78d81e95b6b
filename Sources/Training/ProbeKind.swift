import LinearAlgebra
import Measurements
import Networks

/// A kind of measurement along a run: which key of `tracking` asks for it, what it records, and what it takes of memory.
///
/// A new one is a file with its kind, its probe and its families of metrics, and a line in `ProbeKinds.all`: from there its key is
/// read, its metrics get their meanings in files, its memory and its columns are counted before a run begins, and sweeps know
/// what records what they fit.
package protocol ProbeKind: Sendable {
    /// The key with one value that asks for it; nil for a probe with a section of its own, or without a choice.
    var option: ProbeOption? { get }
    /// What its rows hold, in their order.
    var families: [MetricFamily] { get }
    /// Whether it reads what the forward pass of the training samples left in the workspace, and so comes before those that
    /// run it again.
    var readsForwardPass: Bool { get }
    /// Whether it measures descent on mini-batches only.
    var needsMiniBatches: Bool { get }
    /// At which steps it is due.
    var part: ProbeParts { get }
    /// The same where a run may choose.
    func part(_ selection: ProbeSelection) -> ProbeParts
    /// Whether a selection asks for a family: not all of a probe's need be asked for.
    func records(_ family: MetricFamily, _ selection: ProbeSelection) -> Bool
    /// The key and the value that record one of its metrics, `tracking.drift: true`.
    func remedy(_ metric: String) -> String
    /// Bytes that it holds while a run goes on.
    /// - Throws: `ModelError` for a network that it can't be made of.
    func bytes(_ cost: ProbeCost) throws -> Double
    /// The probe of a run; nil where there is nothing to be measured.
    /// - Throws: `ModelError` for a network that it can't be made of.
    func probe<S: Scalar>(_ run: ProbedRun<S>) throws -> (any Probe<S>)?
}

extension ProbeKind {
    package var part: ProbeParts { .network }
    package func part(_ selection: ProbeSelection) -> ProbeParts { part }
    package var readsForwardPass: Bool { false }
    package var needsMiniBatches: Bool { false }

    package func records(_ family: MetricFamily, _ selection: ProbeSelection) -> Bool {
        option.map { selection[$0] != 0 } ?? true
    }

    package func remedy(_ metric: String) -> String {
        option.map { "tracking.\($0.key): \($0.words.isEmpty ? "n" : "true")" } ?? ""
    }

    package func bytes(_ cost: ProbeCost) -> Double { 0 }

    package func probe<S: Scalar>(_ run: ProbedRun<S>) throws -> (any Probe<S>)? { nil }
}

/// Measures a network along its run. It reads the weights and writes memory of its own and the workspace's only.
package protocol Probe<S>: AnyObject {
    associatedtype S: Scalar
    /// The metrics of its families at a moment of the run, in a fixed order.
    func measure(_ moment: Moment<S>) -> [Metric]
}

/// A key of `tracking` with one value.
package struct ProbeOption: Sendable {
    /// Below `tracking`.
    package let key: String
    /// Without a preset, and with `preset: certify`; 1 for a flag that is set.
    package let usual: Int
    package let certifying: Int
    /// The values that it may have.
    package let range: ClosedRange<Int>
    /// Its words in the order of their values, 0 for none of it; empty for a count.
    package let words: [String]
    /// Whether it counts training samples, so that more than there are mean all.
    package let countsSamples: Bool
    /// For `ntklab config`.
    package let meaning: String

    /// A key that is true or false, or one of some other words.
    package static func flag(
        _ key: String, _ usual: Bool, certifying: Bool? = nil, or others: [String] = [], _ meaning: String
    ) -> ProbeOption {
        ProbeOption(
            key: key, usual: usual ? 1 : 0, certifying: certifying ?? usual ? 1 : 0, range: 0...(1 + others.count),
            words: ["false", "true"] + others, countsSamples: false, meaning: meaning)
    }

    /// A key with a number; 0 for nothing.
    package static func count(
        _ key: String, _ usual: Int, certifying: Int? = nil, upTo most: Int, ofSamples: Bool = true, _ meaning: String
    ) -> ProbeOption {
        ProbeOption(
            key: key, usual: usual, certifying: certifying ?? usual, range: 0...most, words: [],
            countsSamples: ofSamples, meaning: meaning)
    }
}
