import Console
import Foundation
import TestSupport
import Testing
import Theory

/// A section `sweep` with one thing wrong, and the words its message needs.
private let badSweeps: [(sweep: String, words: [String])] = [
    ("{}", ["sweep.axes", "missing or empty"]),
    ("{axes: 7}", ["sweep.axes", "keys with lists of values", "7"]),
    ("{axes: {model.width: []}}", ["model.width", "a list of values"]),
    ("{axes: {seed: 4..0}}", ["seed", "range such as 0..4"]),
    ("{axes: {seed: 0..x}}", ["seed", "range such as 0..4"]),
    ("{axes: {model.widht: [1, 2]}}", ["model.widht", "did you mean model.width"]),
    ("{axes: {name: [a, b]}}", ["name", "no key that a run can have"]),
    ("{axes: {seed: [1, 1]}}", ["seed", "1 is there twice"]),
    ("{axes: {seed: [1]}, axis: 3}", ["sweep.axis", "did you mean axes"]),
    ("{axes: {seed: [1]}, stop_at: {loss_ratio: 2}}", ["sweep.stop_at.loss_ratio", "from 0 to 1", "\"2\""]),
    ("{axes: {model.width: [1]}, fit: [flip], stop_at: {steps: 3}}", ["sweep.fit", "flip", "did you mean flips"]),
    ("{axes: {model.width: [1]}, fit: [flips]}", ["sweep.fit", "sweep.stop_at.loss_ratio"]),
    ("{axes: {seed: [1]}, fit: [flips], stop_at: {steps: 3}}", ["sweep.fit", "the axis model.width"]),
    (
        "{axes: {model.width: [1]}, fit: [kernel_drift, linearization_gap, backward_change], stop_at: {steps: 3}}",
        ["tracking.kernel.samples", "tracking.prediction", "tracking.backward_samples"]
    ),
    ("{axes: {seed: [1]}, critical_width: {over: [data.samples]}}", ["data.samples is no axis", "seed"]),
    ("{axes: {seed: [1]}, critical_width: {ratio: 1}}", ["sweep.critical_width.ratio", "1.01"]),
    ("{axes: {seed: [1]}, critical_width: {}}", ["sweep.critical_width", "tracking.kernel", "float64"]),
    ("{axes: {seed: [1]}, critical_width: {from: 9, to: 5}}", ["sweep.critical_width.to", "at least from, 9", "5"]),
    ("{axes: {seed: [1]}, critical_width: {over: [seed]}}", ["critical_width.over", "seed is no size"]),
    ("{axes: {seed: -9223372036854775808..9223372036854775807}}", ["seed", "range such as 0..4"]),
    ("{axes: {seed: 0..9999, model.width: 1..9999}}", ["sweep.axes", "at most 1000000 cells", "100.0 M"]),
    ("{axes: {model.width: [64, 6.4e1]}}", ["model.width", "is there twice"]),
    ("{axes: {model.initialize_from: [a, b]}}", ["model.initialize_from", "model.initialize_from.path"]),
    ("{axes: {training.stop.steps: [1, 2]}, stop_at: {steps: 3}}", ["training.stop.steps", "cannot be an axis"]),
]

