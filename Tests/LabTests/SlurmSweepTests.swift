import Foundation
import TestSupport
import Testing

/// What a sweep is given to: the real Slurm, or scripts in its place.
private protocol BatchSystem {
    var environment: [String: String?] { get }
    func call(_ command: String, _ arguments: [String]) throws -> Output
}

extension FakeSlurm: BatchSystem {}
extension PrivateSlurm: BatchSystem {}

/// Processes of a task of an array job.
private func processes(ofTask task: Int, of job: String, in folder: String) -> [Int32] {
    processes(in: folder).filter { process in
        let bytes = FileManager.default.contents(atPath: "/proc/\(process)/environ") ?? Data()
        let words = Set(bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) })
        return words.isSuperset(of: ["SLURM_ARRAY_TASK_ID=\(task)", "SLURM_ARRAY_JOB_ID=\(job)"])
    }
}

private struct SubmittedSweep {
    let lab = Lab(smallSweep)
    let system: any BatchSystem
    let sets = ["sweep.axes.seed=0..14", "sweep.stop_at.loss_ratio=3e-4", "sweep.fit=[]"]

    /// Submits workers and returns the number of their job.
    func submit() throws -> String {
        let output = try lab.call(
            ["sweep", "config.yaml", "--out", "shared", "--launcher", "slurm", "--workers", "4", "--json"]
                + sets.flatMap { ["--set", $0] }, environment: system.environment)
        try #require(output.code == 0, "\(output.err)")
        let object = try JSONSerialization.jsonObject(with: Data(output.out.utf8)) as? [String: Any]
        let job = try #require(object?["job"] as? [String: Any])
        return try #require(job["id"] as? String)
    }

    func status(_ flags: [String] = []) throws -> Output {
        try lab.call(["sweep", "status", "shared/small"] + flags, environment: system.environment)
    }

