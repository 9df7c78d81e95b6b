import Foundation
import TestSupport
import Testing

private let usual = ["training.learning_rate=0.003", "precision=float64"]

/// What is trained beside the network is in each checkpoint with what the optimizer remembers of it, and its start in initial.h5.
@Test func checkpointsHoldWhatIsAdded() throws {
    let lab = Lab()
    let path = try lab.train(usual + ["training.elimination=neuron", "training.momentum=0.5"]).path
    let output = try python(
        """
        import h5py, numpy as np, sys
        start, last = (h5py.File(sys.argv[1] + name) for name in ['/initial.h5', '/checkpoints/last.h5'])
        d, K = start['network'].shape, last['elimination/neuron/a'].shape[0]
        for name in ['a', 'b', 'W']:
            path = 'elimination/neuron/' + name
            assert np.abs(last[path][()] - start[path][()]).min() > 0
            assert np.abs(last['elimination_velocity/neuron/' + name][()]).max() > 0
        assert last['elimination/neuron/W'].attrs['layout'] == 'out,in'
        assert not start['elimination/neuron/b'][()].any() and start['elimination/neuron/a'][()].all()
        assert start.attrs['elimination'] == 'neuron' and start.attrs['elimination_weight'] == 1e-3
        """, [path])
    #expect(output.code == 0, "\(output.err)")
    let shown = try lab.call(["inspect", path + "/checkpoints/last.h5"])
    #expect(shown.code == 0 && shown.out.contains("elimination"))
}

/// A checkpoint without it is none of this run; the same configuration with another penalty is another run.
@Test func aCheckpointWithoutWhatIsAddedIsNamed() throws {
    let lab = Lab()
    let keep = usual + ["checkpoints.every=10", "checkpoints.keep=9", "training.stop.steps=30"]
    let path = try lab.train(keep + ["training.elimination=scale"], out: "scale").path
    let other = try lab.train(keep, out: "plain").path
    let newest = "/checkpoints/step-00000030.h5"
    try FileManager.default.removeItem(atPath: path + newest)
    try FileManager.default.copyItem(atPath: other + newest, toPath: path + newest)
    let output = try lab.resume(path, ["training.stop.steps=60"])
    #expect(output.code == 0 && output.err.contains("refused") && output.err.contains("/elimination"), "\(output.err)")
    #expect(output.err.contains("from step 20"))
    let refused = try lab.resume(path, ["training.elimination.weight=1"])
    #expect(refused.code == 2 && refused.err.contains("anything else is a new run"), "\(refused.err)")
}

/// The metrics are recorded of such runs alone; numbers of steps −ηg of F are none, and no verdict goes by them.
@Test(arguments: ["neuron", "scale"]) func whatIsRecordedIsOfTheNetworkAlone(kind: String) throws {
    let lab = Lab()
    let sets =
        usual + [
            "training.batch=10", "tracking={every: 10, contraction_batches: 4, minimum: true}",
            "tracking.hessian={every: 30, top: 1, lanczos_steps: 8}",
            "model={width: 24, depth: 1, parametrization: standard}",
        ]
    let (output, path) = try lab.train(sets + ["training.elimination=\(kind)"])
    #expect(output.code == 0, "\(output.err)")
    let lines = String(decoding: lab.bytes(path + "/metrics.jsonl") ?? Data(), as: UTF8.self)
    for metric in ["norm", "output", "parameters", "loss"] {
        #expect(lines.contains("\"elimination_\(metric)\":") && !lines.contains("\"elimination_\(metric)\":null"))
    }
    for metric in ["batch_contraction", "hessian_sharpness", "minimum_step_gain"] {
        #expect(lines.contains("\"\(metric)\":null") && !lines.contains("\"\(metric)\":0"), "\(metric)")
    }
    let verdicts = try lab.call(["certify", path, "--json"]).out
    #expect(verdicts.contains("descent on another loss than F"), "\(verdicts)")
    #expect(verdicts.contains("training.elimination.kind: none"), "\(verdicts)")
    let plain = try lab.train(sets, out: "plain").path
    let others = String(decoding: lab.bytes(plain + "/metrics.jsonl") ?? Data(), as: UTF8.self)
    #expect(!others.contains("elimination"))
    // Both begin at the same weights of the network, and what is measured there is equal.
    func first(_ text: String) -> [String] {
        (text.split(separator: "\n").first ?? "").split(separator: ",").map(String.init).filter {
            $0.contains("train_loss") || $0.contains("test_loss") || $0.contains("gradient_norm")
        }
    }
    #expect(first(lines) == first(others) && !first(lines).isEmpty)
}
