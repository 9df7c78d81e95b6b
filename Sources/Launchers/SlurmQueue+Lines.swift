import Console
import Foundation

extension SlurmQueue {
    /// A line or more a job, then what could not be told.
    package func lines(columns: Int) -> [String] {
        jobs.flatMap { job in
            labelled("slurm", "\(job.job.words): \(job.words)", columns: columns)
                + job.remarks.flatMap { labelled("", $0, columns: columns) }
        } + problems.flatMap { labelled("slurm", $0, columns: columns) }
    }
}

extension SlurmQueue.Job {
    /// States in the order in which they are told; others follow by name.
    private static let order = ["running", "completing", "pending", "completed"]

    /// How its tasks stand.
    var words: String {
        guard let isRemembered else { return "submitted \(job.submitted)" }
        guard isRemembered else { return "Slurm remembers it no more" }
        let states = counts.keys.sorted {
            (Self.order.firstIndex(of: $0) ?? Self.order.count, $0) < (
                Self.order.firstIndex(of: $1) ?? Self.order.count, $1
            )
        }
        let restarted = tasks.count { $0.restarts > 0 }
        // Those that were cancelled while they waited as parts of the array have left no trace.
        let gone = job.workers - tasks.count
        return
            (states.map(words(of:)) + (gone > 0 ? ["\(gone) no longer listed"] : [])
            + (restarted > 0 ? ["\(restarted) of them requeued"] : [])).joined(separator: ", ")
    }

    private func words(of state: String) -> String {
        let those = tasks.filter { $0.state == state }
        let count = "\(those.count) \(state.replacing("_", with: " "))"
        switch state {
        case "running":
            let nodes = SlurmQueue.list(Set(those.compactMap(\.node)).sorted())
            let since = those.compactMap(\.since).min().map { " since \(Self.time($0))" } ?? ""
            return count + (nodes.isEmpty ? "" : " on \(nodes)") + since
        case "pending":
            let reasons = SlurmQueue.list(Set(those.compactMap(\.reason)).sorted())
            return count + (reasons.isEmpty ? "" : " (\(reasons))")
        default: return count
        }
    }

    private static func time(_ seconds: Int) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = "yyyy-MM-dd HH:mm"
        return formatter.string(from: Date(timeIntervalSince1970: Double(seconds)))
    }
}
