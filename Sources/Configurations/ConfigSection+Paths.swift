import Files
import Foundation
import Yams

/// Files and folders that a configuration names.
///
/// A relative path counts from the configuration's folder, or else from the working folder if something is there; `~` is
/// the home folder. The resolved configuration holds absolute paths, so that it finds its data from anywhere.
extension ConfigSection {
    /// A file that has to be given.
    package func file(_ key: String, _ meaning: String) -> String {
        let path = optionalFile(key, meaning + " (required)")
        if path == nil, !reader.isListing { reader.report(fullPath(key), node, "is missing") }
        return path ?? ""
    }

    func optionalFile(_ key: String, _ meaning: String) -> String? {
        read(key, type: "path", default: nil, meaning, show: { $0.map(quoted) }) { node in
            guard let path = text(node), !path.isEmpty else {
                return .failure(Expectation("a path without control characters"))
            }
            do {
                let resolved = try DataPath(path, from: reader.folder)
                if let remark = resolved.remark { reader.remark(fullPath(key), remark) }
                return .success(resolved.path)
            } catch {
                return .failure(Expectation("a path: \(error)"))
            }
        }
    }

    /// The folder of a published data set's folder: as given, or the first `datasets` that has one of its name.
    func datasetFolder(_ name: String, isBuiltIn: Bool) -> String? {
        let working = FileManager.default.currentDirectoryPath
        let places = [reader.folder, reader.folder.map { $0 + "/.." }, working].compactMap { $0 }.map {
            $0 + "/datasets"
        }
        let found = places.first { Disk.exists("\($0)/\(name)") } ?? working + "/datasets"
        let given = optionalFile(
            "folder",
            "folder of the data set's folder; default: datasets here or beside the configuration, see `ntklab data list`"
        )
        guard given == nil, !isBuiltIn, !reader.isListing else { return given }
        reader.record(
            ConfigReader.Key(path: fullPath("folder"), type: "path", fallback: "", meaning: "", condition: condition),
            value: quoted(found))
        return found
    }

    package func problem(_ key: String, _ text: String) { reader.report(fullPath(key), node?[key] ?? node, text) }
}

/// A path as it is written, made absolute.
package struct DataPath {
    /// The keys that say where data lies, and not what it is.
    package static let keys = [
        "data.path", "data.labels_path", "data.test_path", "data.test_labels_path", "data.folder",
        StartingWeights.pathKey,
    ]

    package let path: String
    /// What there is to say where two files could be meant.
    package private(set) var remark: String?

    /// - Parameter folder: that of the configuration; nil where it is no file.
    /// - Throws: `LabError` where the home folder is unknown.
    package init(_ written: String, from folder: String?) throws {
        if written == "~" || written.hasPrefix("~/") {
            guard let home = ProcessInfo.processInfo.environment["HOME"], home.hasPrefix("/") else {
                throw LabError("~ stands for HOME, which is not set to an absolute path")
            }
            path = home + written.dropFirst()
            return
        }
        let working = FileManager.default.currentDirectoryPath + "/" + written
        guard !written.hasPrefix("/"), let folder else {
            path = written.hasPrefix("/") ? written : working
            return
        }
        let beside = (folder as NSString).appendingPathComponent(written)
        let exist = [beside, working].map { Disk.exists($0) }
        path = !exist[0] && exist[1] ? working : beside
        if exist[0], exist[1], !Self.isSame(beside, working) {
            remark = "is \(beside), beside the configuration, and not \(working)"
        }
    }

    private static func isSame(_ a: String, _ b: String) -> Bool {
        URL(fileURLWithPath: a).resolvingSymlinksInPath() == URL(fileURLWithPath: b).resolvingSymlinksInPath()
    }
}
