import Foundation
import TestSupport
import Testing

/// A network that NumPy can differentiate twice, with the loss that classifies.
private let config = """
    name: small
    data: {source: sphere, samples: 30, dimension: 5, class_count: 3}
    model: {width: 6, depth: 2, activation: tanh, parametrization: standard, bias: true}
    loss: {kind: cross-entropy, reduction: mean}
    training:
      learning_rate: 0.5
      stop: {steps: 60}
    tracking: {every: 60}
    """

extension Lab {
    fileprivate func sharpness(_ run: String, _ more: [String] = []) throws -> (output: Output, json: [String: Any]) {
        let output = try call(["sharpness", run] + more + ["--json"])
        let object = try? JSONSerialization.jsonObject(with: Data(output.out.utf8))
        return (output, object as? [String: Any] ?? [:])
    }
}

/// F, φ of both boxes to first order in a small ε, and λ_max of H and D H D from differences of gradients, by a program
/// of its own.
private let independent = """
    import h5py, json, numpy as np, sys
    run, count = sys.argv[1], int(sys.argv[2])
    p = h5py.File(run + '/checkpoints/last.h5')['parameters']
    data = h5py.File(run + '/data.h5')['train']
    x, y = (data[n][()].astype(float)[:count] for n in ('inputs', 'targets'))
    names = [(l, r) for l in ('W1', 'W2', 'output') for r in ('weight', 'bias')]
    shapes = [p[l][r].shape for l, r in names]
    w = np.concatenate([p[l][r][()].astype(float).ravel() for l, r in names])
    def value(w):
        parts, place = [], 0
        for s in shapes:
            parts.append(w[place:place + np.prod(s)].reshape(s)); place += np.prod(s)
        a, b = np.tanh(x @ parts[0].T + parts[1]), None
        b = np.tanh(a @ parts[2].T + parts[3])
        f = b @ parts[4].T + parts[5]
        e = np.exp(f); q = e / e.sum(1, keepdims=True)
        d = (q - y) / len(x)
        u = (d @ parts[4]) * (1 - b ** 2)
        v = (u @ parts[2]) * (1 - a ** 2)
        g = [v.T @ x, v.sum(0), u.T @ a, u.sum(0), d.T @ b, d.sum(0)]
        right = (f.argmax(1) == y.argmax(1)).mean()
        return -np.log((q * y).sum(1)).mean(), np.concatenate([t.ravel() for t in g]), right
    F, g, accuracy = value(w)
    n = len(w)
    h = np.array([(value(w + 1e-5 * e)[1] - value(w - 1e-5 * e)[1]) / 2e-5 for e in np.eye(n)])
    h = (h + h.T) / 2
    found = json.loads(sys.argv[3])
    def near(a, b, t): return bool(abs(a - b) <= t * abs(b))
    eps = found['epsilon']
    print(found['trained_weights'] == n, found['samples'] == count, near(found['loss'], F, 1e-10),
          near(found['accuracy'], accuracy, 1e-12),
          near(found['full']['sharpness'], 100 * eps * (np.abs(g) @ (np.abs(w) + 1)) / (1 + F), 1e-3),
          near(found['relative']['sharpness'], 100 * eps * (np.abs(g) @ np.abs(w)) / (1 + F), 1e-3),
          near(found['largest_eigenvalue']['value'], np.linalg.eigvalsh(h)[-1], 1e-5),
          near(found['relative_largest_eigenvalue']['value'], np.linalg.eigvalsh(w[:, None] * h * w)[-1], 1e-5),
          found['full']['ending'])
    """

