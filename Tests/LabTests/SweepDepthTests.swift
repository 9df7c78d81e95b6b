import Console
import Foundation
import TestSupport
import Testing
import Theory

private let four = ["sweep.axes={model.width: [32, 64], seed: 0..1}", "sweep.fit=[weight_drift]"]

extension Lab {
    /// The folders of a sweep's cells by their names.
    fileprivate func cells(_ sweep: String) throws -> [String: String] {
        let cells = folder.file(sweep) + "/cells"
        let names = try FileManager.default.contentsOfDirectory(atPath: cells)
        return Dictionary(uniqueKeysWithValues: names.map { ($0, "\(cells)/\($0)") })
    }

    fileprivate func dryRun(_ sets: [String], out: String) throws -> String {
        try sweep(sets, out: out, ["--dry-run"]).out.split(separator: "\n").map(String.init).last {
            $0.hasPrefix("cells ")
        } ?? ""
    }
}

@Test func aSweepGoesDeeper() throws {
    let lab = Lab(smallSweep)
    let deep = four + ["sweep.stop_at.loss_ratio=1e-3"]
    #expect(try lab.sweep(four, out: "grown").code == 0)
    let ends = try lab.cells("grown/small").mapValues { try lab.record($0)["step"] as? Int ?? -1 }
    #expect(ends.count == 4)
    #expect(try lab.dryRun(deep, out: "grown").hasPrefix("cells     4, 4 to run (4 go on), "))
    let grown = try lab.sweep(deep, out: "grown")
    #expect(grown.code == 0 && grown.err.contains("cells     4 that had ended go on from there\n"), "\(grown.err)")
    #expect(!grown.err.contains("made with another environment"), "\(grown.err)")
    #expect(try lab.sweep(deep, out: "fresh").code == 0)
    let fresh = try lab.cells("fresh/small")
    #expect(try Set(lab.cells("grown/small").keys) == Set(fresh.keys))
    for (name, cell) in try lab.cells("grown/small") {
        let other = try #require(fresh[name])
        let record = try lab.record(cell)
        let step = try #require(record["step"] as? Int)
        #expect(step > ends[name] ?? .max && record["resumed"] as? [Int] == [ends[name] ?? -1], "\(record)")
        #expect(differences(cell, other, step: step) == [])
        #expect(lab.bytes(cell + "/config.yaml") == lab.bytes(other + "/config.yaml"))
    }
    for file in ["sweep.csv", "fits.json"] {
        #expect(try lab.text("grown/small/\(file)") == lab.text("fresh/small/\(file)"))
    }
    // What would end cells where they ended leaves nothing to do; what would end them earlier is refused.
    let done = lab.finishedCells("grown/small")
    let most = try done.keys.map { try lab.record(lab.folder.file("grown/small/cells/\($0)"))["step"] as? Int ?? 0 }
        .max()
    for steps in [9000, try #require(most)] {
        let sets = deep + ["training.stop.steps=\(steps)", "checkpoints.keep=7"]
        #expect(try lab.dryRun(sets, out: "grown").hasPrefix("cells     4, 0 to run, 4 done, "))
        #expect(try lab.sweep(sets, out: "grown").code == 0)
        #expect(try lab.call(["sweep", "status", "grown/small"]).out.contains("cells     4: 4 done"))
    }
    let refused: [(set: String, words: [String])] = [
        ("sweep.stop_at.loss_ratio=1e-2", ["width=32 seed=0", "training.stop.loss_ratio: 0.01", "--set name=NAME"]),
        ("training.stop.steps=20", ["training.stop.steps: 20", "--set name=NAME"]),
        ("training.auto_factor=0.5", ["training.auto_factor: expected 1.0", "found 0.5"]),
        ("training.momentum=0.1", ["training.momentum: expected 0.0", "found 0.1"]),
        ("data.samples=12", ["data.samples: expected 16", "found 12"]),
    ]
    for (set, words) in refused {
        for flags in [[], ["--dry-run"]] {
            let output = try lab.sweep(deep + [set], out: "grown", flags)
            #expect(output.code == 2, "\(set): \(output.err)")
            for word in words { #expect(output.err.contains(word), "\(word) is not in\n\(output.err)") }
        }
    }
    #expect(lab.finishedCells("grown/small") == done)
}

/// Without checkpoints cells run again beside what is there, and no kill leaves a cell without a result.
@Test func aDeeperSweepWithoutCheckpointsKeepsWhatIsThere() throws {
    let lab = Lab(smallSweep)
    let sets = four + ["checkpoints.keep=0"]
    let deep = sets + ["sweep.stop_at.loss_ratio=1e-5"]
    let began = Date()
    #expect(try lab.sweep(deep, out: "fresh").code == 0)
    let whole = Date().timeIntervalSince(began)
    #expect(try lab.sweep(sets, out: "grown").code == 0)
    func journals(_ sweep: String) throws -> [String: Data?] {
        try lab.cells(sweep).mapValues { lab.bytes($0 + "/metrics.jsonl") }
    }
    let (shallow, expected) = try (journals("grown/small"), journals("fresh/small"))
    #expect(try lab.dryRun(deep, out: "grown").hasPrefix("cells     4, 4 to run (4 run again), "))
    for attempt in 0..<5 {
        let child = try Child(
            ntklab, ["sweep", "config.yaml", "--quiet", "--out", "grown"] + deep.flatMap { ["--set", $0] },
            folder: lab.folder.path)
        usleep(UInt32(1e6 * whole * (0.1 + 0.1 * Double(attempt))))
        kill(child.process.processIdentifier, SIGKILL)
        for worker in processes(in: lab.folder.path) { kill(worker, SIGKILL) }
        _ = try child.wait()
        for (name, journal) in try journals("grown/small") where expected.keys.contains(name) {
            #expect(journal == shallow[name] || journal == expected[name], "\(name) lost its result")
        }
        let status = try lab.call(["sweep", "status", "grown/small"])
        #expect(status.code == 0 && !status.out.contains("failed") && !status.out.contains("bad"), "\(status.out)")
    }
    let grown = try lab.sweep(deep, out: "grown")
    #expect(grown.code == 0, "\(grown.err)")
    #expect(try journals("grown/small") == expected)
    #expect(try lab.text("grown/small/sweep.csv") == lab.text("fresh/small/sweep.csv"))
}

@Test func aSweepRecordsMore() throws {
    let lab = Lab(smallSweep)
    let kernel = four + ["sweep.fit=[kernel_drift]"]
    #expect(try lab.sweep(kernel, out: "fresh").code == 0)
    #expect(try lab.sweep(four + ["tracking.kernel.samples=0"], out: "grown").code == 0)
    #expect(try lab.dryRun(kernel, out: "grown").hasPrefix("cells     4, 4 to run (4 run again), "))
    // What others put into the folder of a cell is kept with it.
    let noted = try #require(try lab.cells("grown/small").first?.value)
    let notes = noted + "/notes.txt"
    try "mine".write(toFile: notes, atomically: true, encoding: .utf8)
    // Its report shows the earlier run.
    try FileManager.default.createDirectory(atPath: noted + "/report", withIntermediateDirectories: true)
    let grown = try lab.sweep(kernel, out: "grown")
    #expect(lab.bytes(notes) == Data("mine".utf8))
    #expect(!FileManager.default.fileExists(atPath: noted + "/report"))
    // As of a kill between the renames and the deletion: the rest of what was put there is found again.
    let old = noted.replacing("/cells/", with: "/cells/.old-")
    try FileManager.default.createDirectory(atPath: old, withIntermediateDirectories: true)
    try "late".write(toFile: old + "/more.txt", atomically: true, encoding: .utf8)
    #expect(try lab.sweep(kernel, out: "grown").code == 0)
    #expect(lab.bytes(noted + "/more.txt") == Data("late".utf8) && lab.bytes(old + "/more.txt") == nil)
    // Another size of what is recorded is no less where it is larger.
    for set in ["kernel.samples=8", "kernel.samples=auto", "kernel.keep=spectrum", "per_decade=2"] {
        let sets = kernel + ["tracking.\(set)"] + (set == "per_decade=2" ? ["tracking.kernel.per_decade=2"] : [])
        #expect(try lab.dryRun(sets, out: "grown").hasPrefix("cells     4, 0 to run, 4 done, "), "\(set)")
    }
    #expect(grown.code == 0 && grown.err.contains("4 run again to the same bits"), "\(grown.err)")
    #expect(try lab.text("grown/small/sweep.csv") == lab.text("fresh/small/sweep.csv"))
    #expect(try lab.text("grown/small/fits.json") == lab.text("fresh/small/fits.json"))
    #expect(try Set(lab.cells("grown/small").keys) == Set(lab.cells("fresh/small").keys))
    // Less is no work, and what is asked for no more stays when something else is.
    let fewer = four + ["tracking.kernel.samples=0", "tracking.drift=false"]
    #expect(try lab.dryRun(fewer, out: "grown").hasPrefix("cells     4, 0 to run, 4 done, "))
    #expect(try lab.sweep(fewer + ["tracking.backward_samples=8"], out: "grown").code == 0)
    let header = try lab.text("grown/small/sweep.csv").prefix { $0 != "\n" }
    for name in ["kernel_drift", "backward_change", "weight_drift_row.W1"] {
        #expect(header.contains(name), "\(name) is not in \(header)")
    }
    let cell = try #require(try lab.cells("grown/small").first?.value)
    #expect([0, 1, 4].contains(try lab.call(["certify", cell]).code))
    // Deeper, with all that: to the bits of a sweep that had it from the start.
    let deep = four + ["sweep.stop_at.loss_ratio=1e-3", "tracking.backward_samples=8"]
    #expect(try lab.sweep(fewer + deep.suffix(2), out: "grown").code == 0)
    #expect(try lab.sweep(deep, out: "deep").code == 0)
    #expect(try lab.text("grown/small/sweep.csv") == lab.text("deep/small/sweep.csv"))
}

/// A stop that was asked for and not gone to can be taken back: what is there ends where it ended.
@Test func aDeeperStopIsTakenBack() throws {
    let lab = Lab(smallSweep)
    #expect(try lab.sweep(four).code == 0)
    let table = try lab.text("sweeps/small/sweep.csv")
    let cell = try #require(try lab.cells("sweeps/small").first?.value)
    func edit(_ file: String, _ old: String, _ new: String) throws {
        let text = try String(contentsOfFile: cell + file, encoding: .utf8)
        #expect(text.contains(old), "\(text)")
        try text.replacing(old, with: new).write(toFile: cell + file, atomically: true, encoding: .utf8)
    }
    // As it is when the cell was next in the queue of the deeper sweep, and that was stopped.
    try edit("/config.yaml", "loss_ratio: 0.01", "loss_ratio: 0.001")
    try edit("/run.json", "\"COMPLETED\"", "\"INTERRUPTED\"")
    try edit("/run.json", "\"training.stop.loss_ratio\"", "\"to go further than training.stop.loss_ratio\"")
    let step = try lab.record(cell)["step"] as? Int
    let back = try lab.sweep(four)
    #expect(back.code == 0, "\(back.err)")
    #expect(try lab.record(cell)["step"] as? Int == step)
    #expect(try lab.text("sweeps/small/sweep.csv") == table)
    // What goes on elsewhere is said to have other bits.
    let core = try #require((try lab.record(cell)["environment"] as? [String: Any])?["blasCore"] as? String)
    try edit("/run.json", "\"blasCore\" : \"\(core)\"", "\"blasCore\" : \"Other\"")
    let deep = try lab.sweep(four + ["sweep.stop_at.loss_ratio=5e-3"])
    #expect(deep.code == 0 && deep.err.contains("1 of these cells were made with another environment"), "\(deep.err)")
}

@Test func criticalWidthsGetMoreTime() throws {
    let lab = Lab(
        """
        name: small
        data: {source: sphere, dimension: 6, answers: gaussian}
        model: {depth: 1}
        training: {learning_rate: auto}
        tracking: {per_decade: 2, initialization: 0, kernel: {samples: 8, outputs: full, precision: float64}}
        sweep:
          axes: {data.samples: [4, 8], seed: 0..2}
          critical_width: {reach: 1.0e-2, within: 400, seeds: 0.6, over: [data.samples], to: 100, ratio: 2}
        """)
    #expect(try lab.sweep(out: "fresh").code == 0)
    #expect(try lab.sweep(["sweep.critical_width.within=30"], out: "grown").code == 0)
    let ended = try lab.cells("grown/small").mapValues { try lab.record($0)["outcome"] as? String }
    #expect(ended.values.contains("training.stop.steps"))
    let before = lab.finishedCells("grown/small")
    #expect(try lab.sweep(out: "grown").code == 0)
    #expect(try lab.text("grown/small/critical_width.csv") == lab.text("fresh/small/critical_width.csv"))
    let after = lab.finishedCells("grown/small")
    for (cell, outcome) in ended where outcome == "training.stop.loss_ratio" { #expect(after[cell] == before[cell]) }
    let looser = try lab.sweep(["sweep.critical_width.reach=0.1"], out: "grown")
    #expect(looser.code == 2 && looser.err.contains("reach at most 0.01"), "\(looser.err)")
}
