import Measurements
import Statistics

/// What counts as small, near or bounded, where a theorem states no constant.
///
/// The theorems hold for widths that no machine holds, with constants that hide in O(·). Of a run that can be made they
/// say that changes are small and ratios bounded; the thresholds put numbers to that. A number between the two
/// thresholds of a pair decides nothing.
package enum Thresholds {
    /// Relative changes of weights, patterns, kernel and prediction: small up to the first, large above the second.
    package static let change = (small: 0.25, large: 0.5)
    /// Forward norms relative to what initialization keeps: 1 ± ½ is near 1, outside 1/3 … 3 is not.
    package static let forwardNorm = (near: 0.5...1.5, far: (1 / 3.0)...3.0)
    /// Backward norms relative to that of the last layer: bounded up to the first, unbounded above the second.
    package static let backwardNorm = (bounded: 2.0, unbounded: 4.0)
    /// F_T/F_0 asked for where the configuration asks for none.
    package static let lossRatio = RunEvidence.Setting.defaultLossRatio
    /// Differences of the Bayesian information criterion. From the first, linear convergence is preferred to a rival
    /// ("positive" evidence); from the second, a rival to it ("strong"; Kass and Raftery 1995, section 3.2).
    package static let bic = (linear: 2.0, rival: 6.0)
    /// A rate counts as constant while it falls by no more than this share over the last half of the decades. The rate of
    /// a power law of exponent p falls by 1 − D^(−1/p) where the loss falls by D.
    package static let rateFall = 0.03
    /// Largest F_T/S that counts as the least loss, S the scale of the data, even where the run was to reach less.
    package static let interpolation = 1e-2
    /// F − F* over its start from which a curve, or kernels, are asked for a law.
    package static let fall = (curve: 1e-3, kernel: 1e-2)
    /// The separation δ that a network of L layers is asked to keep. At most 1/L, since deep layers draw all samples
    /// together.
    package static func separation(_ delta: Double, layers: Int) -> Double { min(delta, 1 / Double(max(layers, 1))) }

    /// - Parameter most: how large the change may have been between the steps that were recorded.
    package static func verdict(change value: Double, atMost most: Double) -> Verdict {
        value.isNaN || most.isNaN
            ? .cannotTell
            : value > change.large ? .fails : max(value, most) <= change.small ? .holds : .cannotTell
    }

    /// What follows in a sentence on a change that is small at recorded steps and may be larger between them.
    package static func words(_ value: Double, atMost most: Double, _ member: String) -> String {
        let of = member.isEmpty ? "" : " (\(member))"
        return value <= change.small && most > change.small
            ? " at recorded steps, and up to \(shown(most))\(of) between them" : ""
    }
}
