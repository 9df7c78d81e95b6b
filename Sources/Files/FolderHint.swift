/// What is said where a folder is given in place of a file.
package enum FolderHint {
    /// - Parameters:
    ///   - what: the key or the words that name the file.
    ///   - endings: those of files that could be meant.
    /// - Throws: `LabError` that names them, if the path is a folder.
    package static func refuse(_ path: String, _ what: String, endings: [String]) throws {
        guard Disk.isFolder(path) else { return }
        throw LabError("\(what)\(path): expected a file, found a folder\(inside(path, endings))")
    }

    private static func inside(_ folder: String, _ endings: [String]) -> String {
        let names = Disk.namesIfAny(in: folder)
        let fitting = names.filter { name in endings.contains { name.hasSuffix($0) } }.sorted()
        guard !fitting.isEmpty else { return ", with no file in it that ends in \(endings.joined(separator: " or "))" }
        guard fitting.count > 1 else { return ": did you mean \(folder)/\(fitting[0])?" }
        let more = fitting.count > 8 ? " and \(fitting.count - 8) more" : ""
        return ": name one of the files in it, \(fitting.prefix(8).joined(separator: ", "))\(more)"
    }
}
