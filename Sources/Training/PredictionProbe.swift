import Datasets
import LinearAlgebra
import Measurements
import Networks
import TangentKernels

/// What the kernel at the start predicts of a run beside what is measured.
package struct PredictionSnapshot {
    package let step: Int
    /// Outputs [samples, K]: measured, predicted for the run's own steps, predicted for the gradient flow of the
    /// same time.
    package struct Outputs {
        package let measured: MatrixBuffer<Double>
        package let descent: MatrixBuffer<Double>
        package let flow: MatrixBuffer<Double>
    }
    package let train: Outputs
    package let test: Outputs?
}

/// Predicts a full-batch descent on the squared loss from Θ₀ and compares: `LinearizedDescent` along a run.
///
/// Memory: three [nK, nK] matrices in float64, and [test K, nK]. Cost: a kernel and an eigendecomposition at the
/// start, forward passes and 4 (nK)² flops at a measurement.
package final class PredictionProbe<S: Scalar>: Probe {
    private let function: TrainedFunction<S>
    private let objective: Objective
    private let train: Samples<S>
    private let test: Samples<S>?
    private let descent: LinearizedDescent
    private let testKernel: MatrixBuffer<Double>?
    private let testStart: MatrixBuffer<Double>?
    /// ‖f_0 − y‖.
    private let startResidual: Double
    /// Learning rate of each step.
    private let rate: (Int) -> Double
    private var clock = DescentClock()
    private var clockStep = 0
    package private(set) var snapshot: PredictionSnapshot?

    /// - Parameter rate: η of a step; the run is predicted from these.
    /// - Returns: nil where the kernel at the start is not finite.
    /// - Throws: `ModelError` for a network whose kernel is not known.
    package init?(
        _ function: TrainedFunction<S>, _ objective: Objective, train: Samples<S>, test: Samples<S>?,
        start: ParameterVector<S>, rate: @escaping (Int) -> Double
    ) throws {
        self.function = function
        self.objective = objective
        self.train = train
        self.test = test
        self.rate = rate
        let (kernel, testKernel) = try Self.kernels(function.workspace.model, train, test, start)
        self.testKernel = testKernel
        let f = function.outputs(start, on: train).widened()
        let y = train.targets.widened()
        let residual = MatrixBuffer(y.count, 1, zip(f.entries, y.entries).map { $0 - $1 })
        guard let descent = LinearizedDescent(destroying: kernel, residual: residual) else { return nil }
        self.descent = descent
        startResidual = Double.dot(residual.count, residual.base, residual.base).squareRoot()
        testStart = test.map { function.outputs(start, on: $0).widened() }
    }

    /// Θ₀ of the training samples, and of test with training samples; in float64 whatever the run's precision.
    private static func kernels(
        _ model: Model, _ train: Samples<S>, _ test: Samples<S>?, _ start: ParameterVector<S>
    ) throws -> (MatrixBuffer<Double>, MatrixBuffer<Double>?) {
        let plan = try KernelPlan(model, .full, samples: train.count)
        let kernel = EmpiricalKernel<Double>(model, plan, samples: train.count)
        let w = ParameterVector<Double>(model.layout)
        convert(w.count, start.base, w.base)
        func block(_ samples: Samples<S>) -> KernelBlock<Double> {
            let block = kernel.block(capacity: samples.count)
            let x = samples.inputs.widened()
            kernel.fill(block, w, x.base, samples: samples.count)
            return block
        }
        let rows = block(train)
        let side = train.count * model.outputCount
        let theta = MatrixBuffer<Double>(side, side)
        kernel.kernel(rows, rows, into: theta.base, leading: side)
        guard let test else { return (theta, nil) }
        let others = MatrixBuffer<Double>(test.count * model.outputCount, side)
        kernel.kernel(block(test), rows, into: others.base, leading: side)
        return (theta, others)
    }

    package func measure(_ moment: Moment<S>) -> [Metric] { measure(moment.w, step: moment.step) }

    /// Metrics of prediction and gap at w, the weights after `step` steps.
    package func measure(_ w: ParameterVector<S>, step: Int) -> [Metric] {
        advance(to: step)
        let y = train.targets.widened()
        let laws = [LinearizedDescent.Law.descent(clock), .flow(clock.time)]
        let predicted = laws.map { law -> MatrixBuffer<Double> in
            let r = descent.residual(law)
            return MatrixBuffer(y.rows, y.columns, zip(r.entries, y.entries).map { $0 + $1 })
        }
        let measured = function.outputs(w, on: train).widened()
        let trainOutputs = PredictionSnapshot.Outputs(measured: measured, descent: predicted[0], flow: predicted[1])
        let testOutputs = test.map { testPrediction(w, $0, laws) }
        snapshot = PredictionSnapshot(step: step, train: trainOutputs, test: testOutputs)
        var metrics = [
            Metric(.predictedLoss, loss(predicted[0], y)), Metric(.predictedLossFlow, loss(predicted[1], y)),
            Metric(.predictionGap, distance(predicted[0], measured) / startResidual),
        ]
        if let test, let testOutputs {
            let zero = MatrixBuffer<Double>(test.count, y.columns)
            metrics += [
                Metric(.predictedTestLoss, loss(testOutputs.descent, test.targets.widened())),
                Metric(
                    .predictionGapTest,
                    distance(testOutputs.descent, testOutputs.measured) / distance(testOutputs.measured, zero)),
            ]
        }
        return metrics
    }

    private func testPrediction(
        _ w: ParameterVector<S>, _ test: Samples<S>, _ laws: [LinearizedDescent.Law]
    ) -> PredictionSnapshot.Outputs {
        let predicted = laws.map { law -> MatrixBuffer<Double> in
            let columns = test.targets.columns
            let result = MatrixBuffer(test.count, columns, testStart?.entries ?? [])
            if let testKernel {
                let response = descent.response(law)
                Double.gemv(
                    .no, rows: testKernel.rows, columns: testKernel.columns, alpha: -1, testKernel.base, response.base,
                    beta: 1, result.base)
            }
            return result
        }
        return PredictionSnapshot.Outputs(
            measured: function.outputs(w, on: test).widened(), descent: predicted[0], flow: predicted[1])
    }

    private func advance(to step: Int) {
        // A step before the last one asked for: the run began anew.
        if step < clockStep { (clock, clockStep) = (DescentClock(), 0) }
        let weight = objective.reductionWeight(samples: train.count)
        while clockStep < step {
            clock.advance(rate: rate(clockStep) * weight)
            clockStep += 1
        }
    }

    private func distance(_ a: MatrixBuffer<Double>, _ b: MatrixBuffer<Double>) -> Double {
        Double.squaredDistance(a.count, a.base, b.base).squareRoot()
    }

    private func loss(_ f: MatrixBuffer<Double>, _ y: MatrixBuffer<Double>) -> Double {
        objective.weight(samples: f.rows) * objective.total(f.base, y.base, rows: f.rows, outputs: f.columns)
    }
}
