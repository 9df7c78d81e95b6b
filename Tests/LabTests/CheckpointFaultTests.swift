import Foundation
import TestSupport
import Testing

private struct Fixture {
    let lab = Lab()
    let path: String
    let wholePath: String
    let network: (name: String, sets: [String])

    /// A run stopped at step 30 with checkpoints at 10, 20 and 30, and the same run left alone.
    init(_ network: (name: String, sets: [String]) = networks[0]) throws {
        self.network = network
        let keep = network.sets + ["checkpoints.every=10", "checkpoints.keep=9"]
        wholePath = try lab.train(keep, out: "whole").path
        path = try lab.train(keep + ["training.stop.steps=30"], out: "part").path
    }

    func checkpoint(_ step: Int) -> String { path + "/checkpoints/step-" + String(format: "%08d", step) + ".h5" }
    func resume() throws -> Output { try lab.resume(path, ["training.stop.steps=60"]) }
    func write(_ data: Data, to path: String) throws { try data.write(to: URL(fileURLWithPath: path)) }
}

/// What is done to the newest checkpoint, and what the refusal has to say.
private enum Fault: String, CaseIterable {
    case truncated, emptied, bitFlipInHeader, bitFlipInWeights, foreignText, foreignHDF5, wrongShape, otherData,
        otherPrecision, otherRate

    var message: String {
        switch self {
        case .truncated, .bitFlipInHeader, .bitFlipInWeights: "is damaged"
        case .emptied, .foreignText, .foreignHDF5: "has no digest"
        case .wrongShape: "expected shape"
        case .otherData: "data_digest: expected"
        case .otherRate: "config: training.auto_factor: expected 1.0 as in config.yaml, found 0.5"
        case .otherPrecision: "precision: expected float32, found float64"
        }
    }

    func apply(_ f: Fixture) throws {
        let path = f.checkpoint(30)
        let bytes = f.lab.bytes(path) ?? Data()
        func other(_ set: String) throws -> Data {
            let run = try f.lab.train(f.network.sets + [set, "training.stop.steps=30"], out: "other")
            return f.lab.bytes(run.path + "/checkpoints/step-00000030.h5") ?? Data()
        }
        switch self {
        case .truncated: try f.write(bytes.prefix(bytes.count * 2 / 3), to: path)
        case .emptied: try f.write(Data(), to: path)
        case .bitFlipInHeader, .bitFlipInWeights:
            var flipped = bytes
            flipped[self == .bitFlipInHeader ? 40 : bytes.count - 3000] ^= 4
            try f.write(flipped, to: path)
        case .foreignText: try f.write(Data("this is no checkpoint".utf8), to: path)
        case .foreignHDF5:
            let output = try python("import h5py, sys; h5py.File(sys.argv[1], 'w')['x'] = [1, 2]", [path])
            #expect(output.code == 0, "\(output.err)")
        case .wrongShape: try f.write(other("model.width=4"), to: path)
        case .otherData: try f.write(other("data.label_noise=0.5"), to: path)
        case .otherRate: try f.write(other("training.auto_factor=0.5"), to: path)
        case .otherPrecision: try f.write(other("precision=float64"), to: path)
        }
    }
}

@Test(arguments: Fault.allCases.map(\.rawValue), networks) func aBadCheckpointIsNamedAndTheOneBeforeTaken(
    name: String, network: (name: String, sets: [String])
) throws {
    let fixture = try Fixture(network)
    let fault = try #require(Fault(rawValue: name))
    try fault.apply(fixture)
    let output = try fixture.resume()
    #expect(output.code == 0, "\(output.err)")
    #expect(output.err.contains("step-00000030.h5") && output.err.contains("refused"), "\(output.err)")
    #expect(
        output.err.contains(fault.message), "\(output.err)")
    #expect(output.err.contains("from step 20"))
    #expect(differences(fixture.wholePath, fixture.path, step: 60) == [])
}

@Test func withoutASoundCheckpointResumeStops() throws {
    let fixture = try Fixture()
    for step in [10, 20, 30] { try fixture.write(Data("nothing".utf8), to: fixture.checkpoint(step)) }
    let before = fixture.lab.bytes(fixture.path + "/metrics.jsonl")
    let output = try fixture.resume()
    #expect(output.code == 2 && output.err.contains("no sound checkpoint"), "\(output.err)")
    #expect(fixture.lab.bytes(fixture.path + "/metrics.jsonl") == before)
}

/// A file's content counts, not its name.
@Test func aCheckpointUnderAnotherNameIsRefused() throws {
    let fixture = try Fixture()
    try FileManager.default.copyItem(atPath: fixture.checkpoint(30), toPath: fixture.checkpoint(50))
    let output = try fixture.resume()
    #expect(output.code == 0 && output.err.contains("step: expected 50 as in its name, found 30"), "\(output.err)")
    #expect(output.err.contains("from step 30"))
    #expect(differences(fixture.wholePath, fixture.path, step: 60) == [])
}

/// Files behind a link are another's: none is deleted or written.
@Test(arguments: ["checkpoints", "kernels", "landscape", "predictions"]) func linkedFoldersAreRefused(name: String)
    throws
{
    let fixture = try Fixture()
    let foreign = fixture.lab.folder.file("foreign")
    try FileManager.default.createDirectory(atPath: foreign, withIntermediateDirectories: true)
    try fixture.write(Data("theirs".utf8), to: foreign + "/step-00000099.h5")
    let path = fixture.path + "/" + name
    if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: foreign)
    let output = try fixture.resume()
    #expect(output.code == 2 && output.err.contains("\(name): expected a folder of the run, found a symbolic link"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: foreign) == ["step-00000099.h5"])
}

