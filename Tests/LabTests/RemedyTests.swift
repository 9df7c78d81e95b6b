import Console
import Foundation
import TestSupport
import Testing

/// Calls that can't be done, with what their one message has to name: what is wrong, and what to do.
private let calls: [(arguments: [String], words: [String])] = [
    (
        ["train", "config.yaml", "--set", "data={source: csv, path: real.csv}"],
        ["real.csv", "expected an integer label, found 0.25", "data.target_columns: 1", "1 (x1), 2 (x2), 3 (price)"]
    ),
    (
        ["train", "config.yaml", "--set", "data={source: csv, path: plain.csv, label_column: 2}"],
        ["plain.csv", "found 0.5", "column 2", "data.target_columns", "Columns are 1, 2, 3"]
    ),
    (["train", "configs"], ["configs: expected a file, found a folder", "a.yaml, b.yml"]),
    (["train", "one"], ["one: expected a file, found a folder", "did you mean one/only.yaml?"]),
    (["sweep", "configs"], ["configs: expected a file, found a folder", "a.yaml, b.yml"]),
    (
        ["train", "config.yaml", "--set", "data={source: csv, path: .}"],
        ["data.path", "expected a file, found a folder", "plain.csv, real.csv"]
    ),
    (
        ["train", "config.yaml", "--set", "data={source: npz, path: one}"],
        ["data.path", "one: expected a file, found a folder", "no file in it that ends in .npz"]
    ),
    (
        ["train", "config.yaml", "--set", "data={source: idx, path: one, labels_path: plain.csv}"],
        ["data.path", "expected a file, found a folder"]
    ),
    (["study", "run", "lee-209"], ["lee-209", "did you mean lee-2019?"]),
    (["study", "run", "du"], ["did you mean du-2019?"]),
    (
        ["study", "run", "xyz"],
        ["there are allen-zhu-2019, du-2019, lee-2019, kawaguchi-2019, zhou-feng-2018, keskar-2017"]
    ),
    (["config", "trainig"], ["trainig", "did you mean training?"]),
    (["config", "training.stop.step"], ["did you mean training.stop.steps?"]),
    (["config", "loss_ratio"], ["did you mean training.stop.loss_ratio?"]),
    (["config", "qqqqqq"], ["sections are checkpoints, data, loss"]),
]

@Test func errorsNameTheRemedy() throws {
    let lab = Lab()
    _ = lab.folder.write("real.csv", "x1,x2,price\n1,2,0.25\n2,1,1.5\n")
    _ = lab.folder.write("plain.csv", "1,0.5,0\n2,1,1\n")
    for folder in ["configs", "one"] {
        try FileManager.default.createDirectory(atPath: lab.folder.file(folder), withIntermediateDirectories: true)
    }
    for file in ["configs/a.yaml", "configs/b.yml", "configs/c.txt", "one/only.yaml"] { _ = lab.folder.write(file, "") }
    for (arguments, words) in calls {
        let output = try lab.call(arguments)
        let name = arguments.joined(separator: " ")
        #expect(output.code == 2 && output.signal == nil && output.out.isEmpty, "\(name): \(output)")
        for word in words { #expect(output.err.contains(word), "\(name): \(word) is not in \(output.err)") }
    }
    #expect(!FileManager.default.fileExists(atPath: lab.folder.file("runs")))
    // The remedy works.
    let remedied = try lab.call([
        "train", "config.yaml", "--quiet", "--set", "data={source: csv, path: real.csv, target_columns: 1}", "--set",
        "training.stop.steps=2",
    ])
    #expect(remedied.code == 0, "\(remedied.err)")
}

/// A run that kept no checkpoints says so where one is needed.
@Test func aRunWithoutCheckpointsSaysSo() throws {
    let lab = Lab()
    let (_, run) = try lab.train(["checkpoints.keep=0", "training.stop.steps=4"])
    for step in [[], ["--step", "4"]] {
        let output = try lab.call(["ntk", run] + step)
        #expect(output.code == 2 && output.err.contains("(checkpoints.keep: 0)"), "\(output)")
        #expect(output.err.contains("train it again with checkpoints.keep of 1 or more"), "\(output.err)")
    }
    #expect(try lab.call(["ntk", run, "--step", "0"]).code == 0)
    let further = try lab.resume(run, ["training.stop.steps=6"])
    #expect(further.code == 0 && further.err.contains("(checkpoints.keep: 0)"), "\(further.err)")
    #expect(further.err.contains("begins again at step 0, to the same bits"), "\(further.err)")
    // Only there.
    let (_, kept) = try lab.train(["training.stop.steps=4"], out: "kept")
    #expect(try !lab.resume(kept, ["training.stop.steps=6"]).err.contains("keep"))
}
