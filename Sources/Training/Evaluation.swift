import Datasets
import LinearAlgebra
import Networks

/// Loss and accuracy of a network on a set of samples.
package struct Score: Sendable, Equatable {
    /// The reduced loss.
    package var loss: Double
    /// Share of samples whose largest output (whose sign, for one output) is the label's;
    /// nil for real targets.
    package var accuracy: Double?
}

extension TrainedFunction {
    /// Loss and accuracy at w over all samples, and ∇F where a vector for it is given.
    /// Cost: one forward pass over the samples, three with the gradient.
    package func score(
        _ objective: Objective, _ w: ParameterVector<S>, on samples: Samples<S>,
        gradient: ParameterVector<S>? = nil
    ) -> Score {
        var correct = 0
        let loss = loss(objective, w, samples.inputs, samples.targets, gradient: gradient) { first, rows in
            guard let labels = samples.labels else { return }
            for r in 0..<rows where predictedClass(row: r) == labels[first + r] { correct += 1 }
        }
        return Score(loss: loss, accuracy: samples.labels.map { Double(correct) / Double($0.count) })
    }

    /// f at w of all samples, [samples, K]. Cost: one forward pass over them.
    package func outputs(_ w: ParameterVector<S>, on samples: Samples<S>) -> MatrixBuffer<S> {
        let outputs = workspace.model.outputCount
        let result = MatrixBuffer<S>(samples.count, outputs)
        workspace.forEachBlock(of: samples.count) { first, rows in
            forward(w.base, samples.inputs.base + first * samples.inputs.columns, rows: rows)
            (result.base + first * outputs).update(from: self.outputs, count: rows * outputs)
        }
        return result
    }
}
