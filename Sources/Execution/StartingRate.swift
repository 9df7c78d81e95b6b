import Files
import Foundation
import LinearAlgebra
import Networks
import Runs

extension Experiment {
    /// η: as given, or c/λ_max(Θ₀) over the weight of a sample's loss.
    /// - Throws: `LabError` where auto finds no positive λ_max.
    package func learningRate(
        at start: ParameterVector<S>, _ record: inout RunRecord, _ say: (String) -> Void
    ) throws -> Double {
        let training = configuration.training
        if let rate = training.learningRate { return rate }
        let ends = kernelEnds(at: start)
        let top = ends.largest
        let weight = objective.reductionWeight(samples: train.count)
        let scale = top.value * weight
        record.kernelLambdaMax = top.value
        record.kernelLambdaMaxResidual = top.residual
        guard top.value > 0, scale.isFinite else {
            guard model.layout.trainedCount > 0, top.value == 0 else {
                throw LabError(
                    "training.learning_rate: auto needs a positive λ_max of the tangent kernel, found \(top.value): "
                        + "is anything trained?")
            }
            // A network so narrow that no sample gets through is a result too: no rate moves it.
            say("warning   λ_max(Θ₀) = 0: the network is dead at its start, no step changes it")
            return training.autoFactor
        }
        let rate = training.autoFactor / scale
        say(
            String(
                format: "rate      %.6g = %g/λ_max, λ_max(Θ₀) = %.6g ± %.1g (Lanczos, %d steps)", rate,
                training.autoFactor, top.value, top.residual, ends.steps))
        let critical = Self.criticalRate(ends, weight: weight)
        record.criticalLearningRateInterval = [critical.lowerBound, critical.upperBound]
        say(
            String(
                format: "critical  2/(λ_min + λ_max) in [%.6g, %.6g], λ_min(Θ₀) ≤ %.3g", critical.lowerBound,
                critical.upperBound, ends.smallest.value))
        return rate
    }

    /// Where 2/(λ_min + λ_max) lies: λ_min between 0 and θ_min, λ_max between θ_max and that plus its residual.
    private static func criticalRate(_ ends: ExtremeEigenvalues, weight: Double) -> ClosedRange<Double> {
        let largest = ends.largest.value + ends.largest.residual
        return 2 / (weight * (largest + max(ends.smallest.value, 0)))...2 / (weight * ends.largest.value)
    }
}
