import Foundation
import TestSupport
import Testing

private let config = """
    name: small
    seed: 3
    data: {source: gaussian, samples: 120, dimension: 3, noise: 0.2, teacher: {kind: linear, outputs: 2}}
    model: {width: 2, depth: 1, parametrization: standard, activation: linear}
    precision: float64
    loss: {reduction: mean}
    training: {learning_rate: 0.1, stop: {steps: 60}}
    tracking: {every: 20}
    population: {radius: 2, starts: 6, points: 10, trials: 10, left_out: 4}
    """

/// The last row alone has it, whether the run was stopped between or not. J_n is the loss of the run, and J by fresh samples is the exact one.
@Test func theEndOfARunIsMeasuredBesideItsPopulation() throws {
    let lab = Lab(config)
    let whole = try lab.train([], out: "whole")
    #expect(whole.output.code == 0, "\(whole.output.err)")
    let part = try lab.train(["training.stop.steps=23"], out: "part")
    let rest = try lab.resume(part.path, ["training.stop.steps=60"])
    #expect(rest.code == 0, "\(rest.err)")
    let sampled = try lab.train(
        ["population.samples=400000", "loss.reduction=sum", "training.learning_rate=8.333333333333334e-4"],
        out: "sampled")
    #expect(sampled.output.code == 0, "\(sampled.output.err)")
    let check = try python(
        """
        import h5py, sys, numpy as np
        a, b, c = (h5py.File(p + '/metrics.h5')['metrics'] for p in sys.argv[1:])
        names = sorted(n for n in a if n.startswith('population_'))
        last = lambda m, n: m[n][-1]
        print(len(names) > 25, all(np.isnan(a[n][:-1]).all() and np.isnan(b[n][:-1]).all() for n in names),
              all(last(a, n) == last(b, n) for n in names))
        print(abs(last(a, 'population_empirical') - last(a, 'train_loss')) < 1e-14,
              abs(last(c, 'population_empirical') * 120 - last(c, 'train_loss')) < 1e-12)
        """, [whole.path, part.path, sampled.path])
    #expect(check.out == "True True True\nTrue True\n", "\(check.out) \(check.err)")
    let close = try python(
        """
        import h5py, sys
        a, c = (h5py.File(p + '/metrics.h5')['metrics'] for p in sys.argv[1:])
        for name, error in (('risk', 'risk_error'), ('sup_gap', 'sup_gap_error')):
            x, y = a['population_' + name][-1], c['population_' + name][-1]
            e = c['population_' + error][-1]
            print(0 < e < 0.05 * x, name != 'risk' or abs(x - y) < 4 * e, a['population_' + error][-1] == 0)
        print(a['population_sup_gap'][-1] <= a['population_bound'][-1],
              a['population_points_matched'][-1] + a['population_points_changed'][-1] <= a['population_points'][-1])
        """, [whole.path, sampled.path])
    #expect(close.out == "True True True\nTrue True True\nTrue True\n", "\(close.out) \(close.err)")
    let verdict = try lab.call(["certify", whole.path]).words
    for title in ["10 Empirical risk near population risk", "11 Gradients near", "12 Stationary points matched"] {
        #expect(verdict.contains(title), "\(verdict)")
    }
}

@Test(arguments: [
    (["data.source=sphere", "data.answers=gaussian"], "population: needs data.source: gaussian"),
    (["data.scale=2"], "population: needs samples as they are drawn, without data.scale"),
    (["data.normalization=standardize"], "without data.normalization"),
    (["model.activation=sigmoid"], "population.samples: closed-form needs a linear network"),
    (["data.teacher.kind=sigmoid"], "found data.teacher.kind: sigmoid"),
    (["model.bias=true"], "population: needs dense layers without biases"),
    (["model.parametrization=ntk"], "with model.parametrization: standard"),
    (["model.frozen=[output]"], "all of them trained"),
    (["training.linearized=true"], "population: needs the network itself"),
    (["population.samples=many"], "population.samples"), (["population.radius=0"], "population.radius"),
    (["population.point=3"], "did you mean points"),
]) func populationsThatCannotBeMeasuredAreRefused(sets: [String], message: String) throws {
    let output = try Lab(config).call(["train", "config.yaml"] + sets.flatMap { ["--set", $0] })
    #expect(output.code == 2 && output.err.contains(message), "\(output.err)")
}

@Test func moreSamplesLeftOutThanThereAreIsSaid() throws {
    let output = try Lab(config).call(["train", "config.yaml", "--dry-run", "--set", "population.left_out=121"])
    #expect(
        output.words.contains("left_out: 121 are more than the 120 training samples"), "\(output.out) \(output.err)")
}

/// A network with ReLUs, or with more weights than a survey takes, has gaps and no stationary points.
@Test func otherNetworksHaveGapsAlone() throws {
    let lab = Lab(config)
    let run = try lab.train(["model.activation=relu", "population.samples=20000"])
    #expect(run.output.code == 0, "\(run.output.err)")
    let verdict = try lab.call(["certify", run.path]).words
    #expect(verdict.contains("no stationary points of J were looked for"), "\(verdict)")
    #expect(verdict.contains("no bound of it is known"), "\(verdict)")
}
