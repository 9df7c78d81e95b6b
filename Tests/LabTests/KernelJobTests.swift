import Foundation
import TestSupport
import Testing

/// Two thousand samples, trained for a moment.
private let manySamples = [
    "data={source: sphere, samples: 2000, test_samples: 16, dimension: 20, class_count: 3}",
    "model={width: 128, depth: 2, bias: true, parametrization: standard}", "training.stop.steps=2",
    "training.batch=50", "training.learning_rate=0.001",
]

/// Killed twenty times at random moments, a job ends with the bytes of one that was left alone.
@Test func twentyKillsOfAKernelJobLeaveNoTrace() throws {
    let lab = Lab()
    let path = try lab.train(manySamples).path
    let arguments = ["ntk", path, "--outputs", "trace", "--precision", "float64", "--memory", "112MiB", "--out"]
    let whole = try lab.call(arguments + ["whole.h5"])
    #expect(whole.code == 0 && whole.out.contains("positive definite"), "\(whole.err)")
    var kills = 0
    var generator = SystemRandomNumberGenerator()
    let start = Date()
    while kills < 20 {
        let child = try Child(ntklab, arguments + ["killed.h5"], folder: lab.folder.path)
        Thread.sleep(forTimeInterval: Double.random(in: 0.1...0.6, using: &generator))
        if child.process.isRunning { kill(child.process.processIdentifier, SIGKILL) }
        let output = try child.wait()
        if output.signal == SIGKILL { kills += 1 }
        // Done before it could be killed, or but for its farewell: once more from the beginning.
        let (file, tiles) = (lab.folder.file("killed.h5"), lab.folder.file("killed.h5.tiles"))
        if FileManager.default.fileExists(atPath: file), !FileManager.default.fileExists(atPath: tiles) {
            #expect(lab.bytes(file) == lab.bytes(lab.folder.file("whole.h5")))
            try FileManager.default.removeItem(atPath: file)
        } else {
            #expect(output.signal == SIGKILL, "\(output.err)")
        }
        if Date().timeIntervalSince(start) > 60 { break }
    }
    #expect(kills == 20)
    let last = try lab.call(arguments + ["killed.h5"])
    #expect(last.code == 0, "\(last.err)")
    let bytes = lab.bytes(lab.folder.file("whole.h5"))
    #expect(bytes != nil && bytes == lab.bytes(lab.folder.file("killed.h5")))
    #expect(!FileManager.default.fileExists(atPath: lab.folder.file("killed.h5.tiles")))
}

/// Memory decides the tiles, not the kernel; it is exactly symmetric, and its spectrum that of the matrix.
@Test(arguments: networks) func aKernelDoesNotDependOnItsTiles(network: (name: String, sets: [String])) throws {
    let lab = Lab()
    let path = try lab.train(network.sets + ["training.stop.steps=5"]).path
    for outputs in ["full", "trace"] {
        for (name, memory) in [("whole", "4GiB"), ("tiled", "80MiB")] {
            let output = try lab.call([
                "ntk", path, "--outputs", outputs, "--precision", "float64", "--memory", memory, "--out",
                "\(outputs)-\(name).h5",
            ])
            #expect(output.code == 0, "\(output.err)")
        }
        let script = """
            import h5py, sys, numpy as np, xarray as xr
            theta = xr.open_dataset(sys.argv[1], engine='h5netcdf').kernel
            assert [d.endswith('_2') for d in theta.dims] == [False, True] and float(theta.mean()) == float(theta.mean())
            a, b = (h5py.File(p) for p in sys.argv[1:])
            x, y = a['kernel'][()], b['kernel'][()]
            values = np.linalg.eigvalsh(x)
            print(np.array_equal(x, x.T), np.array_equal(y, y.T), np.abs(x - y).max() < 1e-13 * np.abs(x).max(),
                  np.abs(values - a['eigenvalues'][()]).max() < 1e-12 * values.max(),
                  abs(a['layer_trace'][()].sum() - np.trace(x)) < 1e-12 * np.trace(x),
                  0 < a.attrs['arithmetic_error'] < a.attrs['lambda_min_error'] < 1e-10 * values.max(), a.attrs['outputs'])
            """
        let files = ["whole", "tiled"].map { lab.folder.file("\(outputs)-\($0).h5") }
        let check = try python(script, files)
        #expect(check.out == "True True True True True True \(outputs)\n", "\(check.out) \(check.err)")
    }
}

/// Above what fits, the ends of the spectrum come from Lanczos, and nothing is claimed of positivity.
@Test func aLargeKernelGetsBothEndsOfItsSpectrum() throws {
    let lab = Lab()
    let path = try lab.train(manySamples).path
    let output = try lab.call([
        "ntk", path, "--samples", "1200", "--memory", "120MiB", "--precision", "float64", "--out", "k.h5",
    ])
    #expect(
        output.code == 0 && output.out.contains("Lanczos") && output.out.contains("can't tell"),
        "\(output.out) \(output.err)")
    let script = """
        import h5py, sys, numpy as np
        f = h5py.File(sys.argv[1])
        values = np.linalg.eigvalsh(f['kernel'][()])
        print(abs(values[-1] - f.attrs['lambda_max']) <= f.attrs['lambda_max_error'] + 1e-9 * values[-1],
              values[0] <= f.attrs['lambda_min'] + 1e-9 * values[-1], f.attrs['definiteness'], 'eigenvalues' in f)
        """
    #expect(try python(script, [lab.folder.file("k.h5")]).out == "True True can't tell False\n")
}

