import Foundation
import Layers
import TestSupport
import Testing
import Theory

private let image =
    "data={source: sphere, samples: 48, test_samples: 16, dimension: 72, class_count: 3, image_shape: [6, 6, 2]}"

/// Networks of every kind, as overrides of `smallConfig`, and how many of their tensors have a factor other than 1.
private let kinds: [(name: String, sets: [String], scaled: Int)] = [
    ("the paper's MLP", [], 0),
    ("float32, ntk", ["precision=float32", "model={width: 24, depth: 2, parametrization: ntk, bias: true}"], 6),
    ("ntk, tanh", ["model={width: 24, depth: 3, parametrization: ntk, bias: true, activation: tanh}"], 8),
    (
        "standard, biases, softplus",
        ["model={width: 24, depth: 2, parametrization: standard, bias: true, activation: softplus}"], 0
    ),
    (
        "sigmoid after every layer",
        [
            "model={width: 24, depth: 1, parametrization: standard, bias: true, activation: sigmoid, "
                + "output_activation: true}"
        ], 0
    ),
    ("sparse", ["model={width: 24, depth: 2, parametrization: standard, bias: true, sparsity: 0.4}"], 0),
    ("images, flattened", [image, "model={width: 12, depth: 1, parametrization: standard, bias: true}"], 0),
    ("CNN", [image, "model={network: cnn, width: 8, depth: 2, bias: true, head: flatten}"], 0),
    ("CNN, ntk, mean", [image, "model={network: cnn, width: 8, depth: 1, parametrization: ntk, bias: true}"], 4),
    (
        "strides, paddings, poolings",
        [
            image,
            "model={parametrization: ntk, layers: [{type: conv, channels: 6, kernel: [3, 2], padding: valid}, "
                + "{type: activation, function: leaky-relu}, {type: conv, channels: 5, kernel: 3, stride: 2}, "
                + "{type: activation}, {type: max-pool, kernel: 2, stride: 1}, {type: conv, channels: 4, kernel: 2, "
                + "stride: [2, 1]}, {type: flatten}, {type: activation, function: sigmoid}, {type: dense, bias: true}]}",
        ], 5
    ),
    ("the paper's ResNet", [image, "model={network: resnet, width: 10, depth: 3, head: flatten}"], 0),
    ("Du's ResNet, erf", [image, "model={network: resnet, block: du, width: 8, depth: 2, activation: erf}"], 0),
    (
        "pre-activation ResNet",
        [
            image,
            "model={network: resnet, block: pre-activation, width: 6, stages: [1, 1], parametrization: ntk, bias: true, "
                + "head: flatten}",
        ], 14
    ),
    (
        "flattened in a block",
        [
            image,
            "model={parametrization: standard, layers: [{type: flatten}, {type: residual, layers: [{type: activation}]}, "
                + "{type: residual, shortcut: [{type: dense, units: 7}], layers: [{type: dense, units: 7}]}, {type: dense}]}",
        ], 0
    ),
]

private let script = "\(repository)/Tests/LabTests/References/weights.py"

/// A Python that imports torch: that of `NTKLAB_TORCH_PYTHON`, else Debian's; nil where there is none.
private let torchPython: String? = {
    let python = ProcessInfo.processInfo.environment["NTKLAB_TORCH_PYTHON"] ?? "/usr/bin/python3"
    return (try? run(python, ["-c", "import torch, h5py"]))?.code == 0 ? python : nil
}()

private let short = ["training.stop.steps=20", "training.auto_factor=0.3"]

/// The largest relative difference of two checkpoints, tensor by tensor; 0 where all bits are equal.
private func difference(_ a: String, _ b: String) throws -> Double {
    let output = try python(
        """
        import h5py, numpy as np, sys
        a, b = (h5py.File(f)['parameters'] for f in sys.argv[1:])
        worst = 0.0
        def compare(name, x):
            global worst
            if isinstance(x, h5py.Dataset):
                x, y = x[()], b[name][()]
                assert x.shape == y.shape and x.dtype == y.dtype
                worst = max(worst, float((np.abs(x - y) / np.maximum(np.abs(x), 1e-300)).max()))
        a.visititems(compare)
        print(worst)
        """, [a, b])
    #expect(output.code == 0, "\(output.err)")
    return Double(output.out.trimmingCharacters(in: .newlines)) ?? .nan
}

