import Foundation
import TestSupport
import Testing
import Theory

/// What a run said at its start that it can't tell: the statements, and the line that would record it.
private func untold(_ text: String) -> [(statement: Int, line: String)] {
    text.split(separator: "\n").compactMap { line in
        let parts = line.split(separator: ":", maxSplits: 1)
        guard line.hasPrefix("untold "), let number = parts[0].split(separator: " ").last.flatMap({ Int($0) }) else {
            return nil
        }
        return (number, parts[1].trimmingCharacters(in: .whitespaces))
    }
}

private func statements(_ lab: Lab, _ run: String) throws -> [Int: (verdict: String, missing: [String])] {
    let output = try lab.call(["certify", run, "--json"])
    let object = try JSONSerialization.jsonObject(with: Data(output.out.utf8)) as? [String: Any]
    return (object?["statements"] as? [[String: Any]] ?? []).reduce(into: [:]) { found, statement in
        found[statement["number"] as? Int ?? 0] = (
            statement["verdict"] as? String ?? "", statement["missing"] as? [String] ?? []
        )
    }
}

private let bases: [[String]] = [
    [], ["training.batch=8", "training.auto_factor=0.2"], ["training.linearized=true"],
    ["loss.kind=cross-entropy"], ["training.momentum=0.5"], ["training.optimizer=adam", "training.learning_rate=0.01"],
    ["training.optimizer=adam", "training.learning_rate=0.01", "training.batch=8"],
    ["training.elimination=neuron", "training.learning_rate=1e-3"],
    ["training.elimination=scale", "training.learning_rate=1e-3", "training.batch=8"],
    ["tracking.pattern_samples=0", "tracking.drift=false"],
    ["tracking.initialization=0", "tracking.gradient_norm=false"],
]

/// What is said at the start comes true at the end: none of those statements holds, and where something would have
/// recorded what it lacks, the verdict names the same.
@Test(arguments: bases) func whatARunCannotTellIsSaidAtItsStart(sets: [String]) throws {
    let lab = Lab()
    let output = try lab.call(["train", "config.yaml"] + sets.flatMap { ["--set", $0] })
    #expect(output.code == 0, "\(output)")
    let said = untold(output.err)
    let found = try statements(lab, lab.onlyRun(in: "runs"))
    #expect(!said.isEmpty && found.count >= 7)
    for (statement, line) in said {
        let verdict = try #require(found[statement])
        #expect(verdict.verdict != "holds", "\(sets) \(statement) \(line)")
        guard line.hasPrefix("tracking."), verdict.verdict == "can't tell", statement != 5, statement != 8 else {
            continue
        }
        let key = line.prefix { $0 != ":" }
        #expect(verdict.missing.contains { $0.contains(key) }, "\(sets) \(statement) \(line): \(verdict.missing)")
    }
}

/// With the preset nothing is lacking that a configuration could have recorded.
@Test(arguments: [
    [], ["training.batch=8", "training.auto_factor=0.2"], ["training.linearized=true"], ["training.lazy_scale=10"],
    ["loss.kind=cross-entropy"],
]) func thePresetRecordsAll(sets: [String]) throws {
    let lab = Lab()
    let all = ["tracking={preset: certify}", "training.stop.loss_ratio=1e-3", "training.stop.steps=2000"] + sets
    let output = try lab.call(["train", "config.yaml"] + all.flatMap { ["--set", $0] })
    #expect(output.code == 0 && !output.err.contains("preset: certify records"), "\(output)")
    #expect(untold(output.err).allSatisfy { !$0.line.hasPrefix("tracking.") }, "\(output.err)")
    for (number, statement) in try statements(lab, lab.onlyRun(in: "runs")) {
        let lacking = statement.missing.filter {
            $0.contains("tracking.kernel: {") || $0.contains("tracking.landscape: {")
        }
        #expect(lacking.isEmpty && !statement.missing.contains { $0.contains("prediction") }, "\(number): \(statement)")
    }
    #expect(output.err.contains("frozen    A, B: "))
}

/// Where the kernel of all samples would take too long, that of fewer is followed, and what that costs is said.
@Test func thePresetKnowsItsLimits() throws {
    let lab = Lab()
    func plan(_ samples: Int) throws -> String {
        try lab.call([
            "train", "config.yaml", "--dry-run", "--set", "tracking={preset: certify}", "--set", "data.class_count=16",
            "--set", "data.samples=\(samples)",
        ]).out
    }
    let whole = try plan(128)
    #expect(whole.contains("a measurement of 128 samples") && untold(whole).isEmpty, "\(whole)")
    let part = try plan(129)
    #expect(part.contains("a measurement of 128 samples"), "\(part)")
    let lines = untold(part).map(\.line)
    #expect(lines == ["tracking.kernel: {samples: 129, outputs: full}", "tracking.prediction: true"], "\(part)")
}
