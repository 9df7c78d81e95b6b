import Foundation
import TestSupport
import Testing

/// Small networks on digits, which are the same whatever the seed: two runs differ in where they began.
private let config = """
    name: small
    data: {source: digits, samples: 40, test_samples: 20, center: true, normalization: unit-sphere}
    model: {width: 16, depth: 2, parametrization: standard, bias: true}
    training:
      learning_rate: auto
      stop: {steps: 60}
    tracking: {every: 60}
    """

extension Lab {
    /// Trains once with each seed and returns the paths of the runs.
    fileprivate func pair(_ sets: [String] = [], seeds: [Int] = [1, 2], out: String = "runs") throws -> [String] {
        try seeds.map { seed in
            let run = try train(sets + ["seed=\(seed)"], out: "\(out)-\(seed)")
            #expect(run.output.code == 0, "\(run.output.err)")
            return run.path
        }
    }

    fileprivate func connect(_ runs: [String], _ more: [String] = []) throws -> (output: Output, json: [String: Any]) {
        let output = try call(["connect"] + runs + more + ["--json"])
        let object = try? JSONSerialization.jsonObject(with: Data(output.out.utf8))
        return (output, object as? [String: Any] ?? [:])
    }
}

private func paths(_ json: [String: Any]) -> [String: [String: Any]] {
    let paths = json["paths"] as? [[String: Any]] ?? []
    return Dictionary(uniqueKeysWithValues: paths.map { ($0["path"] as? String ?? "", $0) })
}

private func height(_ path: [String: Any]?) -> Double {
    (path?["barrier"] as? [String: Any])?["height"] as? Double ?? .nan
}

/// The losses along the lines, and those of the aligned weights, are those of a program of its own that has the runs' weights,
/// the order of the units from the file, and the data.
private let independent = """
    import h5py, numpy as np, sys
    a, b = (h5py.File(p + '/checkpoints/last.h5')['parameters'] for p in sys.argv[1:3])
    data, found = h5py.File(sys.argv[1] + '/data.h5'), h5py.File(sys.argv[3])
    x, y = (data['train'][n][()].astype(float) for n in ('inputs', 'targets'))
    x = x.reshape(len(x), -1)
    def weights(p):
        return [p[l][r][()].astype(float) for l in ('W1', 'W2', 'output') for r in ('weight', 'bias')]
    def loss(w):
        h = np.maximum(x @ w[0].T + w[1], 0)
        h = np.maximum(h @ w[2].T + w[3], 0)
        return 0.5 * ((h @ w[4].T + w[5] - y) ** 2).sum()
    def lengths(w, l):
        return np.sqrt((w[2 * l] ** 2).sum(1) + w[2 * l + 1] ** 2)
    a, b = weights(a), weights(b)
    def along(u, v, t):
        return [loss([(1 - s) * p + s * q for p, q in zip(u, v)]) for s in t]
    def same(name, values):
        stored = found[name]['train_loss'][()]
        print(name, np.abs(stored - values).max() < 1e-10 * np.abs(stored).max())
    same('line', along(a, b, found['line/t'][()]))
    for l in range(2):
        both = np.concatenate([lengths(a, l), lengths(b, l)])
        common = np.sqrt((both ** 2).mean())
        for w in (a, b):
            factor = common / lengths(w, l)
            w[2 * l] *= factor[:, None]; w[2 * l + 1] *= factor; w[2 * l + 2] /= factor
    for l, name in enumerate(('W1', 'W2')):
        order = found['units'][name]['source'][()]
        print(sorted(order) == list(range(16)))
        b[2 * l], b[2 * l + 1], b[2 * l + 2] = b[2 * l][order], b[2 * l + 1][order], b[2 * l + 2][:, order]
    same('aligned', along(a, b, found['aligned/t'][()]))
    p, q = (np.concatenate([v.ravel() for v in w]) for w in (a, b))
    print(abs(p @ q / np.linalg.norm(p) / np.linalg.norm(q) - found['overlap/after'][0]) < 1e-12)
    print(found['aligned/test_loss'].shape, found['bezier/train_loss'].shape, found.attrs['format'])
    """

