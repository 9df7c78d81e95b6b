import Foundation
import TestSupport
import Testing

@Test func resumeBeginsARunThatHasAConfigurationAlone() throws {
    let lab = Lab()
    let run = try lab.train()
    let folder = lab.folder.file("begun")
    try FileManager.default.createDirectory(
        atPath: folder + "/checkpoints", withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: run.path + "/config.yaml", toPath: folder + "/config.yaml")
    let output = try lab.resume(folder)
    #expect(output.code == 0, "\(output.err)")
    #expect(differences(run.path, folder, step: 60).isEmpty)
    // A folder with a configuration among other things is none of a run.
    let none = try lab.resume(lab.folder.path)
    #expect(none.code == 2 && none.err.contains("this folder holds 2 runs"), "\(none.err)")
}

@Test func aRunMayKeepNoCheckpoint() throws {
    let lab = Lab()
    let usual = try lab.train([], out: "usual")
    let run = try lab.train(["checkpoints.keep=0", "checkpoints.every=20"])
    #expect(run.output.code == 0, "\(run.output.err)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: run.path + "/checkpoints").isEmpty)
    #expect(lab.bytes(run.path + "/metrics.jsonl") == lab.bytes(usual.path + "/metrics.jsonl"))
    #expect(FileManager.default.fileExists(atPath: run.path + "/metrics.h5"))
    // Resumed, it is made again to the same bits.
    #expect(try lab.resume(run.path).code == 0)
    #expect(lab.bytes(run.path + "/metrics.jsonl") == lab.bytes(usual.path + "/metrics.jsonl"))
}

@Test func aNetworkThatIsDeadAtItsStartIsARun() throws {
    let lab = Lab()
    let run = try lab.train(["model.width=1", "model.depth=6", "seed=1", "training.stop.steps=5"])
    #expect(run.output.code == 0 && run.output.err.contains("dead at its start"), "\(run.output.err)")
    let script = """
        import json, sys
        rows = [json.loads(line) for line in open(sys.argv[1] + '/metrics.jsonl')]
        assert len(rows) >= 2 and all(r['gradient_norm'] == 0 and r['weight_drift'] == 0 for r in rows)
        """
    let check = try python(script, [run.path])
    #expect(check.code == 0, "\(check.err)")
    // Where nothing is trained there is no rate to find.
    let frozen = try lab.call(["train", "config.yaml", "--quiet", "--set", "model.frozen=[W1, W2]"])
    #expect(frozen.code == 2 && frozen.err.contains("is anything trained?"), "\(frozen.err)")
}

@Test func inputsAreScaledLast() throws {
    let lab = Lab()
    let plain = try lab.call(["train", "config.yaml", "--dry-run"])
    let scaled = try lab.call(["train", "config.yaml", "--dry-run", "--set", "data.scale=4"])
    func separation(_ text: String) -> Double? {
        text.split(separator: "\n").first { $0.hasPrefix("separation") }?.split(separator: " ").last.flatMap {
            Double($0)
        }
    }
    let (before, after) = (try #require(separation(plain.out)), try #require(separation(scaled.out)))
    #expect(abs(after / before - 4) < 1e-5)
}
