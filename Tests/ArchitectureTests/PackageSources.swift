import Foundation

/// The package's folder.
let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
let sources = root.appendingPathComponent("Sources")

/// The files of a target with an extension.
func files(_ target: String, _ suffix: String) -> [URL] {
    let enumerator = FileManager.default.enumerator(
        at: sources.appendingPathComponent(target), includingPropertiesForKeys: nil)
    return (enumerator?.allObjects as? [URL] ?? []).filter { $0.pathExtension == suffix }
}

/// The lines of a file, the last of which is empty.
func lines(_ file: URL) throws -> [String] {
    try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
}

/// The dependencies of each Swift target in `Sources`, as Package.swift declares them: the one place where they stand.
let dependencies: [String: Set<String>] = {
    do {
        let manifest = try String(contentsOf: root.appendingPathComponent("Package.swift"), encoding: .utf8)
        let declaration =
            /\.(?:target|executableTarget)\(\s*name: "(\w+)"(.*?)\),\n\n?(?=\s*(?:\.\w*[tT]arget|\/\/|\]\n[)}]))/
            .dotMatchesNewlines()
        var found: [String: Set<String>] = [:]
        for match in manifest.matches(of: declaration) where !files(String(match.1), "swift").isEmpty {
            let list = match.2.firstMatch(of: /dependencies: \[(.*?)\](?:,|$)/.dotMatchesNewlines())?.1 ?? ""
            let names = list.matches(of: /(?:package: )?"([\w-]+)"/).filter { !$0.0.hasPrefix("package") }
            found[String(match.1)] = Set(names.map { String($0.1) })
        }
        return found
    } catch { return [:] }
}()
