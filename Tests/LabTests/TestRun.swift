import Foundation
import TestSupport
import Testing

/// A configuration for tests of runs, on generated data; the keys of `overrides` come on top.
let smallConfig = """
    name: small
    seed: 3
    data: {source: sphere, samples: 48, test_samples: 16, dimension: 10, class_count: 3}
    model: {width: 64, depth: 2, parametrization: paper}
    training:
      learning_rate: auto
      stop: {steps: 60}
    tracking: {every: 7}
    """

/// The kinds of networks that every promise about runs holds for, as overrides of `smallConfig`.
let networks: [(name: String, sets: [String])] = [
    ("mlp", []),
    ("cnn", [image, "model={network: cnn, width: 12, depth: 2, bias: true, head: flatten}"]),
    (
        "resnet",
        [image, "model={network: resnet, block: pre-activation, width: 6, stages: [1, 1], parametrization: standard}"]
    ),
]

private let image =
    "data={source: sphere, samples: 48, test_samples: 16, dimension: 50, class_count: 3, image_shape: [5, 5, 2]}"

/// The repository's root.
let repository = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

/// Builds what a program is to be started with in `LD_PRELOAD`, of `Shims`, and returns its path.
func builtShim(_ name: String, in folder: TestFolder) throws -> String {
    let library = folder.file(name + ".so")
    let source = "\(repository)/Tests/LabTests/Shims/\(name).c"
    let built = try run("/usr/bin/env", ["clang", "-O2", "-shared", "-fPIC", "-o", library, source, "-ldl"])
    try #require(built.code == 0, "\(built.err)")
    return library
}

/// Calls of the program in a folder of their own.
struct Lab {
    let folder = TestFolder()

    init(_ config: String = smallConfig) { _ = folder.write("config.yaml", config) }

    func call(_ arguments: [String], environment: [String: String?] = [:]) throws -> Output {
        try run(ntklab, arguments, folder: folder.path, environment: environment)
    }

    /// Trains the configuration and returns the path of its run.
    func train(_ sets: [String] = [], out: String = "runs") throws -> (output: Output, path: String) {
        let output = try call(["train", "config.yaml", "--quiet", "--out", out] + sets.flatMap { ["--set", $0] })
        return (output, try onlyRun(in: out))
    }

    func resume(_ path: String, _ sets: [String] = []) throws -> Output {
        try call(["resume", path, "--quiet"] + sets.flatMap { ["--set", $0] })
    }

    /// The one run below an output folder.
    func onlyRun(in out: String) throws -> String {
        let parent = folder.file(out) + "/small"
        let names = try FileManager.default.contentsOfDirectory(atPath: parent)
        return names.count == 1 ? "\(parent)/\(names[0])" : "\(names.count) runs in \(out)"
    }

    /// A run's `run.json`.
    func record(_ path: String) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: bytes(path + "/run.json") ?? Data())
        return object as? [String: Any] ?? [:]
    }

    func bytes(_ path: String) -> Data? { FileManager.default.contents(atPath: path) }
}

/// Files in which two runs differ, among those that have to be equal to the bit.
func differences(_ a: String, _ b: String, step: Int) -> [String] {
    let name = "checkpoints/step-" + String(format: "%08d", step) + ".h5"
    let differing = ["metrics.jsonl", "metrics.h5", name].filter { file in
        let left = FileManager.default.contents(atPath: "\(a)/\(file)")
        return left == nil || left != FileManager.default.contents(atPath: "\(b)/\(file)")
    }
    return differing + differingSnapshots(a, b)
}

/// Snapshots that `a` and `b` do not share, bit by bit; each holds the configuration it was written under.
private func differingSnapshots(_ a: String, _ b: String) -> [String] {
    let folders = ["kernels", "predictions", "landscape", "hessians"]
    guard folders.contains(where: { FileManager.default.fileExists(atPath: "\(a)/\($0)") }) else { return [] }
    let script = """
        import glob, h5py, numpy as np, os, sys
        def same(x, y):
            a, b = h5py.File(x), h5py.File(y)
            attributes = all(repr(a.attrs[k]) == repr(b.attrs[k]) for k in a.attrs if k != 'config')
            found = []
            a.visititems(lambda n, o: found.append(np.array_equal(o[()], b[n][()]))
                         if isinstance(o, h5py.Dataset) and n != 'integrity/digest' else None)
            return attributes and all(found)
        folders = sys.argv[3:]
        def names(run):
            return {f + '/' + n for f in folders if os.path.isdir(run + '/' + f) for n in os.listdir(run + '/' + f)}
        left, right = names(sys.argv[1]), names(sys.argv[2])
        for name in sorted(left ^ right):
            print(name)
        for name in sorted(left & right) + ['initialization.h5', 'data.h5', 'initial.h5', 'outputs.h5']:
            if not same(sys.argv[1] + '/' + name, sys.argv[2] + '/' + name):
                print(name)
        """
    guard let output = try? python(script, [a, b] + folders), output.code == 0 else { return ["the comparison failed"] }
    return output.out.split(separator: "\n").map(String.init)
}
