import Foundation
import TestSupport
import Testing

/// A program whose clock on the wall jumps by hours at every look at it.
private struct JumpingClock {
    let lab = Lab()
    private let shim: String

    init() throws { shim = try builtShim("clock", in: lab.folder) }

    func call(_ arguments: [String], isThere: Bool = true) throws -> Output {
        try lab.call(arguments, environment: ["LD_PRELOAD": shim, "NO_CLOCK": isThere ? nil : "1"])
    }

    /// Trains with lines of progress and returns the path of the run.
    func train(_ sets: [String], out: String) throws -> (output: Output, path: String) {
        let output = try call(["train", "config.yaml", "--out", out] + sets.flatMap { ["--set", $0] })
        #expect(output.code == 0, "\(output.err)")
        return (output, try lab.onlyRun(in: out))
    }
}

/// Half an hour of training is not over, no checkpoint is due and no progress is shown when a clock is set.
@Test func aClockThatIsSetDecidesNothing() throws {
    let clock = try JumpingClock()
    let sets = ["training.stop.minutes=30", "checkpoints.minutes=20", "checkpoints.keep=9"]
    let whole = try clock.lab.train(sets, out: "whole").path
    let (output, path) = try clock.train(sets, out: "jumping")
    #expect(differences(whole, path, step: 60) == [])
    let checkpoints = try FileManager.default.contentsOfDirectory(atPath: path + "/checkpoints")
    #expect(Set(checkpoints) == ["last.h5", "step-00000060.h5"])
    #expect(output.err.split(separator: "\n").count { $0.hasPrefix("step ") } < 3, "\(output.err)")
    // What is written down is the time that the clock shows: the clock did jump.
    let date = ISO8601DateFormatter().date(from: try clock.lab.record(path)["stopped"] as? String ?? "")
    #expect(abs(date?.timeIntervalSinceNow ?? 0) > 1800)
    let report = try clock.call(["report", path])
    #expect(report.code == 0 && !report.err.contains("warning"), "\(report.err)")
}

@Test func minutesAreThoseThatPass() throws {
    let clock = try JumpingClock()
    let (output, path) = try clock.train(["training.stop={steps: 1000000000, minutes: 0.02}"], out: "short")
    #expect(output.out.contains("training.stop.minutes"))
    let seconds = try clock.lab.record(path)["seconds"] as? Double ?? 0
    #expect((1.2..<600).contains(seconds), "\(seconds) s")
}

@Test func aSweepRunsUnderAClockThatIsSet() throws {
    let clock = try JumpingClock()
    _ = clock.lab.folder.write(
        "sweep.yaml", smallConfig + "\nsweep: {axes: {seed: 0..3}, stop_at: {steps: 20}}\n")
    let output = try clock.call(["sweep", "sweep.yaml", "--quiet"])
    #expect(output.code == 0, "\(output.err)")
    let again = try clock.lab.call(["sweep", "status", "runs/small"])
    #expect(again.out.contains("4: 4 done"), "\(again.out)")
}

@Test func aClockThatCannotBeReadIsNamed() throws {
    let output = try JumpingClock().call(["train", "config.yaml", "--quiet"], isThere: false)
    #expect(
        output.code == 2 && output.signal == nil && output.err.contains("clock of time cannot be read"), "\(output.err)"
    )
}
