import Foundation
import TestSupport
import Testing

/// Kernels of the small networks, of different losses and of what can be trained in place of a network.
private let kernels = ["tracking.kernel={samples: 48, every: 10, outputs: full}", "precision=float64"]

/// ‖∇F‖² = uᵀ Θ u with u = ∂F/∂f, at every tracked kernel of a run.
@Test(
    arguments: networks,
    [
        ["training.stop.steps=60"], ["loss={kind: cross-entropy, reduction: mean}", "training.stop.steps=40"],
        ["training.lazy_scale=7.0"], ["training.batch=10", "training.momentum=0.5", "training.auto_factor=0.3"],
    ]) func theKernelGivesTheGradientsNorm(network: (name: String, sets: [String]), sets: [String]) throws
{
    let lab = Lab()
    let run = try lab.train(network.sets + kernels + sets)
    #expect(run.output.code == 0, "\(run.output.err)")
    let rows = try run.path.metrics().filter { $0["kernel_gradient_norm"] is Double }
    #expect(rows.count >= 5)
    for row in rows {
        let direct = row["gradient_norm"] as? Double ?? .nan
        let fromKernel = row["kernel_gradient_norm"] as? Double ?? .nan
        #expect(abs(direct - fromKernel) <= 1e-11 * direct, "\(direct) \(fromKernel)")
        let shares = row.filter { $0.key.hasPrefix("kernel_share.") }.compactMap { $0.value as? Double }
        #expect(!shares.isEmpty && abs(shares.reduce(0, +) - 1) < 1e-12)
    }
}

/// A run with every probe has the weights of a run with none.
@Test(arguments: networks) func kernelsDoNotDisturbARun(network: (name: String, sets: [String])) throws {
    let lab = Lab()
    let plain = try lab.train(network.sets + ["tracking.pattern_samples=0"], out: "plain")
    let probed = try lab.train(
        network.sets + ["tracking.kernel={samples: 30, every: 3, outputs: full}", "tracking.prediction=true"],
        out: "probed")
    #expect(probed.output.code == 0, "\(probed.output.err)")
    let script = """
        import h5py, sys, numpy as np
        a, b = (h5py.File(p + '/checkpoints/last.h5')['parameters'] for p in sys.argv[1:])
        same = []
        a.visititems(lambda n, o: same.append(np.array_equal(o[()], b[n][()])) if isinstance(o, h5py.Dataset) else None)
        print(len(same) > 2 and all(same))
        """
    #expect(try python(script, [plain.path, probed.path]).out == "True\n")
}

/// The linearized network follows the closed form of its kernel to rounding, on training and test samples; and
/// the kernel of test with training samples that `ntk` writes is the one that moves it.
@Test(arguments: networks) func theLinearizedNetworkFollowsThePrediction(network: (name: String, sets: [String])) throws
{
    let lab = Lab()
    for sets in [[], ["loss.reduction=mean"], ["training.schedule={kind: step, every: 9, factor: 0.5}"]] {
        let out = "runs\(sets.count)\(sets.first?.prefix(4) ?? "")"
        let run = try lab.train(
            network.sets + sets + [
                "precision=float64", "training.linearized=true", "tracking.prediction=true", "checkpoints.every=1",
                "checkpoints.keep=100",
            ], out: out)
        #expect(run.output.code == 0, "\(run.output.err)")
        let rows = try run.path.metrics()
        for row in rows {
            #expect((row["prediction_gap"] as? Double ?? .nan) < 1e-10, "\(row)")
            #expect((row["prediction_gap_test"] as? Double ?? .nan) < 1e-10)
        }
        #expect(rows.last?["prediction_gap"] is Double)
    }
    let path = try lab.onlyRun(in: "runs0")
    let ntk = try lab.call(["ntk", path, "--step", "0", "--against", "test", "--out", "test.h5"])
    #expect(ntk.code == 0, "\(ntk.err)")
    let script = """
        import h5py, sys, json, numpy as np
        run = sys.argv[1]
        theta = h5py.File(sys.argv[2])['kernel'][()]
        first, later = (h5py.File(f'{run}/predictions/step-{s:08d}.h5') for s in (0, 7))
        targets = first['train/predicted'][()] * 0
        rate = json.load(open(run + '/run.json'))['learningRate']
        # The sum over seven steps of the residuals, from the closed form of the training kernel.
        x = h5py.File(sys.argv[3])
        k = x['kernel'][()]
        n, m = first['train/measured'].shape
        values, vectors = np.linalg.eigh(k)
        moved = (later['train/measured'][()] - first['train/measured'][()]).ravel()
        # moved = -K s, so that the test outputs move by -Theta s.
        s = -np.linalg.solve(k, moved)
        test = (later['test/measured'][()] - first['test/measured'][()]).ravel()
        print(np.abs(test + theta @ s).max() < 1e-6 * np.abs(test).max())
        """
    let train = try lab.call(["ntk", path, "--step", "0", "--out", "train.h5"])
    #expect(train.code == 0, "\(train.err)")
    let check = try python(script, [path, lab.folder.file("test.h5"), lab.folder.file("train.h5")])
    #expect(check.out == "True\n", "\(check.err)")
}

extension String {
    /// The rows of a run's journal.
    func metrics() throws -> [[String: Any]] {
        let text = try String(contentsOfFile: self + "/metrics.jsonl", encoding: .utf8)
        return try text.split(separator: "\n").compactMap {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }
}