    /// Waits until so many cells are finished. Those that were stay as they are.
    func wait(for count: Int, _ finished: inout [String: Date]) throws {
        let deadline = ContinuousClock.now + .seconds(240)
        while finished.count < count {
            if ContinuousClock.now > deadline {
                let status = try status()
                try #require(Bool(false), "\(finished.count) cells: \(status.out)")
            }
            usleep(50_000)
            let now = lab.finishedCells("shared/small")
            for (cell, date) in finished { #expect(now[cell] == date, "\(cell) was run again") }
            finished = now
        }
    }
}

/// A sweep of 60 cells by four workers: one is killed, one requeued, one cancelled, the controller starts anew, more workers are
/// submitted, and no process of ours waits for any of it.
private func runWithTrouble(_ system: any BatchSystem, restart: () throws -> Void) throws {
    let sweep = SubmittedSweep(system: system)
    let lab = sweep.lab
    #expect(try lab.sweep(sweep.sets, out: "whole").code == 0)
    let first = try sweep.submit()
    var finished: [String: Date] = [:]
    try sweep.wait(for: 3, &finished)
    let live = try sweep.status()
    #expect(live.out.contains("slurm") && live.out.contains("job \(first): 4 workers"), "\(live.out)")
    #expect(live.out.contains("works on") && live.out.contains("running"), "\(live.out)")
    for process in processes(ofTask: 0, of: first, in: lab.folder.path) { kill(process, SIGKILL) }
    try sweep.wait(for: 8, &finished)
    #expect(try system.call("scontrol", ["requeue", "\(first)_1"]).code == 0)
    try restart()
    try sweep.wait(for: 14, &finished)
    _ = try system.call("scancel", ["\(first)_2"])
    let second = try sweep.submit()
    #expect(second != first)
    try sweep.wait(for: 60, &finished)
    let table = lab.folder.file("shared/small/sweep.csv")
    for _ in 0..<200 where !FileManager.default.fileExists(atPath: table) { usleep(100_000) }
    #expect(try lab.text("shared/small/sweep.csv") == lab.text("whole/small/sweep.csv"))
    #expect(lab.finishedCells("shared/small") == finished)
    let counts = try JSONSerialization.jsonObject(with: Data(sweep.status(["--json"]).out.utf8)) as? [String: Any]
    #expect(counts?["counts"] as? [String: Int] == ["done": 60])
    // There is no more work, so none is submitted.
    let more = try lab.call(
        ["sweep", "config.yaml", "--out", "shared", "--launcher", "slurm"] + sweep.sets.flatMap { ["--set", $0] },
        environment: system.environment)
    #expect(more.code == 0 && more.err.contains("nothing is left to do"), "\(more.err)")
}

@Test(.timeLimit(.minutes(10))) func aSweepSurvivesAFakeSlurm() throws {
    let slurm = try FakeSlurm()
    try runWithTrouble(slurm) {}
    try slurm.stop()
}

@Test(.enabled(if: PrivateSlurm.isInstalled), .timeLimit(.minutes(10))) func aSweepSurvivesSlurm() throws {
    let slurm = try PrivateSlurm()
    try runWithTrouble(slurm) { try slurm.restartController() }
}

/// What went wrong in a cell stands in the status, and so does a folder that the nodes don't see.
@Test func theStatusSaysWhatWentWrongInSlurm() throws {
    let slurm = try FakeSlurm()
    let lab = Lab(smallSweep)
    func submit(_ sets: [String], _ flags: [String] = []) throws -> Output {
        try lab.call(
            ["sweep", "config.yaml", "--out", "shared", "--launcher", "slurm"] + flags
                + sets.flatMap { ["--set", $0] },
            environment: slurm.environment)
    }
    let sets = ["sweep.axes={model.width: [32, 1048576], seed: [0]}", "sweep.fit=[]"]
    let submitted = try submit(sets)
    #expect(submitted.code == 0 && submitted.out.contains("job "), "\(submitted.err)")
    var status = ""
    for _ in 0..<300 where !status.contains("1 done, 1 failed") {
        usleep(100_000)
        status = try lab.call(["sweep", "status", "shared/small"], environment: slurm.environment).words
    }
    #expect(status.contains("1 done, 1 failed") && status.contains("failed: model: the run needs"), "\(status)")
    // Wrong calls: one message, and nothing is submitted.
    let jobs = try FileManager.default.contentsOfDirectory(atPath: lab.folder.file("shared/small/slurm")).count
    for (flags, words) in [
        (["--slurm", "--array=0-3"], "--slurm: "), (["--slurm", "--time='1"], "--slurm: "),
        (["--workers", "0"], "--workers: expected 1 to 1000000, found 0"),
        (["--jobs", "2"], "--jobs: goes with --launcher local"),
        (["--at-once", "0"], "--at-once: expected 1 to 1000000, found 0"),
    ] {
        let output = try submit(sets, flags)
        #expect(output.code == 2 && output.err.contains(words), "\(flags): \(output.err)")
    }
    try slurm.replace("sbatch", by: "echo 'sbatch: error: Batch job submission failed: Invalid account' >&2; exit 1")
    let rejected = try submit(sets)
    #expect(rejected.code == 2 && rejected.err.contains("Invalid account"), "\(rejected.err)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: lab.folder.file("shared/small/slurm")).count == jobs)
    // No sbatch at all.
    let missing = try lab.call(
        ["sweep", "config.yaml", "--out", "other", "--launcher", "slurm"], environment: ["PATH": "/nowhere"])
    #expect(missing.code == 2 && missing.err.contains("sbatch"), "\(missing.err)")
    try slurm.stop()
}

/// The tiles of a kernel by workers of a batch system: the bytes of one process, and logs that outlive the tiles.
@Test func aKernelIsMadeByWorkersOfSlurm() throws {
    let slurm = try FakeSlurm()
    let lab = Lab()
    let run = try lab.train([
        "data={source: sphere, samples: 300, dimension: 20, class_count: 3}", "training.stop.steps=2",
        "training.learning_rate=0.001",
    ]).path
    let arguments = ["ntk", run, "--memory", "60MiB"]
    #expect(try lab.call(arguments + ["--threads", "1", "--out", "one.h5"]).code == 0)
    let submitted = try lab.call(
        arguments + ["--out", "two.h5", "--launcher", "slurm", "--workers", "2"], environment: slurm.environment)
    #expect(submitted.code == 0 && submitted.out.contains("job 1: "), "\(submitted)")
    let script = try lab.text("two.h5.slurm/job.sh")
    #expect(script.contains("#SBATCH --cpus-per-task=1\n") && script.contains("two.h5.tiles"), "\(script)")
    for _ in 0..<300 where lab.bytes(lab.folder.file("two.h5")) == nil { usleep(100_000) }
    #expect(lab.bytes(lab.folder.file("two.h5")) == lab.bytes(lab.folder.file("one.h5")))
    for _ in 0..<50 where FileManager.default.fileExists(atPath: lab.folder.file("two.h5.tiles")) { usleep(100_000) }
    // A worker that comes late finds that all is done.
    let late = try lab.call(["worker", "two.h5.tiles"])
    #expect(late.code == 0 && late.out.contains("nothing is left to do"), "\(late)")
    #expect(try lab.text("two.h5.slurm/1_0.log").contains("OpenBLAS core"))
    let again = try lab.call(
        arguments + ["--out", "two.h5", "--launcher", "slurm"], environment: slurm.environment)
    #expect(again.code == 2 && again.err.contains("exists already"), "\(again.err)")
    try slurm.stop()
}
