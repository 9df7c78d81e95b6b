import Foundation

/// sbatch, squeue, scancel and scontrol that run jobs on this machine without a Slurm, for as long as the value lives.
///
/// `Slurm/fake.py` is all of them.
public final class FakeSlurm: Sendable {
    private let folder = TestFolder()

    public init() throws {
        for name in ["bin", "jobs"] {
            try FileManager.default.createDirectory(atPath: folder.file(name), withIntermediateDirectories: false)
        }
        for name in ["sbatch", "squeue", "scancel", "scontrol"] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.file("bin/" + name), withDestinationPath: slurmFile("fake.py"))
        }
    }

    /// What leads a program to these commands.
    public var environment: [String: String?] {
        ["PATH": folder.file("bin") + ":" + searchPath, "FAKE_SLURM": folder.file("jobs")]
    }

    /// Puts a script in the place of a command.
    public func replace(_ command: String, by script: String) throws {
        try FileManager.default.removeItem(atPath: folder.file("bin/" + command))
        try folder.writeProgram("bin/" + command, "#!/bin/sh\n" + script + "\n")
    }

    /// Runs one of the commands.
    public func call(_ command: String, _ arguments: [String]) throws -> Output {
        try run(folder.file("bin/" + command), arguments, environment: environment)
    }

    /// Ends all jobs, for good.
    public func stop() throws {
        _ = folder.write("jobs/end", "")
        func jobs() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: folder.file("jobs")).filter { Int($0) != nil }
        }
        for _ in 0..<500 where try !jobs().isEmpty { usleep(10_000) }
    }

    deinit { _ = try? stop() }
}

let searchPath = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"

func slurmFile(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Slurm/" + name).path
}