/// What is exported computes the run's outputs in PyTorch's conventions, and comes back to the bit.
@Test(arguments: kinds) func weightsGoToPyTorchAndComeBack(kind: (name: String, sets: [String], scaled: Int)) throws {
    let lab = Lab()
    let isSingle = kind.sets.contains("precision=float32")
    let sets = (isSingle ? [] : ["precision=float64"]) + short + kind.sets
    let (trained, path) = try lab.train(sets)
    try #require(trained.code == 0, "\(trained.err)")
    for (format, folded) in [("safetensors", []), ("npz", ["--fold-scales"])] {
        let file = lab.folder.file("w." + format)
        let exported = try lab.call(["export", path, "--format", format, "--out", file] + folded)
        #expect(exported.code == 0, "\(exported.err)")
        let said = folded.isEmpty ? "without its factor" : "holds its factor"
        #expect(exported.out.components(separatedBy: said).count - 1 == kind.scaled, "\(exported.out)")
        let begun = try lab.train(sets + ["model.initialize_from=\(file)", "training.stop.steps=0"], out: format)
        #expect(begun.output.code == 0, "\(begun.output.err)")
        let error = try difference(path + "/checkpoints/last.h5", begun.path + "/checkpoints/step-00000000.h5")
        let bound = kind.scaled == 0 || folded.isEmpty ? 0 : isSingle ? 3e-7 : 5e-16
        #expect(error <= bound, "\(kind.name), \(format): \(error)")
    }
    for python in ["numpy"] + (torchPython == nil ? [] : ["torch"]) {
        let program = try #require(python == "torch" ? torchPython : "/usr/bin/python3")
        let compared = try run(program, [script, python, path, lab.folder.file("w.npz")])
        #expect(compared.code == 0, "\(kind.name): \(compared.out)\(compared.err)")
    }
    // As trained, they are those of the run only where there are no factors.
    let plain = try run("/usr/bin/python3", [script, "numpy", path, lab.folder.file("w.safetensors")])
    #expect(plain.code == (kind.scaled == 0 ? 0 : 1), "\(kind.name): \(plain.out)\(plain.err)")
}

/// All that depends on the weights at step 0 depends on those of the file, and a run goes on from its own copy of them.
@Test(arguments: ["training.linearized=false", "training.linearized=true", "training.lazy_scale=4"])
func runsGoOnFromWeightsThatWereGiven(form: String) throws {
    let lab = Lab()
    let source = try lab.train(short, out: "source").path
    let file = lab.folder.file("w.safetensors")
    #expect(try lab.call(["export", source, "--format", "safetensors", "--out", file]).code == 0)
    let sets = ["model.initialize_from=w.safetensors", "tracking.kernel.samples=8", form, "training.batch=10"]
    let whole = try lab.train(sets + ["seed=9"], out: "whole")
    #expect(whole.output.code == 0, "\(whole.output.err)")
    #expect(try difference(source + "/checkpoints/last.h5", whole.path + "/initial.h5") == 0)
    let parts = try lab.train(sets + ["seed=9", "training.stop.steps=30"], out: "parts").path
    // Another run of these weights with another seed takes other batches from the same place.
    let other = try lab.train(sets + ["seed=10", "training.stop.steps=0"], out: "other").path
    #expect(try difference(parts + "/initial.h5", other + "/initial.h5") == 0)
    try FileManager.default.removeItem(atPath: file)
    let resumed = try lab.resume(parts, ["training.stop.steps=60"])
    #expect(resumed.code == 0 && resumed.err.contains("keeps in initial.h5"), "\(resumed.err)")
    #expect(differences(whole.path, parts, step: 60).isEmpty)
    // The kernel at the start is that of these weights.
    let theta = lab.folder.file("theta.h5")
    #expect(
        try lab.call(["ntk", whole.path, "--step", "0", "--samples", "8", "--outputs", "trace", "--out", theta]).code
            == 0)
    let compared = try python(
        """
        import h5py, numpy as np, sys
        a, b = h5py.File(sys.argv[1])['kernel'][()], h5py.File(sys.argv[2])['kernel'][()]
        assert np.abs(a - b).max() < 1e-5 * np.abs(a).max()
        """, [theta, whole.path + "/kernels/step-00000000.h5"])
    #expect(compared.code == 0, "\(compared.err)")
    let certified = try lab.call(["certify", whole.path])
    #expect(
        certified.out.contains("given, not drawn") && certified.out.contains("start     given by"), "\(certified.out)")
}

/// Where a run keeps nothing of its start, the file is asked for, and has to be the same.
@Test func aFileThatHasChangedIsRefused() throws {
    let lab = Lab()
    let source = try lab.train(short, out: "source").path
    let (file, moved) = (lab.folder.file("w.npz"), lab.folder.file("moved.npz"))
    #expect(try lab.call(["export", source, "--format", "npz", "--out", file]).code == 0)
    let sets = ["model.initialize_from=w.npz", "checkpoints.keep=0", "training.stop.steps=10"]
    let path = try lab.train(sets).path
    let more = ["training.stop.steps=12"]
    try FileManager.default.moveItem(atPath: file, toPath: moved)
    let lost = try lab.resume(path, more)
    #expect(
        lost.code == 2 && lost.err.contains("No such file") && lost.err.contains("--set model.initialize_from=PATH"))
    #expect(try lab.call(["export", source, "--format", "npz", "--step", "0", "--out", file]).code == 0)
    for arguments in [[], ["model.initialize_from=\(file)"]] {
        let changed = try lab.resume(path, more + arguments)
        #expect(changed.code == 2 && changed.err.contains("expected digest"), "\(changed.err)")
    }
    let found = try lab.resume(path, more + ["model.initialize_from=\(moved)"])
    #expect(found.code == 0, "\(found.err)")
    #expect(try lab.resume(path, ["training.stop.steps=13"]).code == 0)
    let drawn = try lab.resume(source, ["model.initialize_from=\(moved)"])
    #expect(drawn.code == 2 && drawn.err.contains("drawn from its seed"), "\(drawn.err)")
    let scales = try lab.resume(path, ["model.initialize_from.scales=folded"])
    #expect(scales.code == 2, "\(scales.err)")
}

