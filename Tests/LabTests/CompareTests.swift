import Foundation
import TestSupport
import Testing
import Theory

/// `compare` shows in what runs differ and what they came to, as lines, as JSON and on a page with a curve a run.
@Test func runsAreCompared() throws {
    let lab = Lab()
    for (width, steps) in [(16, 30), (32, 30), (32, 60)] {
        #expect(try lab.train(["model.width=\(width)", "training.stop.steps=\(steps)"]).output.code == 0)
    }
    let parent = lab.folder.file("runs/small")
    let runs = try FileManager.default.contentsOfDirectory(atPath: parent).map { "runs/small/\($0)" }
    let output = try lab.call(["compare"] + runs)
    #expect(output.code == 0, "\(output)")
    let rows = output.out.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    func row(_ name: String) -> [String] { rows.first { $0.first == name }.map { Array($0.dropFirst()) } ?? [] }
    #expect(row("model.width").sorted() == ["16", "32", "32"] && row("step").sorted() == ["30", "30", "60"])
    #expect(row("training.stop.steps") == row("step") && row("model.depth").isEmpty && row("loss").count == 3)
    // What is shown is what `certify` has at the end of the same run.
    let json = try lab.call(["compare", "--json"] + runs)
    let listed = try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [[String: Any]] ?? []
    #expect(listed.count == 3 && listed.map { $0["run"] as? String } == runs)
    for entry in listed {
        let certified = try lab.call(["certify", entry["run"] as? String ?? "", "--json"])
        let verdict = try JSONSerialization.jsonObject(with: Data(certified.out.utf8)) as? [String: Any]
        let score = (verdict?["scores"] as? [String: [String: Any]])?["train_loss"]?["value"] as? Double
        #expect((entry["end"] as? [String: Any])?["loss"] as? Double == score && score != nil)
        #expect((entry["configuration"] as? [String: Double])?.keys.sorted() == ["model.width", "training.stop.steps"])
    }
    let page = String(decoding: lab.bytes(lab.folder.file("runs/comparison/index.html")) ?? Data(), as: UTF8.self)
    #expect(page.contains("They differ in model.width, training.stop.steps."))
    let curves = String(
        decoding: lab.bytes(lab.folder.file("runs/comparison/figures/loss.csv")) ?? Data(), as: UTF8.self)
    for label in ["width 16, steps 30", "width 32, steps 30", "width 32, steps 60"] {
        #expect(curves.contains(label), "\(curves.prefix(200))")
    }
    // An earlier page is replaced, other files are not.
    #expect(try lab.call(["compare"] + runs).code == 0)
    let other = try lab.call(["compare", "--out", "runs/small"] + runs)
    #expect(other.code == 2 && other.err.contains("expected a new or empty folder or an earlier report"), "\(other)")
    for (arguments, expected) in [
        ([runs[0]], "expected 2 to 200 runs, found 1"), ([runs[0], runs[0]], "expected 2 to 200 runs, found 1"),
        ([runs[0], "nothing"], "nothing: no such run"),
    ] {
        let refused = try lab.call(["compare"] + arguments)
        #expect(refused.code == 2 && refused.err.contains(expected), "\(refused)")
    }
}

/// A sweep stands for its cells, in the order of their values; what runs don't share is said.
@Test func aSweepIsComparedByItsCells() throws {
    let lab = Lab()
    let sweep = [
        "sweep", "config.yaml", "--quiet", "--set", "name=grid", "--set",
        "sweep={axes: {model.width: [8, 32, 16], loss.reduction: [sum, mean]}, stop_at: {steps: 4}}",
    ]
    #expect(try lab.call(sweep).code == 0)
    let output = try lab.call(["compare", "grid"])
    let rows = output.out.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    // What tells the cells apart stands first, then what they came to.
    #expect(output.code == 0 && rows[0].prefix(4) == ["run", "status", "step", "loss_ratio"], "\(output)")
    let labels = rows[1...6].map { $0.prefix(4).joined(separator: " ") }
    let expected = ["mean", "sum"].flatMap { kind in [8, 16, 32].map { "reduction \(kind), width \($0)" } }
    #expect(labels == expected, "\(labels)")
    #expect(output.out.contains("more columns have no room"))
    for line in output.out.split(separator: "\n") where !line.hasPrefix("page") {
        #expect(line.count <= 100, "\(line)")
    }
    #expect(output.err.contains("their losses are in different units: loss.reduction differ"), "\(output.err)")
    // Other data of the same kind.
    for seed in [1, 2] { #expect(try lab.train(["seed=\(seed)"]).output.code == 0) }
    let runs = try FileManager.default.contentsOfDirectory(atPath: lab.folder.file("runs/small"))
    let others = try lab.call(["compare"] + runs.map { "runs/small/\($0)" })
    #expect(others.code == 0 && others.err.contains("the runs trained on different data"), "\(others)")
}

/// Runs that their few values don't tell apart are told by their folders, and the values stand in a column; a run without a
/// configuration is compared by what is left of it.
@Test func alikeRunsKeepTheirValues() throws {
    let lab = Lab()
    for (width, out) in [(8, "a"), (8, "b"), (16, "c"), (16, "d"), (16, "e")] {
        #expect(try lab.train(["model.width=\(width)", "training.stop.steps=3"], out: out).output.code == 0)
    }
    let runs = try "abcde".map { try lab.onlyRun(in: String($0)) }
    let output = try lab.call(["compare"] + runs)
    let rows = output.out.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    let column = try #require(rows[0].firstIndex(of: "width"), "\(output)")
    #expect(
        rows[1...5].map { $0[column] } == ["8", "8", "16", "16", "16"] && Set(rows[1...5].map { $0[0] }).count == 5)
    try FileManager.default.removeItem(atPath: runs[0] + "/config.yaml")
    let damaged = try lab.call(["compare"] + runs.prefix(3))
    #expect(damaged.code == 0 && damaged.err.contains("config.yaml: cannot be read"), "\(damaged)")
    #expect(damaged.out.split(separator: "\n").contains { $0.hasPrefix("model.width") }, "\(damaged)")
}
