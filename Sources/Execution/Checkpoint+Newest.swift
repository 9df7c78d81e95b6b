import Configurations
import Files
import HDF5
import LinearAlgebra
import Networks
import Runs

extension Checkpoint {
    /// The newest checkpoint that can be trusted; those that cannot are named. Nil where a run was
    /// killed before its first one: it then begins again, to the same bits.
    static func newest(
        of experiment: Experiment<S>, initialDigest: String, _ directory: RunDirectory, _ say: (String) -> Void
    ) throws -> Checkpoint<S>? {
        let steps = try directory.checkpointSteps()
        for step in steps {
            do {
                let path = directory.checkpoint(at: step)
                let checkpoint = try Checkpoint(reading: path, experiment)
                try checkpoint.check(experiment, step: step, initialDigest: initialDigest, path)
                return checkpoint
            } catch let error as HDF5Error {
                say("refused   \(error)")
            }
        }
        guard steps.isEmpty else { throw LabError("\(directory.checkpoints): no sound checkpoint to resume from") }
        return nil
    }

    private init(reading path: String, _ experiment: Experiment<S>) throws {
        try self.init(
            reading: path, layout: experiment.model.layout,
            state: experiment.configuration.training.optimizer.state(
                of: experiment.model.layout, adding: experiment.addedLayout), dataDigest: experiment.dataDigest)
    }

    /// - Throws: `HDF5Error` where it is not of the step of its name, or of another run.
    private func check(_ experiment: Experiment<S>, step: Int, initialDigest: String, _ path: String) throws {
        guard self.step == step else {
            throw HDF5Error(
                file: path, object: "/", "step: expected \(step) as in its name, found \(self.step)")
        }
        guard self.initialDigest == initialDigest else {
            throw HDF5Error(
                file: path, object: "/",
                "initial_parameters_digest: expected \(initialDigest), found \(self.initialDigest)")
        }
        try experiment.configuration.refuseOther(configText, in: path)
    }
}
