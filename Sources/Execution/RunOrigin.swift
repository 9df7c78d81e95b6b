import Files
import Foundation
import HDF5
import LinearAlgebra
import Networks
import Runs
import Training

/// The files from which a run can be rebuilt without this program: `data.h5` and `initial.h5`, from its first moment
/// on, and `outputs.h5` of its end, to compare with.
///
/// A run that keeps no checkpoint, as the cells of a sweep may, keeps none of them either.
struct RunOrigin<S: Scalar & HDF5Element> {
    let experiment: Experiment<S>
    let directory: RunDirectory
    let header: FileHeader

    private var isKept: Bool { experiment.configuration.checkpoints.keep > 0 }

    /// Writes what no earlier part of the run has.
    /// - Parameter added: as it starts, what is trained beside the network.
    func begin(_ start: ParameterVector<S>, learningRate: Double, added: ParameterVector<S>?) throws {
        guard isKept else { return }
        if !Disk.exists(directory.samples) {
            try SampleFile(experiment.configuration, train: experiment.train, test: experiment.test).write(
                to: directory.samples, header)
        }
        if !Disk.exists(directory.initial) {
            try InitialFile(
                configuration: experiment.configuration, model: experiment.model, parameters: start,
                learningRate: learningRate, samples: experiment.train.count, added: added
            ).write(to: directory.initial, header)
        }
    }

    /// Writes the outputs at the end, in place of those of an earlier one.
    func end(_ descent: Descent<S>, at step: Int) throws {
        guard isKept else { return }
        let (function, w) = (descent.function, descent.parameters)
        try OutputFile(
            step: step, train: function.outputs(w, on: experiment.train),
            test: experiment.test.map { function.outputs(w, on: $0) }
        ).write(to: directory.outputs, header)
    }
}
