import Foundation
import TestSupport
import Testing

private let tanhConfig = smallConfig.replacingOccurrences(of: "paper}", with: "standard, activation: tanh}")
    .replacingOccurrences(of: "class_count: 3", with: "answers: gaussian")

/// The last row alone has it, whether the run was stopped between or not; and the statement is judged.
@Test func theEndOfARunIsMeasured() throws {
    let lab = Lab(tanhConfig)
    let whole = try lab.train(["tracking.minimum=true"])
    #expect(whole.output.code == 0, "\(whole.output.err)")
    let part = try lab.train(["tracking.minimum=true", "training.stop.steps=30"], out: "other")
    let resumed = try lab.resume(part.path, ["training.stop.steps=60"])
    #expect(resumed.code == 0, "\(resumed.err)")
    let check = try python(
        """
        import h5py, sys, numpy as np
        a, b = (h5py.File(p + '/metrics.h5')['metrics'] for p in sys.argv[1:])
        names = sorted(n for n in a if n.startswith('minimum_'))
        last = lambda m, n: m[n][-1]
        print(len(names), all(np.isnan(a[n][:-1]).all() and np.isnan(b[n][:-1]).all() for n in names),
              all(last(a, n) == last(b, n) or np.isnan(last(a, n)) for n in names))
        loss, predicted = last(a, 'minimum_loss'), last(a, 'minimum_predicted')
        gains = sum(last(a, n) for n in names if n.startswith('minimum_gain.'))
        print(abs(loss - last(a, 'train_loss')) < 1e-5 * loss, predicted <= loss, gains > 0,
              last(a, 'minimum_rank') <= last(a, 'minimum_rows') == 48, last(a, 'minimum_baseline.W1') >= 0)
        """, [whole.path, part.path])
    #expect(check.out.hasSuffix("True True\nTrue True True True True\n"), "\(check.out) \(check.err)")
    let verdict = try lab.call(["certify", whole.path])
    #expect(verdict.out.contains("9  Quality of the local minimum"), "\(verdict.out)")
}

/// Behind an activation the outputs are not in the range of J, and nothing is claimed.
@Test func activatedOutputsAreInNoRange() throws {
    let lab = Lab(tanhConfig)
    let run = try lab.train([
        "tracking.minimum=true", "model.width=2", "model.depth=1", "model.output_activation=true",
    ])
    #expect(run.output.code == 0, "\(run.output.err)")
    let verdict = try lab.call(["certify", run.path])
    #expect(verdict.words.contains("outputs are not in the Jacobian's range"), "\(verdict.out)")
}

/// With `tracked` the rows of tracked steps have it too, the last one as without; each unit is in the last row alone.
@Test func trackedMinimaAreInEveryRow() throws {
    let lab = Lab(tanhConfig)
    let tracked = try lab.train(["tracking.minimum=tracked", "tracking.minimum_units=true"])
    #expect(tracked.output.code == 0, "\(tracked.output.err)")
    let end = try lab.train(["tracking.minimum=true"], out: "other")
    let check = try python(
        """
        import h5py, sys, numpy as np
        a, b = (h5py.File(p + '/metrics.h5')['metrics'] for p in sys.argv[1:])
        names = [n for n in b if n.startswith('minimum_')]
        print(all(a[n][-1] == b[n][-1] or np.isnan(b[n][-1]) for n in names), np.isfinite(a['minimum_loss'][:]).all(),
              np.allclose(a['minimum_loss'][:], a['train_loss'][:], rtol=1e-4), len(a['minimum_loss']) > 3)
        units = [n for n in a if n.startswith('minimum_unit_gain.')]
        for layer in 'W1', 'W2', 'output':
            own = [n for n in units if n.startswith(f'minimum_unit_gain.{layer}.')]
            print(len(own) > 0, abs(sum(a[n][-1] for n in own) - a[f'minimum_gain.{layer}'][-1]) < 1e-9 * a['minimum_loss'][0],
                  all(np.isnan(a[n][:-1]).all() for n in own))
        """, [tracked.path, end.path])
    #expect(
        check.out == String(repeating: "True True True True\n", count: 1)
            + String(repeating: "True True True\n", count: 3),
        "\(check.out) \(check.err)")
}

@Test(arguments: [
    ("loss.kind=cross-entropy", "tracking.minimum: needs loss.kind: squared, found cross-entropy"),
    ("training.linearized=true", "tracking.minimum: needs the network itself, found training.linearized"),
    ("data.samples=7000", "tracking.minimum: needs at most 6000 samples times outputs, found"),
    ("tracking.minimum=3", "tracking.minimum: expected one of false, true, tracked"),
    ("tracking.minimum_units=tracked", "tracking.minimum_units: expected true or false"),
]) func anEndThatCannotBeMeasuredIsRefused(set: String, message: String) throws {
    let lab = Lab()
    let output = try lab.call(["train", "config.yaml", "--set", "tracking.minimum=true", "--set", set])
    #expect(output.code == 2 && output.err.contains(message), "\(output.err)")
}
