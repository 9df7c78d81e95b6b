import Configurations
import Foundation
import Layers
import Networks
import TestSupport
import Testing

private let sparse =
    "model={width: 10, depth: 2, parametrization: standard, activation: tanh, bias: true, sparsity: 0.4}"
private let sets = [sparse, "training.batch=10", "training.momentum=0.9", "training.auto_factor=0.1"]

/// Momentum, Nesterov's too, and batches leave the same zeros, to the bit, whether a run was stopped between or not;
/// another seed has the same ones.
@Test(arguments: ["false", "true"], ["float32", "float64"]) func zerosStayWhereTheyAre(
    nesterov: String, precision: String
)
    throws
{
    let lab = Lab()
    let sets = sets + ["training.nesterov=\(nesterov)", "precision=\(precision)"]
    let whole = try lab.train(sets, out: "whole")
    #expect(whole.output.code == 0, "\(whole.output.err)")
    let part = try lab.train(sets + ["training.stop.steps=23"], out: "part")
    let rest = try lab.resume(part.path, ["training.stop.steps=60"])
    #expect(rest.code == 0, "\(rest.err)")
    #expect(differences(whole.path, part.path, step: 60) == [])
    let other = try lab.train(sets + ["seed=77"], out: "other")
    let check = try python(
        """
        import h5py, sys, numpy as np
        def weights(path, file):
            p = h5py.File(path + '/' + file)['parameters']
            return {n: p[n + '/weight'] for n in p}
        start, end, other = (weights(*a) for a in zip([sys.argv[1]] * 2 + [sys.argv[2]],
            ['initial.h5', 'checkpoints/last.h5', 'checkpoints/last.h5']))
        for n in sorted(start):
            w = start[n][()]
            zeros = w == 0
            print(n, zeros.sum() == round(0.4 * w.size) == start[n].attrs['held_at_zero'],
                  (zeros == (end[n][()] == 0)).all(), (zeros == (other[n][()] == 0)).all(),
                  (w[~zeros] != end[n][()][~zeros]).all(), (end[n][()] != other[n][()]).sum() == (~zeros).sum())
        """, [whole.path, other.path])
    let names = ["W1", "W2", "output"]
    #expect(check.out == names.map { "\($0) True True True True True\n" }.joined(), "\(check.out) \(check.err)")
    let record = try lab.record(whole.path)
    let (all, trained) = (record["parameterCount"] as? Int ?? 0, record["trainedParameterCount"] as? Int ?? 0)
    let words = try lab.call(["train", "config.yaml", "--dry-run"] + sets.flatMap { ["--set", $0] }).words
    #expect(words.contains("sparse W1, W2, output: \(all - trained) of"), "\(words)")
}

/// The list that a shorthand shows makes the same network, and a list can have a sparse layer of its own.
@Test(arguments: Parametrization.allCases) func listsCanBeSparse(parametrization: Parametrization) throws {
    func configured(_ model: String) throws -> Configuration {
        try Configuration(
            text: "data: {source: sphere}\nmodel: {parametrization: \(parametrization.rawValue), \(model)}", source: "c"
        )
    }
    func layout(_ configuration: Configuration) throws -> ParameterLayout {
        try configuration.model.model(inputShape: [4], outputs: 3).layout
    }
    let short = try configured("width: 6, depth: 2, sparsity: 0.3")
    let listed = short.resolvedText.split(separator: "\n").compactMap { line in
        line.range(of: "#   - ").map { String(line[$0.upperBound...]) }
    }
    #expect(listed.count { $0.contains("sparsity: 0.3") } == (parametrization == .paper ? 4 : 3))
    #expect(try layout(short) == layout(configured("layers: [\(listed.joined(separator: ", "))]")))
    #expect(try Configuration(text: short.resolvedText, source: "d").resolvedText == short.resolvedText)
    let one = try layout(
        configured("layers: [{type: dense, units: 6, sparsity: 0.5}, {type: activation}, {type: dense}]"))
    #expect(one.entries.map(\.tensor.zeros.count) == [12, 0])
    let plain = try configured("width: 6, depth: 2")
    #expect(try layout(plain).entries.allSatisfy { $0.tensor.zeros.isEmpty })
    #expect(!plain.resolvedText.contains("{type: dense, units: 6, sparsity"))
}

