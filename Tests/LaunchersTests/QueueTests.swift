import Files
import Foundation
import Launchers
import TestSupport
import Testing

/// A task that is put back goes on in the same log; one that is cancelled gets SIGTERM; one that fails at once is pointed at.
@Test func theQueueKnowsHowTasksEnd() throws {
    let (slurm, folder) = (try FakeSlurm(), try WorkFolder())
    folder.put("fail-3")
    _ = try Sbatch.submit(folder.job(workers: 5), version: "0.1", environment: slurm.environment)
    _ = queue(folder, slurm.environment) { $0.jobs[0].counts["running"] == 4 && $0.jobs[0].counts["failed"] == 1 }
    _ = try slurm.call("scontrol", ["requeue", "1_0"])
    _ = try slurm.call("scancel", ["1_1"])
    _ = try slurm.call("scancel", ["--batch", "--signal=KILL", "1_2"])
    let state = queue(folder, slurm.environment) {
        $0.jobs[0].counts == ["running": 2, "cancelled": 1, "failed": 2] && $0.jobs[0].tasks[0].restarts == 1
            && folder.text("slurm/1_0.log").contains("restart 1")
    }
    let job = try #require(state.jobs.first)
    #expect(job.counts == ["running": 2, "cancelled": 1, "failed": 2])
    #expect(job.tasks.map(\.restarts) == [1, 0, 0, 0, 0])
    #expect(job.tasks[2].signal == 9 && job.tasks[2].exitCode == nil)
    #expect(job.tasks[3].exitCode == 2 && job.tasks[3].signal == nil && job.tasks[3].reason == "NonZeroExitCode")
    #expect(folder.text("slurm/1_0.log").contains("TERM 0\ntask 0 restart 1 given"))
    #expect(folder.text("slurm/1_1.log").hasSuffix("TERM 1\n"))
    #expect(
        job.remarks == ["task 3 took no work; see \(folder.path)/slurm/1_3.log: is the folder shared with fake?"])
    #expect(line(state).contains(", 1 cancelled, 2 failed, 1 of them requeued\n          task 3 took no work; see "))
    try FileManager.default.removeItem(atPath: folder.path + "/slurm/1_2.log")
    #expect(
        SlurmQueue(of: folder.path, environment: slurm.environment).jobs[0].remarks.first
            == "task 2 left no log in \(folder.path)/slurm: is the folder shared with fake?")
}

private func record(_ folder: WorkFolder, _ id: Int, workers: Int = 4, in slurm: FakeSlurm) throws {
    try slurm.replace("sbatch", by: "echo \(id)")
    _ = try Sbatch.submit(folder.job(workers: workers), version: "0.1", environment: slurm.environment)
}

/// A line as squeue prints it.
private func row(
    _ job: Int, _ task: String, _ state: String, _ status: Int = 0, node: String = "", reason: String = "None"
)
    -> String
{
    let fields = ["\(job)", task, state, "\(status)", "0", "1795785322"].map {
        $0.padding(toLength: 20, withPad: " ", startingAt: 0)
    }
    return fields.joined() + [node, reason].map { $0.padding(toLength: 256, withPad: " ", startingAt: 0) }.joined()
}

@Test func severalJobsAreAskedForAtOnce() throws {
    let (slurm, folder) = (try FakeSlurm(), try WorkFolder())
    for id in [9, 10, 11] { try record(folder, id, workers: 6, in: slurm) }
    let nodes = (1...6).map { row(9, "\($0 - 1)", "RUNNING", node: "n\($0)") }
    let others =
        [row(10, "0", "TIMEOUT", node: "n1"), row(10, "1", "NODE_FAIL", node: "n2"), row(10, "2", "OUT_OF_MEMORY", 9)]
        + [row(10, "3", "PENDING", reason: "Nodes required for job are DOWN, DRAINED or reserved")]
    let rows = folder.outer.write("rows", (nodes + others).joined(separator: "\n") + "\n")
    try slurm.replace("squeue", by: "cat '\(rows)'")
    let found = SlurmQueue(of: folder.path, environment: slurm.environment)
    #expect(found.jobs.map(\.job.id) == ["9", "10", "11"])
    #expect(found.jobs.map(\.isRemembered) == [true, true, false])
    let lines = found.lines(columns: 1000)
    #expect(lines[0].contains(": 6 running on n1, n2, n3, n4 and 2 more since 2026-11-2"))
    #expect(
        lines[1].hasSuffix(
            ": 1 pending (Nodes required for job are DOWN, DRAINED or reserved), 1 node fail, 1 out of memory, 1 timeout, "
                + "2 no longer listed"), "\(lines[1])")
    #expect(lines[2] == "slurm     job 11: 6 workers: Slurm remembers it no more")
    #expect(found.jobs[1].tasks[2].signal == 9 && found.jobs[1].tasks[3].node == nil)
}

