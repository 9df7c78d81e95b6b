import Foundation
import TestSupport
import Testing

/// Runs of which each keeps other things at its end, which no tracked step asks for.
private let completed: [(name: String, sets: [String])] = [
    ("ended by its steps", ["training.stop.steps=18"]),
    ("ended by a goal", ["training.stop={steps: 400, loss_ratio: 0.05}"]),
    ("its end saved before it was measured whole", ["training.stop.steps=18", "checkpoints.every=6"]),
    ("without checkpoints", ["training.stop.steps=18", "checkpoints={every: 5, keep: 0}"]),
    ("diverged", ["training.learning_rate=1000"]),
]

private let snapshotConfig = """
    name: small
    data: {source: sphere, samples: 12, dimension: 6, class_count: 2}
    model: {width: 32, depth: 1, parametrization: paper}
    training: {learning_rate: auto}
    tracking: {every: 7, kernel: {samples: 6, every: 4}, prediction: true, landscape: {directions: 1, slice: 3}}
    """

/// The files of a run that hold what was measured, with their bytes.
private func contents(_ lab: Lab, _ run: String) throws -> [String: Data] {
    let paths = try FileManager.default.subpathsOfDirectory(atPath: run)
    return paths.filter { !$0.contains(".writing-") && ($0.hasSuffix(".h5") || $0.hasSuffix("l")) }
        .reduce(into: [:]) { $0[$1] = lab.bytes("\(run)/\($1)") }
}

/// Nothing is left to do for a completed run: whatever call of its resumption is the last, all files keep their bytes.
@Test(arguments: completed) func resumingACompletedRunLosesNothing(kind: (name: String, sets: [String])) throws {
    let lab = Lab(snapshotConfig)
    let shims = TestFolder()
    let (shim, log) = (try builtShim("faults", in: shims), shims.file("log"))
    let run = try lab.train(kind.sets).path
    let whole = try contents(lab, run)
    #expect(whole.keys.contains { $0.hasPrefix("landscape/") } && whole.keys.contains("metrics.jsonl"))
    let end = try lab.resume(run).code
    #expect(try contents(lab, run) == whole, "\(kind.name)")
    func disturbed(_ place: Int, _ number: Int32) throws -> Output {
        try lab.call(
            ["resume", run, "--quiet"],
            environment: [
                "LD_PRELOAD": shim, "NTKLAB_FAULT_ROOT": run, "NTKLAB_FAULT_AT": "\(place)",
                "NTKLAB_FAULT_ERRNO": "\(number)", "NTKLAB_FAULT_COUNT": place == 0 ? log : nil,
            ])
    }
    #expect(try disturbed(0, 0).code == end)
    let places = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
    for (index, place) in places.enumerated() where isLong || index % 5 == 0 || place.hasPrefix("unlink") {
        for number in [0, EIO] {
            let output = try disturbed(index + 1, number)
            #expect(number != 0 || output.signal == SIGKILL, "\(place): \(output)")
            #expect(try contents(lab, run) == whole, "\(kind.name), \(place), error \(number)")
        }
    }
    #expect(try lab.resume(run).code == end)
    #expect(try contents(lab, run) == whole, "\(kind.name)")
}

/// What only the end of an earlier part asked for goes once the run has got further, also where it begins again.
@Test(arguments: ["checkpoints.keep=3", "checkpoints.keep=0"]) func anEarlierEndLeavesNoTrace(keep: String) throws {
    let lab = Lab(snapshotConfig)
    let whole = try contents(lab, lab.train([keep, "training.stop.steps=25"], out: "whole").path)
    let part = try lab.train([keep, "training.stop.steps=18"], out: "part").path
    let before = try contents(lab, part)
    #expect(Set(before.keys).subtracting(whole.keys).count >= 3, "\(before.keys)")
    #expect(try lab.resume(part, ["training.stop.steps=25"]).code == 0)
    let names = try Set(contents(lab, part).keys.filter { !$0.hasPrefix("checkpoints/") })
    #expect(names == Set(whole.keys.filter { !$0.hasPrefix("checkpoints/") }))
    #expect(try contents(lab, part)["metrics.jsonl"] == whole["metrics.jsonl"])
}
