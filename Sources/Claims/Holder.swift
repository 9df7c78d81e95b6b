import Files
import Foundation

/// A process on some host, told from all others.
package struct Holder: Codable, Sendable, Equatable {
    package let host: String
    package let process: Int
    /// When the process began, in ticks since its kernel did: numbers of processes come again.
    let began: String
    /// Drawn by the kernel when it starts; equal for all that runs on it.
    let boot: String
    /// In which numbers and times of processes mean what they say.
    let namespaces: String

    /// This process.
    package static let own = Holder()

    /// That of a claim that can't be read.
    static let unknown = Holder(host: "?", process: 0, began: "", boot: "", namespaces: "")

    private init(host: String, process: Int, began: String, boot: String, namespaces: String) {
        (self.host, self.process, self.began, self.boot, self.namespaces) = (host, process, began, boot, namespaces)
    }

    private init() {
        var name = [CChar](repeating: 0, count: 256)
        host = gethostname(&name, name.count - 1) == 0 ? Self.text(name) : "?"
        process = Int(getpid())
        began = Self.status(of: process)?.began ?? ""
        boot = Self.line("/proc/sys/kernel/random/boot_id")
        namespaces = ["pid", "time"].map { Self.link("/proc/self/ns/\($0)") }.joined(separator: " ")
    }

    /// Whether it has ended for certain. That can be said of processes that this one sees, those of its kernel and
    /// namespaces; of others it is never said.
    package var hasEnded: Bool {
        let own = Self.own
        guard !boot.isEmpty, boot == own.boot, namespaces == own.namespaces, namespaces.contains("pid:") else {
            return false
        }
        // Of another user's process /proc may say nothing.
        if kill(pid_t(truncatingIfNeeded: process), 0) != 0, errno == ESRCH { return true }
        guard let status = Self.status(of: process) else { return false }
        return status.began != began || status.hasExited
    }

    /// In words: `node7, process 123`.
    package var words: String { "\(host), process \(process)" }

    /// Nil where the system does not say.
    private static func status(of process: Int) -> (began: String, hasExited: Bool)? {
        let text = line("/proc/\(process)/stat")
        // The name before the last parenthesis may hold anything.
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 19 else { return nil }
        return (String(fields[19]), fields[0] == "Z" || fields[0] == "X")
    }

    /// Empty where it can't be read: what it would have told is then not claimed.
    private static func line(_ path: String) -> String {
        do {
            let text = String(decoding: try PlainFile.read(path, limit: 1 << 16), as: UTF8.self)
            return text.trimmingCharacters(in: .whitespacesAndNewlines)
        } catch { return "" }
    }

    private static func link(_ path: String) -> String {
        var target = [CChar](repeating: 0, count: 256)
        return readlink(path, &target, target.count - 1) > 0 ? text(target) : ""
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
