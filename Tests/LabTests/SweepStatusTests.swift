import Cells
import Console
import Foundation
import TestSupport
import Testing

private func status(_ lab: Lab) throws -> (counts: [String: Int], isLive: Bool, left: Double?) {
    let output = try lab.call(["sweep", "status", "sweeps/small", "--json"])
    let object = try JSONSerialization.jsonObject(with: Data(output.out.utf8)) as? [String: Any] ?? [:]
    return (
        object["counts"] as? [String: Int] ?? [:], object["is_live"] as? Bool ?? false,
        object["seconds_left"] as? Double
    )
}

/// A cell that was never begun waits, in the queue of a sweep that runs; one that was begun and left is interrupted.
@Test(.timeLimit(.minutes(5))) func statusTellsWaitingFromInterruptedCells() throws {
    let lab = Lab(smallSweep)
    let sets = ["sweep.axes={seed: 0..5}", "sweep.stop_at={steps: 4000}", "model.width=128", "sweep.fit=[]"]
    let child = try Child(
        ntklab,
        ["sweep", "config.yaml", "--quiet", "--out", "sweeps", "--jobs", "1"] + sets.flatMap { ["--set", $0] },
        folder: lab.folder.path)
    // Until one is done and the next has begun.
    var live = (counts: [String: Int](), isLive: false, left: Double?.none)
    for _ in 0..<600 where live.counts["done"] == nil || live.counts["running"] == nil {
        usleep(100_000)
        if FileManager.default.fileExists(atPath: lab.folder.file("sweeps/small/sweep.yaml")) { live = try status(lab) }
    }
    #expect(live.isLive && live.counts["running"] == 1 && live.counts["done"] ?? 0 >= 1, "\(live)")
    #expect(live.counts["queued"] == 5 - (live.counts["done"] ?? 0), "\(live)")
    #expect(live.counts["interrupted"] == nil && live.counts["waiting"] == nil, "\(live)")
    #expect(live.left ?? -1 > 0, "\(live)")
    kill(child.process.processIdentifier, SIGKILL)
    for worker in processes(in: lab.folder.path) { kill(worker, SIGKILL) }
    _ = try child.wait()
    usleep(300_000)
    let stopped = try status(lab)
    let done = stopped.counts["done"] ?? 0
    #expect(!stopped.isLive && stopped.counts["running"] == nil && stopped.counts["queued"] == nil, "\(stopped)")
    #expect(stopped.counts["interrupted"] ?? 0 <= 1, "\(stopped)")
    #expect(stopped.counts["waiting"] == 6 - done - (stopped.counts["interrupted"] ?? 0), "\(stopped)")
    let text = try lab.call(["sweep", "status", "sweeps/small"])
    #expect(text.out.contains("left      about") && text.words.contains("call `ntklab sweep` again"), "\(text.out)")
    let end = try lab.sweep(sets, ["--jobs", "1"])
    #expect(end.code == 0, "\(end.err)")
    let ended = try status(lab)
    #expect(ended.counts == ["done": 6] && ended.left == nil && !ended.isLive, "\(ended)")
}

/// The folder of a cell that was prepared, and no more, is no run that was begun.
@Test func aPreparedCellWaits() throws {
    let lab = Lab(smallSweep)
    let sets = ["sweep.axes={model.width: [32, 64]}", "sweep.fit=[]"]
    #expect(try lab.sweep(sets).code == 0)
    let cells = lab.folder.file("sweeps/small/cells")
    let names = try FileManager.default.contentsOfDirectory(atPath: cells).sorted()
    for name in try FileManager.default.contentsOfDirectory(atPath: "\(cells)/\(names[0])")
    where !["config.yaml", "checkpoints"].contains(name) {
        try FileManager.default.removeItem(atPath: "\(cells)/\(names[0])/\(name)")
    }
    try FileManager.default.removeItem(atPath: "\(cells)/\(names[1])/metrics.h5")
    #expect(try status(lab).counts == ["waiting": 1, "interrupted": 1])
    try FileManager.default.removeItem(atPath: "\(cells)/\(names[0])")
    #expect(try status(lab).counts == ["waiting": 1, "interrupted": 1])
}

/// Cells of the same work decide, and cells of other work where there are none.
@Test func theTimeOfACellIsThatOfCellsLikeIt() {
    let same = TimeOfCells.secondsPerWork(1e9, [(1e9, 2), (1e9, 4)])
    #expect(abs(same - 3e-9) < 1e-15)
    // Small cells take more time for their work: of 1e9 and 1e12, one of 1e9 is nearly as fast as the first.
    let near = TimeOfCells.secondsPerWork(1e9, [(1e9, 2), (1e12, 100)])
    #expect(abs(near / 2e-9 - 1) < 0.01)
    #expect(abs(TimeOfCells.secondsPerWork(5e9, [(1e9, 2)]) - 2e-9) < 1e-15)
}

/// Cells side by side share the processes, those that take turns come after, and what was spent is spent.
@Test func theTimeLeftIsThatOfTheWorkLeft() {
    let done = [(work: 1e9, seconds: 2.0)]
    let four: [TimeOfCells.Open] = (0..<4).map { _ in (1e9, 0, false) }
    let left = TimeOfCells.secondsLeft(four, done, processes: 2) ?? 0
    #expect(abs(left - 4) < 1e-9)
    let withLarge = TimeOfCells.secondsLeft(four + [(1e9, 0.5, true)], done, processes: 2) ?? 0
    #expect(abs(withLarge - 5.5) < 1e-9)
    #expect(TimeOfCells.secondsLeft([(1e9, 9, false)], done, processes: 2) == 0)
    #expect(TimeOfCells.secondsLeft(four, [], processes: 2) == nil)
    #expect(TimeOfCells.secondsLeft([], done, processes: 2) == nil)
}
