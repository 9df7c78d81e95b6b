import Console
import Foundation
import TestSupport
import Testing
import Theory

/// A run that records all that `certify` asks for, and converges in 88 steps.
let certifiedConfig = """
    name: small
    seed: 3
    data: {source: sphere, samples: 12, test_samples: 12, dimension: 16, class_count: 2}
    model: {width: 256, depth: 2, parametrization: paper}
    training: {learning_rate: auto, auto_factor: 0.5, stop: {steps: 4000, loss_ratio: 1.0e-4}}
    tracking:
      every: 1
      prediction: true
      kernel: {samples: 12, outputs: full, per_decade: 2}
      landscape: {directions: 2, slice: 7}
    """

/// What `certify --json` says of a statement.
private struct Told {
    let code: Int32
    let verdicts: [Int: String]
    let reasons: [Int: String]
    let missing: [Int: [String]]
    let damage: [String]

    init(_ lab: Lab, _ path: String) throws {
        let output = try lab.call(["certify", path, "--json"])
        code = output.code
        let object = try JSONSerialization.jsonObject(with: Data(output.out.utf8)) as? [String: Any]
        let statements = try #require(object?["statements"] as? [[String: Any]], "\(output.err)")
        func each<T>(_ key: String, _ type: T.Type) -> [Int: T] {
            Dictionary(
                uniqueKeysWithValues: statements.compactMap { statement in
                    (statement["number"] as? Int).flatMap { number in (statement[key] as? T).map { (number, $0) } }
                })
        }
        verdicts = each("verdict", String.self)
        reasons = each("reason", String.self)
        missing = each("missing", [String].self)
        damage = object?["damage"] as? [String] ?? []
    }
}

/// Small real runs: their changes, the exit code, and what some statements have to say, with a word of the reason.
private let runs: [(name: String, sets: [String], code: Int32, told: [Int: (String, String)])] = [
    ("healthy", [], 0, Dictionary(uniqueKeysWithValues: (1...7).map { ($0, ("holds", "")) })),
    (
        "healthy in float64", ["precision=float64"], 0,
        Dictionary(uniqueKeysWithValues: (1...7).map { ($0, ("holds", "")) })
    ),
    (
        "a narrow net that gets stuck", ["model.width=3", "training.stop.steps=1500"], 1,
        [
            1: ("can't tell", "stands still"), 2: ("can't tell", "so far"), 3: ("can't tell", "nothing bounds"),
            6: ("fails", "Θ_t"), 7: ("fails", "norms 0"),
        ]
    ),
    (
        "a too large learning rate", ["training.auto_factor=8"], 1,
        [2: ("can't tell", "rate changes"), 4: ("fails", "loses"), 6: ("fails", "Θ_t"), 7: ("holds", "")]
    ),
    (
        "a learning rate that diverges", ["training.auto_factor=400"], 1,
        [1: ("can't tell", "may come back"), 2: ("can't tell", "above its start"), 4: ("fails", "")]
    ),
    (
        "a power law",
        [
            "loss.kind=cross-entropy", "training.learning_rate=0.05", "training.stop.loss_ratio=1e-9",
            "training.stop.steps=1500", "tracking.every=10", "tracking.prediction=false",
        ], 1, [1: ("can't tell", "cut short"), 2: ("fails", "power law"), 6: ("fails", "")]
    ),
    (
        "the floor of float32", ["training.stop.steps=600", "training.stop.loss_ratio=1e-30"], 0,
        [1: ("holds", "rounding errors hold it"), 2: ("holds", "slowest mode"), 3: ("holds", "")]
    ),
    (
        "a run cut short", ["training.stop.steps=12"], 4,
        [
            1: ("can't tell", "cut short"), 2: ("can't tell", "so far"), 3: ("can't tell", "so far"),
            5: ("can't tell", "so far"), 7: ("holds", ""),
        ]
    ),
    (
        "nothing recorded",
        [
            "tracking={every: 1, gradient_norm: false, drift: false, pattern_samples: 0, initialization: 0}"
        ], 4,
        [1: ("holds", ""), 3: ("can't tell", "no gradient"), 4: ("can't tell", "no landscape"), 7: ("can't tell", "")]
    ),
    (
        "mean reduction", ["loss.reduction=mean"], 0,
        [2: ("holds", "slowest mode"), 3: ("holds", "cλ(Θ_0)"), 5: ("holds", "path")]
    ),
    (
        "lazy", ["training.lazy_scale=5", "tracking.landscape.directions=0"], 4,
        [2: ("holds", "slowest mode"), 3: ("holds", "cλ(Θ_0)"), 4: ("can't tell", ""), 6: ("holds", "")]
    ),
    (
        "linearized", ["training.linearized=true", "tracking.landscape.directions=0"], 4,
        [2: ("holds", "slowest mode"), 3: ("holds", "cλ(Θ_0)"), 6: ("can't tell", "nothing to compare")]
    ),
    (
        "momentum", ["training.momentum=0.5", "tracking.prediction=false", "training.stop.loss_ratio=1e-7"], 4,
        [1: ("holds", ""), 3: ("holds", "cλ(Θ_0)"), 6: ("can't tell", "")]
    ),
    (
        "one output", ["data.class_count=2", "data.encoding=sign", "tracking.kernel.outputs=trace"], 0,
        [2: ("holds", "slowest mode")]
    ),
    (
        "the whole set with replacement",
        ["training.batch=12", "training.sampling=replacement", "tracking.prediction=false"], 4,
        [8: ("can't tell", "not recorded"), 6: ("can't tell", "")]
    ),
    (
        "mini-batches",
        [
            "training.batch=4", "training.auto_factor=0.15", "tracking.prediction=false",
            "tracking.contraction_batches=12",
        ], 4, [1: ("holds", ""), 2: ("can't tell", ""), 6: ("can't tell", "not recorded"), 8: ("holds", "epoch")]
    ),
    (
        "mini-batches that fight",
        [
            "training.batch=1", "training.auto_factor=3", "tracking.prediction=false", "training.stop.steps=150",
            "tracking.contraction_batches=12",
        ], 1, [8: ("can't tell", "within its error"), 6: ("fails", "")]
    ),
]

