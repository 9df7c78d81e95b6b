import Foundation
import TestSupport
import Testing

/// A job of 66 tiles, prepared in `k.h5.tiles`, and what one process makes of it.
private struct Job {
    let lab = Lab()
    let run: String
    let arguments: [String]
    var out: String { lab.folder.file("k.h5") }
    var tiles: String { out + ".tiles" }
    var work: String { tiles + "/work" }
    var record: String { tiles + "/job.json" }

    init(_ options: [String] = []) throws {
        run = try lab.train([
            "data={source: sphere, samples: 900, test_samples: 16, dimension: 20, class_count: 3}",
            "model={width: 256, depth: 3, bias: true, parametrization: standard}", "training.stop.steps=2",
            "training.batch=50", "training.learning_rate=0.001", "checkpoints.every=1",
        ]).path
        arguments =
            ["ntk", run, "--outputs", "full", "--precision", "float64"]
            + (options.contains("--threads") ? [] : ["--threads", "1", "--memory", "70MiB"]) + options
        try prepare()
    }

    func prepare() throws {
        let output = try lab.call(arguments + ["--out", "k.h5", "--launcher", "manual"])
        #expect(output.code == 0 && output.out.contains("ntklab worker \(tiles)\n"), "\(output)")
    }

    /// The bytes of the kernel of one process that was left alone.
    func whole() throws -> Data {
        let output = try lab.call(arguments + ["--out", "whole.h5"])
        #expect(output.code == 0, "\(output.err)")
        return try #require(lab.bytes(lab.folder.file("whole.h5")))
    }

    func child(_ limit: Int = 120) throws -> Child {
        try Child(ntklab, ["worker", tiles, "--takeover-after", "\(limit)"], folder: lab.folder.path)
    }

    func worker(_ environment: [String: String?] = [:]) throws -> Output {
        try lab.call(["worker", tiles], environment: environment)
    }

    func names(_ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    func claims(_ prefix: String) -> [String] { names(work).filter { $0.hasPrefix(prefix) && $0.contains(".claim-") } }

    /// Waits until something holds.
    func wait(_ seconds: Double = 30, until holds: () -> Bool) {
        let start = Date()
        while !holds(), Date().timeIntervalSince(start) < seconds { usleep(1000) }
    }

    /// The job's record with other values.
    func edit(_ change: (inout [String: Any]) -> Void) throws {
        var object = try #require(
            try JSONSerialization.jsonObject(with: lab.bytes(record) ?? Data()) as? [String: Any])
        change(&object)
        try JSONSerialization.data(withJSONObject: object).write(to: URL(fileURLWithPath: record))
    }

    /// The kernel is whole and that of one process, and nothing is left beside it.
    func expectDone(_ whole: Data, _ remark: String = "") {
        #expect(lab.bytes(out) == whole, "\(remark)")
        let left = names(lab.folder.path).filter { $0.hasPrefix("k.h5") }
        #expect(left == ["k.h5"], "\(remark)")
    }
}

/// Four workers, two of them killed at random moments: the rest, and one that comes after them, make the bytes of one process.
@Test func aKernelByFourWorkersOfWhichTwoAreKilledIsThatOfOne() throws {
    let job = try Job()
    let whole = try job.whole()
    var kills = 0
    for round in 0..<6 {
        if round > 0 {
            try FileManager.default.removeItem(atPath: job.out)
            try job.prepare()
        }
        let children = try (0..<4).map { _ in try job.child() }
        for child in children.shuffled().prefix(2) {
            usleep(UInt32.random(in: 20_000...400_000))
            if child.process.isRunning { kill(child.process.processIdentifier, SIGKILL) }
        }
        for child in children {
            let output = try child.wait()
            #expect(output.code == 0 || output.signal == SIGKILL, "\(output.err)")
            kills += output.signal == SIGKILL ? 1 : 0
        }
        // Those that left may have left it to one that was killed afterwards.
        let last = try job.worker()
        #expect(last.code == 0, "\(last.err)")
        job.expectDone(whole, "round \(round)")
    }
    #expect(kills > 5)
}

