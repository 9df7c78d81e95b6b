import Foundation
import TestSupport
import Testing

private let adam = [
    "training.optimizer={kind: adam, decoupled_weight_decay: 0.01}", "training.learning_rate=0.01", "precision=float64",
]

/// Moments of the gradients are in each checkpoint, beside the weights; frozen tensors have none.
@Test func checkpointsHoldTheMoments() throws {
    let lab = Lab()
    let path = try lab.train(adam).path
    let output = try python(
        """
        import h5py, numpy as np, sys
        last = h5py.File(sys.argv[1] + '/checkpoints/last.h5')
        for name in ['first_moment', 'second_moment']:
            assert last[name]['W1/weight'].shape == last['parameters/W1/weight'].shape
            assert np.abs(last[name]['W1/weight'][()]).max() > 0 and not np.any(last[name]['A/weight'][()])
        assert (last['second_moment/W1/weight'][()] >= 0).all() and 'velocity' not in last
        start = h5py.File(sys.argv[1] + '/initial.h5').attrs
        assert start['optimizer'] == 'adam' and start['beta2'] == 0.999 and start['decoupled_weight_decay'] == 0.01
        assert 'momentum' not in start
        """, [path])
    #expect(output.code == 0, "\(output.err)")
    let shown = try lab.call(["inspect", path + "/checkpoints/last.h5"])
    #expect(shown.code == 0 && shown.out.contains("first_moment") && shown.out.contains("second_moment"))
}

/// A checkpoint without moments is none of this run, and the one before is taken.
@Test func aCheckpointWithoutMomentsIsNamed() throws {
    let lab = Lab()
    let keep = ["checkpoints.every=10", "checkpoints.keep=9", "training.stop.steps=30"]
    let path = try lab.train(adam + keep, out: "adam").path
    let whole = try lab.train(adam + ["checkpoints.every=10", "checkpoints.keep=9"], out: "whole").path
    let other = try lab.train(["precision=float64"] + keep, out: "sgd").path
    let newest = "/checkpoints/step-00000030.h5"
    try FileManager.default.removeItem(atPath: path + newest)
    try FileManager.default.copyItem(atPath: other + newest, toPath: path + newest)
    let output = try lab.resume(path, ["training.stop.steps=60"])
    #expect(output.code == 0 && output.err.contains("refused") && output.err.contains("/first_moment"), "\(output.err)")
    #expect(output.err.contains("from step 20"))
    #expect(differences(whole, path, step: 60) == [])
}

/// Another optimizer is another run.
@Test func anotherOptimizerIsNotResumed() throws {
    let lab = Lab()
    let path = try lab.train(adam + ["training.stop.steps=20"]).path
    let refused = try lab.resume(path, ["training.optimizer.beta1=0.5"])
    #expect(refused.code == 2 && refused.err.contains("anything else is a new run"), "\(refused.err)")
    let file = path + "/config.yaml"
    let text = String(decoding: lab.bytes(file) ?? Data(), as: UTF8.self)
    try text.replacingOccurrences(of: "beta1: 0.9", with: "beta1: 0.8").write(
        toFile: file, atomically: true, encoding: .utf8)
    let output = try lab.resume(path, ["training.stop.steps=60"])
    #expect(output.code == 2 && output.err.contains("training.optimizer.beta1: expected 0.8"), "\(output.err)")
}

/// Numbers of steps −ηg are none where the run takes others, and no verdict goes by them.
@Test func nothingIsMeasuredOfStepsThatAreNotTaken() throws {
    let lab = Lab()
    let sets =
        adam + [
            "training.batch=10", "tracking={every: 10, contraction_batches: 4, minimum: true}",
            "tracking.hessian={every: 30, top: 1, lanczos_steps: 8}",
            "model={width: 24, depth: 1, parametrization: standard}",
        ]
    let (output, path) = try lab.train(sets)
    #expect(output.code == 0, "\(output.err)")
    let lines = String(decoding: lab.bytes(path + "/metrics.jsonl") ?? Data(), as: UTF8.self)
    for metric in ["batch_contraction", "hessian_sharpness", "minimum_step_gain"] {
        #expect(lines.contains("\"\(metric)\":null") && !lines.contains("\"\(metric)\":0"), "\(metric)")
    }
    #expect(lines.contains("\"hessian_lambda_max\":"))
    let verdicts = try lab.call(["certify", path, "--json"]).out
    #expect(verdicts.contains("descent by Adam"), "\(verdicts)")
    let spectrum = try lab.call(["spectrum", path, "--out", lab.folder.file("s.h5"), "--lanczos-steps", "8"])
    #expect(spectrum.code == 0 && !spectrum.out.contains("diverges above 2"), "\(spectrum.out) \(spectrum.err)")
}
