import Foundation
import HDF5
import TestSupport
import Testing

/// One message of ours, from one process, and exit code 2; nothing is left on disk.
private func refused(_ arguments: [String], _ named: String, in folder: TestFolder) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    let output = try Job.run(3, arguments, in: folder)
    #expect(output.code == 2 && output.words.isEmpty, "\(output)")
    let messages = output.err.split(separator: "\n").filter { $0.hasPrefix("error: ") || $0.hasPrefix("Error: ") }
    #expect(messages.count == 1 && messages.first?.contains(named) == true, "\(output.err)")
    #expect(!output.err.contains("Fatal") && !output.err.contains("MPI_ABORT"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == names)
}

@Test func filesThatAreNoKernelAreRefused() throws {
    let folder = TestFolder()
    let known = KnownKernel(order: 90)
    try known.write(to: folder.file("k.h5"))
    try known.write(to: folder.file("test.h5"), rows: "test")
    try known.write(to: folder.file("nan.h5")) { $0 == 70 && $1 == 3 ? .nan : $2 }
    try known.write(to: folder.file("huge.h5")) { 1e200 * ($0 == $1 ? 2 : $2 * 0) }
    try HDF5Writer.write(to: folder.file("other.h5")) { try $0.attribute("format", "ntklab-metrics") }
    var bytes = folder.bytes("k.h5")
    bytes[bytes.count / 2] ^= 1
    _ = folder.write("damaged.h5", bytes)
    _ = folder.write("text.h5", "no kernel")
    _ = folder.write("there.h5", "keep me")
    #expect(try Job.run(1, ["k.h5", "--out", "spectrum.h5"], in: folder).code == 0)
    for (arguments, named) in [
        (["nowhere.h5"], "nowhere.h5: missing (process 0 of 3"),
        (["damaged.h5"], "damaged.h5: damaged: its bytes differ from its digest"),
        (["text.h5"], "text.h5: not written by ntklab"),
        (["other.h5"], "other.h5: expected a file of format ntklab-kernel, found ntklab-metrics"),
        (["spectrum.h5"], "spectrum.h5: /kernel: is missing"),
        (["test.h5"], "test.h5: /kernel: expected a symmetric kernel, found [90, 90] of test samples"),
        (["nan.h5"], "nan.h5: /kernel: expected finite entries, found nan at [70, 3] (process 2 of 3"),
        (["huge.h5"], "huge.h5: /kernel: its norm"),
        (["k.h5", "--out", "there.h5"], "there.h5: exists already"),
        (["k.h5", "--out", "no/folder.h5"], "no/folder.h5: its folder cannot be written to"),
        (["k.h5", "--threads", "0"], "--threads: expected 1 to 256, found 0"),
        (["k.h5", "--threads", "many"], "many"), ([], "kernel"),
    ] {
        try refused(arguments, named, in: folder)
    }
    #expect(folder.bytes("there.h5") == Array("keep me".utf8))
}

/// Before anything is dealt out.
@Test func aKernelTooLargeForTheMachineIsRefused() throws {
    let folder = TestFolder()
    try KnownKernel(order: 3000).write(to: folder.file("k.h5"))
    let output = try run(
        "/bin/sh", ["-c", "ulimit -v 900000; exec \"$0\" k.h5 --vectors", Job.program], folder: folder.path,
        environment: Job.environment)
    #expect(output.code == 2 && output.err.contains("error: k.h5: expected "), "\(output)")
    #expect(output.err.contains("take more machines, or leave out --vectors"), "\(output.err)")
}

/// What goes wrong in one process ends all of them, which say so once.
@Test func oneProcessThatCannotReadEndsAll() throws {
    let folder = TestFolder()
    try KnownKernel(order: 90).write(to: folder.file("k.h5"))
    let output = try run(
        "/usr/bin/env",
        [
            "mpirun", "-n", "2", Job.program, "k.h5", ":", "-n", "1", Job.program, "elsewhere.h5", "--out",
            "k-spectrum.h5",
        ],
        folder: folder.path, environment: Job.environment)
    #expect(output.code == 2)
    #expect(output.err.matches(of: #/error: /#).count == 1, "\(output.err)")
    #expect(
        output.err.contains("error: elsewhere.h5: ") && output.err.contains("(process 2 of 3, on "), "\(output.err)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["k.h5"])
}

/// A process that is killed takes the others with it, and no file comes of it.
@Test func oneProcessThatIsKilledEndsAll() throws {
    let folder = TestFolder()
    try KnownKernel(order: 3000).write(to: folder.file("k.h5"))
    let child = try Job.start(3, ["k.h5", "--vectors"], in: folder)
    func processes() throws -> [Int32] {
        let found = try run("/usr/bin/pgrep", ["-P", "\(child.process.processIdentifier)", "-f", "ntklab-eigen"])
        return found.out.split(separator: "\n").compactMap { Int32($0) }
    }
    var all: [Int32] = []
    while child.process.isRunning, all.count < 3 { all = try processes() }
    // Some way into the reduction.
    Thread.sleep(forTimeInterval: 1.5)
    let victim = try #require(all.last)
    try #require(kill(victim, SIGKILL) == 0)
    let output = try child.wait()
    #expect(output.code != 0 && output.out.isEmpty)
    #expect(output.err.contains("signal 9"), "\(output.err)")
    let deadline = Date(timeIntervalSinceNow: 20)
    while Date() < deadline, all.contains(where: { kill($0, 0) == 0 }) { Thread.sleep(forTimeInterval: 0.05) }
    #expect(all.allSatisfy { kill($0, 0) != 0 }, "none is left")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["k.h5"])
}
