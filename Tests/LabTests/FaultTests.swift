import Foundation
import TestSupport
import Testing

/// Whether the long tests run whole: `make test-long`.
let isLong = ProcessInfo.processInfo.environment["NTKLAB_TEST_LONG"] != nil

/// Work in a folder, in which each call that changes files fails once.
struct FaultyWork: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Prepares a folder, without faults.
    let prepare: @Sendable (Lab) throws -> Void
    /// The work; it finds its folder as the current one.
    let arguments: @Sendable (Lab) throws -> [String]
    /// What brings the work to its end afterwards, if anything was begun.
    let repair: @Sendable (Lab) throws -> [String]?
    /// Endings of the files that have to be those of undisturbed work wherever they are.
    let compared: [String]
}

private func train(_ lab: Lab) throws { #expect(try lab.train().output.code == 0) }

private func begun(_ lab: Lab) throws -> String? {
    let runs = lab.folder.file("runs/small")
    let names =
        FileManager.default.fileExists(atPath: runs) ? try FileManager.default.contentsOfDirectory(atPath: runs) : []
    return names.first.map { "\(runs)/\($0)" }.flatMap {
        FileManager.default.fileExists(atPath: $0 + "/config.yaml") ? $0 : nil
    }
}

let faultyConfig = """
    name: small
    data: {source: sphere, samples: 12, dimension: 6, answers: gaussian}
    model: {width: 16, depth: 1}
    training: {learning_rate: 0.01, stop: {steps: 12}}
    tracking: {every: 2, kernel: {samples: 6, every: 4}}
    checkpoints: {every: 6, keep: 9}
    """

private let works = [
    FaultyWork(
        testDescription: "run", prepare: { _ in },
        arguments: { _ in ["train", "config.yaml", "--quiet", "--threads", "1"] },
        repair: { lab in try begun(lab).map { ["resume", $0, "--quiet"] } }, compared: [".h5"]),
    FaultyWork(
        testDescription: "cell of a sweep",
        prepare: { lab in
            let cell = lab.folder.file("runs/small/cell")
            try FileManager.default.createDirectory(atPath: cell + "/checkpoints", withIntermediateDirectories: true)
            try faultyConfig.write(toFile: cell + "/config.yaml", atomically: true, encoding: .utf8)
        },
        arguments: { _ in ["resume", "runs/small/cell", "--quiet", "--threads", "1"] },
        repair: { _ in ["resume", "runs/small/cell", "--quiet", "--threads", "1"] }, compared: [".h5"]),
    FaultyWork(
        testDescription: "kernel job", prepare: train,
        arguments: { lab in ["ntk", try lab.onlyRun(in: "runs"), "--out", "theta.h5", "--memory", "70MB"] },
        // A kernel that is there is whole, and is not made again.
        repair: { lab in
            if lab.bytes(lab.folder.file("theta.h5")) != nil { return nil }
            return ["ntk", try lab.onlyRun(in: "runs"), "--out", "theta.h5", "--memory", "70MB"]
        },
        compared: [".h5"]),
    FaultyWork(
        testDescription: "worker of a kernel job",
        prepare: { lab in
            try train(lab)
            let run = try lab.onlyRun(in: "runs")
            let output = try lab.call([
                "ntk", run, "--out", "theta.h5", "--memory", "70MB", "--launcher", "manual", "--threads", "1",
            ])
            #expect(output.code == 0, "\(output.err)")
        },
        arguments: { _ in ["worker", "theta.h5.tiles"] }, repair: { _ in ["worker", "theta.h5.tiles"] },
        compared: [".h5"]),
    FaultyWork(
        testDescription: "searches",
        prepare: { lab in
            _ = lab.folder.write(
                "saddles.yaml",
                "data: {source: sphere, samples: 6, dimension: 2, class_count: 2}\nmodel: {width: 2, depth: 1, activation: tanh}"
            )
        },
        arguments: { _ in ["stationary", "saddles.yaml", "--ridge", "0.3", "--starts", "3", "--threads", "1"] },
        repair: { _ in ["stationary", "saddles.yaml", "--ridge", "0.3", "--starts", "3"] }, compared: [".h5"]),
    FaultyWork(
        testDescription: "import",
        prepare: { lab in _ = lab.folder.write("a.csv", "1,2,0\n3,4,1\n5,6,0\n") },
        arguments: { _ in ["data", "import", "--format", "csv", "a.csv", "--to", "b.h5"] },
        repair: { _ in ["data", "import", "--format", "csv", "a.csv", "--to", "b.h5", "--force"] }, compared: [".h5"]),
    FaultyWork(
        testDescription: "export", prepare: train,
        arguments: { lab in ["export", try lab.onlyRun(in: "runs"), "--format", "npz"] },
        repair: { lab in ["export", try lab.onlyRun(in: "runs"), "--format", "npz", "--force"] },
        compared: [".h5", ".npz"]),
    FaultyWork(
        testDescription: "report", prepare: train,
        arguments: { lab in ["report", try lab.onlyRun(in: "runs")] },
        repair: { lab in ["report", try lab.onlyRun(in: "runs")] }, compared: [".h5", ".svg", ".csv"]),
]

/// Digests of the files below a folder, by their paths in it without the date in a run's name.
private func files(_ lab: Lab, _ endings: [String]) throws -> [String: Data] {
    var found: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: lab.folder.path)
    where endings.contains(where: path.hasSuffix) && !path.contains(".writing") && !path.contains(".tiles/")
        && !path.contains(".parts/")
    {
        let name = path.replacing(/runs\/small\/[^\/]+/, with: "run")
        found[name] = lab.bytes(lab.folder.file(path))
    }
    return found
}

