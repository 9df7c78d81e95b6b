import Cells
import Claims
import Foundation
import TestSupport
import Testing

/// Workers of a sweep in one folder, each in a working folder of its own, by which its processes are found.
final class Workers {
    let lab: Lab
    let sweep: String
    private(set) var children: [Child] = []
    private let clock: String?

    /// - Parameter sets: of the sweep, whose folder is made without running anything.
    init(_ lab: Lab, _ sets: [String], clock: String? = nil, out: String = "shared") throws {
        (self.lab, self.clock) = (lab, clock)
        sweep = lab.folder.file("\(out)/small")
        let made = try lab.sweep(sets, out: out, ["--launcher", "manual"])
        try #require(made.code == 0, "\(made.err)")
    }

    /// Starts a worker and returns its number.
    /// - Parameter host: a name and hours that its clock is ahead, in namespaces of its own; this host where nil.
    func start(_ options: [String] = [], host: (name: String, hours: Int)? = nil) throws -> Int {
        let number = children.count
        try FileManager.default.createDirectory(atPath: folder(number), withIntermediateDirectories: true)
        var words = [ntklab, "worker", sweep, "--quiet", "--cores", "1"] + options
        var environment: [String: String?] = [:]
        if let host {
            let script = "hostname \(host.name) && exec \"$@\""
            words =
                ["/usr/bin/unshare", "--uts", "--pid", "--fork", "--mount-proc", "/bin/sh", "-c", script, "sh"] + words
            environment = ["LD_PRELOAD": clock, "CLOCK_HOURS": "\(host.hours)"]
        }
        children.append(
            try Child(words[0], Array(words.dropFirst()), folder: folder(number), environment: environment))
        return number
    }

    private func folder(_ number: Int) -> String { lab.folder.file("worker-\(number)") }

    /// Sends a signal to a worker and all that it started.
    func signal(_ number: Int, _ signal: Int32) {
        for process in processes(in: folder(number)) { kill(process, signal) }
    }

    func wait(_ number: Int) throws -> Output { try children[number].wait() }

    func waitForAll() throws -> [Output] { try children.map { try $0.wait() } }

    deinit { for number in children.indices { signal(number, SIGKILL) } }
}

/// What of two sweeps differs: cells, the bytes of their metrics and checkpoints, and what should be gone.
private func differences(_ sweep: String, _ other: String) -> [String] {
    let manager = FileManager.default
    func names(_ folder: String) -> [String] { ((try? manager.contentsOfDirectory(atPath: folder)) ?? []).sorted() }
    var found = names(sweep + "/cells") == names(other + "/cells") ? [] : ["cells: \(names(sweep + "/cells"))"]
    found += names(sweep + "/work").filter { $0 != "call.json" }.map { "work/\($0)" }
    for cell in names(other + "/cells") {
        let checkpoints = names("\(other)/cells/\(cell)/checkpoints")
        for file in ["metrics.jsonl", "metrics.h5", "outputs.h5"] + checkpoints.map({ "checkpoints/\($0)" }) {
            let path = "cells/\(cell)/\(file)"
            if manager.contents(atPath: "\(sweep)/\(path)") != manager.contents(atPath: "\(other)/\(path)") {
                found.append(path)
            }
        }
    }
    return found
        + ["sweep.csv", "fits.json"].filter {
            manager.contents(atPath: "\(sweep)/\($0)") != manager.contents(atPath: "\(other)/\($0)")
        }
}