@Test(arguments: runs.indices)
func realRunsAreTold(index: Int) throws {
    let wanted = runs[index]
    let lab = Lab(certifiedConfig)
    let run = try lab.train(wanted.sets)
    #expect(run.output.code == 0 || run.output.code == 3, "\(run.output.err)")
    let told = try Told(lab, run.path)
    #expect(told.code == wanted.code, "\(wanted.name): \(told.verdicts)")
    for (statement, (verdict, word)) in wanted.told {
        let reason = told.reasons[statement] ?? "no such statement"
        #expect(told.verdicts[statement] == verdict, "\(wanted.name), statement \(statement): \(reason)")
        #expect(word.isEmpty || reason.contains(word), "\(wanted.name), statement \(statement): \(reason)")
    }
    #expect(told.damage.isEmpty)
    // What would record the missing is a line that configurations take.
    for line in Set(told.missing.values.flatMap { $0 }) {
        guard let (key, value) = setting(in: line) else { continue }
        let check = try lab.call(["train", "config.yaml", "--dry-run", "--set", "\(key)=\(value)"])
        #expect(check.code == 0, "\(line): \(check.err)")
    }
}

/// `tracking.kernel` and `{samples: 12, outputs: full}` of a line that ends in `tracking.kernel: {samples: 12, outputs:
/// full}`.
private func setting(in line: String) -> (key: String, value: String)? {
    let pattern = /((?:tracking|training|loss|model|data)\.[.a-z_]+|precision): ({[^}]*}|[^ ,]+)/
    return line.firstMatch(of: pattern).map { (String($0.1), String($0.2)) }
}

@Test func theTableSaysWhatTheJSONSays() throws {
    let lab = Lab(certifiedConfig)
    let run = try lab.train()
    let table = try lab.call(["certify", run.path])
    #expect(table.code == 0)
    #expect(table.out.contains("2  Linear convergence") && table.out.contains("7 statements hold"))
    let before = try FileManager.default.subpathsOfDirectory(atPath: run.path).sorted()
    #expect(try lab.call(["certify", run.path]).out == table.out, "a pure function of what was recorded")
    #expect(try FileManager.default.subpathsOfDirectory(atPath: run.path).sorted() == before, "nothing is written")
}

@Test func aRunThatWasKilledIsTold() throws {
    let lab = Lab(certifiedConfig)
    let run = try lab.train(["training.stop.steps=40"])
    // As a kill leaves it: the record still says RUNNING, metrics.h5 is gone, a line of the journal is half written.
    let record = run.path + "/run.json"
    let text = try String(contentsOfFile: record, encoding: .utf8)
    try text.replacingOccurrences(of: "COMPLETED", with: "RUNNING").write(
        toFile: record, atomically: true, encoding: .utf8)
    let whole = try Told(lab, run.path)
    try FileManager.default.removeItem(atPath: run.path + "/metrics.h5")
    let journal = run.path + "/metrics.jsonl"
    let lines = try String(contentsOfFile: journal, encoding: .utf8)
    try (lines + String(lines.prefix(70))).write(toFile: journal, atomically: true, encoding: .utf8)
    let cut = try Told(lab, run.path)
    #expect(cut.verdicts == whole.verdicts && cut.reasons == whole.reasons)
    #expect(cut.damage.count == 1 && cut.damage[0].contains("line 42"), "\(cut.damage)")
}

