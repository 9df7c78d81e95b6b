import Console
import Foundation
import TestSupport
import Testing
import Theory

/// 12 cells of some 200 steps each; the keys of `overrides` come on top.
let smallSweep = """
    name: small
    data: {source: sphere, samples: 16, test_samples: 8, dimension: 8, answers: gaussian}
    model: {width: 32, depth: 2}
    training: {learning_rate: auto, stop: {steps: 2000}}
    tracking: {per_decade: 3, kernel: {samples: 16, outputs: full, precision: float64, per_decade: 3}}
    checkpoints: {every: 50}
    sweep:
      axes: {model.width: [32, 64, 128, 1024], seed: 0..2}
      stop_at: {loss_ratio: 1.0e-2}
      fit: [weight_drift, flips, kernel_drift]
    """

extension Lab {
    /// Calls `sweep` on `config.yaml`.
    func sweep(_ sets: [String] = [], out: String = "sweeps", _ flags: [String] = []) throws -> Output {
        try call(["sweep", "config.yaml", "--quiet", "--out", out] + flags + sets.flatMap { ["--set", $0] })
    }

    func text(_ path: String) throws -> String { try String(contentsOfFile: folder.file(path), encoding: .utf8) }

    /// Last change of each finished cell's record.
    func finishedCells(_ sweep: String) -> [String: Date] {
        let cells = folder.file(sweep) + "/cells"
        var found: [String: Date] = [:]
        for name in (try? FileManager.default.contentsOfDirectory(atPath: cells)) ?? [] {
            let record = "\(cells)/\(name)/run.json"
            guard let text = try? String(contentsOfFile: record, encoding: .utf8), text.contains("\"COMPLETED\""),
                let date = try? FileManager.default.attributesOfItem(atPath: record)[.modificationDate] as? Date
            else { continue }
            found[name] = date
        }
        return found
    }
}

/// The programs that work in a folder.
func processes(in folder: String) -> [Int32] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    let resolved = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    return entries.compactMap { Int32($0) }.filter {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\($0)/cwd")) == resolved
    }
}

@Test func tablesOfASweepOpenInXarray() throws {
    let lab = Lab(smallSweep)
    let output = try lab.sweep(["sweep.axes.model.activation=[relu, tanh]"])
    #expect(output.code == 0, "\(output.err)")
    let script = """
        import csv, numpy as np, sys
        import xarray as xr
        ds = xr.open_dataset(sys.argv[1] + '/sweep.h5', engine='h5netcdf')
        assert dict(ds.sizes) == {'width': 4, 'seed': 3, 'activation': 2}, ds.sizes
        assert list(ds.width.values) == [32, 64, 128, 1024] and list(ds.activation.values) == ['relu', 'tanh']
        assert ds.weight_drift.dims == ('width', 'seed', 'activation')
        mean = ds.sel(width=1024).mean('seed')
        assert mean.weight_drift.dims == ('activation',) and np.isfinite(mean.weight_drift).all()
        assert float(mean.weight_drift.sel(activation='relu')) == float(
            np.mean([ds.weight_drift.sel(width=1024, activation='relu', seed=s) for s in range(3)]))
        rows = list(csv.DictReader(open(sys.argv[1] + '/sweep.csv')))
        assert len(rows) == 24 and len({r['cell'] for r in rows}) == 24
        for r in rows:
            cell = ds.sel(width=int(r['width']), seed=int(r['seed']), activation=r['activation'])
            for name in ('weight_drift', 'loss_ratio', 'steps', 'kernel_drift', 'gradient_ratio'):
                assert float(cell[name]) == float(r[name]), (name, r)
            # A network of tanh has no ReLU units.
            assert np.isnan(float(cell.flips)) == (r['flips'] == '') == (r['activation'] == 'tanh'), r
            assert float(cell.reached) == float(r['reached']) == (float(r['loss_ratio']) <= 0.01)
        assert ds.weight_drift.attrs['long_name'] and ds.attrs['axis_order'] == 'C'
        """
    let check = try python(script, [lab.folder.file("sweeps/small")])
    #expect(check.code == 0, "\(check.err)")
}

