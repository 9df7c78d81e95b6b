import ArgumentParser
import Console
import Files
import Foundation
import Launchers
import Runs

/// Who does the work: this process, or workers that run anywhere.
struct LaunchOptions: ParsableArguments {
    enum Launcher: String, ExpressibleByArgument, CaseIterable { case local, slurm, manual }

    @Option(
        help:
            "Who works: local, this process; slurm, an array job of workers that is submitted now; manual, workers that you start."
    )
    var launcher = Launcher.local
    @Option(
        help:
            "With --launcher slurm: workers, no more than there is work for. With --dry-run of ntk: the time by so many."
    )
    var workers: Int?
    @Option(help: "With --launcher slurm: workers that run at once; all by default.") var atOnce: Int?
    @Option(
        parsing: .unconditional,
        help: "With --launcher slurm: options of sbatch: --slurm \"--partition=long --time=08:00:00\".")
    var slurm: String?

    private static let usualWorkers = 64

    func validate() throws {
        for (name, count) in [("--workers", workers), ("--at-once", atOnce)] {
            if let count, !(1...1_000_000).contains(count) {
                throw ValidationError("\(name): expected 1 to 1000000, found \(count)")
            }
        }
        if launcher != .slurm, atOnce != nil || slurm != nil {
            throw misplaced(atOnce != nil ? "--at-once" : "--slurm")
        }
    }

    /// - Throws: `ValidationError` where workers are given that nothing is done with.
    func refuseWorkers(unless isForecast: Bool = false) throws {
        if launcher != .slurm, !isForecast, workers != nil { throw misplaced("--workers") }
    }

    private func misplaced(_ name: String) -> ValidationError {
        ValidationError("\(name): goes with --launcher slurm, found --launcher \(launcher.rawValue)")
    }

    /// Whether this process only prepares the work.
    var isElsewhere: Bool { launcher != .local }

    /// - Throws: `LabError` where workers can't be submitted so, before anything is written.
    /// - Parameter folder: where the work will be.
    func check(_ folder: String) throws {
        if launcher == .slurm { _ = try job(absolutePath(folder), workers: workers ?? 1, cores: nil, []) }
    }

    private func job(_ path: String, workers: Int, cores: Int?, _ arguments: [String]) throws -> ArrayJob {
        try ArrayJob(
            folder: path, name: "ntklab-" + URL(fileURLWithPath: path).lastPathComponent,
            program: URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path, arguments: arguments,
            workers: workers, atOnce: atOnce, cores: cores, options: ShellWords.split(slurm ?? "", of: "--slurm"))
    }

    /// Submits workers for what is prepared in a folder, or says how to start them.
    /// - Parameters:
    ///   - pieces: how many can be worked on at once.
    ///   - cores: those that each worker has to have; what the user or Slurm gives where nil.
    ///   - arguments: what each worker is given beside its folder and cores.
    func start(
        workersOf folder: String, pieces: Int, cores: Int? = nil, _ arguments: [String], _ results: ResultOptions
    ) throws {
        let path = absolutePath(folder)
        guard launcher == .slurm else {
            let words = ["ntklab", "worker", path] + arguments
            let command = words.map(ShellWords.quoted).joined(separator: " ")
            return try results.show(Prepared(folder: path, command: command, job: nil)) { _ in
                ["start workers, on any hosts that share the folder, by", "  \(command)"]
            }
        }
        let wanted = min(workers ?? Self.usualWorkers, max(pieces, 1))
        if let workers, wanted < workers {
            note("workers   \(wanted) in place of \(workers): there is no work for more")
        }
        let taken = try Sbatch.submit(
            job(path, workers: wanted, cores: cores, arguments), version: ntklabVersion)
        try results.show(Prepared(folder: path, command: nil, job: taken)) { columns in
            wrapped(taken.words, columns: columns, indent: 4)
        }
    }

    private struct Prepared: Encodable {
        let folder: String
        /// What starts a worker, where the user does.
        let command: String?
        let job: SubmittedJob?
    }
}
