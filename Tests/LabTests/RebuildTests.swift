import Foundation
import Layers
import TestSupport
import Testing
import Theory

private let image =
    "data={source: sphere, samples: 48, test_samples: 16, dimension: 72, class_count: 3, image_shape: [6, 6, 2]}"

/// Runs of every kind of network, loss and descent, as overrides of `smallConfig`.
private let kinds: [(name: String, sets: [String])] = [
    ("the paper's MLP", []), ("float32", ["precision=float32", "training.batch=10"]),
    (
        "biases, cross-entropy, momentum on batches",
        [
            "model={width: 24, depth: 2, parametrization: standard, bias: true}",
            "loss={kind: cross-entropy, reduction: mean}", "training.batch=10", "training.momentum=0.5",
            "training.auto_factor=0.3",
        ]
    ),
    (
        "ntk, tanh, Nesterov, cosine",
        [
            "model={width: 24, depth: 3, parametrization: ntk, bias: true, activation: tanh}", "training.momentum=0.9",
            "training.nesterov=true", "training.auto_factor=0.1", "training.schedule={kind: cosine, steps: 80}",
        ]
    ),
    (
        "deep linear, real targets",
        [
            "model={width: 12, depth: 4, parametrization: standard, activation: linear}", "loss.reduction=mean",
            "data={source: sphere, samples: 48, test_samples: 16, dimension: 10, answers: gaussian}",
            "training.auto_factor=0.3",
        ]
    ),
    ("CNN", [image, "model={network: cnn, width: 8, depth: 2, bias: true, head: flatten}"]),
    (
        "strides, paddings, poolings, logistic",
        [
            image.replacing("class_count: 3", with: "class_count: 3, encoding: sign"), "loss.kind=logistic",
            "model={parametrization: standard, layers: [{type: conv, channels: 6, kernel: [3, 2], padding: valid}, "
                + "{type: activation, function: leaky-relu}, {type: conv, channels: 5, kernel: 3, stride: 2}, "
                + "{type: activation}, {type: max-pool, kernel: 2, stride: 1}, {type: conv, channels: 4, kernel: 2, "
                + "stride: [2, 1]}, {type: activation, function: softplus}, {type: avg-pool, kernel: 1}, "
                + "{type: flatten}, {type: dense}]}",
        ]
    ),
    (
        "pre-activation ResNet",
        [image, "model={network: resnet, block: pre-activation, width: 6, stages: [1, 1], parametrization: standard}"]
    ),
    ("the paper's ResNet", [image, "model={network: resnet, width: 10, depth: 3}"]),
    (
        "Adam, weight decay, batches, tanh",
        [
            "model={width: 24, depth: 2, parametrization: standard, bias: true, activation: tanh}", "training.batch=10",
            "training.optimizer={kind: adam, beta1: 0.8, weight_decay: 0.1}", "training.learning_rate=0.003",
        ]
    ),
    (
        "AdamW, lazy, cosine",
        [
            "model={width: 24, depth: 2, parametrization: ntk, activation: tanh}", "training.lazy_scale=20",
            "training.optimizer={kind: adam, decoupled_weight_decay: 0.5, epsilon: 1e-4}",
            "training.learning_rate=0.003",
            "training.schedule={kind: cosine, steps: 80}",
        ]
    ),
    (
        "eliminating neurons, Nesterov, batches of a sum",
        [
            "model={width: 24, depth: 2, parametrization: standard, bias: true}", "training.batch=10",
            "training.elimination={kind: neuron, weight: 0.2}", "training.learning_rate=0.003", "training.momentum=0.9",
            "training.nesterov=true", "training.unbiased=false",
        ]
    ),
    (
        "eliminating scale, Adam, mean",
        [
            "model={width: 24, depth: 2, parametrization: standard, activation: tanh}", "training.optimizer=adam",
            "training.elimination={kind: scale, weight: 0.2}", "training.learning_rate=0.01", "loss.reduction=mean",
        ]
    ),
    ("lazy", ["training.lazy_scale=20", "training.momentum=0.5"]),
    ("linearized", ["training.linearized=true", "training.batch=10"]),
    (
        "Du's ResNet, erf, sigmoid loss, replacement, steps of the rate",
        [
            image.replacing("class_count: 3", with: "class_count: 2, encoding: sign"), "loss.kind=sigmoid",
            "model={network: resnet, block: du, width: 8, depth: 2, parametrization: standard, activation: erf}",
            "training.batch=7", "training.sampling=replacement",
            "training.schedule={kind: step, every: 9, factor: 0.5}",
        ]
    ),
]

