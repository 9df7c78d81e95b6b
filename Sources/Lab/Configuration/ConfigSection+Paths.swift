import Foundation
import Yams

/// Files and folders that a configuration names.
///
/// A relative path counts from the configuration's folder, or else from the working folder if something is there; `~` is
/// the home folder. The resolved configuration holds absolute paths, so that it finds its data from anywhere.
extension ConfigSection {
    /// A file that has to be given.
    func file(_ key: String, _ meaning: String) -> String {
        let path = optionalFile(key, meaning + " (required)")
        if path == nil, !reader.isListing { reader.report(fullPath(key), node, "is missing") }
        return path ?? ""
    }

    func optionalFile(_ key: String, _ meaning: String) -> String? {
        let written = text(key, default: "", meaning, show: { $0.isEmpty ? nil : self.quoted(self.resolved($0, key)) })
        return written.isEmpty ? nil : resolved(written, key)
    }

    /// The folder of a published data set's folder: as given, or the first `datasets` that has one of its name.
    func datasetFolder(_ name: String, isBuiltIn: Bool) -> String? {
        let given = optionalFile(
            "folder",
            "folder of the data set's folder; default: datasets here or beside the configuration, see `ntklab data list`"
        )
        if given != nil || isBuiltIn || reader.isListing { return given }
        let working = FileManager.default.currentDirectoryPath
        let places = [reader.folder, reader.folder.map { $0 + "/.." }, working].compactMap { $0 }.map {
            $0 + "/datasets"
        }
        return places.first { FileManager.default.fileExists(atPath: "\($0)/\(name)") } ?? working + "/datasets"
    }

    func problem(_ key: String, _ text: String) { reader.report(fullPath(key), node?[key] ?? node, text) }

    private func resolved(_ path: String, _ key: String) -> String {
        if path == "~" || path.hasPrefix("~/") {
            guard let home = ProcessInfo.processInfo.environment["HOME"], home.hasPrefix("/") else {
                problem(key, "~ stands for HOME, which is not set in the environment")
                return path
            }
            return home + path.dropFirst()
        }
        if path.hasPrefix("/") { return path }
        let working = FileManager.default.currentDirectoryPath + "/" + path
        guard let folder = reader.folder else { return working }
        let beside = (folder as NSString).appendingPathComponent(path)
        let exist = [beside, working].map { FileManager.default.fileExists(atPath: $0) }
        if exist[0], exist[1], !isSame(beside, working) {
            reader.remark(fullPath(key), "is \(beside), beside the configuration, and not \(working)")
        }
        return !exist[0] && exist[1] ? working : beside
    }

    private func isSame(_ a: String, _ b: String) -> Bool {
        URL(fileURLWithPath: a).resolvingSymlinksInPath() == URL(fileURLWithPath: b).resolvingSymlinksInPath()
    }
}