/// Kernels of sparse layers are tracked, and predicted with; spectra are those of what is free.
@Test func sparseRunsAreMeasured() throws {
    let lab = Lab()
    let run = try lab.train([
        sparse, "tracking.kernel={samples: 48, outputs: full}", "tracking.prediction=true",
        "tracking.hessian={every: 30, top: 2, bottom: 1}",
        "tracking.landscape={directions: 2}", "precision=float64",
    ])
    #expect(run.output.code == 0, "\(run.output.err)")
    let trained = try lab.record(run.path)["trainedParameterCount"] as? Int ?? 0
    let spectrum = try lab.call(["spectrum", run.path, "--step", "60"])
    #expect(spectrum.code == 0 && spectrum.out.contains("\(trained)"), "\(spectrum.out) \(spectrum.err)")
    let points = try lab.call(["stationary", run.path, "--starts", "3", "--from", "minimum"])
    #expect(points.code == 0 && points.words.contains("it is not known what leaves this network as it is"), "\(points)")
    let kernel = try lab.call(["ntk", run.path, "--step", "60"])
    #expect(kernel.code == 0, "\(kernel.err)")
}

/// Runs on populations count s weights.
@Test func sparseRunsAreComparedWithPopulations() throws {
    let lab = Lab(
        """
        name: small
        data: {source: gaussian, samples: 40, dimension: 4, noise: 0.1, teacher: {kind: linear, outputs: 2}}
        model: {width: 5, depth: 1, parametrization: standard, activation: linear, sparsity: 0.4}
        training: {learning_rate: auto, stop: {steps: 20}}
        population: {samples: closed-form, radius: 3}
        """)
    let run = try lab.train([])
    #expect(run.output.code == 0, "\(run.output.err)")
    let all = try lab.train(["model.sparsity=0"], out: "all")
    let check = try python(
        """
        import h5py, sys, numpy as np
        a, b = (h5py.File(p + '/metrics.h5')['metrics/population_theorem'][-1] for p in sys.argv[1:])
        s, d, l, n = 18, 30, 2, 40
        rate = lambda s: np.sqrt((s * np.log(d * n / l) + np.log(8 / 0.01)) / n)
        print(abs(a / b - rate(s) / rate(d)) < 1e-12)
        """, [run.path, all.path])
    #expect(check.out == "True\n", "\(check.out) \(check.err)")
}

@Test func whatIsNotKnownOfSparseLayersIsRefused() throws {
    let lab = Lab()
    let minimum = try lab.call(["train", "config.yaml", "--set", sparse, "--set", "tracking.minimum=true"])
    #expect(minimum.code == 2 && minimum.err.contains("layer W1 is sparse"), "\(minimum.err)")
    #expect(minimum.err.split(separator: "\n").count { $0.hasPrefix("error") } == 1, "\(minimum.err)")
    // Weights of a dense network, in a sparse one.
    let dense = try lab.train([sparse, "model.sparsity=0", "precision=float64"], out: "dense")
    #expect(dense.output.code == 0, "\(dense.output.err)")
    let file = lab.folder.file("w.safetensors")
    #expect(try lab.call(["export", dense.path, "--format", "safetensors", "--out", file]).code == 0)
    let given = try lab.call(
        [
            "train", "config.yaml", "--set", sparse, "--set", "model.initialize_from=\(file)", "--set",
            "precision=float64",
        ])
    #expect(given.code == 2 && given.err.contains("w.safetensors") && given.err.contains("expected 0"), "\(given.err)")
    // Samples that are the same for both seeds.
    let digits = "data={source: digits, samples: 40}"
    let (a, b) = (try lab.train([sparse, digits], out: "a"), try lab.train([sparse, digits, "seed=5"], out: "b"))
    let aligned = try lab.call(["connect", a.path, b.path])
    #expect(aligned.code == 2 && aligned.err.contains("layer W1 is sparse"), "\(aligned.err)")
    let apart = try lab.call(["connect", a.path, b.path, "--align", "none"])
    #expect(apart.code == 0, "\(apart.err)")
}

/// What goes to PyTorch has the zeros, comes back, and says what PyTorch would do.
@Test func sparseWeightsGoAndComeBack() throws {
    let lab = Lab()
    let run = try lab.train([sparse])
    let file = lab.folder.file("w.safetensors")
    let export = try lab.call(["export", run.path, "--format", "safetensors", "--out", file])
    #expect(export.code == 0, "\(export.err)")
    let back = try lab.train([sparse, "model.initialize_from=\(file)"], out: "back")
    #expect(back.output.code == 0, "\(back.output.err)")
    let model = try MLP(width: 4, depth: 1, sparsity: 0.5).model(inputShape: [3], outputs: 2)
    #expect(try TorchNetwork(model).python.hasPrefix("# Zeros of 0.weight, 2.weight stay 0 in training here; PyTorch"))
    #expect(try !TorchNetwork(MLP(width: 4, depth: 1).model(inputShape: [3], outputs: 2)).python.contains("#"))
}
