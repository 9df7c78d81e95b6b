import Console
import Files
import Foundation
import Launchers
import TestSupport
import Testing

private func refusal(_ slurm: FakeSlurm, _ job: ArrayJob, within seconds: Double = 60) -> String {
    #expect(throws: LabError.self) {
        try Sbatch.submit(job, version: "0.1", within: seconds, environment: slurm.environment)
    }?.description ?? "no error"
}

@Test func aJobIsSubmittedAndRecorded() throws {
    let (slurm, folder) = (try FakeSlurm(), try WorkFolder())
    let job = try folder.job(
        name: "my \"sweep\"", arguments: ["--require-core", "Sky Lake"], atOnce: 2, options: ["--partition=main"])
    let taken = try Sbatch.submit(job, version: "0.1", environment: slurm.environment)
    #expect(taken.id == "1" && taken.cluster == nil && taken.words == "job 1: 4 workers, at most 2 at once")
    let begun = queue(folder, slurm.environment) { $0.jobs.first?.counts["running"] == 2 }
    #expect(begun.jobs.first?.counts == ["running": 2, "pending": 2] && begun.problems == [])
    #expect(begun.jobs.first?.tasks.map(\.index) == [0, 1, 2, 3] && begun.jobs.first?.isRemembered == true)
    #expect(
        line(begun).contains(
            /^slurm     job 1: 4 workers, at most 2 at once: 2 running on fake since \d{4}-\d\d-\d\d \d\d:\d\d, 2 pending \(JobArrayTaskLimit\)$/
        ), "\(line(begun))")
    folder.put("go")
    let ended = queue(folder, slurm.environment) { $0.jobs.first?.counts["completed"] == 4 }
    #expect(line(ended) == "slurm     job 1: 4 workers, at most 2 at once: 4 completed")
    #expect(
        folder.text("slurm/1_3.log")
            == "task 3 restart 0 given worker \(folder.path) --cores 1 --require-core Sky Lake\n")
    let record = try JSONSerialization.jsonObject(with: Data(folder.text("slurm/1.json").utf8)) as? [String: Any]
    #expect(record?["id"] as? String == "1" && record?["workers"] as? Int == 4 && record?["at_once"] as? Int == 2)
    #expect(record?["options"] as? [String] == ["--partition=main"] && record?["version"] as? String == "0.1")
    #expect(record?["name"] as? String == "my \"sweep\"" && (record?["host"] as? String)?.isEmpty == false)
    #expect((record?["submitted"] as? String)?.contains(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) == true)
    #expect(try JSONText.line(ended).contains(#""counts":{"completed":4}"#))
}

