import Measurements
import Statistics

/// The lab's own marks where a theorem states no constant.
///
/// The theorems hold for widths that no machine holds, with constants that hide in O(·). What they say of a run that
/// can be made is that changes are small and ratios bounded; these marks say what counts as small and bounded. A
/// number between the two marks of a pair decides nothing.
public enum Thresholds {
    /// Relative changes (weights, patterns, kernel, prediction) up to the first are small, above the second large.
    public static let change = (small: 0.25, large: 0.5)
    /// Forward norms relative to what initialization keeps: 1 ± ½ is near 1, outside 1/3 … 3 is not.
    public static let forwardNorm = (near: 0.5...1.5, far: (1 / 3.0)...3.0)
    /// Backward norms relative to that at the last layer: bounded up to the first, not above the second.
    public static let backwardNorm = (bounded: 2.0, unbounded: 4.0)
    /// F_T/F_0 asked for where the configuration asks for none.
    public static let lossRatio = RunEvidence.Setting.defaultLossRatio
    /// Differences of BIC from which linear convergence is preferred to a rival ("positive" evidence), and a rival to
    /// it ("strong"; Kass and Raftery 1995, section 3.2).
    public static let bic = (linear: 2.0, rival: 6.0)
    /// Fall of a rate over the last half of the decades up to which it counts as constant: a power law of exponent p
    /// falls by 1 − D^(−1/p) where the loss falls by D there.
    public static let rateFall = 0.03
    /// Largest F_T/S that counts as the least loss where more was allowed, S the scale of the data.
    public static let interpolation = 1e-2
    /// Least fall of F − F* after which a curve, or kernels, are asked for its law.
    public static let fall = (curve: 1e-3, kernel: 1e-2)
    /// Separation δ that a network of L layers is asked to keep: at most 1/L, since deep layers draw all samples
    /// together.
    public static func separation(_ delta: Double, layers: Int) -> Double { min(delta, 1 / Double(max(layers, 1))) }

    /// - Parameter most: how large the change may have been between the steps that were recorded.
    static func verdict(change value: Double, atMost most: Double) -> Verdict {
        value.isNaN || most.isNaN
            ? .cannotTell
            : value > change.large ? .fails : max(value, most) <= change.small ? .holds : .cannotTell
    }

    /// What that makes of a change that is small as recorded.
    static func words(_ value: Double, atMost most: Double, _ member: String) -> String {
        let of = member.isEmpty ? "" : " (\(member))"
        return value <= change.small && most > change.small
            ? " at recorded steps, and up to \(shown(most))\(of) between them" : ""
    }
}