@Test(arguments: badSweeps.indices)
func badSweepsAreExplained(index: Int) throws {
    let (sweep, words) = badSweeps[index]
    let lab = Lab("data: {source: sphere, samples: 8}\nmodel: {width: 8, depth: 1}\nsweep: \(sweep)\n")
    let output = try lab.sweep()
    #expect(output.code == 2 && output.signal == nil, "\(sweep): \(output.code) \(output.err)")
    for word in words { #expect(output.err.contains(word), "\(word) is not in \(output.err)") }
    #expect(!FileManager.default.fileExists(atPath: lab.folder.file("sweeps")))
}

/// What `auto` comes to decides whether the whole kernel is followed, before anything is trained.
@Test func aSearchNeedsTheWholeKernel() throws {
    let lab = Lab(
        """
        data: {source: sphere, samples: 300, class_count: 10}
        model: {depth: 1}
        tracking: {preset: certify}
        sweep: {axes: {seed: [1]}, critical_width: {}}
        """)
    let large = try lab.sweep([], ["--dry-run"])
    #expect(large.code == 2 && large.err.contains("samples: 300, outputs: full"), "\(large.err)")
    #expect(try lab.sweep(["data.samples=100"], ["--dry-run"]).code == 0)
    #expect(try lab.sweep(["tracking.kernel.samples=300"], ["--dry-run"]).code == 0)
    #expect(try lab.sweep(["data.samples=100", "tracking.kernel.outputs=trace"], ["--dry-run"]).code == 2)
}

@Test func wrongCallsOfSweepsAreExplained() throws {
    let lab = Lab(smallSweep)
    func fails(_ arguments: [String], _ words: [String]) throws {
        let output = try lab.call(arguments)
        // Wrong flags end with the parser's own code, which is mapped to 2 as well.
        #expect(output.code == 2 && output.signal == nil, "\(arguments): \(output.code) \(output.err)")
        for word in words { #expect(output.err.contains(word), "\(word) is not in \(output.err)") }
    }
    try fails(["train", "config.yaml"], ["sweep", "ntklab sweep"])
    try fails(["sweep", "missing.yaml"], ["missing.yaml", "cannot be read"])
    try fails(["sweep", "config.yaml", "--jobs", "0"], ["--jobs", "found 0"])
    try fails(["sweep", "config.yaml", "--set", "sweep"], ["--set sweep"])
    try fails(["sweep", "status", "nowhere"], ["nowhere", "no such sweep"])
    try fails(["sweep", "fit", lab.folder.path], ["is no sweep"])
    try fails(["study", "run", "du-2018"], ["du-2018", "did you mean du-2019"])
    try fails(["study", "run", "lee-2019", "--jobs", "-1"], ["--jobs"])
    _ = lab.folder.write("plain.yaml", smallConfig)
    try fails(["sweep", "plain.yaml"], ["plain.yaml", "sweep: is missing"])
    // What is there and is no sweep stays as it is.
    try FileManager.default.createDirectory(atPath: lab.folder.file("runs/small"), withIntermediateDirectories: true)
    _ = lab.folder.write("runs/small/notes.txt", "mine")
    try fails(["sweep", "config.yaml", "--out", "runs"], ["runs/small", "is no sweep", "--set name=NAME"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: lab.folder.file("runs/small")) == ["notes.txt"])
}

@Test func aSweepBelongsToOneProcess() throws {
    let lab = Lab(smallSweep)
    let child = try Child(
        ntklab, ["sweep", "config.yaml", "--quiet", "--out", "sweeps", "--set", "sweep.stop_at.loss_ratio=1e-6"],
        folder: lab.folder.path)
    usleep(500_000)
    let second = try lab.sweep(["sweep.stop_at.loss_ratio=1e-6"])
    #expect(second.code == 2 && second.err.contains("in use by another process"), "\(second.err)")
    child.process.terminate()
    #expect(try child.wait().code == 130)
}

@Test func aDryRunCountsAndStartsNothing() throws {
    let lab = Lab(smallSweep)
    let output = try lab.sweep(["model.depth=3"], ["--dry-run"])
    #expect(output.code == 0 && output.out.contains("cells     12, 12 to run"), "\(output.out)")
    #expect(!FileManager.default.fileExists(atPath: lab.folder.file("sweeps")))
    // A step of more than a second, or more memory than all cores together have, takes its turn.
    let large = try lab.sweep(
        [
            "sweep.axes={model.width: [32, 16384], seed: [0]}", "data.samples=4096", "tracking.kernel.samples=0",
            "sweep.fit=[]",
        ],
        ["--dry-run"])
    #expect(large.out.contains("1 cells take turns"), "\(large.out)")
}

/// Runs that are no cells any more, since what they are called changed, are not passed over in silence.
@Test func cellsOfAnotherVersionAreNamed() throws {
    let lab = Lab(smallConfig + "\nsweep: {axes: {seed: 0..1}, stop_at: {steps: 5}}\n")
    #expect(try lab.call(["sweep", "config.yaml", "--quiet"]).err.contains("none of the cells") == false)
    let cells = lab.folder.file("runs/small/cells")
    for name in try FileManager.default.contentsOfDirectory(atPath: cells) {
        try FileManager.default.moveItem(atPath: "\(cells)/\(name)", toPath: "\(cells)/old\(name)")
    }
    let again = try lab.call(["sweep", "config.yaml", "--quiet"])
    #expect(again.code == 0 && again.err.contains("2 runs are none of the cells of this sweep"), "\(again.err)")
    #expect(try lab.call(["sweep", "config.yaml", "--quiet"]).err.contains("none of the cells") == false)
}
