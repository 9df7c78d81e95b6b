import Foundation
import Programs

/// A real Slurm of one node with four processors, in a folder of its own, for as long as the value lives; it ends with this
/// process in any case. `Slurm/slurm.sh` says how.
public final class PrivateSlurm: Sendable {
    /// Whether its programs are installed (Debian: slurmctld, slurmd, slurm-client, munge). Any user can run them.
    public static let isInstalled: Bool = {
        let folders = (searchPath + ":/usr/sbin").split(separator: ":")
        return ["slurmctld", "slurmd", "sbatch", "squeue", "scontrol", "munged"].allSatisfy { name in
            folders.contains { access("\($0)/\(name)", X_OK) == 0 }
        }
    }()

    private let folder = TestFolder()
    private var place: String { folder.file("slurm") }

    public init() throws { try control("start", ["\(getpid())"]) }

    /// What leads Slurm's commands to it.
    public var environment: [String: String?] { ["SLURM_CONF": place + "/slurm.conf"] }

    /// Runs one of Slurm's commands.
    public func call(_ command: String, _ arguments: [String]) throws -> Output {
        try run("/usr/bin/env", [command] + arguments, environment: environment)
    }

    /// Ends slurmctld, where it runs, and starts it with its state.
    public func restartController() throws { try control("restart-controller") }

    /// Kills slurmctld. Once it is restarted, tasks that it began in its last seconds, some ten, are not known to it and begin again.
    public func killController() throws {
        let id = String(decoding: folder.bytes("slurm/slurmctld.pid"), as: UTF8.self)
        guard let id = Int32(id.trimmingCharacters(in: .whitespacesAndNewlines)), kill(id, SIGKILL) == 0 else {
            throw SlurmFailure(description: "no slurmctld: \(id)")
        }
    }

    private func control(_ action: String, _ arguments: [String] = []) throws {
        // Foundation's `Process` would wait for the daemons.
        let program = try Program(running: ["sh", slurmFile("slurm.sh"), action, place] + arguments)
        guard program.ending == .exit(0) else { throw SlurmFailure(description: "slurm.sh \(action): \(program)") }
    }

    deinit { _ = try? control("stop") }
}

struct SlurmFailure: Error, CustomStringConvertible {
    let description: String
}
