import Console
import Files
import Foundation

/// Finds the run or the sweep that a person means: a folder; a folder with one of them inside; a name, that of a folder under
/// `runs`; `latest`, or `FOLDER/latest`, the one that was begun last.
package enum RunLocator {
    /// What is looked for.
    package enum Kind: Sendable {
        case run, sweep, either

        package var word: String { self == .sweep ? "sweep" : self == .run ? "run" : "run or sweep" }
        /// Of several.
        package var words: String { self == .sweep ? "sweeps" : self == .run ? "runs" : "runs and sweeps" }
    }

    /// Where runs are put by default.
    package static let root = "runs"
    /// What stands for the one that was begun last; no run can have this name.
    package static let latest = "latest"

    /// - Throws: `LabError` that says what is near, or what a folder holds.
    package static func find(_ text: String, _ kind: Kind = .run) throws -> String {
        guard !text.isEmpty else { throw LabError("expected a \(kind.word), found nothing") }
        var folder = text
        while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
        if Disk.isFolder(folder) { return try only(in: folder, kind) }
        let parts = folder.split(separator: "/", omittingEmptySubsequences: false)
        if parts.last.map(String.init) == latest {
            let parent = parts.dropLast().joined(separator: "/")
            return try latest(in: parent.isEmpty ? root : place(of: parent, kind), kind)
        }
        return try only(in: place(of: folder, kind), kind)
    }

    /// A folder as it is given, or a name under `runs`.
    private static func place(of text: String, _ kind: Kind) throws -> String {
        for path in [text, "\(root)/\(text)"] where Disk.isFolder(path) { return path }
        if Disk.isFile(text) {
            throw LabError("\(text): expected the folder of a \(kind.word), found a file")
        }
        // Foundation's own function traps at names of one character.
        let folder = text.lastIndex(of: "/").map { String(text[..<$0]) } ?? ""
        let parent = Disk.isFolder(folder) ? folder : root
        let name = URL(fileURLWithPath: text).lastPathComponent
        let near = nearest(to: name, among: folders(of: parent)).map { ": did you mean \(parent)/\($0)?" }
        throw LabError("\(text): no such \(kind.word)\(near ?? "")")
    }

    /// The folder itself, or the only one inside.
    private static func only(in folder: String, _ kind: Kind) throws -> String {
        let inside = entries(in: folder, kind)
        if inside.count == 1 { return inside[0] }
        // What reads it says what is missing.
        guard inside.count > 1 else { return folder }
        let newest = newest(inside).map { ", which is \($0)" } ?? ""
        throw LabError(
            "\(folder): this folder holds \(inside.count) \(kind.words): name one of them, or write \(folder)/latest for the "
                + "newest\(newest)")
    }

    private static func latest(in folder: String, _ kind: Kind) throws -> String {
        guard let newest = newest(entries(in: folder, kind)) else {
            throw LabError("\(folder): holds no \(kind.word)")
        }
        return newest
    }

    /// The one whose configuration was written last.
    private static func newest(_ paths: [String]) -> String? {
        paths.max { (began($0), $0) < (began($1), $1) }
    }

    package static func began(_ path: String) -> Double {
        for file in [
            RunFile.configuration.path(of: path), SweepFile.configuration(of: path), RunFile.record.path(of: path),
        ] {
            var status = stat()
            if stat(file, &status) == 0 {
                return Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9
            }
        }
        return 0
    }

    /// The runs and sweeps in a folder, itself among them, at most four folders deep; cells belong to their sweep.
    package static func entries(in folder: String, _ kind: Kind, depth: Int = 4) -> [String] {
        if SweepFile.isSweep(folder) { return kind == .run ? [] : [folder] }
        if RunFile.isRun(folder) { return kind == .sweep ? [] : [folder] }
        guard depth > 0 else { return [] }
        return folders(of: folder).flatMap { entries(in: "\(folder)/\($0)", kind, depth: depth - 1) }
    }

    package static func folders(of folder: String) -> [String] {
        let names = Disk.namesIfAny(in: folder)
        return names.filter { !$0.hasPrefix(".") && Disk.isFolder("\(folder)/\($0)") }.sorted()
    }
}
