import Configurations
import Files
import RunFolders

/// What `--set` may change of a run that goes on: when it stops, what it saves, and where its data and weights lie.
enum ResumeChanges {
    /// What an override may begin with.
    private static let allowed = Configuration.mayChangeOnResume + [StartingWeights.key + "="]

    /// - Throws: `LabError` that names what would make another run.
    static func refuseOthers(_ overrides: [String]) throws {
        for override in overrides where !allowed.contains(where: override.hasPrefix) {
            throw LabError(
                "--set \(override): resume can change training.stop, checkpoints and where data and weights lie only; anything "
                    + "else is a new run")
        }
    }

    /// - Throws: `LabError` where data would be elsewhere for a run that has not begun.
    static func refuseOtherData(_ overrides: [String]) throws {
        let other = overrides.first { override in
            DataPath.keys.contains(where: override.hasPrefix) && !override.hasPrefix(StartingWeights.key)
        }
        if let other {
            throw LabError("--set \(other): the run has not begun: there is nothing to compare that with")
        }
    }

    /// Weights at step 0 can be elsewhere now, and no others.
    static func refuseOtherWeights(
        _ configuration: Configuration, _ overrides: [String], of run: String
    ) throws {
        guard let override = overrides.first(where: { $0.hasPrefix(StartingWeights.key) }) else { return }
        guard let begun = try Configuration(file: RunFile.configuration.path(of: run)).model.start,
            let now = configuration.model.start
        else { throw LabError("--set \(override): the weights at step 0 of \(run) are drawn from its seed") }
        guard now == begun.moved(to: now.path) else {
            throw LabError("--set \(override): resume can change where the file lies only")
        }
        try now.refuseOtherFile()
    }
}
