import Datasets
import Landscape
import LinearAlgebra
import Networks

/// Losses along one curve, over training and test samples.
package struct PathLosses: Sendable {
    package let t: [Double]
    package let train: [LossValue]
    /// Empty without test samples.
    package let test: [LossValue]
    /// Over the training samples, with points added where it could be higher.
    package let barrier: Barrier
    /// The same over the test samples, at the points alone.
    package let testBarrier: Barrier?
}

/// The loss of the two runs as a function of the weights.
struct Losses {
    private let train: SampleLoss
    private let test: SampleLoss?
    private let layout: ParameterLayout

    /// Points that are added to each line, where its barrier could be higher.
    static let refinements = 24

    init(_ minimum: Minimum, _ function: TrainedFunction<Double>) {
        func loss(_ samples: Samples<Double>) -> SampleLoss {
            SampleLoss(function, minimum.objective, samples.inputs, samples.targets, labels: samples.labels)
        }
        (train, test) = (loss(minimum.train), minimum.test.map(loss))
        layout = minimum.model.layout
    }

    /// Cost: a forward pass over all samples for each point.
    func along(_ curve: WeightCurve, points: Int) -> PathLosses {
        let w = ParameterVector<Double>(layout)
        func value(_ loss: SampleLoss, _ t: Double) -> LossValue {
            curve.point(t, into: w)
            return loss.value(at: w)
        }
        func point(_ t: Double, _ value: LossValue) -> Barrier.Point {
            Barrier.Point(t: t, loss: value.loss, error: value.error)
        }
        let grid = WeightCurve.grid(points)
        let train = grid.map { value(self.train, $0) }
        let test = self.test.map { loss in grid.map { value(loss, $0) } }
        return PathLosses(
            t: grid, train: train, test: test ?? [],
            barrier: Barrier(zip(grid, train).map(point), adding: Self.refinements) {
                point($0, value(self.train, $0))
            },
            testBarrier: test.map { Barrier(zip(grid, $0).map(point)) })
    }

    /// The training loss at weights. Cost: a forward pass.
    func trainLoss(at w: ParameterVector<Double>) -> Double { train.value(at: w).loss }

    /// The mean training loss over so many points.
    func mean(along curve: WeightCurve, points: Int) -> Double {
        let w = ParameterVector<Double>(layout)
        return WeightCurve.grid(points).reduce(0) { sum, t in
            curve.point(t, into: w)
            return sum + train.value(at: w).loss / Double(points)
        }
    }
}
