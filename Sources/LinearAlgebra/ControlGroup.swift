import Glibc

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
        least(controller: "cpu", quota, quotaOfVersion1).map { max(Int($0.rounded(.up)), 1) }
    }

    /// Bytes of memory: the least limit of the group and those above it; nil for no limit.
    package var memory: Int? {
        least(
            controller: "memory", { number("\($0)/memory.max") }, { number("\($0)/memory.limit_in_bytes") }
        ).flatMap { Int(exactly: $0.rounded(.down)) }
    }

    /// The least of what the groups of this process say, in the hierarchy of a controller or the unified one.
    private func least(
        controller: String, _ read: (String) -> Double?, _ readVersion1: (String) -> Double?
    ) -> Double? {
        let lines = text(membership)?.split(separator: "\n") ?? []
        return lines.compactMap { line -> Double? in
            // hierarchy:controllers:path
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 3 else { return nil }
            if fields[1].isEmpty { return least(in: root, fields[2], read) }
            guard fields[1].split(separator: ",").contains(where: { $0 == controller }) else { return nil }
            // The folder is called after all controllers that share a hierarchy, or linked by each.
            return [fields[1], controller].compactMap { least(in: "\(root)/\($0)", fields[2], readVersion1) }.min()
        }.min()
    }

    /// The least from a group up to the root. In a container the path may not be there: its root is the group.
    private func least(in hierarchy: String, _ path: String, _ value: (String) -> Double?) -> Double? {
        let parts = path.split(separator: "/")
        return (0...parts.count).compactMap {
            value(([hierarchy] + parts.prefix($0).map(String.init)).joined(separator: "/"))
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
        guard let time = number("\(folder)/cpu.cfs_quota_us"), let period = number("\(folder)/cpu.cfs_period_us"),
            time > 0, period > 0
        else { return nil }
        return time / period
    }

    private func number(_ path: String) -> Double? {
        text(path)?.split(whereSeparator: \.isWhitespace).first.flatMap { Double($0) }
    }

    /// A small file of the kernel's; nil where it can't be read.
    private func text(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = read(file, &bytes, bytes.count)
        return count >= 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
    }
}
