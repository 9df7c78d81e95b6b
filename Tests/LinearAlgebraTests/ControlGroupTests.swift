import Foundation
import LinearAlgebra
import TestSupport
import Testing

/// Files of control groups, and the processors that a process in `/jobs/one` may use.
private let groups: [(files: [String: String], membership: String, processors: Int?)] = [
    (["cpu.max": "max 100000"], "0::/", nil),
    (["cpu.max": "250000 100000"], "0::/", 3),
    (["jobs/cpu.max": "200000 100000", "jobs/one/cpu.max": "max 100000"], "0::/jobs/one", 2),
    (["jobs/cpu.max": "400000 100000", "jobs/one/cpu.max": "50000 100000"], "0::/jobs/one", 1),
    // A container sees its own group as the root, under a path of the host.
    (["cpu.max": "100000 100000"], "0::/docker/abc", 1),
    (
        ["cpu,cpuacct/jobs/cpu.cfs_quota_us": "300000", "cpu,cpuacct/jobs/cpu.cfs_period_us": "100000"],
        "4:cpu,cpuacct:/jobs/one", 3
    ),
    (["cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"], "2:cpu:/\n1:memory:/", nil),
    (["cpu.max": "nonsense"], "0::/", nil),
    ([:], "nonsense", nil),
]

@Test(arguments: groups.indices) func quotasOfControlGroupsLimitThreads(index: Int) throws {
    let (files, membership, processors) = groups[index]
    let folder = TestFolder()
    #expect(try group(files, membership, folder).processors == processors)
}

/// The same, and the bytes of memory.
private let memories: [(files: [String: String], membership: String, memory: Int?)] = [
    (["memory.max": "max"], "0::/", nil),
    (["jobs/memory.max": "1000000", "jobs/one/memory.max": "max"], "0::/jobs/one", 1_000_000),
    (["jobs/memory.max": "3000000", "jobs/one/memory.max": "2000000"], "0::/jobs/one", 2_000_000),
    (["memory/jobs/memory.limit_in_bytes": "500000"], "9:memory:/jobs/one\n0::/", 500_000),
    (["memory/memory.limit_in_bytes": "9223372036854771712"], "9:memory:/", 9_223_372_036_854_771_712),
    (["memory.max": "-"], "0::/", nil),
]

@Test(arguments: memories.indices) func limitsOfControlGroupsLimitMemory(index: Int) throws {
    let (files, membership, memory) = memories[index]
    let folder = TestFolder()
    #expect(try group(files, membership, folder).memory == memory)
}

private func group(_ files: [String: String], _ membership: String, _ folder: TestFolder) throws -> ControlGroup {
    for (name, text) in files {
        let path = folder.file(name)
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try (text + "\n").write(toFile: path, atomically: true, encoding: .utf8)
    }
    return ControlGroup(root: folder.path, membership: folder.write("membership", membership + "\n"))
}
