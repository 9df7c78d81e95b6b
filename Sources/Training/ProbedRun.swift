import Datasets
import LinearAlgebra
import Measurements
import Networks

/// The run that probes measure, as it is before its first step.
package struct ProbedRun<S: Scalar> {
    package let function: TrainedFunction<S>
    package let objective: Objective
    package let train: Samples<S>
    package let test: Samples<S>?
    /// w₀.
    package let start: ParameterVector<S>
    /// η of each step −ηg; no number where steps are others, as Adam's are.
    package let rate: (Int) -> Double
    package let selection: ProbeSelection
    /// What is trained beside w; nil for nothing.
    let eliminator: Eliminator<S>?
    /// A vector of the model's layout that any probe may overwrite.
    let scratch: ParameterVector<S>

    var model: Model { function.workspace.model }

    /// The weights at which the network's own units, gradients of outputs and kernels are those of the trained function:
    /// the linearization keeps those of its start.
    func point(_ w: ParameterVector<S>) -> ParameterVector<S> { function.form.isLinearized ? start : w }

    /// Whether the kernel is that of all samples and outputs: the gradient's norm is then measured beside it. A trace is
    /// not, even of a single output: nothing is measured beside those in runs of any version.
    var hasWholeKernel: Bool { selection.kernel.extent(outputs: nil).isWhole(of: train.count) }
}

/// A moment of a run at which it is measured.
package struct Moment<S: Scalar> {
    package let run: ProbedRun<S>
    /// The weights after `step` steps.
    package let w: ParameterVector<S>
    package let step: Int
    /// F(w) over all training samples. Their forward pass is in the workspace, where they are one block, for kinds that read it.
    package let loss: Double
}

/// What the memory of a probe depends on.
package struct ProbeCost {
    package let model: Model
    /// Of the training and the test samples.
    package let samples: Int
    package let testSamples: Int
    /// Samples of a mini-batch.
    package let batch: Int
    /// Samples of a pass.
    package let rows: Int
    /// Arithmetic of the run.
    package let precision: Precision
    package let selection: ProbeSelection

    /// Collects what is known of a run before it begins.
    package init(
        _ model: Model, samples: Int, testSamples: Int, batch: Int, rows: Int, _ precision: Precision,
        _ selection: ProbeSelection
    ) {
        (self.model, self.samples, self.testSamples, self.batch) = (model, samples, testSamples, batch)
        (self.rows, self.precision, self.selection) = (rows, precision, selection)
    }

    /// Units of all ReLU layers, for one sample.
    var rectifierUnits: Int {
        ActivationPatterns.rectifiers(of: model).reduce(0) { $0 + model.size($1.index + 1) }
    }
}
