import Files
import Foundation
import HDF5
import TestSupport
import Testing

private func sample(_ path: String, value: Double = 1) throws {
    try HDF5Writer.write(to: path) { file in
        try file.dataset(
            "/group/numbers", (0..<600).map { value + Double($0) }, shape: [20, 30], attributes: ["units": "m"])
        try file.dataset("/group/small.name", [Float(1.5), 2], attributes: [:])
        try file.dataset("/empty", [Int64](), attributes: [:])
        try file.attribute("text", "grüße")
        try file.attribute("count", 7)
        try file.attribute("ratio", of: "/group", 0.25)
        try file.group("/nothing")
    }
}

@Test func whatIsWrittenReadsBack() throws {
    let folder = TestFolder()
    let path = folder.file("a.h5")
    try sample(path)
    let file = try HDF5File(reading: path)
    #expect(try file.names(in: "/") == ["empty", "group", "integrity", "nothing"])
    let read = try file.read("/group/numbers", as: Double.self, limit: 600)
    #expect(read.shape == [20, 30] && read.values == (0..<600).map { 1 + Double($0) })
    #expect(try file.read("/group/numbers", as: Float.self, limit: 600).values[599] == 600)
    var rows = [Float](repeating: -1, count: 91)
    try file.readRows("/group/numbers", shape: [20, 30], first: 16, count: 3, into: &rows)
    #expect(rows == (480..<570).map { 1 + Float($0) } + [-1], "three rows, and nothing beyond")
    #expect(throws: HDF5Error.self) {
        try file.readRows("/group/numbers", shape: [30, 20], first: 0, count: 1, into: &rows)
    }
    #expect(try file.read("/group/small.name", as: Double.self, limit: 2).values == [1.5, 2])
    #expect(try file.read("/empty", as: Int64.self, limit: 0).values.isEmpty)
    #expect(try file.string("text", of: "/") == "grüße")
    #expect(try file.integer("count", of: "/") == 7)
    #expect(try file.number("ratio", of: "/group") == 0.25)
    #expect(try file.string("units", of: "/group/numbers") == "m")
    #expect(try file.string("missing", of: "/") == nil)
    #expect(try file.describe("/group/numbers").typeName == "float64")
}

@Test func wrongRequestsNameFileObjectExpectedAndFound() throws {
    let folder = TestFolder()
    let path = folder.file("a.h5")
    try sample(path)
    let file = try HDF5File(reading: path)
    func message(_ body: () throws -> Void) -> String {
        do { try body() } catch { return "\(error)" }
        return "no error"
    }
    var memory = [Double](repeating: 0, count: 600)
    #expect(
        message { try file.read("/group/numbers", shape: [30, 20], into: &memory) }
            == "\(path): /group/numbers: expected shape [30, 20], found [20, 30]")
    #expect(memory.allSatisfy { $0 == 0 })
    #expect(message { _ = try file.read("/group/numbers", as: Double.self, limit: 599) }.contains("600"))
    #expect(message { _ = try file.describe("/group/none") } == "\(path): /group/none: is missing")
    #expect(message { _ = try file.describe("/group") } == "\(path): /group: is not a dataset")
    #expect(
        message { _ = try file.read("/integrity/digest", as: Double.self, limit: 1) }.contains(
            "expected numbers, found string"))
    #expect(message { _ = try HDF5File(reading: folder.file("none.h5")) }.contains("No such file"))
    let foreign = folder.write("foreign.h5", "not HDF5 at all")
    #expect(message { _ = try HDF5File(reading: foreign) }.contains("cannot be read as HDF5"))
}

@Test func equalContentsGiveEqualBytes() throws {
    let folder = TestFolder()
    try sample(folder.file("a.h5"))
    Thread.sleep(forTimeInterval: 1.1)
    try sample(folder.file("b.h5"))
    #expect(folder.bytes("a.h5") == folder.bytes("b.h5"))
    try sample(folder.file("c.h5"), value: 2)
    #expect(folder.bytes("a.h5") != folder.bytes("c.h5"))
}

@Test func anUnfinishedFileNeverShows() throws {
    struct Stop: Error {}
    let folder = TestFolder()
    let path = folder.file("a.h5")
    try sample(path)
    let before = folder.bytes("a.h5")
    #expect(throws: Stop.self) {
        try HDF5Writer.write(to: path) { file in
            try file.dataset("/x", [1.0], attributes: [:])
            throw Stop()
        }
    }
    #expect(folder.bytes("a.h5") == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.h5"])
    #expect(throws: FileError.self) { try sample(folder.file("no/such/folder.h5")) }
}

@Test func everyFlippedBitAndEveryCutIsSeen() throws {
    let folder = TestFolder()
    let path = folder.file("a.h5")
    try sample(path)
    #expect(try FileDigest.verify(path) == .sound)
    let bytes = folder.bytes("a.h5")
    for position in stride(from: 0, to: bytes.count, by: 37) {
        var damaged = bytes
        damaged[position] ^= 1 << UInt8(position % 8)
        let verdict = try FileDigest.verify(folder.write("b.h5", damaged))
        #expect(verdict != .sound, "byte \(position)")
    }
    for length in stride(from: 0, to: bytes.count, by: 97) {
        #expect(try FileDigest.verify(folder.write("b.h5", Array(bytes.prefix(length)))) != .sound)
    }
    #expect(try FileDigest.verify(folder.write("b.h5", bytes + [0])) == .damaged)
    #expect(try FileDigest.verify(folder.write("b.h5", "foreign")) == .foreign)
}
