import Foundation
import TestSupport
import Testing

/// Every way of training whose state could be lost.
private let modes: [(name: String, sets: [String])] = [
    ("full batch", []),
    ("float64", ["precision=float64"]),
    ("mini-batch", ["training.batch=10"]),
    ("replacement", ["training.batch=10", "training.sampling=replacement", "loss.reduction=mean"]),
    ("momentum", ["training.momentum=0.9", "training.auto_factor=0.1"]),
    (
        "nesterov, cosine",
        [
            "training.momentum=0.9", "training.nesterov=true", "training.auto_factor=0.1",
            "training.schedule={kind: cosine, steps: 80}",
        ]
    ),
    ("Adam", ["training.optimizer=adam", "training.learning_rate=0.01", "training.batch=10"]),
    (
        "AdamW, float64, linearized",
        [
            "training.optimizer={kind: adam, weight_decay: 0.01, decoupled_weight_decay: 0.1}", "precision=float64",
            "training.learning_rate=0.01", "training.linearized=true", "training.schedule={kind: cosine, steps: 80}",
        ]
    ),
    (
        "eliminating neurons, Nesterov, batches",
        [
            "training.elimination=neuron", "training.batch=10", "training.learning_rate=1e-3", "training.momentum=0.9",
            "training.nesterov=true",
        ]
    ),
    (
        "eliminating scale, Adam, float64",
        [
            "training.elimination={kind: scale, weight: 0.1}", "training.optimizer=adam", "precision=float64",
            "training.learning_rate=0.01",
        ]
    ),
    ("step schedule, batches", ["training.batch=16", "training.schedule={kind: step, every: 9, factor: 0.5}"]),
    ("loss ratio", ["training.stop.loss_ratio=0.05", "tracking.every=log"]),
    (
        "kernels and predictions",
        ["tracking.kernel={samples: 20, every: 5, outputs: full}", "tracking.prediction=true"]
    ),
    (
        "landscapes and contractions",
        ["training.batch=10", "tracking.contraction_batches=2", "tracking.landscape={directions: 1, slice: 3}"]
    ),
    (
        "Hessians",
        [
            "training.batch=10", "tracking.every=7",
            "tracking.hessian={every: 5, top: 2, bottom: 1, trace: true, density: true, probes: 2, lanczos_steps: 12}",
        ]
    ),
    ("linearized", ["training.linearized=true", "training.batch=10", "tracking.kernel.samples=9"]),
    ("lazy", ["training.lazy_scale=20", "training.momentum=0.5", "tracking.kernel={samples: 9, precision: float64}"]),
    ("loss of batches", ["training.batch=10", "training.stop.loss_ratio=0.3", "tracking.every=20"]),
]

@Test(arguments: modes, networks) func resumingGivesTheBitsOfAnUninterruptedRun(
    mode: (name: String, sets: [String]), network: (name: String, sets: [String])
) throws {
    let lab = Lab()
    let sets = network.sets + mode.sets
    let whole = try lab.train(sets, out: "whole")
    #expect(whole.output.code == 0, "\(whole.output.err)")
    let last = try lab.record(whole.path)["step"] as? Int ?? -1
    for stop in [0, 1, 7, 23] {
        let part = try lab.train(sets + ["training.stop.steps=\(stop)"], out: "part\(stop)")
        #expect(part.output.code == 0, "\(part.output.err)")
        let rest = try lab.resume(part.path, ["training.stop.steps=60"])
        #expect(rest.code == 0, "\(rest.err)")
        #expect(
            differences(whole.path, part.path, step: last) == [], "\(network.name), \(mode.name), stopped at \(stop)")
    }
    // h5diff, an independent reader, has nothing to say either.
    let part = try lab.onlyRun(in: "part7")
    for file in ["metrics.h5", "checkpoints/last.h5"] {
        let diff = try run("/usr/bin/h5diff", [whole.path + "/" + file, part + "/" + file])
        #expect(diff.code == 0 && diff.out.isEmpty, "\(diff.out)")
    }
}