@Test(arguments: ["float32", "float64"], [30, 12]) func sharpnessIsThatOfTheWeights(precision: String, samples: Int)
    throws
{
    let lab = Lab(config)
    let run = try lab.train(["precision=\(precision)"]).path
    let (output, json) = try lab.sharpness(run, ["--epsilon", "1e-6", "--samples", "\(samples)"])
    #expect(output.code == 0, "\(output.err)")
    let check = try python(independent, [run, "\(samples)", output.out])
    #expect(
        check.out == String(repeating: "True ", count: 8) + "no way into the box leads up\n",
        "\(check.out) \(check.err) \(output.out)")
    // A subspace of as many directions as weights reaches much further than one of three.
    let (one, few) = try (lab.sharpness(run, ["--subspace", "3", "--subspaces", "4"]), lab.sharpness(run))
    let (small, large) = (one.json["subspaces"] as? [String: Any], few.json["subspaces"] as? [String: Any])
    #expect(small?["dimension"] as? Int == 3 && (small?["searches"] as? [Any])?.count == 4)
    #expect(large?["dimension"] as? Int == json["trained_weights"] as? Int)
    let means = [small, large].map { $0?["mean"] as? Double ?? .nan }
    #expect(means[0] > 0 && means[1] > 3 * means[0], "\(means)")
    let interval = small?["interval"] as? [Double] ?? []
    #expect(interval.count == 2 && interval[0] < means[0] && means[0] < interval[1])
    // Another call says the same, and nothing of the run has changed.
    #expect(try lab.sharpness(run).output.out == few.output.out)
    #expect(try lab.sharpness(run, ["--step", "0", "--subspaces", "1"]).json["loss"] as? Double ?? 0 > 1)
}

@Test func linesOfSharpnessSayWhatWasFound() throws {
    let lab = Lab(config)
    let run = try lab.train().path
    let lines = try lab.call(["sharpness", "small", "--subspace", "1", "--subspaces", "1"])
    #expect(lines.code == 0, "\(lines.err)")
    for words in [
        "small/\(URL(fileURLWithPath: run).lastPathComponent) at step 60", "accuracy", "of 30 samples",
        "true maxima may be larger", "λ_max(D H D)",
    ] {
        #expect(lines.out.replacing("\n          ", with: " ").contains(words), "\(words) is not in\n\(lines.out)")
    }
    // Biases start at 0, and relative steps leave them there.
    let start = try lab.call(["sharpness", "small", "--step", "0"])
    #expect(start.out.replacing("\n          ", with: " ").contains("15 weights of exactly 0 stay so"), "\(start.out)")
}

/// Each is refused by name, with exit code 2.
@Test func badRequestsOfSharpnessAreRefused() throws {
    let lab = Lab(config)
    let run = try lab.train().path
    for (arguments, words) in [
        (["--epsilon", "0"], "--epsilon: expected more than 0 and at most 1, found 0.0"),
        (["--epsilon", "nan"], "--epsilon: expected more than 0 and at most 1, found nan"),
        (["--epsilon", "2"], "found 2.0"), (["--iterations", "0"], "--iterations: expected 1 to 10000, found 0"),
        (["--subspace", "0"], "--subspace: expected 1 to 1000000, found 0"),
        (["--subspace", "100000"], "--subspace: expected 1 to 99, the run's trained weights, found 100000"),
        (["--subspaces", "0"], "--subspaces: expected 1 to 10000, found 0"),
        (["--samples", "31"], "--samples: expected 1 to 30, the run's, found 31"),
        (["--step", "7"], "--step: expected one of 0, 60, the steps with weights, found 7"),
        (["--step=-1"], "expected at least 0, found -1"),
    ] {
        let output = try lab.call(["sharpness", run] + arguments)
        #expect(output.code == 2 && output.out.isEmpty && output.err.contains(words), "\(arguments): \(output)")
    }
    let none = try lab.call(["sharpness", "nowhere"])
    #expect(none.code == 2 && none.err.contains("nowhere"), "\(none)")
}

/// The loss of a run that diverged is whatever it is, and its numbers are numbers.
@Test func sharpnessOfARunThatDivergedIsANumber() throws {
    let lab = Lab(config)
    let (output, run) = try lab.train([
        "training.learning_rate=1000", "loss.kind=squared", "model.activation=relu", "model.depth=5",
    ])
    #expect(output.code == 3)
    let (found, json) = try lab.sharpness(run)
    #expect(found.code == 0 && json["loss"] as? Double ?? 0 > 1e9, "\(found)")
}