@Test func aDamagedKernelIsNamed() throws {
    let fixture = try Fixture(("kernels", ["tracking.kernel={samples: 20, every: 10}"]))
    let kernel = fixture.path + "/kernels/step-00000030.h5"
    var bytes = fixture.lab.bytes(kernel) ?? Data()
    bytes[bytes.count / 2] ^= 1
    try fixture.write(bytes, to: kernel)
    let output = try fixture.resume()
    #expect(output.code == 0 && output.err.contains("step-00000030.h5: is damaged"), "\(output.err)")
    #expect(output.err.contains("the next kernel_velocity will be unknown"))
}

@Test func whatAKilledKernelJobLeftGoes() throws {
    let fixture = try Fixture()
    let left = fixture.lab.folder.file("theta.h5.writing-123")
    let other = fixture.lab.folder.file("other.h5.writing-123")
    for path in [left, other] { try fixture.write(Data("half".utf8), to: path) }
    let output = try fixture.lab.call(["ntk", fixture.path, "--out", fixture.lab.folder.file("theta.h5")])
    #expect(output.code == 0, "\(output.err)")
    #expect(fixture.lab.bytes(left) == nil && fixture.lab.bytes(other) != nil)
}

/// Cells go on with the threads that they began with, whatever the sweep has now.
@Test func theNumberOfThreadsBelongsToTheCell() throws {
    let lab = Lab(smallConfig + "\nsweep: {axes: {seed: [0, 1]}, fit: []}\n")
    func sweep(_ more: [String]) throws {
        let output = try lab.call(["sweep", "config.yaml", "--quiet"] + more)
        #expect(output.code == 0, "\(output.err)")
    }
    try sweep(["--jobs", "1"])
    let cells = lab.folder.file("runs/small/cells")
    let names = try FileManager.default.contentsOfDirectory(atPath: cells).filter {
        !$0.contains(".") || $0.hasPrefix(".")
    }
    let cell = "\(cells)/\(try #require(names.first))"
    func threads() throws -> Int? { (try lab.record(cell)["environment"] as? [String: Any])?["threads"] as? Int }
    let before = try threads()
    // As if it had been killed before its end.
    let record = String(decoding: lab.bytes(cell + "/run.json") ?? Data(), as: UTF8.self)
    try record.replacing("COMPLETED", with: "RUNNING").write(
        toFile: cell + "/run.json", atomically: true, encoding: .utf8)
    try sweep(["--jobs", "7"])
    #expect(try threads() == before)
    #expect((try lab.record(cell)["otherEnvironments"] as? [Any])?.isEmpty == true)
}

@Test func otherThreadsAndChangedKeysAreNotSilent() throws {
    let fixture = try Fixture()
    let threads = ProcessInfo.processInfo.activeProcessorCount + 1
    let output = try fixture.lab.call([
        "resume", fixture.path, "--quiet", "--threads", "\(threads)", "--set", "training.stop.steps=31",
    ])
    #expect(output.code == 0 && output.err.contains("differ from an uninterrupted run"), "\(output.err)")
    // Without --threads, resume takes the run's own number.
    let again = try fixture.lab.call(["resume", fixture.path, "--quiet"])
    #expect(again.code == 0 && !again.err.contains("differ from an uninterrupted run"), "\(again.err)")
    let refused = try fixture.lab.resume(fixture.path, ["model.width=65"])
    #expect(
        refused.code == 2
            && refused.err.contains("resume can change training.stop, checkpoints and where data and weights lie only"))
}

/// Whether this process may mount file systems.
private let canMount: Bool = {
    let folder = TestFolder()
    let mounted = (try? run("/bin/mount", ["-t", "tmpfs", "-o", "size=10k", "tmpfs", folder.path]))?.code == 0
    if mounted { _ = try? run("/bin/umount", [folder.path]) }
    return mounted
}()

/// A tmpfs too small for the second checkpoint. Needs the right to mount.
@Test(.enabled(if: canMount)) func aFullDiskLeavesTheEarlierCheckpoint() throws {
    let lab = Lab()
    let disk = lab.folder.file("disk")
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
    let mounted = try run("/bin/mount", ["-t", "tmpfs", "-o", "size=1600k", "tmpfs", disk])
    #expect(mounted.code == 0)
    defer { _ = try? run("/bin/umount", [disk]) }
    // 256-wide: 550 kB of weights a file, so those at the start and the first checkpoint fit and the second does not.
    let sets = ["model.width=256", "checkpoints.every=20"]
    let arguments = ["train", "config.yaml", "--quiet", "--out", "disk"] + sets.flatMap { ["--set", $0] }
    let output = try lab.call(arguments)
    #expect(output.code == 2, "\(output.code) \(output.err)")
    #expect(output.err.split(separator: "\n").filter { $0.hasPrefix("error:") }.count == 1, "\(output.err)")
    let path = try lab.onlyRun(in: "disk")
    let names = try FileManager.default.contentsOfDirectory(atPath: path + "/checkpoints")
    #expect(names.sorted() == ["last.h5", "step-00000020.h5"])
    #expect(try lab.call(["inspect", path + "/checkpoints/last.h5"]).out.contains("sound"))
}
