import Files
import Foundation

/// A task of an array job as squeue shows it.
package struct QueueTask: Encodable, Sendable {
    package let index: Int
    /// Slurm's word, such as `running` or `node_fail`.
    package let state: String
    /// Why it waits, or how it failed.
    package let reason: String?
    /// The node that it runs on or ran on last.
    package let node: String?
    /// When it began, in seconds since 1970, where it runs.
    package let since: Int?
    package let exitCode: Int?
    /// The signal that ended it.
    package let signal: Int?
    /// How often it was put back into the queue.
    package let restarts: Int

    /// What squeue is asked for, and the width of each column: fields of a fixed width need no separator that none of them has.
    private static let columns = [
        ("ArrayJobID", 20), ("ArrayTaskID", 20), ("State", 20), ("exit_code", 20), ("RestartCnt", 20),
        ("StartTime", 20),
        ("NodeList", 256), ("Reason", 256),
    ]
    static let format = columns.map { "\($0.0):\($0.1)" }.joined(separator: ",")

    /// Reads a line of squeue; times are in seconds since 1970.
    /// - Returns: nil where it is no such line.
    static func read(_ line: some StringProtocol) -> (job: String, task: QueueTask)? {
        let bytes = Array(line.utf8)
        var fields: [String] = []
        var start = 0
        for (_, width) in columns {
            guard start < bytes.count else { return nil }
            let field = String(decoding: bytes[start..<min(start + width, bytes.count)], as: UTF8.self)
            fields.append(field.trimmingCharacters(in: .whitespaces))
            start += width
        }
        guard let index = Int(fields[1]), let status = Int(fields[3]), let restarts = Int(fields[4]) else { return nil }
        let state = fields[2].lowercased()
        let hasEnded = !["pending", "running", "completing", "configuring", "suspended"].contains(state)
        func known(_ field: String) -> String? { ["", "None", "N/A", "(null)"].contains(field) ? nil : field }
        return (
            fields[0],
            QueueTask(
                index: index, state: state, reason: known(fields[7]), node: known(fields[6]),
                since: state == "running" ? Int(fields[5]) : nil,
                exitCode: hasEnded && status & 0x7f == 0 ? status >> 8 & 0xff : nil,
                signal: hasEnded && status & 0x7f != 0 ? status & 0x7f : nil, restarts: restarts)
        )
    }
}
