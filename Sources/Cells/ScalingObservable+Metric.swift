import Measurements
import ScalingLaws
import Training

extension ScalingObservable {
    /// The metrics that it is made of; nil where it is none of a run's rows.
    package var family: MetricFamily? {
        switch self {
        case .weightDrift: .weightDrift
        case .relativeDrift: .weightDriftRelative
        case .rowDrift: .weightDriftRow
        case .flips: .patternFlips
        case .backwardChange: .backwardChange
        case .kernelDrift: .kernelDrift
        case .linearizationGap: .predictionGap
        case .kernelLambdaMin: .kernelLambdaMin
        case .gradientRatio: .gradientNorm
        case .forwardNormError, .steps: nil
        }
    }
}
