import Foundation

/// What the control groups of this process let it use of the machine, as containers and batch systems set it.
package struct ControlGroup {
    /// Where the file system of control groups is, and the list of those of this process.
    private let root: String
    private let membership: String

    package init(root: String = "/sys/fs/cgroup", membership: String = "/proc/self/cgroup") {
        self.root = root
        self.membership = membership
    }

    /// Processors' worth of time, rounded up: the least quota of the group and those above it (version 1 or 2); nil
    /// for no limit.
    package var processors: Int? {
        let lines = text(membership)?.split(separator: "\n") ?? []
        let quotas = lines.compactMap { line -> Double? in
            // hierarchy:controllers:path
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 3 else { return nil }
            if fields[1].isEmpty { return least(in: root, fields[2], quota) }
            guard fields[1].split(separator: ",").contains("cpu") else { return nil }
            return least(in: "\(root)/\(fields[1])", fields[2], quotaOfVersion1)
        }
        return quotas.min().map { max(Int($0.rounded(.up)), 1) }
    }

    /// The least quota from a group up to the root. In a container the path may not be there: its root is the group.
    private func least(in hierarchy: String, _ path: String, _ quota: (String) -> Double?) -> Double? {
        let parts = path.split(separator: "/")
        return (0...parts.count).compactMap {
            quota(([hierarchy] + parts.prefix($0).map(String.init)).joined(separator: "/"))
        }
        .min()
    }

    /// `cpu.max`: the time of a period, or `max`, and the period.
    private func quota(_ folder: String) -> Double? {
        let numbers = text(folder + "/cpu.max")?.split(whereSeparator: \.isWhitespace).map { Double($0) } ?? []
        guard numbers.count == 2, let time = numbers[0], let period = numbers[1], time > 0, period > 0 else {
            return nil
        }
        return time / period
    }

    private func quotaOfVersion1(_ folder: String) -> Double? {
        func number(_ name: String) -> Double? {
            text("\(folder)/\(name)").flatMap { Double($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        }
        guard let time = number("cpu.cfs_quota_us"), let period = number("cpu.cfs_period_us"), time > 0, period > 0
        else { return nil }
        return time / period
    }

    private func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
}
