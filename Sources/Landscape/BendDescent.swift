import LinearAlgebra
import Networks
import Sampling

/// Descent on the bend c of a curve between two minima: least E L(w(t)) over t uniform on (0, 1) (Garipov et al. 2018, section 3).
///
/// Each step draws one t, and takes ∂L/∂c = 2 t (1 − t) ∇L(w(t)) on one batch. The rate is that asked for over the first half,
/// then falls linearly to a hundredth, about as in their code. Frozen tensors stay in the middle.
package struct BendDescent {
    package let steps: Int
    package let rate: Double
    package let seed: UInt64

    /// Samples of one step.
    package struct Batch {
        /// Inputs [rows, d].
        package let x: MatrixBuffer<Double>
        /// Targets [rows, K].
        package let y: MatrixBuffer<Double>
        /// What the gradient of their loss is multiplied by.
        package let factor: Double

        package init(x: MatrixBuffer<Double>, y: MatrixBuffer<Double>, factor: Double) {
            (self.x, self.y, self.factor) = (x, y, factor)
        }
    }

    package init(steps: Int, rate: Double, seed: UInt64) {
        (self.steps, self.rate, self.seed) = (steps, rate, seed)
    }

    /// The rate of a step.
    func rate(at step: Int) -> Double {
        let done = Double(step) / Double(max(steps, 1))
        return rate * (done < 0.5 ? 1 : 1 - 0.99 * (2 * done - 1))
    }

    /// The curve with its bend after all steps, from the middle. Cost: three forward passes over a batch a step.
    /// - Returns: nil where a loss was not finite.
    package func run(
        _ curve: WeightCurve, _ function: TrainedFunction<Double>, _ objective: Objective, batch: (Int) -> Batch
    ) -> WeightCurve? {
        let bend = curve.middle
        let bent = WeightCurve(from: curve.start, to: curve.end, bend: bend)
        let (w, gradient) = (ParameterVector<Double>(bend.layout), ParameterVector<Double>(bend.layout))
        let stream = RandomStream(seed: seed, "connection/t")
        for step in 0..<steps {
            let t = stream.uniform(step)
            let samples = batch(step)
            bent.point(t, into: w)
            guard function.loss(objective, w, samples.x, samples.y, gradient: gradient).isFinite else { return nil }
            Double.axpy(bend.count, -rate(at: step) * 2 * t * (1 - t) * samples.factor, gradient.base, bend.base)
        }
        return bent
    }
}