/// The script is whole, and does by hand what it does when it is submitted.
@Test func theScriptCanBeReadAndSubmittedByHand() throws {
    let (slurm, folder) = (try FakeSlurm(), try WorkFolder("it's 100% \"λ\""))
    folder.put("go")
    _ = try Sbatch.submit(
        folder.job(workers: 2, options: ["--comment=a b"]), version: "0.1", environment: slurm.environment)
    let script = folder.text("slurm/job.sh")
    let lines = script.split(separator: "\n").map(String.init)
    for line in [
        "#!/bin/sh", "#SBATCH --job-name=\"demo\"", "#SBATCH --array=0-1", "#SBATCH --signal=B:TERM@120",
        "#SBATCH --requeue", "#SBATCH --open-mode=append",
    ] { #expect(lines.contains(line), "\(script)") }
    let byHand = try #require(lines.first { $0.hasPrefix("# sbatch ") }).dropFirst(2)
    #expect(try ShellWords.split(String(byHand), of: "") == ["sbatch", "--comment=a b", folder.path + "/slurm/job.sh"])
    let again = try run("/bin/sh", ["-c", String(byHand)], environment: slurm.environment)
    #expect(again.out == "Submitted batch job 2\n", "\(again)")
    #expect(queue(folder, slurm.environment) { $0.jobs.first?.counts["completed"] == 2 }.jobs.count == 1)
    for _ in 0..<200 where !folder.text("slurm/2_1.log").contains("\n") { usleep(20_000) }
    #expect(folder.text("slurm/2_1.log").hasPrefix("task 1 restart 0 given worker \(folder.path) --cores 1"))
}

/// Without a batch system: one message where the folder or the program is not on the host.
@Test func theScriptSaysWhatIsNotOnTheHost() throws {
    let (slurm, folder) = (try FakeSlurm(), try WorkFolder())
    try slurm.replace("sbatch", by: "echo 7")
    _ = try Sbatch.submit(folder.job(), version: "0.1", environment: slurm.environment)
    let copy = folder.outer.write("job.sh", folder.text("slurm/job.sh"))
    for missing in [folder.outer.file("my bin/ntklab"), folder.path] {
        try FileManager.default.removeItem(atPath: missing)
        let output = try run("/bin/sh", [copy])
        #expect(output.code == 2 && output.out == "")
        let named = missing == folder.path ? missing + "/slurm" : missing
        #expect(output.err.hasSuffix(": \(named) is not there; is its folder shared with this host?\n"), "\(output)")
        #expect(output.err.split(separator: "\n").count == 1)
    }
}

@Test func theClusterOfAnAnswerIsKept() throws {
    let (slurm, folder) = (try FakeSlurm(), try WorkFolder())
    try slurm.replace("sbatch", by: "echo 'from a plugin'; echo '123;east'")
    let job = try Sbatch.submit(folder.job(workers: 1), version: "0.1", environment: slurm.environment)
    #expect(job.id == "123" && job.cluster == "east" && job.words == "job 123 of cluster east: 1 worker")
    try slurm.replace("squeue", by: #"echo "$@" > "$FAKE_SLURM/asked"; echo 'CLUSTER: east'"#)
    #expect(line(SlurmQueue(of: folder.path, environment: slurm.environment)).hasSuffix(": Slurm remembers it no more"))
    let asked = try String(contentsOfFile: slurm.environment["FAKE_SLURM"]!! + "/asked", encoding: .utf8)
    #expect(asked.contains("--jobs=123 ") && asked.contains("--clusters=east "))
}

/// Variables that would have their way against the script are not there, the user's others are.
@Test func variablesDoNotContradictTheScript() throws {
    let (slurm, folder) = (try FakeSlurm(), try WorkFolder())
    try slurm.replace("sbatch", by: #"env | grep ^SBATCH_ > "$FAKE_SLURM/seen"; echo 1"#)
    let set: [String: String?] = [
        "SBATCH_ARRAY_INX": "0-99", "SBATCH_OUTPUT": "x", "SBATCH_SIGNAL": "KILL", "SBATCH_PARTITION": "long",
    ]
    _ = try Sbatch.submit(folder.job(), version: "0.1", environment: slurm.environment.merging(set) { $1 })
    let seen = try String(contentsOfFile: slurm.environment["FAKE_SLURM"]!! + "/seen", encoding: .utf8)
    #expect(seen == "SBATCH_PARTITION=long\n")
}

@Test func whatSlurmRefusesIsQuoted() throws {
    let (slurm, folder) = (try FakeSlurm(), try WorkFolder())
    #expect(
        refusal(slurm, try folder.job(options: ["--partition=nope"]))
            == "Slurm did not take the job: invalid partition specified: nope; Batch job submission failed: Invalid partition name specified"
    )
    #expect(
        refusal(slurm, try folder.job(workers: 1002))
            == "--workers: Slurm takes arrays of at most 1001 tasks here (MaxArraySize), found 1002")
    // Another cluster's limit is not asked for; where none is told, sbatch has the last word.
    let words = "Slurm did not take the job: Batch job submission failed: Invalid job array specification"
    #expect(refusal(slurm, try folder.job(workers: 1002, options: ["--clusters=east"])) == words)
    try slurm.replace("scontrol", by: "exit 1")
    #expect(refusal(slurm, try folder.job(workers: 1002)) == words)
    try slurm.replace("sbatch", by: "exit 3")
    #expect(refusal(slurm, try folder.job()) == "Slurm did not take the job: sbatch ended with exit code 3")
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/slurm/1.json"))
    #expect(SlurmQueue(of: folder.path, environment: slurm.environment).jobs.isEmpty)
}

@Test func whereTheAnswerIsLostThatIsSaid() throws {
    let (slurm, folder) = (try FakeSlurm(), try WorkFolder())
    let unknown = "whether the job was taken is not known: squeue --name='my sweep' shows it"
    let job = try folder.job(name: "my sweep")
    try slurm.replace("sbatch", by: "echo 'sbatch: error: temporarily unable, sleeping' >&2; exec sleep 30")
    #expect(
        refusal(slurm, job, within: 1)
            == "sbatch gave no answer within 1 s; it said: temporarily unable, sleeping; " + unknown)
    try slurm.replace("sbatch", by: "kill -9 $$")
    #expect(refusal(slurm, job) == "sbatch was ended by signal 9; " + unknown)
    let timeout = "Batch job submission failed: Socket timed out on send/recv operation"
    try slurm.replace("sbatch", by: "echo 'sbatch: error: \(timeout)' >&2; exit 1")
    #expect(refusal(slurm, job) == "Slurm did not take the job: \(timeout); " + unknown)
    for (answer, shown) in [("Submitted batch job 12", "Submitted batch job 12\n"), ("", "\n")] {
        try slurm.replace("sbatch", by: "echo '\(answer)'")
        #expect(refusal(slurm, job) == "sbatch: expected the number of a job, found \(shown); " + unknown)
    }
}

@Test func withoutSlurmThatIsSaid() throws {
    let folder = try WorkFolder()
    let error = #expect(throws: LabError.self) {
        try Sbatch.submit(folder.job(), version: "0.1", environment: ["PATH": folder.path])
    }
    #expect(
        error?.description
            == "sbatch was not found in PATH: jobs are submitted on a host of the cluster that has Slurm's commands")
}

/// A job that was taken is named even where that can't be written down.
@Test func aJobThatCannotBeRecordedIsNamed() throws {
    let (slurm, folder) = (try FakeSlurm(), try WorkFolder())
    try slurm.replace("sbatch", by: "mkdir '\(folder.path)/slurm/12.json'; echo 12")
    let words = refusal(slurm, try folder.job())
    #expect(
        words.hasPrefix("job 12 was submitted, but that can't be recorded: \(folder.path)/slurm/12.json"), "\(words)")
}
