import Cells
import Console
import Foundation
import TestSupport
import Testing
import Theory

private let sweepConfig =
    smallConfig
    + "\nsweep: {axes: {model.width: [8, 16, 32, 64], seed: 0..1}, stop_at: {steps: 5}, fit: [weight_drift]}\n"

/// The files below a folder.
private func files(_ folder: String) throws -> Set<String> {
    Set(try FileManager.default.subpathsOfDirectory(atPath: folder))
}

/// A run and a sweep, as folders in which nobody may write.
private func readOnly(_ lab: Lab) throws -> [String] {
    let run = try lab.train(["training.stop.steps=5"]).path
    _ = lab.folder.write("sweep.yaml", sweepConfig)
    #expect(try lab.call(["sweep", "sweep.yaml", "--quiet", "--out", "sweeps"]).code == 0)
    let sweep = lab.folder.file("sweeps/small")
    unlink(sweep + "/sweep.csv")
    for folder in [run, sweep] { #expect(try TestSupport.run("/bin/chmod", ["-R", "a-w", folder]).code == 0) }
    return [run, sweep]
}

@Test func aReportCanGoElsewhere() throws {
    let lab = Lab()
    let folders = try readOnly(lab)
    defer { for folder in folders { _ = try? TestSupport.run("/bin/chmod", ["-R", "u+w", folder]) } }
    for (index, folder) in folders.enumerated() {
        let before = try files(folder)
        for out in ["reports/\(index)", lab.folder.file("reports/\(index)"), "reports/\(index)/"] {
            let output = try lab.call(["report", folder, "--out", out])
            #expect(output.code == 0 && output.out.contains("\(out)/index.html") && output.err.isEmpty, "\(output)")
        }
        let written = try files(lab.folder.file("reports/\(index)"))
        #expect(written.contains("index.html") && written.contains { $0.hasSuffix(".svg") }, "\(written)")
        #expect(try files(folder) == before)
        guard geteuid() != 0 else { continue }
        let refused = try lab.call(["report", folder])
        #expect(refused.code == 2 && refused.err.contains("--out FOLDER writes the report elsewhere"), "\(refused.err)")
    }
    #expect([0, 1, 4].contains(try lab.call(["certify", folders[0]]).code))
    #expect(try lab.call(["inspect", folders[0]]).code == 0)
}

/// The folder of a report holds reports only: nothing else is replaced, and the message says what to do.
@Test func aReportReplacesNothingElse() throws {
    let lab = Lab()
    let run = try lab.train(["training.stop.steps=5"]).path
    func refused(_ arguments: [String], _ words: String) throws {
        let output = try lab.call(["report", run] + arguments)
        let lines = output.err.split(separator: "\n")
        #expect(output.code == 2 && lines.count == 1 && output.err.contains(words), "\(output.err)")
        #expect(!output.err.contains("Domain"), "\(output.err)")
    }
    try FileManager.default.createDirectory(
        atPath: lab.folder.file("theirs/figures"), withIntermediateDirectories: true)
    _ = lab.folder.write("theirs/figures/loss.svg", "theirs")
    _ = lab.folder.write("index.html", "theirs")
    try refused(["--out", "theirs"], "theirs: expected a new or empty folder or an earlier report, found other files")
    try refused(["--out", "."], "expected a new or empty folder or an earlier report")
    try refused(["--out", run], "expected a new or empty folder or an earlier report")
    try refused(["--out", "config.yaml"], "config.yaml: cannot be made: File exists")
    try refused(["--out", "config.yaml/report"], "config.yaml: cannot be made: File exists")
    #expect(lab.folder.bytes("theirs/figures/loss.svg") == Array("theirs".utf8))
    #expect(lab.folder.bytes("index.html") == Array("theirs".utf8))
    _ = FileManager.default.createFile(atPath: run + "/report", contents: nil)
    try refused([], "/report: cannot be made: File exists; --out FOLDER writes the report elsewhere")
    unlink(run + "/report")
    #expect(symlink(lab.folder.file("theirs"), run + "/report") == 0)
    try refused([], "expected a folder, found a symbolic link; --out FOLDER")
}

/// What can't be read is said in the system's words, once, and not in those of a library.
@Test(arguments: [
    ("run.json", "a folder"), ("config.yaml", "a folder"), ("metrics.jsonl", "a folder"), ("run.json", "itself"),
    ("config.yaml", "itself"), ("metrics.h5", "itself"), ("run.json", "bytes"), ("config.yaml", "bytes"),
])
func whatCannotBeReadIsSaidInPlainWords(file: String, kind: String) throws {
    let lab = Lab()
    let run = try lab.train(["training.stop.steps=5"]).path
    let path = "\(run)/\(file)"
    unlink(path)
    switch kind {
    case "a folder": #expect(mkdir(path, 0o755) == 0)
    case "itself": #expect(symlink(path, path) == 0)
    default:
        #expect(FileManager.default.createFile(atPath: path, contents: Data([UInt8](repeating: 0xff, count: 9000))))
    }
    for arguments in [["certify", run], ["report", run], ["inspect", run], ["certify", run, "--json"]] {
        let output = try lab.call(arguments)
        #expect(output.signal == nil && [0, 1, 2, 4].contains(output.code), "\(arguments): \(output)")
        for word in ["Domain", "Success", "NSError", "Optional(", "ÿÿÿ"] {
            #expect(!(output.out + output.err).contains(word), "\(arguments): \(output)")
        }
        let longest = output.err.split(separator: "\n").map(\.count).max() ?? 0
        #expect(longest < 400, "\(output.err)")
    }
    // Metrics are read from the journal then.
    #expect(try lab.call(["certify", run]).out.contains(file) || file == "metrics.h5")
}

@Test func whatIsWrongWithCellsIsSaidInFewWords() throws {
    let lab = Lab()
    _ = lab.folder.write("sweep.yaml", sweepConfig)
    #expect(try lab.call(["sweep", "sweep.yaml", "--quiet"]).code == 0)
    let cells = lab.folder.file("runs/small/cells")
    let names = try FileManager.default.contentsOfDirectory(atPath: cells).sorted()
    unlink("\(cells)/\(names[0])/config.yaml")
    #expect(mkdir("\(cells)/\(names[0])/config.yaml", 0o755) == 0)
    unlink("\(cells)/\(names[1])/run.json")
    let crash = String(repeating: String(repeating: "x", count: 9999) + "\n", count: 99) + "error: it broke\n"
    try crash.write(toFile: "\(cells)/\(names[1]).log", atomically: true, encoding: .utf8)
    let cell = "\(cells)/\(names[1])"
    try CellFailure(reason: "ended by signal 11", printed: CellFailure.printed(of: cell), call: nil).write(of: cell)
    let status = try lab.call(["sweep", "status", "runs/small"])
    #expect(status.out.contains("2 failed") && status.out.contains("it broke") && !status.out.contains("Domain"))
    #expect(status.words.contains("config.yaml: expected a file, found a folder") && status.out.count < 12000)
    // A record that was cut is no silence.
    try "{\"reas".write(toFile: CellFailure.path(of: cell), atomically: true, encoding: .utf8)
    let cut = try lab.call(["sweep", "status", "runs/small"])
    #expect(cut.out.contains("2 failed") && cut.words.contains("is no record of a failure"))
    let report = try lab.call(["report", "runs/small"])
    #expect(report.code == 0 && (lab.bytes(lab.folder.file("runs/small/report/index.html"))?.count ?? 0) < 30000)
    _ = lab.folder.write("other", "a file")
    let refused = try lab.call(["sweep", "sweep.yaml", "--set", "name=other", "--out", lab.folder.path])
    #expect(refused.code == 2 && refused.err.contains("other: is there and is no sweep"), "\(refused.err)")
}