@Test(.timeLimit(.minutes(10))) func workersThatAreKilledLeaveTheSameTable() throws {
    let lab = Lab(smallSweep)
    let sets = ["sweep.axes.seed=0..4", "sweep.stop_at.loss_ratio=1e-3"]
    #expect(try lab.sweep(sets, out: "whole").code == 0)
    let workers = try Workers(lab, sets)
    for _ in 0..<4 { _ = try workers.start() }
    usleep(700_000)
    let live = try lab.call(["sweep", "status", workers.sweep])
    #expect(live.out.contains("works on") && live.out.contains(Holder.own.host), "\(live.out)")
    workers.signal(0, SIGKILL)
    let early = lab.finishedCells("shared/small")
    usleep(500_000)
    workers.signal(1, SIGKILL)
    workers.signal(2, SIGTERM)
    let stopped = try workers.wait(2)
    #expect(stopped.code == 0 && stopped.out.contains("stopped by a signal"), "\(stopped.err)")
    _ = try workers.start()
    let outputs = try [3, 4].map { try workers.wait($0) }
    for output in outputs { #expect(output.code == 0, "\(output.err)") }
    // The last one made the tables.
    #expect(outputs.contains { $0.out.contains("every cell has ended") })
    #expect(differences(workers.sweep, lab.folder.file("whole/small")) == [])
    for (cell, date) in early { #expect(lab.finishedCells("shared/small")[cell] == date, "\(cell) was run again") }
}

/// Every worker meets every cell that fails, and one of them tries it.
@Test func aCellFailsOnceInACall() throws {
    let lab = Lab(smallSweep)
    let sets = ["sweep.axes={model.width: [32, 1048576, 1048575, 1048574], seed: [0]}", "sweep.fit=[]"]
    let workers = try Workers(lab, sets)
    for _ in 0..<3 { _ = try workers.start() }
    let outputs = try workers.waitForAll()
    let failures = outputs.map { $0.err.components(separatedBy: "failed: model: the run needs").count - 1 }
    // All that see it say so; the one that ran it ends with another code.
    #expect(outputs.contains { $0.code == 1 } && failures.contains { $0 > 0 }, "\(outputs)")
    let log = lab.folder.file("shared/small/cells")
    let before = try FileManager.default.contentsOfDirectory(atPath: log).filter { $0.hasSuffix("failure.json") }
        .sorted()
    #expect(before.count == 3)
    func times() throws -> [Date?] {
        try before.map { try FileManager.default.attributesOfItem(atPath: "\(log)/\($0)")[.modificationDate] as? Date }
    }
    let first = try times()
    let late = try workers.wait(workers.start())
    #expect(
        late.code == 1 && late.out.contains("3 failed, which the next call of `ntklab sweep` tries again"), "\(late)")
    #expect(try times() == first)
    // The next call tries them again.
    #expect(try lab.sweep(sets, out: "shared").code == 1)
    #expect(try times() != first)
}

/// Hosts whose clocks are two hours apart, one of which is frozen for longer than its claims last.
@Test(
    .enabled(if: geteuid() == 0, "namespaces of hosts need root"), .timeLimit(.minutes(120)),
    arguments: 0..<(isLong ? 200 : 3))
func aFrozenHostWithAnotherClockSpoilsNothing(round: Int) throws {
    let lab = Lab(smallSweep)
    let clock = try builtShim("clock", in: lab.folder)
    let sets = [
        "sweep.axes={model.width: [32, 256, 1024], seed: 0..1}", "sweep.stop_at.loss_ratio=1e-3", "sweep.fit=[]",
    ]
    #expect(try lab.sweep(sets, out: "whole").code == 0)
    let workers = try Workers(lab, sets, clock: clock)
    for (name, hours) in [("early", -1), ("late", 1)] {
        _ = try workers.start(["--takeover-after", "1"], host: (name, hours))
    }
    var random = SystemRandomNumberGenerator()
    usleep(UInt32.random(in: 300_000..<1_500_000, using: &random))
    workers.signal(round % 2, SIGSTOP)
    usleep(UInt32.random(in: 1_200_000..<2_500_000, using: &random))
    workers.signal(round % 2, SIGCONT)
    for output in try workers.waitForAll() { #expect(output.code == 0, "round \(round): \(output.err)") }
    let last = try workers.start()
    #expect(try workers.wait(last).code == 0)
    #expect(differences(workers.sweep, lab.folder.file("whole/small")) == [], "round \(round)")
}

@Test func wrongWorkersAreRefused() throws {
    let lab = Lab(smallSweep)
    let sets = ["sweep.axes={model.width: [32], seed: [0]}", "sweep.fit=[]"]
    let workers = try Workers(lab, sets)
    func refused(_ arguments: [String], _ words: [String], _ environment: [String: String?] = [:]) throws {
        let output = try lab.call(arguments, environment: environment)
        #expect(output.code == 2 && !output.err.contains("Fatal"), "\(arguments): \(output.err)")
        for word in words { #expect(output.err.contains(word), "\(word) is not in\n\(output.err)") }
    }
    let worker = ["worker", workers.sweep]
    try refused(["worker", "nowhere"], ["nowhere: no such"])
    try refused(["worker", lab.folder.path + "/config.yaml"], ["expected the folder", "found a file"])
    try refused(worker + ["--takeover-after", "0"], ["--takeover-after: expected 1 to 86400 seconds, found 0"])
    try refused(worker + ["--cores", "0"], ["--cores: expected 1 to 4096, found 0"])
    try refused(
        ["sweep", "config.yaml", "--out", "shared", "--launcher", "slum"], ["--launcher", "slum", "slurm"])
    let launch = workers.sweep + "/work/call.json"
    let text = try String(contentsOfFile: launch, encoding: .utf8)
    func write(_ text: String) throws { try text.write(toFile: launch, atomically: true, encoding: .utf8) }
    let version = try #require(text.firstMatch(of: /"version" *: *"([^"]+)"/)).1
    try write(text.replacing("\"\(version)\"", with: "\"0.1.0\""))
    try refused(worker, ["expected a worker of ntklab 0.1.0", "found ntklab \(version)"])
    try write("{")
    try refused(worker, ["call.json: is no record of a call", "call `ntklab sweep`"])
    try FileManager.default.removeItem(atPath: launch)
    try refused(worker, ["call.json", "No such file", "call `ntklab sweep`"])
    #expect(lab.finishedCells("shared/small").isEmpty)
    // A core that this processor does not use; the folder is as it was.
    try refused(
        ["sweep", "config.yaml", "--out", "other", "--require-core", "Zork"],
        ["--require-core: expected OpenBLAS core Zork, found"])
    #expect(!FileManager.default.fileExists(atPath: lab.folder.file("other")))
    let asked = try lab.sweep(sets, out: "shared", ["--launcher", "manual", "--require-core", "Zork"])
    #expect(asked.code == 0, "\(asked.err)")
    try refused(worker, ["--require-core: expected OpenBLAS core Zork", Holder.own.host])
    #expect(lab.finishedCells("shared/small").isEmpty)
}

/// A newer call of the sweep has workers of its own.
@Test func workersLeaveToANewerCall() throws {
    let lab = Lab(smallSweep)
    let sets = ["sweep.axes={model.width: [1024], seed: 0..7}", "sweep.stop_at.loss_ratio=1e-4", "sweep.fit=[]"]
    let workers = try Workers(lab, sets)
    let first = try workers.start()
    usleep(500_000)
    // One of the same configuration is theirs too.
    #expect(try lab.sweep(sets, out: "shared", ["--launcher", "manual"]).code == 0)
    let grown = ["sweep.axes={model.width: [1024], seed: 0..8}"] + sets.dropFirst()
    usleep(300_000)
    #expect(workers.children[first].process.isRunning)
    #expect(try lab.sweep(grown, out: "shared", ["--launcher", "manual"]).code == 0)
    let left = try workers.wait(first)
    #expect(left.code == 0 && left.err.contains("a newer call has another configuration"), "\(left.err)")
    #expect(lab.finishedCells("shared/small").count < 9)
    #expect(try workers.wait(workers.start()).code == 0)
    #expect(lab.finishedCells("shared/small").count == 9)
}

/// As where cells were moved elsewhere, linked, and the other place was cleaned.
@Test(.timeLimit(.minutes(3))) func aCellWithoutAPlaceFailsOnce() throws {
    let lab = Lab(smallSweep)
    let sets = ["sweep.axes={model.width: [32], seed: 0..1}", "sweep.fit=[]"]
    let workers = try Workers(lab, sets)
    let plan = try lab.sweep(sets, out: "shared", ["--dry-run", "--json"])
    let object = try JSONSerialization.jsonObject(with: Data(plan.out.utf8)) as? [String: Any]
    let cells = try #require(object?["cells"] as? [[String: Any]])
    let id = try #require(cells.first?["id"] as? String)
    try FileManager.default.createSymbolicLink(
        atPath: workers.sweep + "/cells/\(id)", withDestinationPath: "nowhere")
    // What is behind a link in the folder of the work is not ours either.
    try FileManager.default.createDirectory(atPath: lab.folder.file("mine"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
        atPath: workers.sweep + "/work/\(id).run-link", withDestinationPath: lab.folder.file("mine"))
    let output = try workers.wait(workers.start())
    #expect(output.code == 1 && output.out.contains("1 failed"), "\(output)")
    let status = try lab.call(["sweep", "status", workers.sweep])
    #expect(status.words.contains("1 done, 1 failed") && status.words.contains("cannot be moved"), "\(status.out)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: lab.folder.file("mine")).isEmpty)
    let short = try lab.call(["sweep", "status", "x"])
    #expect(short.code == 2 && short.err.contains("x: no such sweep"), "\(short)")
}