@Test func whatTheQueueDoesNotSayIsNoFailure() throws {
    let (slurm, folder) = (try FakeSlurm(), try WorkFolder())
    #expect(SlurmQueue(of: folder.path, environment: slurm.environment).lines(columns: 80).isEmpty)
    try record(folder, 5, in: slurm)
    func told(_ environment: [String: String?]? = nil, within seconds: Double = 10) -> [String] {
        SlurmQueue(of: folder.path, within: seconds, environment: environment ?? slurm.environment).problems
    }
    let head = "what Slurm's queue says is not known: "
    #expect(told(["PATH": folder.path]) == [head + "squeue was not found in PATH"])
    try slurm.replace("squeue", by: "sleep 30")
    #expect(told(within: 0.5) == [head + "squeue gave no answer within 1 s"])
    try slurm.replace("squeue", by: "echo 'slurm_load_jobs error: Unable to contact slurm controller' >&2; exit 1")
    #expect(told() == [head + "slurm_load_jobs error: Unable to contact slurm controller"])
    #expect(
        line(SlurmQueue(of: folder.path, environment: slurm.environment)).hasPrefix(
            "slurm     job 5: 4 workers: submitted 20"))
    try slurm.replace("squeue", by: "echo what")
    #expect(told() == [head + "squeue printed what is not understood: what"])
    try slurm.replace("squeue", by: "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1")
    #expect(told() == [])
    #expect(
        line(SlurmQueue(of: folder.path, environment: slurm.environment))
            == "slurm     job 5: 4 workers: Slurm remembers it no more")
}

@Test func aDamagedRecordHidesNoOther() throws {
    let (slurm, folder) = (try FakeSlurm(), try WorkFolder())
    for id in [5, 6, 7] { try record(folder, id, in: slurm) }
    _ = folder.outer.write("sweep/slurm/6.json", "{")
    let text = folder.text("slurm/7.json")
    _ = folder.outer.write("sweep/slurm/7.json", text.replacing("\"7\"", with: "\"7 --me\""))
    try slurm.replace("squeue", by: "echo 'Invalid job id specified' >&2; exit 1")
    let found = SlurmQueue(of: folder.path, environment: slurm.environment)
    #expect(found.jobs.map(\.job.id) == ["5"])
    #expect(
        found.problems.sorted() == [
            "\(folder.path)/slurm/6.json: is no record of a job",
            "\(folder.path)/slurm/7.json: id: expected the number of a job, found 7 --me",
        ])
}

/// What a user has set for squeue chooses no jobs and changes no format.
@Test func variablesDoNotChangeTheQuestion() throws {
    let (slurm, folder) = (try FakeSlurm(), try WorkFolder())
    try record(folder, 5, in: slurm)
    try slurm.replace("squeue", by: #"env | grep -E '^(SQUEUE|SLURM_TIME)' > "$FAKE_SLURM/seen""#)
    let set: [String: String?] = ["SQUEUE_PARTITION": "x", "SQUEUE_FORMAT2": "Name", "SLURM_TIME_FORMAT": "relative"]
    _ = SlurmQueue(of: folder.path, environment: slurm.environment.merging(set) { $1 })
    let seen = try String(contentsOfFile: slurm.environment["FAKE_SLURM"]!! + "/seen", encoding: .utf8)
    #expect(seen == "SLURM_TIME_FORMAT=%s\n")
}