private let script = "\(repository)/Tests/LabTests/References/rebuild.py"

/// A Python that imports torch: that of `NTKLAB_TORCH_PYTHON`, else Debian's; nil where there is none.
private let torchPython: String? = {
    let python = ProcessInfo.processInfo.environment["NTKLAB_TORCH_PYTHON"] ?? "/usr/bin/python3"
    return (try? run(python, ["-c", "import torch, h5py"]))?.code == 0 ? python : nil
}()

/// Trains a run, and writes the rows of its steps beside it.
private func trained(_ lab: Lab, _ sets: [String]) throws -> (run: String, batches: String) {
    let precision = sets.contains("precision=float32") ? [] : ["precision=float64"]
    let (output, path) = try lab.train(precision + ["training.stop.steps=40"] + sets)
    try #require(output.code == 0, "\(output.err)")
    let batches = lab.folder.file("batches.h5")
    let listed = try lab.call(["data", "batches", path, "--steps", "0..39", "--to", batches, "--force"])
    #expect(listed.code == 0, "\(listed.err)")
    return (path, batches)
}

/// Losses along the run, weights and outputs at its end come out of another program, which knows the run's folder
/// alone.
@Test(arguments: kinds, torchPython == nil ? ["numpy"] : ["numpy", "torch"]) func aRunIsRebuiltFromItsFiles(
    kind: (name: String, sets: [String]), backend: String
) throws {
    let python = try #require(backend == "torch" ? torchPython : "/usr/bin/python3")
    let lab = Lab()
    let (path, batches) = try trained(lab, kind.sets)
    // Nothing of it is read from the configuration.
    for file in ["config.yaml", "run.json", "metrics.jsonl"] {
        try FileManager.default.removeItem(atPath: "\(path)/\(file)")
    }
    let output = try run(python, [script, backend, path, batches])
    #expect(output.code == 0, "\(kind.name): \(output.out) \(output.err)")
    #expect(output.out.contains("train_loss") && output.out.contains("test outputs"), "\(output.out)")
}

/// What is rebuilt differs where the files do.
@Test(arguments: ["data.h5:train/inputs", "initial.h5:parameters/W1/weight", "outputs.h5:test/outputs"])
func aRunOfOtherFilesIsNot(place: String) throws {
    let lab = Lab()
    let (path, batches) = try trained(lab, ["training.batch=10"])
    let parts = place.split(separator: ":").map(String.init)
    let changed = try python(
        "import h5py, sys\nwith h5py.File(sys.argv[1], 'r+') as f: f[sys.argv[2]][0] *= 1 + 1e-7",
        ["\(path)/\(parts[0])", parts[1]])
    #expect(changed.code == 0, "\(changed.err)")
    let output = try run("/usr/bin/python3", [script, "numpy", path, batches])
    #expect(output.code == 1 && output.out.contains("DIFFERS"), "\(output)")
}

/// Every weight says how it enters the forward pass and how it started.
@Test func weightsCarryTheirScales() throws {
    let lab = Lab()
    let sets = ["model={width: 64, depth: 2, parametrization: ntk, bias: true}", "checkpoints.every=30"]
    let path = try trained(lab, sets).run
    let output = try python(
        """
        import h5py, numpy as np, sys
        for name in ['initial.h5', 'checkpoints/last.h5']:
            p = h5py.File(sys.argv[1] + '/' + name)['parameters']
            a = p['W2/weight'].attrs
            assert np.isclose(a['forward_scale'], np.sqrt(2 / 64), rtol=1e-15) and a['initial_deviation'] == 1
            assert np.isclose(a['gain'], np.sqrt(2), rtol=1e-15) and a['initial_distribution'] == 'normal'
            assert np.isclose(p['output/weight'].attrs['gain'], 1, rtol=1e-15)
            assert p['W1/bias'].attrs['forward_scale'] == 0.1 and 'gain' not in p['W1/bias'].attrs
        """, [path])
    #expect(output.code == 0, "\(output.err)")
}