@Test func anUnfinishedJobOfAnotherKernelIsRefused() throws {
    let lab = Lab()
    let path = try lab.train(manySamples + ["checkpoints.every=1"]).path
    let arguments = ["ntk", path, "--outputs", "trace", "--memory", "90MiB", "--out", "k.h5"]
    let child = try Child(ntklab, arguments + ["--step", "2"], folder: lab.folder.path)
    let tiles = lab.folder.file("k.h5.tiles")
    func finished() -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: tiles)) ?? []).filter { $0.hasSuffix(".h5") }
    }
    while child.process.isRunning, finished().count < 3 {
        Thread.sleep(forTimeInterval: 0.01)
    }
    kill(child.process.processIdentifier, SIGKILL)
    _ = try child.wait()
    try #require(FileManager.default.fileExists(atPath: tiles), "the job ended before it could be killed")
    let names = try FileManager.default.contentsOfDirectory(atPath: tiles)
    for (extra, named) in [
        (["--step", "1"], "step: expected 1, found 2"), (["--precision", "float64"], "precision: expected float64"),
        (["--samples", "900"], "samples: expected 900"),
    ] {
        let output = try lab.call(arguments + extra)
        #expect(output.code == 2 && output.err.contains(named), "\(output.err)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: tiles) == names)
    // A damaged tile is made again.
    let tile = tiles + "/" + (try #require(finished().first))
    var bytes = [UInt8](lab.bytes(tile) ?? Data())
    try #require(bytes.count > 2000)
    bytes[bytes.count / 2] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: tile))
    #expect(try lab.call(arguments).code == 0)
    #expect(try lab.call(Array(arguments.dropLast()) + ["again.h5"]).code == 0)
    #expect(lab.bytes(lab.folder.file("k.h5")) == lab.bytes(lab.folder.file("again.h5")))
}

@Test func wrongKernelRequestsAreRefused() throws {
    let lab = Lab()
    let path = try lab.train(["training.stop.steps=5", "data.test_samples=0"]).path
    func refused(_ arguments: [String], _ named: String) throws {
        let output = try lab.call(["ntk"] + arguments)
        #expect(output.code == 2 && output.err.contains(named), "\(arguments): \(output.err)")
        #expect(!output.err.contains("Fatal"))
    }
    try refused([path, "--step", "3"], "--step: expected one of 0, 5")
    try refused([path, "--step", "-3"], "--step")
    try refused([path, "--samples", "49"], "--samples: expected 1 to 48")
    try refused([path, "--samples", "0"], "--samples: expected at least 1")
    try refused([path, "--against", "test"], "no test samples")
    try refused([path, "--outputs", "half"], "--outputs")
    try refused([path, "--memory", "4"], "--memory")
    try refused([path, "--memory", "1MiB"], "--memory: expected at least")
    try refused(["nowhere"], "nowhere: no such run")
    try refused([path, "--out", "no/such/folder/k.h5"], "no/such/folder")
    _ = lab.folder.write("there.h5", [1, 2, 3])
    try refused([path, "--out", "there.h5"], "exists already")
    #expect(lab.bytes(lab.folder.file("there.h5")) == Data([1, 2, 3]))
    let checkpoint = path + "/checkpoints/step-00000005.h5"
    var bytes = [UInt8](lab.bytes(checkpoint) ?? Data())
    bytes[bytes.count / 2] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: checkpoint))
    try refused([path], "damaged")
}

@Test func kernelsAndPredictionsThatCannotBeTrackedAreRefused() throws {
    let lab = Lab()
    for (sets, named) in [
        (["tracking.prediction=true", "training.batch=10"], "tracking.prediction: needs training.batch: full"),
        (["tracking.prediction=true", "training.momentum=0.9"], "training.momentum: 0"),
        (["tracking.prediction=true", "loss.kind=cross-entropy"], "loss.kind: squared"),
        (["tracking.kernel={samples: 3000, outputs: full}", "data.samples=3000"], "tracking.kernel: 9000 rows"),
        (["tracking.kernel={samples: -1}"], "tracking.kernel.samples"),
        (["tracking.kernel={outputs: some}"], "tracking.kernel.outputs"), (["training.lazy_scale=0"], "lazy_scale"),
    ] {
        let output = try lab.call(["train", "config.yaml", "--quiet"] + sets.flatMap { ["--set", $0] })
        #expect(output.code == 2 && output.err.contains(named), "\(sets): \(output.err)")
    }
}

/// Two samples that float32 can hardly tell apart: it says that it can't tell, and float64 can.
@Test func anEigenvalueThatFloat32CannotResolveIsNotClaimed() throws {
    let lab = Lab()
    let lines = (0..<12).map { i in
        let j = i == 11 ? 10 : i
        let shift = i == 11 ? 1e-6 : 0.0
        return "\(sin(Double(j)) + shift),\(cos(3.1 * Double(j))),\(sin(5.7 * Double(j))),\(j % 3)"
    }
    _ = lab.folder.write("close.csv", Array(("a,b,c,label\n" + lines.joined(separator: "\n") + "\n").utf8))
    let sets = ["data={source: csv, path: close.csv}", "training.stop.steps=3", "tracking.kernel.samples=12"]
    let run = try lab.train(sets)
    #expect(run.output.code == 0, "\(run.output.err)")
    let first = try run.path.metrics().first
    #expect(first?["kernel_lambda_min"] is NSNull && first?["kernel_lambda_error"] is Double)
    let single = try lab.call(["ntk", run.path, "--outputs", "trace"])
    #expect(
        single.out.contains("can't tell in float32") && single.out.contains("semi-definite within"), "\(single.out)")
    let double = try lab.call(["ntk", run.path, "--outputs", "trace", "--precision", "float64"])
    #expect(double.out.contains("is positive definite"), "\(double.out)")
}