/// A run, its folder, its checkpoint and a configuration's own folder are places of weights; names can be given.
@Test func weightsAreFoundAndNamed() throws {
    let lab = Lab()
    let source = try lab.train(short + ["model.parametrization=ntk"]).path
    let last = source + "/checkpoints/last.h5"
    _ = lab.folder.write("a.npz", [])
    for (index, place) in ["small/latest", "small", source, last, source + "/initial.h5"].enumerated() {
        let sets = ["model.parametrization=ntk", "model.initialize_from=\(place)", "training.stop.steps=0"]
        let begun = try lab.train(sets, out: "out\(index)")
        #expect(begun.output.code == 0, "\(place): \(begun.output.err)")
        let from = place.hasSuffix("initial.h5") ? place : last
        #expect(try difference(from, begun.path + "/initial.h5") == 0, "\(place)")
    }
    // The standard parametrization takes the factors into the weights: the same function.
    let standard = try lab.train(
        ["model.parametrization=standard", "model.initialize_from=\(last)", "training.stop.steps=0"], out: "standard")
    #expect(standard.output.err.contains("W1, W2, output: rescaled"), "\(standard.output.err)")
    let losses = try python(
        """
        import h5py, sys
        a, b = (h5py.File(f + '/metrics.h5')['metrics/train_loss'][-1] for f in sys.argv[1:])
        assert abs(a - b) < 1e-5 * a, (a, b)
        """, [source, standard.path])
    #expect(losses.code == 0, "\(losses.err)")
    // NumPy's own archive says nothing of factors.
    let made = try python(
        """
        import h5py, numpy as np, sys
        p = h5py.File(sys.argv[1])['parameters']
        np.savez('theirs.npz', **{'net.0.weight': p['W1/weight'][()], '2.weight': p['W2/weight'][()].astype('f8'),
                                  '4.weight': p['output/weight'][()]})
        """, [last], folder: lab.folder.path)
    #expect(made.code == 0, "\(made.err)")
    let names = "model.initialize_from={path: theirs.npz, names: {W1: net.0.weight}"
    let silent = try lab.call(
        ["train", "config.yaml", "--dry-run", "--set", "model.parametrization=ntk", "--set", names + "}"])
    #expect(silent.code == 2 && silent.err.contains("model.initialize_from.scales"), "\(silent.err)")
    let begun = try lab.train(
        ["model.parametrization=ntk", "training.stop.steps=0", names + ", scales: as-trained}"], out: "theirs")
    #expect(begun.output.code == 0 && begun.output.err.contains("float32 and float64"), "\(begun.output.err)")
    #expect(try difference(last, begun.path + "/initial.h5") == 0)
}

@Test func whatIsExportedIsSaid() throws {
    let lab = Lab()
    let path = try lab.train(short + ["training.linearized=true"]).path
    let name = "/weights/step-00000020.safetensors"
    let file = path + name
    let exported = try lab.call(["export", "latest", "--format", "safetensors"])
    #expect(exported.code == 0 && exported.out.contains("those of the linearization") && exported.out.contains(name))
    #expect(
        exported.out.contains("0.weight  float32  [64, 10]  A\n2.weight  float32  [64, 64]  W1\n"), "\(exported.out)")
    let refusals: [([String], String)] = [
        (["--format", "safetensors"], "exists already; --force replaces it"),
        (["--format", "npz", "--fold-scales"], "no weights of the plain network compute"),
        (["--format", "npz", "--step", "7"], "expected one of 0, 20"),
        (["--format", "npz", "--out", lab.folder.path], "expected a new or a plain file"),
        (["--format", "npz", "--out", "none/w.npz"], "cannot be created"), (["--format", "pt"], "pt"), ([], "--format"),
    ]
    for (arguments, message) in refusals {
        let refused = try lab.call(["export", path] + arguments)
        #expect(refused.code == 2 && refused.err.contains(message), "\(refused.err)")
    }
    let bytes = lab.bytes(file)
    #expect(try lab.call(["export", "latest", "--format", "safetensors", "--force"]).code == 0)
    #expect(lab.bytes(file) == bytes)
    // Where it begins, the linearization is the network.
    let start = try lab.call(["export", path, "--format", "npz", "--fold-scales", "--step", "0"])
    #expect(start.code == 0 && !start.out.contains("warning"), "\(start.out)\(start.err)")
    let open = try lab.train(
        [
            image,
            "model={parametrization: standard, layers: [{type: conv, channels: 1, kernel: 6, padding: valid}, {type: conv, channels: 3, kernel: 1}, {type: flatten}]}",
        ] + short, out: "one")
    #expect(try lab.call(["export", open.path, "--format", "npz"]).code == 0)
}