/// Thirty times: let it run for a random while, SIGKILL, resume. Then compare with a run left alone.
@Test(arguments: networks) func thirtyKillsLeaveNoTrace(network: (name: String, sets: [String])) throws {
    // Sizes at which each takes longer than its thirty lives.
    let (width, steps) = ["mlp": (256, 12000), "cnn": (32, 7000), "resnet": (16, 6000)][network.name] ?? (0, 0)
    let sets =
        network.sets + [
            "training.batch=16", "training.momentum=0.5", "training.auto_factor=0.3", "model.width=\(width)",
            "training.stop.steps=\(steps)", "checkpoints.every=40", "checkpoints.keep=2",
        ]
    let lab = Lab()
    let whole = try lab.train(sets, out: "whole")
    #expect(whole.output.code == 0, "\(whole.output.err)")
    let arguments = ["train", "config.yaml", "--quiet", "--out", "killed"] + sets.flatMap { ["--set", $0] }
    var child = try Child(ntklab, arguments, folder: lab.folder.path)
    var kills = 0
    var generator = SystemRandomNumberGenerator()
    while kills < 30 {
        Thread.sleep(forTimeInterval: Double.random(in: 0.05...0.35, using: &generator))
        guard child.process.isRunning else { break }
        kill(child.process.processIdentifier, SIGKILL)
        kills += 1
        let output = try child.wait()
        #expect(output.signal == SIGKILL)
        // Killed before there was a run directory: begin again.
        let path = try? lab.onlyRun(in: "killed")
        let again =
            path.map { FileManager.default.fileExists(atPath: $0 + "/run.json") } == true
            ? ["resume", path ?? "", "--quiet"] : arguments
        if again == arguments { try? FileManager.default.removeItem(atPath: lab.folder.file("killed")) }
        child = try Child(ntklab, again, folder: lab.folder.path)
    }
    #expect(kills == 30, "the run ended after \(kills) kills")
    let output = try child.wait()
    #expect(output.code == 0, "\(output.err)")
    #expect(differences(whole.path, try lab.onlyRun(in: "killed"), step: steps) == [])
}

@Test(arguments: [SIGINT, SIGTERM]) func aSignalledRunGoesOnToTheSameBits(number: Int32) throws {
    let sets = ["training.stop.steps=8000", "model.width=128"]
    let lab = Lab()
    let whole = try lab.train(sets, out: "whole")
    let arguments = ["train", "config.yaml", "--quiet", "--out", "stopped"] + sets.flatMap { ["--set", $0] }
    let child = try Child(ntklab, arguments, folder: lab.folder.path)
    Thread.sleep(forTimeInterval: 0.6)
    kill(child.process.processIdentifier, number)
    let output = try child.wait()
    let path = try lab.onlyRun(in: "stopped")
    #expect(output.code == 130 && output.out.contains("INTERRUPTED"), "\(output.err)")
    let record = String(decoding: lab.bytes(path + "/run.json") ?? Data(), as: UTF8.self)
    #expect(record.contains("\"INTERRUPTED\""))
    let inspected = try lab.call(["inspect", path + "/checkpoints/last.h5"])
    #expect(inspected.code == 0 && inspected.out.contains("sound"))
    #expect(try lab.resume(path).code == 0)
    #expect(differences(whole.path, path, step: 8000) == [])
}

/// The journal, `metrics.h5` and the last checkpoint hold the same rows, also when the last step is
/// saved before the end measures it.
@Test(arguments: [7, 10, 60]) func theLastRowIsEverywhere(every: Int) throws {
    let lab = Lab()
    let run = try lab.train(["checkpoints.every=\(every)"])
    let lines = String(decoding: lab.bytes(run.path + "/metrics.jsonl") ?? Data(), as: UTF8.self).split(separator: "\n")
    #expect(lines.last?.hasPrefix("{\"step\":60,") == true)
    let script = """
        import h5py, sys
        for name in ('metrics.h5', 'checkpoints/last.h5'):
            print(len(h5py.File(sys.argv[1] + '/' + name)['metrics/step']))
        """
    #expect(try python(script, [run.path]).out == "\(lines.count)\n\(lines.count)\n")
}