/// Each place where the system can refuse: the message and exit code 2, or the work is done; no file under its final
/// name holds anything but what undisturbed work has there; and the work can be brought to its end.
@Test(arguments: works, [EIO, ENOSPC]) func noFailedCallIsSilent(work: FaultyWork, error: Int32) throws {
    let shims = TestFolder()
    let shim = try builtShim("faults", in: shims)
    func disturbed(_ lab: Lab, at place: Int, log: String? = nil) throws -> Output {
        try lab.call(
            try work.arguments(lab),
            environment: [
                "LD_PRELOAD": shim, "NTKLAB_FAULT_ROOT": lab.folder.path, "NTKLAB_FAULT_AT": "\(place)",
                "NTKLAB_FAULT_ERRNO": "\(error)", "NTKLAB_FAULT_COUNT": log,
            ])
    }
    let whole = Lab(faultyConfig)
    try work.prepare(whole)
    let log = shims.file("log")
    let undisturbed = try disturbed(whole, at: 0, log: log)
    #expect(undisturbed.code == 0, "\(undisturbed.err)")
    let places = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
    let expected = try files(whole, work.compared)
    // What is written anew at each checkpoint is that of an earlier one for a while.
    let renewed: Set = ["run/metrics.h5", "run/checkpoints/last.h5"]
    for place in stride(from: isLong ? 1 : Int(error) % 13 + 1, through: places.count, by: isLong ? 1 : 37) {
        let name = "place \(place), \(places[place - 1])"
        let lab = Lab(faultyConfig)
        try work.prepare(lab)
        let output = try disturbed(lab, at: place)
        let messages = output.err.split(separator: "\n").filter { $0.hasPrefix("error:") }
        #expect(
            output.signal == nil && (output.code == 0 || output.code == 2 && messages.count == 1), "\(name): \(output)")
        for (path, bytes) in try files(lab, work.compared) where output.code == 0 || !renewed.contains(path) {
            #expect(expected[path] == bytes, "\(name): \(path) has other bytes")
        }
        if let repair = try work.repair(lab) {
            let repaired = try lab.call(repair)
            #expect(repaired.code == 0, "\(name): \(repaired.err) after \(output.err)")
            #expect(try files(lab, work.compared) == expected, "\(name): after \(repair[0])")
        }
    }
}
