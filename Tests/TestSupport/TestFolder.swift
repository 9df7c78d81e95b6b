import Foundation

/// A folder that is deleted with the value's last use.
public final class TestFolder: Sendable {
    public let path: String

    public init() {
        path =
            URL(fileURLWithPath: NSTemporaryDirectory()).appendingPathComponent("ntklab-test-" + UUID().uuidString).path
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            fatalError("no temporary folder: \(error)")
        }
    }

    deinit { _ = try? FileManager.default.removeItem(atPath: path) }

    public func file(_ name: String) -> String { path + "/" + name }

    public func write(_ name: String, _ bytes: [UInt8]) -> String {
        _ = FileManager.default.createFile(atPath: file(name), contents: Data(bytes))
        return file(name)
    }

    public func write(_ name: String, _ text: String) -> String { write(name, Array(text.utf8)) }

    /// A script that can be run at once. Another process writes it: one that was started here meanwhile would hold it open for
    /// writing, and the system does not run such files.
    public func writeProgram(_ name: String, _ text: String) throws {
        let copied = try run("/usr/bin/install", ["-m", "755", write(name + ".text", text), file(name)])
        precondition(copied.code == 0, "\(copied)")
    }

    public func bytes(_ name: String) -> [UInt8] {
        FileManager.default.contents(atPath: file(name)).map(Array.init) ?? []
    }
}
