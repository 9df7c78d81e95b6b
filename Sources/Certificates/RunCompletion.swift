import Files
import RunFolders

/// What a shell offers where a run or a sweep is asked for.
package enum RunCompletion {
    /// Names under `runs`, `latest`, and folders of the working folder; with a `/` what is in that folder.
    /// - Parameters:
    ///   - word: what is there so far.
    ///   - endings: those of files that will do too.
    package static func candidates(_ word: String, _ kind: RunLocator.Kind, endings: [String] = []) -> [String] {
        guard let slash = word.lastIndex(of: "/") else {
            let runs = names(RunLocator.root, kind)
            return (runs.isEmpty ? [] : ["latest"]) + runs + inside(".", endings).map { String($0.dropFirst(2)) }
        }
        let parent = String(word[..<slash])
        if parent.isEmpty { return inside("", endings) }
        if Disk.isFolder(parent) { return (latest(parent, kind) + inside(parent, endings)) }
        let named = "\(RunLocator.root)/\(parent)"
        guard Disk.isFolder(named) else { return [] }
        return latest(parent, of: named, kind) + names(named, kind).map { "\(parent)/\($0)" }
    }

    /// The folders in one that hold a run or a sweep.
    private static func names(_ folder: String, _ kind: RunLocator.Kind) -> [String] {
        RunLocator.folders(of: folder).filter { !RunLocator.entries(in: "\(folder)/\($0)", kind).isEmpty }
    }

    private static func latest(_ folder: String, of place: String? = nil, _ kind: RunLocator.Kind) -> [String] {
        RunLocator.entries(in: place ?? folder, kind).count > 1 ? ["\(folder)/latest"] : []
    }

    /// Folders, with a slash, and files of these endings.
    private static func inside(_ folder: String, _ endings: [String]) -> [String] {
        let names = Disk.namesIfAny(in: folder.isEmpty ? "/" : folder)
        return names.sorted().filter { !$0.hasPrefix(".") }.compactMap { name in
            let path = "\(folder)/\(name)"
            if Disk.isFolder(path) { return path + "/" }
            return endings.contains { name.hasSuffix($0) } ? path : nil
        }
    }
}
