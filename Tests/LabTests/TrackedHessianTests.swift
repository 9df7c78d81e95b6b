import Foundation
import TestSupport
import Testing

private let tracked =
    "tracking.hessian={every: 20, top: 2, bottom: 1, trace: true, density: true, probes: 3, lanczos_steps: 30}"

/// The rows of a run's metrics, and the files of its Hessians, beside what `spectrum` finds of the same checkpoint.
@Test(arguments: [["precision=float64"], ["training.linearized=true", "precision=float64"], ["training.batch=10"]])
func aRunTellsOfItsHessian(sets: [String]) throws {
    let lab = Lab()
    let run = try lab.train(sets + [tracked, "training.stop.steps=50", "checkpoints.every=40"])
    #expect(run.output.code == 0, "\(run.output.err)")
    let file = lab.folder.file("h.h5")
    let spectrum = try lab.call(["spectrum", run.path, "--step", "40", "--trace", "--out", file])
    #expect(spectrum.code == 0, "\(spectrum.err)")
    let check = try python(
        """
        import glob, h5py, sys, numpy as np
        run, other = sys.argv[1], h5py.File(sys.argv[2])
        m = h5py.File(run + '/metrics.h5')['metrics']
        step = m['step'][:].astype(int)
        known = ~np.isnan(m['hessian_lambda_max'][:])
        print(list(step[known]), [int(p[-6:-3]) for p in sorted(glob.glob(run + '/hessians/*'))])
        row = list(step).index(40)
        h = h5py.File(run + '/hessians/step-00000040.h5')
        value = lambda name: m[name][row]
        exact = other['eigenvalues'][:] if 'eigenvalues' in other else None
        top, bottom = other['largest'][0], other['smallest'][0]
        print(h['largest'][0] == value('hessian_lambda_max'), h['smallest'][0] == value('hessian_lambda_min'),
              abs(value('hessian_lambda_max') - top) <= value('hessian_lambda_max_error'),
              bottom - 1e-4 * top <= value('hessian_lambda_min') <= 0.8 * bottom + 1e-4 * top,
              abs(value('hessian_trace') - other.attrs['trace']) <= 8 * value('hessian_trace_error'),
              np.isclose(value('hessian_sharpness'), value('learning_rate') * value('hessian_lambda_max'), rtol=1e-12),
              value('hessian_lambda_max_error') < 0.01 * top)
        spacing = lambda g: (h[g + '/value'][:].sum() * np.diff(h[g + '/point'][:2])[0])
        print(abs(spacing('density') + h.attrs['density_spike_at_least'] - 1) < 1e-3,
              [g in h for g in ('density_gauss_newton', 'density_residual')])
        """, [run.path, file])
    let lines = check.out.split(separator: "\n").map(String.init)
    #expect(
        lines == [
            "[0, 20, 40, 50] [0, 20, 40, 50]", "True True True True True True True", "True [True, True]",
        ], "\(check.out) \(check.err)")
    let report = try lab.call(["report", run.path])
    #expect(report.code == 0, "\(report.err)")
    let page = String(decoding: lab.bytes(run.path + "/report/index.html") ?? Data(), as: UTF8.self)
    for title in ["The Hessian against 2/η", "Eigenvalues of the Hessian at step 0", "at step 50"] {
        #expect(page.contains(title), "\(title)")
    }
}

/// Measuring changes nothing of what is measured.
@Test func aTrackedHessianDoesNotDisturbTheRun() throws {
    let lab = Lab()
    for (index, set) in ["training.batch=10", "training.linearized=true", "training.momentum=0.5"].enumerated() {
        let plain = try lab.train([set], out: "plain\(index)")
        let measured = try lab.train([set, tracked], out: "measured\(index)")
        #expect(measured.output.code == 0, "\(measured.output.err)")
        let script = """
            import h5py, sys, numpy as np
            a, b = (h5py.File(p + '/checkpoints/last.h5') for p in sys.argv[1:])
            same = []
            a['parameters'].visititems(lambda n, d: same.append(np.array_equal(d[()], b['parameters'][n][()]))
                if isinstance(d, h5py.Dataset) else None)
            print(len(same) > 0 and all(same))
            """
        let check = try python(script, [plain.path, measured.path])
        #expect(check.out == "True\n", "\(set): \(check.out) \(check.err)")
    }
}

@Test(arguments: [
    ("{bottom: 2}", "tracking.hessian.top: expected at least 1 where bottom, trace or density is asked for, found 0"),
    ("{top: -1}", "tracking.hessian.top"), ("{top: 1, every: never}", "tracking.hessian.every"),
    ("{top: 1, samples: 0}", "tracking.hessian.samples"),
    (
        "{top: 30, bottom: 20}",
        "tracking.hessian.lanczos_steps: expected at least top + bottom = 50, found 40"
    ),
    ("{top: 1, lanczos_steps: 1}", "tracking.hessian.lanczos_steps"),
    ("{top: 1, precision: float16}", "tracking.hessian.precision"), ("{tops: 1}", "tracking.hessian.tops"),
    ("3", "tracking.hessian: expected keys and values, found \"3\""),
]) func aBadHessianIsOneMessage(value: String, message: String) throws {
    let lab = Lab()
    let output = try lab.call(["train", "config.yaml", "--set", "tracking.hessian=\(value)"])
    #expect(output.code == 2 && output.err.contains(message), "\(output.err)")
}

/// η is of steps on the loss of all samples: of some alone there is an eigenvalue, and no sharpness.
@Test func aHessianOfSomeSamplesHasNoSharpness() throws {
    let lab = Lab()
    let run = try lab.train(["tracking.hessian={every: 30, top: 1, samples: 20}"])
    #expect(run.output.code == 0, "\(run.output.err)")
    let check = try python(
        """
        import h5py, sys, numpy as np
        m = h5py.File(sys.argv[1] + '/metrics.h5')['metrics']
        known = ~np.isnan(m['hessian_lambda_max'][:])
        print(known.sum(), np.isnan(m['hessian_sharpness'][:]).all(),
              h5py.File(sys.argv[1] + '/hessians/step-00000030.h5').attrs['samples'])
        """, [run.path])
    #expect(check.out == "3 True 20\n", "\(check.out) \(check.err)")
    let more = try lab.call(["train", "config.yaml", "--dry-run", "--set", "tracking.hessian={top: 1, samples: 4000}"])
    #expect(more.code == 0 && (more.err + more.out).contains("tracking.hessian.samples: 4000 are more"), "\(more)")
}
