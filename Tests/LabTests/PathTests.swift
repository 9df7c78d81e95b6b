import Console
import Foundation
import TestSupport
import Testing

private let table = "1,2,0\n2,1,1\n3,5,0\n4,4,1\n5,6,0\n6,1,1\n"

private func project(_ data: String) -> Lab {
    let lab = Lab()
    for folder in ["configs", "data", "elsewhere"] {
        do {
            try FileManager.default.createDirectory(
                atPath: lab.folder.file(folder), withIntermediateDirectories: true)
        } catch { Issue.record("\(error)") }
    }
    _ = lab.folder.write(
        "configs/a.yaml", "name: small\ndata: {\(data)}\nmodel: {width: 8, depth: 1}\ntraining: {stop: {steps: 4}}")
    _ = lab.folder.write("data/a.csv", table)
    return lab
}

private func train(_ lab: Lab, from folder: String, _ config: String, _ environment: [String: String?] = [:]) throws
    -> Output
{
    try run(
        ntklab, ["train", config, "--quiet", "--out", lab.folder.file("runs")], folder: folder, environment: environment
    )
}

/// Where the data is, what the configuration says, and from where the run is begun.
@Test(arguments: [
    "source: csv, path: ../data/a.csv", "source: csv, path: ~/data/a.csv", "source: csv, path: data/a.csv",
])
func dataIsFoundAndStoredForGood(data: String) throws {
    let lab = project(data)
    let home = lab.folder.path
    // Beside the configuration, in the home folder, or in the working folder.
    let working = data.contains("../") ? "/" : home
    let output = try train(lab, from: working, lab.folder.file("configs/a.yaml"), ["HOME": home])
    #expect(output.code == 0, "\(output.err)")
    // The run is resumed from anywhere.
    let path = try lab.onlyRun(in: "runs")
    let stored = String(decoding: lab.bytes(path + "/config.yaml") ?? Data(), as: UTF8.self)
    #expect(stored.contains(home) && stored.contains("data/a.csv"), "\(stored)")
    let resumed = try run(ntklab, ["resume", path, "--quiet", "--set", "training.stop.steps=6"], folder: "/")
    #expect(resumed.code == 0, "\(resumed.err)")
    // Where the data moves the run can follow, but not to other data.
    try FileManager.default.moveItem(atPath: home + "/data/a.csv", toPath: home + "/elsewhere/b.csv")
    #expect(try lab.resume(path).code == 2)
    #expect(try lab.resume(path, ["data.path=\(home)/elsewhere/b.csv", "training.stop.steps=8"]).code == 0)
    #expect(try lab.resume(path, ["training.stop.steps=9"]).code == 0)
    _ = lab.folder.write("other.csv", table.replacing("5,6,0", with: "5,7,0"))
    let refused = try lab.resume(path, ["data.path=\(home)/other.csv"])
    #expect(refused.code == 2 && refused.err.contains("expected digest"), "\(refused.err)")
}

@Test func ofTwoFilesTheOneThatIsTakenIsSaid() throws {
    let lab = project("source: csv, path: data/a.csv")
    try FileManager.default.copyItem(atPath: lab.folder.file("data"), toPath: lab.folder.file("configs/data"))
    let output = try train(lab, from: lab.folder.path, "configs/a.yaml")
    #expect(output.code == 0)
    #expect(
        output.err.split(separator: "\n").filter {
            $0.contains("configs/data/a.csv, beside the configuration, and not")
        }.count == 1)
    let missing = project("source: csv, path: none.csv")
    let refused = try train(missing, from: missing.folder.path, "configs/a.yaml")
    #expect(refused.code == 2 && refused.err.contains("configs/none.csv: cannot be read: No such file"))
    let homeless = try train(project("source: csv, path: ~/a.csv"), from: "/", "configs/a.yaml", ["HOME": nil])
    #expect(homeless.code == 2)
    let lost = project("source: csv, path: ~/a.csv")
    let unknown = try train(lost, from: lost.folder.path, "configs/a.yaml", ["HOME": nil])
    #expect(unknown.code == 2 && unknown.err.contains("~ stands for HOME, which is not set to an absolute path"))
}

