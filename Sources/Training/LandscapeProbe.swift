import Datasets
import Landscape
import LinearAlgebra
import Networks

/// When and how the loss is looked at around the weights of a run.
package struct LandscapeSelection: Sendable, Equatable {
    package let options: LandscapeOptions
    package let steps: TrackedSteps

    package init(
        options: LandscapeOptions = LandscapeOptions(), steps: TrackedSteps = .logarithmic(perDecade: 1)
    ) {
        self.options = options
        self.steps = steps
    }

    package var isMeasured: Bool { options.directions > 0 }
}

/// Looks at the loss around the weights at some steps of a run: `LossLandscape` along it.
///
/// Reads the parameters and writes memory of its own only.
package final class LandscapeProbe<S: Scalar> {
    private let surface: LossSurface<Double>
    private let selection: LandscapeSelection
    private let start: ParameterVector<S>
    private let rate: (Int) -> Double
    private let seed: UInt64
    /// What was measured last; nil where the loss was not finite.
    package private(set) var snapshot: (step: Int, learningRate: Double, landscape: LossLandscape)?

    /// - Parameters:
    ///   - rate: η of the step after a step.
    ///   - rows: samples of one pass.
    package init(
        _ model: Model, _ objective: Objective, _ train: Samples<S>, start: ParameterVector<S>,
        rate: @escaping (Int) -> Double, seed: UInt64, rows: Int, _ selection: LandscapeSelection
    ) {
        surface = LossSurface(
            TrainedFunction(Workspace(model, rows: rows)), objective, train.inputs.widened(), train.targets.widened())
        self.selection = selection
        self.start = start
        self.rate = rate
        self.seed = seed
    }

    /// Numbers in float64 that a measurement takes beside the workspace.
    package static func vectorCount(_ selection: LandscapeSelection) -> Int { selection.options.directions + 16 }

    package func measure(_ w: ParameterVector<S>, step: Int) {
        surface.move(to: w)
        let drift = w.layout.trained.reduce(0.0) {
            $0 + S.squaredDistance($1.tensor.count, w.base + $1.offset, start.base + $1.offset)
        }
        snapshot = LossLandscape(
            surface, selection.options, learningRate: rate(step), startNorm: start.trainedSquaredNorm.squareRoot(),
            drift: drift.squareRoot(), seed: seed
        ).map { (step, rate(step), $0) }
    }
}
