import Foundation
import TestSupport
import Testing

private let tracked = ["tracking.every=7", "checkpoints.every=log"]

private func spectrum(_ keep: String, samples: Int = 30) -> [String] {
    tracked + ["tracking.kernel={samples: \(samples), outputs: full, every: 7, keep: \(keep)}"]
}

private func files(_ run: String, _ prefix: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: run + "/kernels").filter { $0.hasPrefix(prefix) }.sorted()
}

/// Without the matrices the spectra are the same, and so are the metrics; a run that was stopped goes on to the same bits, for
/// which it keeps the few matrices that it needs.
@Test func spectraNeedNoMatrices() throws {
    let lab = Lab()
    let matrix = try lab.train(spectrum("matrix"), out: "matrix").path
    let whole = try lab.train(spectrum("spectrum"), out: "whole").path
    #expect(lab.bytes(whole + "/metrics.jsonl") == lab.bytes(matrix + "/metrics.jsonl"))
    let script = """
        import glob, h5py, numpy as np, os, sys
        for path in sorted(glob.glob(sys.argv[1] + '/kernels/step-*.h5')):
            a, b = h5py.File(path), h5py.File(sys.argv[2] + '/kernels/' + os.path.basename(path))
            values = np.linalg.eigvalsh(a['kernel'][()].astype(float))
            assert 'kernel' not in b and b.attrs['signal'] == 'eigenvalues'
            assert np.abs(values - b['eigenvalues'][()]).max() < 1e-5 * values.max()
            assert a.attrs['kernel_lambda_max'] == b.attrs['kernel_lambda_max']
            assert (a['layer_trace'][()] == b['layer_trace'][()]).all()
        print(len(glob.glob(sys.argv[2] + '/kernels/step-*.h5')))
        """
    let compared = try python(script, [matrix, whole])
    #expect(compared.out == "10\n", "\(compared)")
    #expect(try files(matrix, "matrix-").isEmpty && (1...3).contains(files(whole, "matrix-").count))
    // Stopped on the way, between two kernels.
    let part = try lab.train(spectrum("spectrum") + ["training.stop.steps=25"], out: "part").path
    #expect(try lab.resume(part, ["training.stop.steps=60"]).code == 0)
    #expect(differences(whole, part, step: 60) == [])
    // No checkpoint goes on from there.
    let none = try lab.train(spectrum("spectrum") + ["checkpoints.keep=0"], out: "none").path
    #expect(try files(none, "matrix-").isEmpty && files(none, "step-").count == 10)
    #expect(try lab.call(["report", whole]).code == 0)
    // Small kernels are kept unless the spectrum is asked for; large ones the other way round.
    let auto = try lab.call(["config", "tracking.kernel"])
    #expect(auto.out.contains("auto: that of up to 1024"), "\(auto)")
}

/// A large kernel leaves its spectrum alone.
@Test func aLargeKernelIsNotKept() throws {
    let lab = Lab()
    let run = try lab.train([
        "data={source: sphere, samples: 1025, dimension: 10}", "model.width=8", "training.stop.steps=1",
        "tracking.kernel={samples: 1025, outputs: trace, every: 100}",
    ]).path
    let script = "import h5py, sys; f = h5py.File(sys.argv[1]); print('kernel' in f, len(f['eigenvalues']))"
    #expect(try python(script, [run + "/kernels/step-00000000.h5"]).out == "False 1025\n")
}

/// `ntk --steps all`: a kernel of each checkpoint, which is that of `--step`; checkpoints are at logarithmic steps.
@Test func kernelsOfAllCheckpoints() throws {
    let lab = Lab()
    let run = try lab.train(tracked).path
    let checkpoints = try FileManager.default.contentsOfDirectory(atPath: run + "/checkpoints").sorted().dropFirst()
    let steps = checkpoints.compactMap { Int($0.dropFirst(5).dropLast(3)) }
    #expect(steps == [1, 2, 3, 6, 10, 18, 32, 56, 60], "\(checkpoints)")
    let alone = try lab.call(["ntk", run, "--step", "18", "--out", lab.folder.file("one.h5")])
    #expect(alone.code == 0, "\(alone)")
    func all(_ arguments: String...) throws -> [[String: Any]] {
        let output = try lab.call(["ntk", run, "--json"] + arguments)
        #expect(output.code == 0, "\(output)")
        return try JSONSerialization.jsonObject(with: Data(output.out.utf8)) as? [[String: Any]] ?? []
    }
    let kernels = try all("--steps", "all")
    #expect(kernels.map { $0["step"] as? Int } == ([0] + steps).map(Optional.some))
    let path = kernels[6]["file"] as? String ?? ""
    let same = "import h5py, sys; a, b = (h5py.File(p)['kernel'][()] for p in sys.argv[1:]); print((a == b).all())"
    #expect(try python(same, [lab.folder.file("one.h5"), path]).out == "True\n")
    // Called again, nothing is made twice.
    let modified = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
    let again = try all("--steps", "0,18")
    #expect(again.count == 2 && again[1]["lambda_max"] != nil)
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date == modified)
    // The spectrum alone.
    let alike = try all("--steps", "18", "--spectrum")
    let file = alike.first?["file"] as? String ?? ""
    let keys = try python("import h5py, sys; print(sorted(h5py.File(sys.argv[1])))", [file]).out
    #expect(keys.contains("eigenvalues") && !keys.contains("'kernel'"), "\(keys)")
    for (arguments, expected) in [
        (["--steps", "7"], "--steps: expected all or some of 0,1,2,3,6,10,18,32,56,60, found 7"),
        (["--steps", "all", "--step", "1"], "--steps: goes without --step and --out"),
        (["--spectrum", "--against", "test"], "--spectrum: a kernel of test samples"),
    ] {
        let refused = try lab.call(["ntk", run] + arguments)
        #expect(refused.code == 2 && refused.err.contains(expected), "\(refused)")
    }
}
