import Configurations
import Foundation
import TestSupport
import Testing

private let config = """
    name: small
    seed: 3
    data:
      {source: gaussian, samples: 48, test_samples: 16, dimension: 10, noise: 0.1, teacher: {kind: sigmoid, outputs: 2}}
    model: {width: 8, depth: 2, parametrization: standard, activation: sigmoid, output_activation: true}
    training: {batch: 10, learning_rate: auto, stop: {steps: 60}}
    tracking: {every: 7}
    """

/// Training goes on from where it was, on the samples that it had.
@Test func aRunOnGaussianSamplesResumesToItsBits() throws {
    let lab = Lab(config)
    let whole = try lab.train([], out: "whole")
    #expect(whole.output.code == 0, "\(whole.output.err)")
    let part = try lab.train(["training.stop.steps=23"], out: "part")
    #expect(part.output.code == 0, "\(part.output.err)")
    let rest = try lab.resume(part.path, ["training.stop.steps=60"])
    #expect(rest.code == 0, "\(rest.err)")
    #expect(differences(whole.path, part.path, step: 60) == [])
}

/// Samples, noise and teacher as axes give cells with data of their own; a teacher's outputs are known before.
@Test func keysOfGaussianDataAreAxes() throws {
    let lab = Lab(config + "\nsweep: {axes: {seed: [0]}}\n")
    let axes = "sweep.axes={data.samples: [20, 30], data.noise: [0, 0.1], data.teacher.seed: [0, 1], seed: 0..1}"
    let sets = [axes, "data.teacher.kind=linear", "training.stop.steps=2"]
    #expect(try lab.sweep(sets, ["--dry-run"]).out.contains("cells     16, 16 to run"))
    let sweep = try lab.sweep(sets)
    #expect(sweep.code == 0, "\(sweep.err)")
    let cells = try FileManager.default.contentsOfDirectory(atPath: lab.folder.file("sweeps/small/cells"))
    let digests = try cells.map {
        try lab.record(lab.folder.file("sweeps/small/cells/\($0)"))["dataDigest"] as? String
    }
    #expect(digests.count == 16 && Set(digests).count == 16 && !digests.contains(nil))
    // How many outputs there are decides what `auto` comes to, before anything is drawn.
    let search = [
        "sweep.critical_width={over: [], reach: 0.5}", "tracking.preset=certify", "data.samples=300",
        "data.teacher={outputs: 10}",
    ]
    let refused = try lab.sweep(search, out: "search", ["--dry-run"])
    #expect(refused.code == 2 && refused.err.contains("samples: 300, outputs: full"), "\(refused.err)")
    #expect(try lab.sweep(search + ["data.teacher.outputs=1"], out: "search", ["--dry-run"]).code == 0)
}

@Test func theReferenceListsKeysOfGaussianData() throws {
    let reference = try ConfigReference("data.teacher").keys
    let names = ["outputs", "kind", "depth", "width", "scale", "seed"].map { "data.teacher.\($0)" }
    #expect(reference.map(\.key) == names && reference.allSatisfy { $0.condition == "source: gaussian" })
    for key in ["data.deviation", "data.noise"] { #expect(try ConfigReference(key).keys.count == 1) }
    let answers = try ConfigReference("data.answers").keys.first { $0.condition == "source: gaussian" }
    #expect(answers?.type == "teacher, gaussian" && answers?.fallback == "teacher")
    let normalization = try Configuration(text: config, source: "c").values["data.normalization"]
    #expect(normalization == "none")
}

/// What no command draws is refused before anything is drawn.
@Test func gaussianDataBeyondMemoryIsRefused() throws {
    for teacher in ["{}", "{kind: sigmoid, width: 1000000, depth: 4000}"] {
        let lab = Lab(config)
        let sets = ["data.dimension=16000000", "data.samples=1000000", "data.teacher=\(teacher)"]
        let output = try lab.call(["train", "config.yaml", "--dry-run"] + sets.flatMap { ["--set", $0] })
        #expect(output.code == 2 && output.err.contains("memory"), "\(output.code) \(output.err)")
        #expect(output.err.split(separator: "\n").count <= 2 && output.out.isEmpty)
    }
}
