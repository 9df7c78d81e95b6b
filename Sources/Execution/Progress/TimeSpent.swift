import Console
import Foundation

/// What the time of a run went into.
struct TimeSpent {
    private var parts: [(name: String, seconds: Double)] = []

    mutating func add(_ seconds: Double, to name: String) {
        if let index = parts.firstIndex(where: { $0.name == name }) {
            parts[index].seconds += seconds
        } else {
            parts.append((name, seconds))
        }
    }

    /// `12s: data 3 %, kernel 80 %, …`, with what `rest` names as the part of `total` that nothing else took.
    func line(of total: Double, rest: String) -> String {
        let known = parts.reduce(0) { $0 + $1.seconds }
        let shares = (parts + [(rest, max(total - known, 0))]).compactMap { part -> String? in
            let share = Int((100 * part.seconds / max(total, known, 1e-9)).rounded())
            return share > 0 ? "\(part.name) \(share) %" : nil
        }
        let time = total < 10 ? String(format: "%.1fs", total) : duration(total)
        return "\(time): \(shares.joined(separator: ", "))"
    }
}