@Test func aCellIsTheRunThatTrainMakes() throws {
    let lab = Lab(smallSweep)
    #expect(try lab.sweep(["sweep.axes={model.width: [32], seed: [1]}", "sweep.fit=[]"]).code == 0)
    let id = try #require(lab.finishedCells("sweeps/small").keys.first)
    let cell = lab.folder.file("sweeps/small/cells/\(id)")
    let alone = try lab.call(
        ["train", cell + "/config.yaml", "--quiet", "--out", "alone", "--threads", "1"])
    #expect(alone.code == 0, "\(alone.err)")
    let run = try lab.onlyRun(in: "alone")
    #expect(lab.bytes(run + "/metrics.jsonl") == lab.bytes(cell + "/metrics.jsonl"))
    #expect(lab.bytes(run + "/metrics.jsonl") != nil)
    #expect([0, 1, 4].contains(try lab.call(["certify", cell]).code))
    #expect(try lab.call(["inspect", cell]).code == 0)
}

@Test func aSweepThatIsKilledEndsWithTheSameTable() throws {
    let lab = Lab(smallSweep)
    let sets = ["sweep.axes.seed=0..4", "sweep.stop_at.loss_ratio=1e-3"]
    let began = Date()
    #expect(try lab.sweep(sets, out: "whole").code == 0)
    let whole = Date().timeIntervalSince(began)
    var done: [String: Date] = [:]
    for attempt in 0..<6 {
        let child = try Child(
            ntklab, ["sweep", "config.yaml", "--quiet", "--out", "killed"] + sets.flatMap { ["--set", $0] },
            folder: lab.folder.path)
        usleep(UInt32(1e6 * whole * (0.05 + 0.03 * Double(attempt))))
        // The sweep first, then its workers.
        kill(child.process.processIdentifier, SIGKILL)
        for worker in processes(in: lab.folder.path) { kill(worker, SIGKILL) }
        _ = try child.wait()
        let now = lab.finishedCells("killed/small")
        for (cell, date) in done { #expect(now[cell] == date, "\(cell) was run again") }
        done = now
    }
    #expect(done.count < 20, "nothing was killed")
    #expect(try lab.sweep(sets, out: "killed").code == 0)
    for (cell, date) in done { #expect(lab.finishedCells("killed/small")[cell] == date, "\(cell) was run again") }
    #expect(try lab.text("killed/small/sweep.csv") == lab.text("whole/small/sweep.csv"))
    #expect(try lab.text("killed/small/fits.json") == lab.text("whole/small/fits.json"))
}

@Test(arguments: [SIGINT, SIGTERM]) func aSweepStopsAtASignalAndGoesOn(number: Int32) throws {
    let lab = Lab(smallSweep)
    let sets = ["sweep.stop_at.loss_ratio=1e-4"]
    #expect(try lab.sweep(sets, out: "whole").code == 0)
    let child = try Child(
        ntklab, ["sweep", "config.yaml", "--quiet", "--out", "stopped", "--set", sets[0]], folder: lab.folder.path)
    usleep(400_000)
    // To the sweep alone: it is the sweep that stops its workers.
    kill(child.process.processIdentifier, number)
    let output = try child.wait()
    #expect(output.code == 130, "\(output.err)")
    let status = try lab.call(["sweep", "status", "stopped/small"])
    #expect(status.code == 0 && status.out.contains("waiting") && !status.out.contains("running"), "\(status.out)")
    #expect(try lab.sweep(sets, out: "stopped").code == 0)
    #expect(try lab.text("stopped/small/sweep.csv") == lab.text("whole/small/sweep.csv"))
}

@Test func cellsThatFailAreReportedAndHideNoOthers() throws {
    let lab = Lab(smallSweep)
    let sets = [
        "sweep.axes={model.width: [-3, 32, 1048576], training.auto_factor: [1, 300], training.divergence_ratio: [1000]}",
        "sweep.fit=[]",
    ]
    let output = try lab.sweep(sets)
    #expect(output.code == 1, "\(output.err)")
    for words in [
        "width=-3 auto_factor=1 divergence_ratio=1000: bad configuration", "expected an integer",
        "width=32 auto_factor=300 divergence_ratio=1000: diverged: the loss grew",
        "width=1048576 auto_factor=1 divergence_ratio=1000: failed: model: the run needs",
    ] {
        #expect(output.err.contains(words), "\(words) is not in\n\(output.err)")
    }
    let table = try lab.text("sweeps/small/sweep.csv")
    #expect(table.contains(",32,1,1000,done,1,") && table.contains(",32,300,1000,diverged,0,"), "\(table)")
    #expect(table.contains(",-3,1,1000,bad,,") && table.contains(",1048576,1,1000,failed,,"), "\(table)")
    let status = try lab.call(["sweep", "status", "sweeps/small"])
    #expect(status.out.contains("1 done, 1 diverged, 2 failed, 2 bad"), "\(status.out)")
    // What diverged alone is another exit code, and the first failure ends where that is asked for.
    let diverging = ["sweep.axes={model.width: [32], training.auto_factor: [1, 300]}", "sweep.fit=[]"]
    #expect(try lab.sweep(diverging, out: "diverging").code == 3)
    let fast = try lab.sweep(sets, out: "fast", ["--fail-fast", "--jobs", "1"])
    #expect(fast.code == 1 && lab.finishedCells("fast/small").isEmpty, "\(fast.err)")
}

@Test func aWorkerThatIsKilledFailsOneCell() throws {
    let lab = Lab(smallSweep)
    let sets = [
        "sweep.axes={model.width: [32, 512], training.stop.steps: [60, 100000]}", "sweep.stop_at={}", "sweep.fit=[]",
        "checkpoints.keep=0",
    ]
    let child = try Child(
        ntklab,
        ["sweep", "config.yaml", "--quiet", "--out", "sweeps", "--jobs", "1"] + sets.flatMap { ["--set", $0] },
        folder: lab.folder.path)
    // The longest cell is the first.
    usleep(1_500_000)
    for worker in processes(in: lab.folder.path) where worker != child.process.processIdentifier {
        kill(worker, SIGKILL)
    }
    usleep(300_000)
    let failed = try lab.call(["sweep", "status", "sweeps/small"])
    #expect(failed.words.contains("ended by signal 9"), "\(failed.out)")
    child.process.terminate()
    let output = try child.wait()
    #expect(output.err.contains("width=512 training_stop_steps=100000: failed: ended by signal 9"), "\(output.err)")
}

@Test func aSweepGrowsByAxisValuesButKeepsItsBase() throws {
    let lab = Lab(smallSweep)
    let narrow = ["sweep.axes.model.width=[32, 64]", "sweep.fit=[]"]
    #expect(try lab.sweep(narrow).code == 0)
    let before = lab.finishedCells("sweeps/small")
    #expect(before.count == 6)
    let grown = try lab.sweep([
        "sweep.axes={model.width: [32, 64, 96], seed: 0..2, model.depth: [2, 1]}", "sweep.fit=[]",
    ])
    #expect(grown.code == 0, "\(grown.err)")
    let after = lab.finishedCells("sweeps/small")
    #expect(after.count == 18)
    for (cell, date) in before { #expect(after[cell] == date) }
    let other = try lab.sweep(narrow + ["training.auto_factor=0.5", "model.activation=tanh"])
    #expect(other.code == 2)
    for words in ["training.auto_factor: expected 1.0", "found 0.5", "model.activation: expected relu", "sweep.yaml"] {
        #expect(other.err.contains(words), "\(words) is not in\n\(other.err)")
    }
    let looser = try lab.sweep(narrow + ["sweep.stop_at.loss_ratio=0.1"])
    #expect(looser.code == 2 && looser.err.contains("further than training.stop.loss_ratio: 0.1"), "\(looser.err)")
    #expect(looser.err.contains("--set name=NAME") && looser.err.contains("and 5 more"), "\(looser.err)")
    #expect(lab.finishedCells("sweeps/small") == after)
}

@Test func aDamagedCellIsMadeAnew() throws {
    let lab = Lab(smallSweep)
    let sets = ["sweep.axes={model.width: [32, 64], seed: [0]}", "sweep.fit=[]"]
    #expect(try lab.sweep(sets).code == 0)
    let table = try lab.text("sweeps/small/sweep.csv")
    let cell = lab.folder.file(
        "sweeps/small/cells/\(try #require(lab.finishedCells("sweeps/small").keys.sorted().first))")
    var bytes = try #require(lab.bytes(cell + "/metrics.h5"))
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: URL(fileURLWithPath: cell + "/metrics.h5"))
    #expect(try lab.call(["sweep", "status", "sweeps/small"]).out.contains("1 done, 1 interrupted"))
    #expect(try lab.sweep(sets).code == 0)
    #expect(try lab.text("sweeps/small/sweep.csv") == table)
    // A cell whose configuration was edited is not this sweep's.
    let file = cell + "/config.yaml"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    try text.replacing("seed: 0", with: "seed: 7").write(toFile: file, atomically: true, encoding: .utf8)
    let status = try lab.call(["sweep", "status", "sweeps/small"])
    #expect(status.words.contains("is not the configuration of this cell"), "\(status.out)")
}

@Test func axesKeepOutOfTheNamesOfWhatIsMeasured() throws {
    let lab = Lab(smallSweep)
    let sets = [
        "sweep.axes={training.learning_rate: [0.001, 0.01], training.stop.steps: [5, 9]}", "sweep.stop_at={}",
        "sweep.fit=[]",
    ]
    #expect(try lab.sweep(sets).code == 0)
    let script = """
        import sys
        import xarray as xr
        ds = xr.open_dataset(sys.argv[1] + '/sweep.h5', engine='h5netcdf')
        assert dict(ds.sizes) == {'training_learning_rate': 2, 'training_stop_steps': 2}, ds.sizes
        assert (ds.steps == ds.training_stop_steps).all() and (ds.learning_rate == ds.training_learning_rate).all()
        """
    let check = try python(script, [lab.folder.file("sweeps/small")])
    #expect(check.code == 0, "\(check.err)")
}

@Test func aSweepMayBeMoved() throws {
    let lab = Lab(smallSweep.replacing("name: small\n", with: ""))
    let sets = ["sweep.axes={model.width: [32], seed: 0..1}", "sweep.fit=[]"]
    #expect(try lab.sweep(sets).code == 0)
    let table = try lab.text("sweeps/config/sweep.csv")
    try FileManager.default.moveItem(atPath: lab.folder.file("sweeps/config"), toPath: lab.folder.file("sweeps/moved"))
    #expect(try lab.call(["sweep", "fit", "sweeps/moved"]).code == 0)
    #expect(try lab.text("sweeps/moved/sweep.csv") == table)
    // What a sweep leaves that was killed at its very beginning is no other's folder.
    try FileManager.default.createDirectory(
        atPath: lab.folder.file("sweeps/config"), withIntermediateDirectories: true)
    _ = lab.folder.write("sweeps/config/.lock", "")
    _ = lab.folder.write("sweeps/config/sweep.yaml.writing-1", "name:")
    #expect(try lab.sweep(sets).code == 0)
    #expect(try lab.text("sweeps/config/sweep.csv") == table)
}
