import Configurations
import HDF5
import RunFolders

/// The configuration that a file of a run holds, against the one that the run has.
extension Configuration {
    /// Keys that decide when a run stops and what it keeps, not what it computes.
    /// Where data lies may change too: its digest is compared.
    package static let mayChangeOnResume = ["training.stop.", "checkpoints.", "name"] + DataPath.keys

    /// A checkpoint of another configuration is not one of this run: one of the two was edited.
    /// - Parameter text: the configuration that the file of `path` holds.
    /// - Throws: `HDF5Error` that names the first key with another value.
    package func refuseOther(_ text: String, in path: String) throws {
        let found = try Configuration(text: text, source: path).values
        let expected = values
        for key in Set(found.keys).union(expected.keys).sorted()
        where found[key] != expected[key] && !Self.mayChangeOnResume.contains(where: key.hasPrefix) {
            throw HDF5Error(
                file: path, object: "/",
                "config: \(key): expected \(expected[key] ?? "nothing") as in \(RunFile.configuration.name), found "
                    + (found[key] ?? "nothing"))
        }
    }
}