@Test func anEditedConfigurationIsNotResumed() throws {
    let lab = Lab()
    let path = try lab.train(["training.stop.steps=20"]).path
    let file = path + "/config.yaml"
    let text = String(decoding: lab.bytes(file) ?? Data(), as: UTF8.self)
    try text.replacingOccurrences(of: "auto_factor: 1.0", with: "auto_factor: 0.9").write(
        toFile: file, atomically: true, encoding: .utf8)
    let output = try lab.resume(path, ["training.stop.steps=60"])
    #expect(output.code == 2 && output.err.contains("training.auto_factor: expected 0.9"), "\(output.err)")
}

@Test func aRunInUseIsRefused() throws {
    let lab = Lab()
    let child = try Child(
        ntklab, ["train", "config.yaml", "--quiet", "--set", "training.stop.steps=100000000"], folder: lab.folder.path)
    defer {
        kill(child.process.processIdentifier, SIGKILL)
        child.process.waitUntilExit()
    }
    Thread.sleep(forTimeInterval: 0.6)
    let output = try lab.resume(try lab.onlyRun(in: "runs"))
    #expect(output.code == 2 && output.err.contains("is in use by another process"), "\(output.err)")
}

@Test func aDivergingRunSaysSo() throws {
    let lab = Lab()
    let run = try lab.train(["training.learning_rate=1000"])
    #expect(run.output.code == 3 && run.output.out.contains("DIVERGED"), "\(run.output.err)")
    #expect(run.output.out.contains("learning_rate"))
    #expect(String(decoding: lab.bytes(run.path + "/run.json") ?? Data(), as: UTF8.self).contains("\"DIVERGED\""))
}

/// The end of a run is measured whole, also where its last step is one of the kernel alone or of all but the kernel; a
/// run that is taken further has the rows of one that was never stopped.
@Test(arguments: [
    (30, "tracking={every: 7, kernel: {samples: 20, every: 10}, prediction: true}"),
    (28, "tracking={every: 7, kernel: {samples: 20, every: 10}}"),
    (29, "tracking={every: 7, kernel: {samples: 20, every: 10}}"),
])
func theEndIsMeasuredWhole(end: Int, tracking: String) throws {
    let lab = Lab()
    let sets = [tracking, "checkpoints.every=10"]
    let whole = try lab.train(sets, out: "whole").path
    let part = try lab.train(sets + ["training.stop.steps=\(end)"], out: "part").path
    let lines = String(decoding: lab.bytes(part + "/metrics.jsonl") ?? Data(), as: UTF8.self).split(separator: "\n")
    #expect(lines.last?.contains("\"step\":\(end)") == true)
    for metric in ["test_loss", "test_accuracy", "weight_drift", "gradient_norm", "kernel_drift", "kernel_lambda_max"] {
        #expect(lines.last?.contains("\"\(metric)\":null") == false, "\(metric) at \(end)")
    }
    let again = try lab.train(sets + ["training.stop.steps=\(end)"], out: "again").path
    #expect(differences(part, again, step: end) == [])
    #expect(try lab.resume(part, ["training.stop.steps=60"]).code == 0)
    #expect(differences(whole, part, step: 60) == [])
}

/// A goal between the losses of the last two steps: what the earlier end looked at more closely decides nothing.
@Test(arguments: ["training.momentum=0", "training.momentum=0.5"])
func aLowerGoalEndsWhereAnUninterruptedRunDoes(momentum: String) throws {
    let lab = Lab()
    let sets = [
        "precision=float64", "training.stop.steps=500", "tracking.every=1000", "training.auto_factor=0.2", momentum,
    ]
    let part = try lab.train(sets + ["training.stop.loss_ratio=0.2"], out: "part")
    let end = try #require(lab.record(part.path)["step"] as? Int)
    let script = """
        import json, sys
        losses = [json.loads(line)['train_loss'] for line in open(sys.argv[1])]
        print(losses[-1] / losses[0] * (1 + 1e-9))
        """
    let goal = try "training.stop.loss_ratio=\(python(script, [part.path + "/metrics.jsonl"]).out.dropLast())"
    let whole = try lab.train(sets + [goal], out: "whole")
    #expect(try lab.record(whole.path)["step"] as? Int == end + 1)
    #expect(try lab.resume(part.path, [goal]).code == 0)
    #expect(differences(whole.path, part.path, step: end + 1) == [])
}
