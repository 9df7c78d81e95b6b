import Foundation
import TestSupport
import Testing
import Theory

/// Runs are found by their folder, a folder around them, their name, and as the latest; what is near is named.
@Test func runsAreFoundByWhatAPersonWrites() throws {
    let lab = Lab()
    for name in ["first", "second", "first"] {
        #expect(
            try lab.call(["train", "config.yaml", "--quiet", "--set", "name=\(name)", "--set", "training.stop.steps=5"])
                .code == 0)
    }
    func found(_ text: String) throws -> String {
        let output = try lab.call(["certify", text])
        return output.code == 2 ? output.err : output.out.split(separator: ":").first.map(String.init) ?? ""
    }
    let second = try found("second")
    #expect(second.hasPrefix("runs/second/"))
    #expect(try found("runs/second/") == second && found(second) == second && found("runs/second/latest") == second)
    #expect(try found("latest").hasPrefix("runs/first/"))
    #expect(try found("first/latest") == found("latest"))
    let both = try found("first")
    #expect(
        both.contains(
            "runs/first: this folder holds 2 runs: name one of them, or write runs/first/latest for the newest, which is "
                + (try found("latest"))), "\(both)")
    #expect(try found("secnd").contains("secnd: no such run: did you mean runs/second?"))
    #expect(try found("runz/second").contains("runz/second: no such run: did you mean runs/second?"))
    #expect(try found("config.yaml").contains("expected the folder of a run, found a file"))
    #expect(try found("runs/second/none").contains("runs/second/none: no such run"))
    #expect(try lab.call(["sweep", "status", "second"]).code == 2)
}

/// `list` shows what runs came to, and filters and sorts them; sweeps are one line each.
@Test func runsAreListed() throws {
    let lab = Lab()
    for (name, steps) in [("short", 2), ("long", 40)] {
        let output = try lab.call([
            "train", "config.yaml", "--quiet", "--set", "name=\(name)", "--set", "training.stop.steps=\(steps)",
        ])
        #expect(output.code == 0 && output.out.contains("can't be told"))
    }
    let sweep = [
        "sweep", "config.yaml", "--quiet", "--set", "name=grid", "--set", "sweep.axes={model.width: [8, 16]}", "--set",
        "sweep.stop_at={steps: 2}",
    ]
    #expect(try lab.call(sweep).code == 0)
    func listed(_ arguments: String...) throws -> [[String: Any]] {
        let output = try lab.call(["list", "--json"] + arguments)
        #expect(output.code == 0, "\(output.err)")
        return try JSONSerialization.jsonObject(with: Data(output.out.utf8)) as? [[String: Any]] ?? []
    }
    let all = try listed()
    #expect(all.map { $0["name"] as? String } == ["grid", "long", "short"])
    #expect(all[0]["kind"] as? String == "sweep" && all[0]["status"] as? String == "2 OF 2")
    #expect(all[1]["step"] as? Int == 40 && all[1]["network"] as? String == "mlp 64 x 2")
    #expect(
        all[1]["data"] as? String == "sphere 48" && (all[1]["verdicts"] as? String)?.count == Statement.allCases.count)
    #expect(all[1]["test_accuracy"] is Double && all[1]["loss"] is Double)
    #expect(try listed("--sort", "step").first?["name"] as? String == "long")
    #expect(try listed("--sort", "loss", "--reverse").last?["name"] as? String == "long")
    #expect(try listed("--filter", "name=short").count == 1 && listed("--filter", "mlp").count == 2)
    #expect(try listed("--filter", "status=nothing").isEmpty)
    // Verdicts belong to one end of a run: where they are gone, or the run went on, they are asked for.
    let kept = all[2]["path"] as? String ?? ""
    let signs = all[2]["verdicts"] as? String
    #expect(try FileManager.default.removeItem(atPath: lab.folder.file(kept + "/verdicts.json")) == ())
    #expect(try listed("--filter", "name=short").first?["verdicts"] == nil)
    #expect(try listed("--filter", "name=short", "--certify").first?["verdicts"] as? String == signs && signs != nil)
    let csv = try lab.call(["list", "--csv"]).out.split(separator: "\n")
    #expect(csv.count == 4 && csv[0].hasPrefix("path,kind,name,began,status"))
    #expect(try lab.call(["list", "nowhere"]).code == 2)
}

/// A list takes the last line of a journal, whatever is before it.
@Test func aListReadsTheEndsOfJournals() throws {
    let lab = Lab()
    let (_, path) = try lab.train(["training.stop.steps=5"])
    let rows = String(repeating: "garbage\n", count: 200_000)
    let journal = String(decoding: try #require(lab.bytes(path + "/metrics.jsonl")), as: UTF8.self)
    try (rows + journal).write(toFile: path + "/metrics.jsonl", atomically: true, encoding: .utf8)
    let output = try lab.call(["list", "--csv"])
    #expect(output.code == 0 && output.out.contains(",5,"), "\(output.out)")
    // A damaged step is none.
    try (journal + "{\"step\":1e300,\"train_loss\":2}\n").write(
        toFile: path + "/metrics.jsonl", atomically: true, encoding: .utf8)
    let damaged = try lab.call(["list"])
    #expect(damaged.code == 0 && damaged.signal == nil, "\(damaged.err)")
}
