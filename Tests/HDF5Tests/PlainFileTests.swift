import Files
import Foundation
import HDF5
import TestSupport
import Testing

private func message(_ body: () throws -> Void) -> String {
    do { try body() } catch { return "\(error)" }
    return "no error"
}

/// A socket, bound in the given folder.
private func bindSocket(_ path: String) throws {
    let script = "import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])"
    #expect(try python(script, [path]).code == 0)
}

/// None of them is waited for: a pipe has no writer here.
@Test(.timeLimit(.minutes(15))) func whatIsNoFileIsRefusedAtOnce() throws {
    let folder = TestFolder()
    #expect(mkfifo(folder.file("pipe"), 0o644) == 0)
    try bindSocket(folder.file("s"))
    try FileManager.default.createSymbolicLink(
        atPath: folder.file("link"), withDestinationPath: folder.file("pipe"))
    for (path, kind) in [
        (folder.file("pipe"), "a pipe"), (folder.file("link"), "a pipe"), (folder.file("s"), "a socket"),
        (folder.path, "a folder"), ("/dev/zero", "a device"),
    ] {
        let expected = "\(path): expected a file, found \(kind)"
        #expect(message { _ = try PlainFile.open(path) } == expected)
        #expect(message { _ = try PlainFile.read(path, limit: 100) } == expected)
        #expect(message { _ = try FileDigest.verify(path) } == expected)
        #expect(message { _ = try HDF5File(reading: path) } == expected)
    }
    let missing = folder.file("none")
    #expect(message { _ = try PlainFile.open(missing) } == "\(missing): cannot be read: No such file or directory")
}

@Test func smallFilesAreReadUpToTheirLimit() throws {
    let folder = TestFolder()
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
    let path = folder.write("a", bytes)
    #expect(try PlainFile.read(path, limit: 100_000) == bytes)
    #expect(
        message { _ = try PlainFile.read(path, limit: 99_999) } == "\(path): expected at most 99999 bytes, found more")
    #expect(try PlainFile.read(folder.write("b", [UInt8]()), limit: 0) == [])
}