/// The start stays whatever becomes of the checkpoints, and nothing of it where none is kept.
@Test func theStartStaysBesideRotatingCheckpoints() throws {
    let lab = Lab()
    let origin = ["data.h5", "initial.h5", "outputs.h5"]
    func there(_ path: String) -> [String] { origin.filter { lab.bytes("\(path)/\($0)") != nil } }
    let kept = try lab.train(["checkpoints={every: 10, keep: 1}"], out: "kept").path
    #expect(there(kept) == origin)
    #expect(there(try lab.train(["checkpoints.keep=0"], out: "none").path) == [])
    // A run of an earlier version has none of them, and gets them where it goes on.
    let whole = origin.map { lab.bytes("\(kept)/\($0)") }
    for file in origin { try FileManager.default.removeItem(atPath: "\(kept)/\(file)") }
    #expect([0, 1, 4].contains(try lab.call(["certify", kept]).code))
    #expect(try lab.resume(kept).code == 0)
    #expect(origin.map { lab.bytes("\(kept)/\($0)") } == whole)
}

/// Samples that are too large to be kept are named, with how they are made again.
@Test func largeSamplesAreLeftOut() throws {
    let lab = Lab()
    let sets = [
        "data={source: sphere, samples: 90, dimension: 200000, class_count: 3}", "model={width: 2, depth: 1}",
        "training.stop.steps=0", "training.learning_rate=0.1", "tracking={initialization: 0}",
    ]
    let (output, path) = try lab.train(sets)
    #expect(output.code == 0, "\(output.err)")
    let said = try lab.call(["inspect", path + "/data.h5"]).out
    #expect(said.contains("@samples = left out: 72001080 bytes") && !said.contains("inputs"), "\(said)")
    let made = lab.folder.file("samples.h5")
    #expect(try lab.call(["data", "samples", path, "--to", made]).code == 0)
    #expect(try lab.call(["inspect", made]).out.contains("inputs  float32 [90, 200000]"))
    #expect(try lab.call(["data", "samples", path, "--to", made]).err.contains("--force replaces it"))
}

/// Each epoch has every row once; what is printed is what is written.
@Test func batchesAreListed() throws {
    let lab = Lab()
    let (path, batches) = try trained(lab, ["training.batch=10"])
    let lines = try lab.call(["data", "batches", path, "--steps", "0..9"]).out.split(separator: "\n").dropFirst()
        .map { $0.split(separator: "\t").map(String.init) }
    let rows = lines.map { $0[3].split(separator: " ").compactMap { Int($0) } }
    #expect(lines.map { Int($0[0]) } == Array(0..<10))
    for epoch in [rows[..<5], rows[5...]] { #expect(epoch.joined().sorted() == Array(0..<48)) }
    #expect(rows[4].count == 8 && lines[4][2] == "6.0" && lines[3][2] == "4.8")
    let read = try python(
        "import h5py, sys; f = h5py.File(sys.argv[1]); print([[int(i) for i in r if i >= 0] for r in f['rows'][:10]])",
        [batches])
    #expect(read.out == "\(rows)\n", "\(read)")
    let one = try lab.call(["data", "batches", path, "--steps", "7"]).out
    #expect(one.split(separator: "\n").last.map(String.init) == lines[7].joined(separator: "\t"))
    for (arguments, message) in [
        ([path, "--steps", "9..3"], "'9..3' is invalid"), ([path, "--steps", "a"], "'a' is invalid"),
        ([path, "--steps", "-1"], "--steps"), ([path, "--steps", "0..99999999999"], "expected at most"),
        ([lab.folder.path + "/runs/none", "--steps", "0"], "no such run"),
        ([path, "--steps", "0", "--to", batches], "--force"),
    ] {
        let refused = try lab.call(["data", "batches"] + arguments)
        #expect(refused.code == 2 && refused.err.contains(message), "\(refused)")
    }
}
