import Foundation

/// Where a program is.
enum ProgramPath {
    /// The path of a program: as it stands where it has a slash, else the first that may be run in the folders of PATH.
    /// - Throws: `ProgramError` where there is none.
    static func find(_ name: String, in path: String?) throws(ProgramError) -> String {
        guard !name.contains("/") else {
            guard isProgram(name) else { throw ProgramError(notFound: name, "") }
            return name
        }
        let folders = (path ?? "/usr/bin:/bin")
            .split(separator: ":", omittingEmptySubsequences: false).map { $0.isEmpty ? "." : $0 }
        let paths = folders.map { "\($0)/\(name)" }
        guard let found = paths.first(where: isProgram) else { throw ProgramError(notFound: name, " in PATH") }
        return found
    }

    private static func isProgram(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }
}
