import Foundation
import TestSupport
import Testing
import Theory

/// A command line of the shell, with `ntklab` as a name.
private func shell(_ lab: Lab, _ command: String) throws -> Output {
    try run("/bin/bash", ["-c", "ntklab() { \(ntklab) \"$@\"; }; " + command], folder: lab.folder.path)
}

/// Progress and notes are lost with their terminal, and nothing else is.
@Test(arguments: ["2> /dev/full", "2>&-", "2> >(exec 0<&-; sleep 0.1)", "0<&- 2>&-"])
func aLostTerminalStopsNoRun(redirection: String) throws {
    let lab = Lab()
    let output = try shell(lab, "ntklab train config.yaml \(redirection) > out")
    #expect(output.signal == nil && output.code == 0, "\(redirection): \(output)")
    let whole = try lab.train(out: "whole").path
    #expect(differences(whole, try lab.onlyRun(in: "runs"), step: 60) == [])
}

/// Results that don't arrive are an error, whatever made them.
@Test(arguments: [
    "config", "--help", "train config.yaml --quiet", "train config.yaml --dry-run", "inspect runs/small/*",
    "certify runs/small/*", "certify runs/small/* --json", "data list",
])
func resultsThatCannotBeWrittenAreAnError(command: String) throws {
    let lab = Lab()
    #expect(try lab.train().output.code == 0)
    for redirection in ["> /dev/full", ">&-"] {
        let output = try shell(lab, "ntklab \(command) \(redirection)")
        let messages = output.err.split(separator: "\n").filter { $0.hasPrefix("error:") }
        #expect(output.signal == nil && output.code == 2 && messages.count == 1, "\(command) \(redirection): \(output)")
    }
}

/// What keyboards, terminals and batch systems send: a checkpoint, from which the run goes on to the same bits.
@Test(arguments: [SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU]) func signalsWriteACheckpoint(number: Int32)
    throws
{
    let lab = Lab()
    let sets = ["training.stop.steps=4000", "tracking.every=500"]
    let whole = try lab.train(sets, out: "whole").path
    let child = try Child(
        ntklab, ["train", "config.yaml", "--quiet", "--set", "training.stop.steps=100000000", "--set", sets[1]],
        folder: lab.folder.path)
    let runs = lab.folder.file("runs/small")
    while (try? FileManager.default.contentsOfDirectory(atPath: runs))?.first.map({
        (lab.bytes("\(runs)/\($0)/metrics.jsonl")?.count ?? 0) > 0
    }) != true { usleep(5000) }
    kill(child.process.processIdentifier, number)
    let output = try child.wait()
    #expect(output.signal == nil && output.code == 130, "\(output)")
    let path = try lab.onlyRun(in: "runs")
    let record = try lab.record(path)
    #expect(record["status"] as? String == "INTERRUPTED")
    guard let step = record["step"] as? Int, step < 4000 else { return }
    #expect(try lab.resume(path, ["training.stop.steps=4000"]).code == 0)
    #expect(differences(whole, path, step: 4000) == [])
}

/// A limit on the size of files is a full disk.
@Test func aLimitOnFilesIsOneMessage() throws {
    let lab = Lab()
    let output = try shell(lab, "ulimit -f 4; ntklab train config.yaml --quiet")
    #expect(output.signal == nil && output.code == 2 && output.err.contains("File too large"), "\(output)")
    let path = try lab.onlyRun(in: "runs")
    #expect(try lab.resume(path, []).code == 0)
    #expect(differences(try lab.train(out: "whole").path, path, step: 60) == [])
}
