import Configurations
import Files
import Foundation
import HDF5
import LinearAlgebra
import Networks
import RunFolders
import Runs

/// The weights of a run on disk after some of its steps.
package struct RunWeights<S: Scalar & HDF5Element> {
    package let run: String
    package let experiment: Experiment<S>

    package init(run: String, experiment: Experiment<S>) {
        self.run = run
        self.experiment = experiment
    }

    /// The step asked for, which has to be there; the newest for nil.
    package static func step(_ wanted: Int?, of run: String, keepsNone: Bool) throws -> Int {
        let steps = try RunFile.checkpointSteps(of: run)
        if steps.isEmpty, wanted != 0, keepsNone {
            throw LabError("\(run): \(CheckpointConfiguration.noneKept), or take --step 0, the initialization")
        }
        guard let wanted = wanted ?? steps.first else {
            throw LabError("\(run): has no checkpoint yet; --step 0 is the initialization")
        }
        guard wanted == 0 || steps.contains(wanted) else {
            let known = ([0] + steps.sorted().filter { $0 != 0 }).map(String.init).joined(separator: ", ")
            throw LabError("--step: expected one of \(known), the steps with weights, found \(wanted)")
        }
        return wanted
    }

    /// Those before the first step.
    package func start() throws -> ParameterVector<S> { try experiment.initialParameters(ofRun: run) { _ in } }

    /// - Throws: an error where the checkpoint is damaged, or another run's.
    package func parameters(at step: Int) throws -> ParameterVector<S> {
        let path = RunFile.checkpoints.path(of: run, at: step)
        guard step > 0 || Disk.exists(path) else { return try start() }
        let checkpoint = try Checkpoint<S>(
            reading: path, layout: experiment.model.layout, state: [], dataDigest: experiment.dataDigest)
        try experiment.configuration.refuseOther(checkpoint.configText, in: path)
        return checkpoint.parameters
    }
}