/// A sweep whose data lies beside its configuration goes on from anywhere, and knows its cells where the data has
/// moved.
@Test func sweepsKnowTheirCellsWhereverTheDataLies() throws {
    let lab = project("source: csv, path: ../data/a.csv")
    _ = lab.folder.write(
        "configs/a.yaml",
        "name: small\ndata: {source: csv, path: ../data/a.csv}\nmodel: {width: 8, depth: 1}\n"
            + "training: {stop: {steps: 4}}\nsweep: {axes: {seed: 0..1}}")
    func sweep(_ arguments: [String], from folder: String) throws -> Output {
        try run(ntklab, ["sweep"] + arguments, folder: folder)
    }
    let (config, out) = (lab.folder.file("configs/a.yaml"), lab.folder.file("runs"))
    #expect(try sweep([config, "--out", out, "--quiet"], from: lab.folder.path).code == 0)
    for folder in ["/", lab.folder.file("data"), out] {
        let status = try sweep(["status", out + "/small"], from: folder)
        #expect(status.out.contains("2: 2 done"), "\(status.out)\(status.err)")
        let again = try sweep([config, "--out", out, "--dry-run"], from: folder)
        #expect(again.code == 0 && again.out.contains("2, 0 to run"), "\(again.out)\(again.err)")
    }
    try FileManager.default.moveItem(atPath: lab.folder.file("data"), toPath: lab.folder.file("moved"))
    let moved = try sweep(
        [config, "--out", out, "--quiet", "--set", "data.path=\(lab.folder.file("moved"))/a.csv"], from: "/")
    #expect(moved.code == 0, "\(moved.err)")
    #expect(try sweep(["status", out + "/small"], from: "/").out.contains("2: 2 done"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: out + "/small/cells").count == 2)
}

@Test func aRunThatHasNotBegunTakesNoOtherData() throws {
    let lab = project("source: csv, path: ../data/a.csv")
    let cell = lab.folder.file("cell")
    try FileManager.default.createDirectory(atPath: cell + "/checkpoints", withIntermediateDirectories: true)
    _ = lab.folder.write("cell/config.yaml", "data: {source: csv, path: ../data/a.csv}\nmodel: {width: 8, depth: 1}")
    let output = try lab.resume(cell, ["data.path=\(lab.folder.file("data/a.csv"))"])
    #expect(output.code == 2 && output.err.contains("has not begun"), "\(output.err)")
}

@Test func theFolderOfAPublishedDataSetIsStored() throws {
    let lab = project("source: mnist, samples: 4")
    let script = """
        import os, struct
        os.makedirs('datasets/mnist')
        open('datasets/mnist/train-images-idx3-ubyte', 'wb').write(
            struct.pack('>BBBBIII', 0, 0, 8, 3, 4, 2, 2) + bytes(range(1, 17)))
        open('datasets/mnist/train-labels-idx1-ubyte', 'wb').write(struct.pack('>BBBBI', 0, 0, 8, 1, 4) + bytes([0, 1, 0, 1]))
        """
    #expect(try python(script, folder: lab.folder.path).code == 0)
    #expect(try train(lab, from: "/", lab.folder.file("configs/a.yaml")).code == 0)
    let path = try lab.onlyRun(in: "runs")
    let resumed = try run(ntklab, ["resume", path, "--quiet", "--set", "training.stop.steps=6"], folder: "/")
    #expect(resumed.code == 0, "\(resumed.err)")
}

@Test func theDigitsAreFoundFromAnyFolder() throws {
    let lab = project("source: digits, samples: 20, shuffle: true")
    #expect(try train(lab, from: "/", lab.folder.file("configs/a.yaml")).code == 0)
    // A copy that is named is read in their place.
    let named = project("source: digits, samples: 20, shuffle: true, folder: \(repository)/datasets")
    #expect(try train(named, from: "/", named.folder.file("configs/a.yaml")).code == 0)
    let digests = try [lab, named].map { try $0.record($0.onlyRun(in: "runs"))["dataDigest"] as? String }
    #expect(digests[0] != nil && digests[0] == digests[1])
    let nowhere = project("source: digits, folder: nowhere")
    let output = try train(nowhere, from: nowhere.folder.path, "configs/a.yaml")
    #expect(output.code == 2 && output.err.contains("nowhere/digits/digits.csv: is missing"))
}