@Test(arguments: ["float32", "float64"]) func connectionsAreThoseOfTheWeights(precision: String) throws {
    let lab = Lab(config)
    let runs = try lab.pair(["precision=\(precision)"])
    let file = lab.folder.file("connection.h5")
    let (output, json) = try lab.connect(runs, ["--path", "bezier", "--points", "11", "--out", file])
    #expect(output.code == 0, "\(output)")
    let check = try python(independent, runs + [file])
    #expect(
        check.out == "line True\nTrue\nTrue\naligned True\nTrue\n(11,) (61,) ntklab-connection\n",
        "\(check.out) \(check.err)")
    let found = paths(json)
    #expect(found.keys.sorted() == ["aligned line", "bezier", "line"])
    #expect(
        height(found["aligned line"]) < height(found["line"]) && height(found["bezier"]) < height(found["aligned line"])
    )
    #expect(json["verdict"] as? String == "present" && json["file"] as? String == file)
    #expect((found["bezier"]?["test_accuracy"] as? [Double])?.count == 61)
    let overlaps = json["overlaps"] as? [[String: Any]] ?? []
    #expect(
        overlaps.compactMap { $0["tensor"] as? String } == [
            "all", "W1", "W1.bias", "W2", "W2.bias", "output", "output.bias",
        ])
    // What is asked for again has the same bytes; a file that is there stays.
    let again = lab.folder.file("again.h5")
    _ = try lab.connect(runs, ["--path", "bezier", "--points", "11", "--out", again])
    #expect(lab.bytes(file) != nil && lab.bytes(file) == lab.bytes(again))
    let refused = try lab.call(["connect"] + runs + ["--out", file])
    #expect(refused.code == 2 && refused.err.contains("exists already"), "\(refused)")
}

/// A run has no distance from itself, and no barrier is seen.
@Test(arguments: [[], ["model.activation=tanh"], ["loss={kind: cross-entropy, reduction: mean}", "training.batch=10"]])
func aRunIsConnectedWithItself(sets: [String]) throws {
    let lab = Lab(config)
    let run = try lab.pair(sets, seeds: [1])[0]
    let (output, json) = try lab.connect([run, run])
    #expect(output.code == 0 && json["verdict"] as? String == "none seen", "\(output)")
    let all = (json["overlaps"] as? [[String: Any]])?.first
    for side in ["before", "after", "initial_before", "initial_after"] {
        let near = all?[side] as? [String: Double]
        #expect(near?["distance"] == 0 && near?["cosine"] == 1, "\(side) \(String(describing: near))")
    }
    let text = try lab.call(["connect", run, run])
    #expect(text.code == 0 && text.out.contains("none seen: at none of "), "\(text.out)")
}

/// At step 0 what is compared are the initializations; without alignment nothing is said of it.
@Test func aStepCanBeChosen() throws {
    let lab = Lab(config)
    let runs = try lab.pair()
    let (output, json) = try lab.connect(runs, ["--step", "0", "--align", "none"])
    #expect(output.code == 0 && json["alignment"] == nil, "\(output)")
    let all = (json["overlaps"] as? [[String: Any]])?.first
    #expect(all?["before"] as? [String: Double] == all?["initial_before"] as? [String: Double] && all?["after"] == nil)
    #expect(paths(json).keys.sorted() == ["line"])
    #expect((json["remark"] as? String)?.contains("no minimum") == true)
    #expect(try lab.connect(runs).json["remark"] == nil)
}

/// What has no loss in common, or can't be aligned, is refused with the reason.
@Test func runsThatDifferAreRefused() throws {
    let lab = Lab(config)
    let run = try lab.pair(seeds: [1])[0]
    let others: [(set: String, words: [String])] = [
        ("model.width=17", ["model.width", "expected 16", "found 17"]),
        ("model.activation=tanh", ["model.activation", "expected relu", "found tanh"]),
        ("model.frozen=[W1]", ["model.frozen", "W1"]),
        ("data.samples=39", ["data digest", "data.samples: 40 and 39"]),
        ("data.shuffle=true", ["data digest", "seed: 1 and 5"]),
        ("loss.kind=cross-entropy", ["loss.kind", "squared", "cross-entropy"]),
        ("loss.reduction=mean", ["loss.reduction", "sum", "mean"]),
        ("precision=float64", ["precision", "float32", "float64"]),
        ("training.lazy_scale=3.0", ["training.lazy_scale", "network itself"]),
        ("training.linearized=true", ["training.linearized", "network itself"]),
    ]
    for (k, (set, words)) in others.enumerated() {
        let other = try lab.pair([set], seeds: [5], out: "others-\(k)")[0]
        let output = try lab.call(["connect", run, other])
        #expect(output.code == 2 && output.signal == nil && output.out.isEmpty, "\(set): \(output)")
        for word in words + [other] { #expect(output.err.contains(word), "\(set): \(word): \(output.err)") }
    }
    for (more, word) in [
        (["--points", "2"], "--points: expected 3 to 10000, found 2"),
        (["--step", "7"], "--step: expected one of 0, 60"),
        (["--step=-1"], "--step: expected at least 0"), (["--align", "units"], "units"), (["--path", "arc"], "arc"),
        (["--out", ""], "--out"), (["--out", "/nowhere/x.h5"], "/nowhere"),
    ] {
        let output = try lab.call(["connect", run, run] + more)
        #expect(output.code == 2 && output.signal == nil && output.err.contains(word), "\(more): \(output)")
    }
    let missing = try lab.call(["connect", run, "nothing"])
    #expect(missing.code == 2 && missing.err.contains("nothing"), "\(missing)")
}
