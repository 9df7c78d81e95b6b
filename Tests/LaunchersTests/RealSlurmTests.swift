import Files
import Foundation
import Launchers
import TestSupport
import Testing

/// What only a Slurm can say: how it reads our script, and what it prints of tasks in each state.
@Suite(.enabled(if: PrivateSlurm.isInstalled)) struct RealSlurmTests {
    /// Paths and names with characters that mean something to Slurm or a shell.
    @Test func namesComeThrough() throws {
        let slurm = try PrivateSlurm()
        for name in ["a b", "100%A %% x", "it's", "q\"q", "ä λ", "h # h", "d$HOME`x`", "tab\tx", "[1-2],x"] {
            let folder = try WorkFolder(name)
            folder.put("go")
            let job = try folder.job(name: name, workers: 2)
            let taken = try Sbatch.submit(job, version: "0.1", environment: slurm.environment)
            let ended = queue(folder, slurm.environment) { $0.jobs[0].counts["completed"] == 2 }
            #expect(ended.jobs[0].counts == ["completed": 2] && ended.problems == [], "\(name): \(line(ended))")
            for task in 0..<2 {
                #expect(
                    folder.text("slurm/\(taken.id)_\(task).log")
                        == "task \(task) restart 0 given worker \(folder.path) --cores 1\n", "\(name)")
            }
            let shown = try slurm.call("squeue", ["--jobs=\(taken.id)", "--states=all", "--noheader", "--format=%j"])
            #expect(shown.out == "\(name)\n\(name)\n")
        }
    }

    @Test func theQueueKnowsEachState() throws {
        let (slurm, folder) = (try PrivateSlurm(), try WorkFolder())
        folder.put("fail-1")
        let job = try folder.job(workers: 9, atOnce: 4, options: ["--time=60"])
        #expect(try Sbatch.submit(job, version: "0.1", environment: slurm.environment).id == "1")
        func wait(_ isWanted: (SlurmQueue) -> Bool) -> SlurmQueue { queue(folder, slurm.environment, until: isWanted) }
        let begun = wait { $0.jobs[0].counts == ["running": 4, "failed": 1, "pending": 4] }
        #expect(begun.jobs[0].counts == ["running": 4, "failed": 1, "pending": 4])
        #expect(begun.jobs[0].tasks[1].exitCode == 2 && begun.jobs[0].tasks[1].reason == "NonZeroExitCode")
        #expect(
            line(begun).contains(
                /running on node since 20\d\d-\d\d-\d\d \d\d:\d\d, 4 pending \(JobArrayTaskLimit\), 1 failed\n/),
            "\(line(begun))")
        #expect(
            begun.jobs[0].remarks == [
                "task 1 took no work; see \(folder.path)/slurm/1_1.log: is the folder shared with node?"
            ])
        for arguments in [["scontrol", "requeue", "1_0"], ["scancel", "1_2"], ["scancel", "1_8"]] {
            #expect(try slurm.call(arguments[0], Array(arguments.dropFirst())).code == 0)
        }
        // It reaches the program, since that has taken the place of the shell.
        _ = try slurm.call("scancel", ["--batch", "--signal=TERM", "1_3"])
        let changed = wait {
            let (first, counts) = ($0.jobs[0].tasks[0], $0.jobs[0].counts)
            return first.restarts == 1
                && counts == ["running": 4, "pending": 1, "completed": 1, "cancelled": 1, "failed": 1]
        }
        let states = changed.jobs[0].tasks.prefix(4).map(\.state)
        #expect(
            states == ["pending", "failed", "cancelled", "completed"] && changed.jobs[0].tasks[0].restarts == 1,
            "\(changed.jobs[0])")
        #expect(folder.text("slurm/1_3.log").hasSuffix("TERM 3\n"))
        // Slurm waits two minutes before it begins a task again, and there is no room for it.
        #expect(try slurm.call("scancel", ["1_4"]).code == 0)
        #expect(try slurm.call("scontrol", ["update", "JobId=1_0", "StartTime=now"]).code == 0)
        let again = wait { _ in folder.text("slurm/1_0.log").contains("restart 1") }
        #expect(again.jobs[0].tasks[0].restarts == 1 && line(again).contains(", 1 of them requeued"))
        #expect(folder.text("slurm/1_0.log").contains(/task 0 restart 0 given[\s\S]*TERM 0\ntask 0 restart 1 given/))
        folder.put("go")
        let ended = wait { $0.jobs[0].counts["running"] == nil && $0.jobs[0].counts["pending"] == nil }
        #expect(ended.jobs[0].counts == ["completed": 5, "failed": 1, "cancelled": 2], "\(line(ended))")
        // Slurm keeps no record of a task that was cancelled before it had one of its own.
        #expect(line(ended).contains(", 1 no longer listed, 1 of them requeued"))
    }

    /// The state of tasks survives that of the controller, and while it is away that is said.
    @Test func theControllerMayGoAndComeBack() throws {
        let (slurm, folder) = (try PrivateSlurm(), try WorkFolder())
        _ = try Sbatch.submit(folder.job(workers: 2), version: "0.1", environment: slurm.environment)
        _ = queue(folder, slurm.environment) { $0.jobs[0].counts["running"] == 2 }
        try slurm.restartController()
        let known = queue(folder, slurm.environment) { $0.jobs[0].counts["running"] == 2 }
        #expect(known.jobs[0].counts == ["running": 2], "\(line(known))")
        folder.put("go")
        #expect(
            queue(folder, slurm.environment) { $0.jobs[0].counts["completed"] == 2 }.jobs[0].counts == ["completed": 2])
        try slurm.killController()
        let away = SlurmQueue(of: folder.path, environment: slurm.environment)
        #expect(away.jobs[0].isRemembered == nil)
        #expect(
            away.problems.count == 1 && away.problems[0].hasPrefix("what Slurm's queue says is not known: "), "\(away)")
        let error = #expect(throws: LabError.self) {
            try Sbatch.submit(folder.job(), version: "0.1", environment: slurm.environment)
        }
        #expect(
            error?.description.contains("Unable to contact slurm controller") == true, "\(error?.description ?? "")")
    }

    @Test func whatSlurmRefusesIsQuoted() throws {
        let (slurm, folder) = (try PrivateSlurm(), try WorkFolder())
        func refusal(_ job: ArrayJob) -> String {
            #expect(throws: LabError.self) { try Sbatch.submit(job, version: "0.1", environment: slurm.environment) }?
                .description ?? "no error"
        }
        #expect(
            refusal(try folder.job(options: ["--partition=nope"]))
                == "Slurm did not take the job: invalid partition specified: nope; Batch job submission failed: Invalid partition name specified"
        )
        #expect(
            refusal(try folder.job(workers: 1002))
                == "--workers: Slurm takes arrays of at most 1001 tasks here (MaxArraySize), found 1002")
        folder.put("go")
        #expect(refusal(try folder.job(options: ["--nonsense"])).contains("unrecognized option '--nonsense'"))
        #expect(SlurmQueue(of: folder.path, environment: slurm.environment).jobs.isEmpty)
        // The longest that it takes, of which Slurm's own lines would be cut.
        let longest = try folder.job(workers: 1001, options: ["--hold"])
        _ = try Sbatch.submit(longest, version: "0.1", environment: slurm.environment)
        let held = SlurmQueue(of: folder.path, environment: slurm.environment)
        #expect(
            held.jobs[0].counts == ["pending": 1001] && line(held).hasSuffix("1001 pending (JobHeldUser)"),
            "\(line(held))")
    }

    /// Nothing of it is left, neither processes nor files, when its value is gone.
    @Test func nothingIsLeft() throws {
        let folder = try WorkFolder()
        var slurm: PrivateSlurm? = try PrivateSlurm()
        let environment = try #require(slurm?.environment)
        let configuration = try #require(environment["SLURM_CONF"] ?? nil)
        _ = try Sbatch.submit(folder.job(), version: "0.1", environment: environment)
        _ = queue(folder, environment) { $0.jobs[0].counts["running"] == 4 }
        #expect(try processes(configuration).count > 4)
        slurm = nil
        #expect(try processes(configuration).isEmpty)
        #expect(!FileManager.default.fileExists(atPath: configuration))
    }

    /// Ids of the processes that have this configuration in their environment.
    private func processes(_ configuration: String) throws -> [Int] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap(Int.init).filter { id in
            let environment = FileManager.default.contents(atPath: "/proc/\(id)/environ") ?? Data()
            return environment.split(separator: 0).contains(Data("SLURM_CONF=\(configuration)".utf8))
        }
    }
}