/// Harms done to a sound run, the word that names each, and a statement that can still be told.
private let harms: [(name: String, word: String, still: Int, harm: @Sendable (String) throws -> Void)] = [
    ("a missing kernel", "kernels/step-00000010.h5: missing", 6, { try remove($0 + "/kernels/step-00000010.h5") }),
    (
        "a damaged landscape", "landscape/step-00000010.h5: damaged", 4,
        { try flip($0 + "/landscape/step-00000010.h5") }
    ),
    ("a foreign landscape", "landscape/step-00000001.h5", 4, { try foreign($0 + "/landscape/step-00000001.h5") }),
    ("a damaged initialization", "initialization.h5: damaged", 2, { try flip($0 + "/initialization.h5") }),
    (
        "a journal cut in the middle, without metrics.h5", "is cut or not one of a journal", 7,
        { run in
            try remove(run + "/metrics.h5")
            let text = try String(contentsOfFile: run + "/metrics.jsonl", encoding: .utf8)
            try String(text.prefix(text.count / 2)).write(
                toFile: run + "/metrics.jsonl", atomically: true, encoding: .utf8)
        }
    ),
    (
        "no journal, but metrics.h5", "metrics.jsonl: cannot be read: No such file", 2,
        { try remove($0 + "/metrics.jsonl") }
    ),
    ("damaged metrics.h5", "metrics.h5: damaged", 2, { try flip($0 + "/metrics.h5") }),
    (
        "metrics.h5 behind a journal with a cut line", "line 90", 1,
        { run in
            let text = try String(contentsOfFile: run + "/metrics.jsonl", encoding: .utf8)
            try foreign(run + "/metrics.h5")
            try (text + String(text.prefix(60))).write(
                toFile: run + "/metrics.jsonl", atomically: true, encoding: .utf8)
        }
    ),
    (
        "a missing landscape", "landscape/step-00000010.h5: missing", 4,
        { try remove($0 + "/landscape/step-00000010.h5") }
    ),
    (
        "no metrics at all", "metrics.jsonl: is empty", 7,
        { run in
            try remove(run + "/metrics.h5")
            try "".write(toFile: run + "/metrics.jsonl", atomically: true, encoding: .utf8)
        }
    ),
    (
        "no configuration anywhere", "config.yaml", 7,
        { run in
            try remove(run + "/config.yaml")
            try remove(run + "/metrics.h5")
        }
    ),
    ("no record", "run.json", 2, { try remove($0 + "/run.json") }),
    (
        "a foreign record", "run.json: is not a run record", 2,
        { try "{}".write(toFile: $0 + "/run.json", atomically: true, encoding: .utf8) }
    ),
    (
        "a foreign configuration", "config.yaml", 7,
        { try "- 3".write(toFile: $0 + "/config.yaml", atomically: true, encoding: .utf8) }
    ),
]

private func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: path) }

private func foreign(_ path: String) throws {
    try "not HDF5".write(toFile: path, atomically: true, encoding: .utf8)
}

private func flip(_ path: String) throws {
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[bytes.count - 5] ^= 1
    try bytes.write(to: URL(fileURLWithPath: path))
}

@Test func damagedRunsAreToldAsFarAsTheyCanBe() throws {
    let lab = Lab(certifiedConfig)
    let run = try lab.train()
    for (name, word, still, harm) in harms {
        let copy = lab.folder.file("harmed")
        if FileManager.default.fileExists(atPath: copy) { try remove(copy) }
        try FileManager.default.copyItem(atPath: run.path, toPath: copy)
        try harm(copy)
        let told = try Told(lab, copy)
        #expect(told.damage.contains { $0.contains(word) }, "\(name): \(told.damage)")
        #expect(told.verdicts[still] == "holds", "\(name): \(told.reasons[still] ?? "")")
        #expect(told.verdicts.count == 7 && told.code != 2, "\(name)")
        let report = try lab.call(["report", copy])
        #expect(report.code == 0, "\(name): \(report.err)")
    }
}

@Test func whatIsNoRunIsRefused() throws {
    let lab = Lab(certifiedConfig)
    try FileManager.default.createDirectory(atPath: lab.folder.file("folder"), withIntermediateDirectories: true)
    _ = lab.folder.write("folder/notes.txt", "nothing")
    for (path, word) in [
        ("nowhere", "no such run"), ("folder", "is not a run directory"), ("config.yaml", "found a file"),
    ] {
        for command in ["certify", "report"] {
            let output = try lab.call([command, path])
            #expect(output.code == 2 && output.err.contains(path) && output.err.contains(word), "\(output.err)")
        }
    }
    #expect(!FileManager.default.fileExists(atPath: lab.folder.file("folder/report")), "nothing begun")
}