/// Test samples of a file or of arrays of their own, imported and read again.
@Test func testSetsOfTheirOwnAreReadAndImported() throws {
    let folder = TestFolder()
    let script = """
        import numpy as np
        r = np.random.RandomState(1)
        x, y, u, v = r.randn(12, 3), np.arange(12) % 3, r.randn(5, 3), np.array([0, 2, 1, 1, 0])
        np.savez('keras.npz', x_train=x, y_train=y, x_test=u, y_test=v)
        np.savez('train.npz', x=x, y=y); np.savez('test.npz', x=u, y=v)
        for name, a in dict(x=x, y=y, u=u, v=v).items(): np.save(name + '.npy', a)
        np.savetxt('train.csv', np.c_[y, x], delimiter=',', fmt='%.17g', header='label,a,b,c', comments='')
        np.savetxt('test.csv', np.c_[v, u], delimiter=',', fmt='%.17g')
        """
    #expect(try python(script, folder: folder.path).code == 0)
    let imported = try run(
        ntklab,
        ["data", "import", "--format", "npz", "keras.npz", "--to", "keras.h5"]
            + ["inputs=x_train", "answers=y_train", "test_inputs=x_test", "test_answers=y_test"].flatMap {
                ["--set", $0]
            },
        folder: folder.path)
    #expect(
        imported.code == 0 && imported.out.contains("/x_test, /y_test: 5 samples"), "\(imported.err)\(imported.out)")
    let first = try run(
        ntklab, ["data", "import", "--format", "csv", "train.csv", "--to", "first.h5", "--set", "label_column=first"],
        folder: folder.path)
    #expect(first.code == 0 && first.out.contains("3 classes") && first.out.contains("12 samples of shape [3]"))
    var digests: Set<String> = []
    for data in [
        "source: npz, path: keras.npz, inputs: x_train, answers: y_train, test_inputs: x_test, test_answers: y_test",
        "source: npz, path: train.npz, test_path: test.npz",
        "source: npy, path: x.npy, labels_path: y.npy, test_path: u.npy, test_labels_path: v.npy",
        "source: csv, path: train.csv, label_column: first, test_path: test.csv",
        "source: hdf5, path: keras.h5, test_inputs: /x_test, test_answers: /y_test",
        "source: hdf5, path: first.h5, test_path: keras.h5, test_inputs: /x_test, test_answers: /y_test",
    ] {
        let lab = Lab("name: small\ndata: {\(data)}\nmodel: {width: 8, depth: 1}\ntraining: {stop: {steps: 2}}")
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            try FileManager.default.copyItem(atPath: folder.file(name), toPath: lab.folder.file(name))
        }
        let (output, path) = try lab.train()
        #expect(output.code == 0, "\(data): \(output.err)")
        digests.insert(try lab.record(path)["dataDigest"] as? String ?? data)
        let journal = String(decoding: lab.bytes(path + "/metrics.jsonl") ?? Data(), as: UTF8.self)
        #expect(journal.contains("\"test_loss\""), "\(data)")
    }
    #expect(digests.count == 1)
    for wrong in ["samples=3", "input=x_train", "path=b.csv", "source=npy"] {
        let output = try run(
            ntklab, ["data", "import", "--format", "csv", "train.csv", "--to", "b.h5", "--set", wrong],
            folder: folder.path)
        #expect(output.code == 2 && output.err.contains("is no key that says how a file is read"), "\(output.err)")
    }
}

/// What a file lacks is told before anything runs.
@Test func aDryRunOfASweepLoadsItsData() throws {
    let lab = Lab(
        "name: small\ndata: {source: csv, path: a.csv, samples: 50}\nmodel: {width: 8, depth: 1}\n"
            + "sweep: {axes: {seed: 0..2}}")
    _ = lab.folder.write("a.csv", table)
    let all = try lab.call(["sweep", "config.yaml", "--dry-run"])
    #expect(all.code == 2 && all.err.contains("data.samples + data.test_samples: expected at most 6"), "\(all.err)")
    let some = try lab.call(
        ["sweep", "config.yaml", "--dry-run", "--set", "sweep.axes={data.samples: [4, 50], seed: 0..1}"])
    #expect(
        some.code == 1 && some.words.contains("samples=50 seed=1: data.samples + data.test_samples: expected at most 6")
    )
    let sound = try lab.call(["sweep", "config.yaml", "--dry-run", "--set", "data.samples=4"])
    #expect(sound.code == 0 && sound.out.contains("answers are 2 classes"), "\(sound.out)\(sound.err)")
}

/// Arguments that can't be read are not taken for none. Where mounts can't be made there is nothing to see.
@Test func withoutProcNothingIsTakenForNothing() throws {
    let lab = Lab()
    let script = "umount -l /proc && exec \(ntklab) train config.yaml --quiet"
    let output = try run("/usr/bin/unshare", ["--mount", "sh", "-c", script], folder: lab.folder.path)
    if output.err.contains("unshare") || output.err.contains("umount") { return }
    #expect(output.code == 2 && output.err.contains("is /proc mounted?"), "\(output.out)\(output.err)")
}

/// Address space that is too small is told, and never leads to a trap or to a product without end.
@Test(arguments: [250_000, 350_000, 450_000, 600_000, 1_500_000, 3_000_000])
func littleAddressSpaceGetsOneMessage(kilobytes: Int) throws {
    let lab = Lab()
    let limited = try run(
        "/bin/sh", ["-c", "ulimit -v \(kilobytes); exec timeout 200 \(ntklab) train config.yaml --quiet --threads 2"],
        folder: lab.folder.path)
    #expect([0, 2].contains(limited.code) && limited.signal == nil, "\(limited.code) \(limited.err)")
    if limited.code == 2 {
        #expect(limited.err.split(separator: "\n").filter { $0.hasPrefix("error: ") }.count == 1, "\(limited.err)")
    }
    if kilobytes > 1_000_000 { #expect(limited.code == 0, "\(limited.err)") }
}