/// Killed at any place where it changes files, a worker leaves what the next one brings to its end.
@Test func aWorkerKilledAtAnyCallLeavesNoTrace() throws {
    let shims = TestFolder()
    let (shim, log) = (try builtShim("faults", in: shims), shims.file("log"))
    let job = try Job(["--samples", "400"])
    let whole = try job.whole()
    func worker(at place: Int) throws -> Output {
        try job.worker([
            "LD_PRELOAD": shim, "NTKLAB_FAULT_ROOT": job.lab.folder.path, "NTKLAB_FAULT_AT": "\(place)",
            "NTKLAB_FAULT_ERRNO": "0", "NTKLAB_FAULT_COUNT": log,
        ])
    }
    #expect(try worker(at: 0).code == 0)
    job.expectDone(whole)
    let places = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").map(String.init)
    // All of the end, where the file appears and the tiles go.
    let end = try #require(places.firstIndex { $0.hasPrefix("link") && $0.contains("/join.claim-") })
    try #require(places.contains { $0.hasPrefix("rename") && $0.hasSuffix(".tiles") })
    let step = isLong ? 1 : 61
    for place in Array(stride(from: Int.random(in: 1...step), to: end, by: step))
        + Array(stride(from: end, through: places.count, by: isLong ? 1 : 5))
    {
        try FileManager.default.removeItem(atPath: job.out)
        try job.prepare()
        #expect(try worker(at: place).signal == SIGKILL)
        let next = try job.worker()
        #expect(next.code == 0, "\(places[place - 1]): \(next.err)")
        let isRemnant = job.names(job.lab.folder.path).contains { $0.hasPrefix("k.h5.writing-") }
        // What a kill left of a folder that was being deleted goes when the file is next asked for.
        if isRemnant { #expect(try job.lab.call(job.arguments + ["--out", "k.h5"]).err.contains("exists already")) }
        job.expectDone(whole, places[place - 1])
    }
}

/// Frozen past its limit, a worker loses what it holds; when it wakes up it sees that, or that all is done, and harms nothing.
@Test(arguments: [false, true]) func aFrozenWorkerLosesItsTile(wakesEarly: Bool) throws {
    let job = try Job()
    let whole = try job.whole()
    let frozen = try job.child(1)
    defer { kill(frozen.process.processIdentifier, SIGKILL) }
    job.wait { !job.claims("tile-").isEmpty }
    kill(frozen.process.processIdentifier, SIGSTOP)
    let held = job.claims("tile-")
    try #require(held.count == 1, "it was between two tiles")
    let other = try job.child(1)
    if wakesEarly {
        // The other one has taken it over.
        let next = held[0].replacing(".claim-1", with: ".claim-2")
        job.wait { job.names(job.work).contains(next) || !other.process.isRunning }
        kill(frozen.process.processIdentifier, SIGCONT)
    }
    let output = try other.wait()
    #expect(output.code == 0, "\(output.err)")
    if !wakesEarly {
        job.expectDone(whole)
        kill(frozen.process.processIdentifier, SIGCONT)
    }
    let late = try frozen.wait()
    #expect(late.code == 0 && late.signal == nil, "\(late.err)")
    if !wakesEarly { #expect(late.out.contains("nothing is left to do"), "\(late)") }
    #expect(try job.worker().code == 0)
    job.expectDone(whole)
}

@Test func aSignalHasAWorkerGiveBackItsTile() throws {
    let job = try Job()
    let whole = try job.whole()
    for _ in 0..<3 {
        let child = try job.child()
        job.wait { !job.claims("tile-").isEmpty }
        kill(child.process.processIdentifier, SIGTERM)
        let output = try child.wait()
        #expect(output.code == 0 && output.signal == nil && output.out.contains("of 66 tiles done"), "\(output)")
        #expect(job.names(job.work) == [])
    }
    #expect(try job.worker().code == 0)
    job.expectDone(whole)
}

/// Two calls of the plain command share the work, and both have the kernel in the end.
@Test func twoCallsForOneFileShareTheWork() throws {
    let job = try Job()
    let whole = try job.whole()
    let calls = try (0..<2).map { _ in
        try Child(ntklab, job.arguments + ["--out", "k.h5", "--json"], folder: job.lab.folder.path)
    }
    let outputs = try calls.map { try $0.wait() }
    for output in outputs {
        #expect(output.code == 0 && output.out.contains("\"lambda_max\""), "\(output)")
    }
    #expect(outputs.contains { $0.err.contains(" made here") }, "\(outputs)")
    job.expectDone(whole)
}

/// One whose tile, and whose file, another process has in hand waits and goes on when that is killed.
@Test func thePlainCommandTakesOverFromTheDead() throws {
    let job = try Job()
    let whole = try job.whole()
    for claim in ["tile-", "join"] {
        let child = try job.child()
        job.wait { !job.claims(claim).isEmpty }
        kill(child.process.processIdentifier, SIGSTOP)
        let call = try Child(ntklab, job.arguments + ["--out", "k.h5"], folder: job.lab.folder.path)
        usleep(700_000)
        #expect(call.process.isRunning || job.claims(claim).isEmpty)
        kill(child.process.processIdentifier, SIGKILL)
        _ = try child.wait()
        let output = try call.wait()
        #expect(output.code == 0, "\(output.err)")
        job.expectDone(whole, claim)
        try FileManager.default.removeItem(atPath: job.out)
        try job.prepare()
    }
}

@Test func aWorkerWhoseTilesWouldHaveOtherBitsIsRefused() throws {
    let job = try Job()
    // The first worker decides what machine the job is for: it may be another than the one that prepared it.
    func environment() throws -> String {
        let object = try JSONSerialization.jsonObject(with: job.lab.bytes(job.record) ?? Data()) as? [String: Any]
        return try #require(object?["environment"] as? String)
    }
    #expect(try environment() == "")
    let first = try job.child()
    job.wait { (try? environment()) != "" }
    kill(first.process.processIdentifier, SIGTERM)
    #expect(try first.wait().code == 0)
    let there = job.names(job.tiles)
    func refused(_ named: String, _ environment: [String: String?] = [:]) throws {
        let output = try job.worker(environment)
        #expect(output.code == 2 && output.out.isEmpty, "\(output)")
        #expect(output.err.contains("would not have the job's bits: program and machine: expected"), "\(output.err)")
        #expect(output.err.contains(named), "\(output.err)")
        #expect(job.names(job.tiles) == there && job.names(job.work) == [])
    }
    let environment = try environment()
    let core = environment.contains("Haswell") ? "Zen" : "Haswell"
    try refused("found \(environment.prefix { $0 != "," }), BLAS core \(core)", ["OPENBLAS_CORETYPE": core])
    try job.edit { $0["threads"] = 2 }
    try refused("1 threads, found \(environment.replacing("1 threads", with: "2 threads"))")
    try job.edit { $0["threads"] = 1 }
    try job.edit { $0["environment"] = environment.replacing(/ntklab [0-9.]+/, with: "ntklab 0.0.1") }
    try refused("expected ntklab 0.0.1, ")
}

/// Threads are the job's, however many the machine has.
@Test func aWorkerHasTheThreadsOfItsJob() throws {
    let job = try Job(["--threads", "3", "--memory", "130MiB"])
    let whole = try job.whole()
    let few = try job.lab.call(["worker", job.tiles, "--cores", "2"])
    #expect(few.code == 2 && few.err.contains("--cores: expected at least 3, the threads of this job, found 2"))
    let output = try job.worker()
    #expect(output.code == 0 && output.err.contains("3 threads"), "\(output.err)")
    job.expectDone(whole)
}

@Test func jobsThatCannotBeWorkedOnAreRefused() throws {
    let job = try Job()
    let whole = try job.whole()
    let sound = try #require(job.lab.bytes(job.record))
    func refused(_ named: String, _ folder: String? = nil) throws {
        let output = try job.lab.call(["worker", folder ?? job.tiles])
        let errors = output.err.split(separator: "\n").filter { $0.hasPrefix("error:") }
        #expect(output.code == 2 && errors.count == 1 && output.err.contains(named), "\(output)")
        #expect(output.signal == nil && job.names(job.work).isEmpty)
    }
    try refused("nowhere.h5.tiles: expected the folder of a kernel job", "nowhere.h5.tiles")
    try refused("is no sweep: sweep.yaml is missing", job.run)
    #expect(try job.lab.call(["worker", "status", job.run]).code == 2)
    for text in ["", "{}", "[1]", String(decoding: sound.prefix(400), as: UTF8.self)] {
        try text.write(toFile: job.record, atomically: false, encoding: .utf8)
        try refused("job.json: is not the record of a kernel job")
    }
    try sound.write(to: URL(fileURLWithPath: job.record))
    for (key, value) in [("threads", 0 as Any), ("threads", 1 << 40), ("request", ["memory": 3])] {
        try job.edit { $0[key] = value }
        try refused("job.json: is not the record of a kernel job")
        try sound.write(to: URL(fileURLWithPath: job.record))
    }
    // Its run is elsewhere; its checkpoint is gone; its folder takes no files.
    let away = job.run + "-moved"
    try FileManager.default.moveItem(atPath: job.run, toPath: away)
    try refused("request.run: expected the run that the job was begun for, found none at \(job.run)")
    try FileManager.default.moveItem(atPath: away, toPath: job.run)
    let checkpoint = job.run + "/checkpoints/step-00000002.h5"
    try FileManager.default.moveItem(atPath: checkpoint, toPath: away)
    try refused("job.json: --step: expected one of 0, 1")
    try FileManager.default.moveItem(atPath: away, toPath: checkpoint)
    try FileManager.default.removeItem(atPath: job.work)
    try refused("k.h5.tiles/work: cannot be read")
    try Data().write(to: URL(fileURLWithPath: job.work))
    try refused("k.h5.tiles/work")
    try FileManager.default.removeItem(atPath: job.work)
    // The plain command mends what it can.
    let mended = try job.lab.call(job.arguments + ["--out", "k.h5"])
    #expect(mended.code == 0, "\(mended.err)")
    job.expectDone(whole)
    // One that comes late.
    let late = try job.worker()
    #expect(late.code == 0 && late.out == "nothing is left to do\n", "\(late)")
}

/// What earlier versions left: a record without a request, tiles without their job's digest, or without a record.
@Test func theCommandGoesOnWithJobsOfEarlierVersions() throws {
    let job = try Job()
    let whole = try job.whole()
    try job.edit { for key in ["request", "threads"] { $0[key] = nil } }
    let refused = try job.worker()
    #expect(refused.code == 2 && refused.err.contains("go on with it by `ntklab ntk`"), "\(refused.err)")
    let child = try Child(ntklab, job.arguments + ["--out", "k.h5"], folder: job.lab.folder.path)
    job.wait { job.names(job.tiles).count > 6 }
    kill(child.process.processIdentifier, SIGKILL)
    _ = try child.wait()
    // The command has written what was missing.
    let status = try job.lab.call(["worker", "status", job.tiles])
    #expect(status.code == 0 && status.out.contains(" of 66 are there"), "\(status)")
    let tile = try #require(job.names(job.tiles).first { $0.hasPrefix("tile-") })
    let script = "import h5py, sys; f = h5py.File(sys.argv[1], 'a'); del f.attrs['job']"
    #expect(try python(script, [job.tiles + "/" + tile]).code == 0)
    #expect(try job.worker().code == 0)
    job.expectDone(whole)
    try FileManager.default.removeItem(atPath: job.out)
    try job.prepare()
    for name in ["tile-0-0.h5", "tile-1-0.h5"] {
        try Data("nobody's".utf8).write(to: URL(fileURLWithPath: "\(job.tiles)/\(name)"))
    }
    try FileManager.default.removeItem(atPath: job.record)
    #expect(try job.lab.call(job.arguments + ["--out", "k.h5"]).code == 0)
    job.expectDone(whole)
}

/// A damaged tile of another worker is made again by the one that joins.
@Test func theLastWorkerJoinsSoundTilesOnly() throws {
    let job = try Job()
    let whole = try job.whole()
    let child = try job.child()
    job.wait { job.names(job.tiles).count > 12 }
    kill(child.process.processIdentifier, SIGTERM)
    #expect(try child.wait().code == 0)
    let tiles = job.names(job.tiles).filter { $0.hasPrefix("tile-") }
    try #require(tiles.count > 4)
    for (index, name) in tiles.prefix(4).enumerated() {
        let path = "\(job.tiles)/\(name)"
        var bytes = [UInt8](job.lab.bytes(path) ?? Data())
        if index % 2 == 0 { bytes[bytes.count / 2] ^= 1 } else { bytes.removeLast(900) }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }
    let output = try job.worker()
    #expect(output.code == 0 && output.out.contains("file      \(job.out)"), "\(output)")
    job.expectDone(whole)
}

/// Who makes what, as a table and as JSON.
@Test func theStatusOfAJobNamesItsWorkers() throws {
    let job = try Job()
    #expect(try job.lab.call(["worker", "status", job.tiles]).out.contains("0 of 66 are there"))
    let child = try job.child()
    job.wait { !job.claims("tile-").isEmpty }
    kill(child.process.processIdentifier, SIGSTOP)
    let output = try job.lab.call(["worker", "status", job.tiles])
    let json = try job.lab.call(["worker", "status", job.tiles, "--json"])
    kill(child.process.processIdentifier, SIGKILL)
    _ = try child.wait()
    let number = "\(child.process.processIdentifier)"
    #expect(output.words.contains("no process works on it") || output.words.contains(number), "\(output.out)")
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [String: Any])
    #expect(object["tiles"] as? Int == 66 && object["file"] as? String == job.out)
    let workers = try #require(object["workers"] as? [[String: Any]])
    #expect(workers.allSatisfy { "\($0["process"] ?? "")" == number && $0["is_gone"] as? Bool == false })
    if !workers.isEmpty {
        let gone = try job.lab.call(["worker", "status", job.tiles])
        #expect(gone.words.contains("gone: its work goes to others"), "\(gone.out)")
    }
}

/// A network so wide that its passes cost more than reading them: workers give each other their blocks, to the same bits.
@Test(arguments: ["train", "test"]) func workersShareBlocks(rows: String) throws {
    let lab = Lab()
    let run = try lab.train([
        "data={source: sphere, samples: 240, test_samples: 60, dimension: 20, class_count: 3}",
        "model={width: 1400, depth: 3, bias: true, parametrization: standard}", "training.stop.steps=1",
        "training.learning_rate=0.0001",
    ]).path
    let arguments = ["ntk", run, "--against", rows, "--memory", "112MiB", "--threads", "1", "--out"]
    let forecast = try lab.call(arguments + ["whole.h5", "--dry-run"])
    #expect(forecast.out.contains("of blocks beside the tiles"), "\(forecast)")
    #expect(try lab.call(arguments + ["whole.h5"]).code == 0)
    #expect(try lab.call(arguments + ["k.h5", "--launcher", "manual"]).code == 0)
    let tiles = lab.folder.file("k.h5.tiles")
    func blocks() -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: tiles)) ?? []).filter { $0.hasSuffix(".bin") }
    }
    // One leaves a few; of two that come after it, one is killed. A damaged block is filled again.
    let first = try Child(ntklab, ["worker", tiles], folder: lab.folder.path)
    while first.process.isRunning, blocks().count < 3 { usleep(1000) }
    kill(first.process.processIdentifier, SIGTERM)
    #expect(try first.wait().code == 0)
    let block = tiles + "/" + (try #require(blocks().sorted().first))
    var bytes = [UInt8](try #require(lab.bytes(block)))
    bytes[bytes.count / 2] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: block))
    let others = try (0..<2).map { _ in try Child(ntklab, ["worker", tiles], folder: lab.folder.path) }
    usleep(300_000)
    kill(others[0].process.processIdentifier, SIGKILL)
    for other in others { #expect(try other.wait().code == 0 || other === others[0]) }
    #expect(try lab.call(["worker", tiles]).code == 0)
    #expect(lab.bytes(lab.folder.file("k.h5")) == lab.bytes(lab.folder.file("whole.h5")))
    #expect(!FileManager.default.fileExists(atPath: tiles))
}
