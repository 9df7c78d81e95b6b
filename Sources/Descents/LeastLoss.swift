import Measurements
import Statistics

/// What is known of F*, the least loss that any weights give.
///
/// Samples with equal inputs and different targets bound it from below, by their scatter around their mean. For the
/// squared loss and a function that is affine in its trained weights, F* is known:
///
/// - With as many weights as outputs of different inputs, and a kernel that is positive on its range, J reaches every
///   target that equal inputs allow. F* is that bound, and 0 without such samples.
/// - With fewer weights p, the rank of Θ is p where its p-th eigenvalue is above its error. Let λ be that eigenvalue less
///   its error. From ‖∇F‖² ≥ 2cλ(F − F*), the inequality of Polyak and Łojasiewicz, F* lies between F − ‖∇F‖²/(2cλ) and F
///   at every step, whatever the rounding errors of residuals.
///
/// Elsewhere only the bounds are known.
package struct LeastLoss {
    package enum Knowledge { case known, bounded }
    package let knowledge: Knowledge
    /// F* where it is known, else a lower bound.
    package let value: Double
    /// F* is at most `value` + `error`.
    package let error: Double
    /// The smallest loss that weights are known to have: of the run, or all 0.
    package let smallestSeen: Double
    package let contradictorySamples: Int

    package var isKnown: Bool { knowledge == .known }

    package init(_ run: RunEvidence) {
        let references = run.references
        let bound = references?.leastPossible ?? 0
        let losses = run.series.known(.trainLoss).map(\.value)
        smallestSeen = min(losses.min() ?? .infinity, references?.zeroWeights ?? .infinity)
        contradictorySamples = references?.contradictorySamples ?? 0
        guard let references, references.isAffine, run.setting.isSquaredLoss, run.kernelIsWhole,
            let eigenvalue = run.series.leastRangeEigenvalue
        else {
            (knowledge, value, error) = (.bounded, bound, 0)
            return
        }
        guard !references.hasEnoughWeights else {
            (knowledge, value, error) = (.known, bound, 0)
            return
        }
        let lowest = Self.lowerBounds(run, references, eigenvalue).max() ?? 0
        (knowledge, value) = (.known, max(bound, min(lowest, smallestSeen)))
        // Losses are sums that round.
        error = max(smallestSeen - value, 0) + 64 * run.setting.roundoff * smallestSeen
    }

    /// F − ‖∇F‖²/(2cλ) at each row with a gradient, for residuals r that are off by 16 u (‖y‖ + ‖r‖), and gradients by
    /// √λ_max times that.
    private static func lowerBounds(
        _ run: RunEvidence, _ references: RunEvidence.References, _ eigenvalue: Double
    ) -> [Double] {
        let series = run.series
        let scale = 2 * run.setting.reductionWeight
        let largest = series.known(.kernelLambdaMax).map(\.value).max() ?? .infinity
        return zip(series[.trainLoss], series[.gradientNorm]).map { loss, gradient in
            let root = loss.squareRoot()
            let error = 16 * run.setting.roundoff * (references.zeroOutput.squareRoot() + root)
            let slope = gradient + (scale * largest).squareRoot() * error
            return max(root - error, 0) * max(root - error, 0) - slope * slope / (scale * eigenvalue)
        }.filter(\.isFinite)
    }

    /// "F* = 1.5" with why, or another relation.
    package func words(_ relation: String = "=") -> String {
        let twins =
            contradictorySamples > 0 && error == 0
            ? ", which \(contradictorySamples) samples of equal inputs and different targets leave" : ""
        return "F* \(relation) \(shown(value))\(twins)"
    }
}
