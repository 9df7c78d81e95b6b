import Foundation
import TestSupport
import Testing

private let oneCell = faultyConfig + "\nsweep: {axes: {seed: [0]}}\n"

/// Files of a sweep's cells by their paths, and what is left of the work.
private func files(_ lab: Lab) throws -> [String: Data] {
    var found: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: lab.folder.file("shared/small"))
    where path.hasSuffix(".h5") && path.hasPrefix("cells/") {
        found[path] = lab.bytes(lab.folder.file("shared/small/" + path))
    }
    return found
}

/// Each call that changes files fails, or is the last of its process, once, in a worker and in the process that makes its cell:
/// one message or none, and the next worker comes to the same end.
@Test(arguments: [EIO, 0]) func noFailedCallOfAWorkerSpoilsACell(error: Int32) throws {
    let shims = TestFolder()
    let shim = try builtShim("faults", in: shims)
    func disturbed(_ workers: Workers, at place: Int, log: String? = nil) throws -> Output {
        try workers.lab.call(
            ["worker", workers.sweep, "--quiet", "--cores", "1"],
            environment: [
                "LD_PRELOAD": shim, "NTKLAB_FAULT_ROOT": workers.sweep, "NTKLAB_FAULT_AT": "\(place)",
                "NTKLAB_FAULT_ERRNO": "\(error)", "NTKLAB_FAULT_COUNT": log,
            ])
    }
    let whole = try Workers(Lab(oneCell), [])
    let log = shims.file("log")
    #expect(try disturbed(whole, at: 0, log: log).code == 0)
    let places = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
    let expected = try files(whole.lab)
    #expect(expected.count > 8)
    for place in stride(from: isLong ? 1 : Int(error) + 3, through: places.count, by: isLong ? 1 : 29) {
        let name = "place \(place) of \(places.count)"
        let workers = try Workers(Lab(oneCell), [])
        let output = try disturbed(workers, at: place)
        let messages = output.err.split(separator: "\n").filter { $0.hasPrefix("error:") }
        if error == 0 {
            #expect(output.signal == SIGKILL || [0, 1, 2].contains(output.code), "\(name): \(output)")
        } else {
            #expect(
                output.signal == nil && ([0, 1].contains(output.code) || output.code == 2 && messages.count == 1),
                "\(name): \(output)")
        }
        let repaired = try workers.lab.sweep([], out: "shared")
        #expect(repaired.code == 0, "\(name): \(repaired.err) after \(output.err)")
        #expect(try files(workers.lab) == expected, "\(name): \(output.err)")
        let rest = try FileManager.default.contentsOfDirectory(atPath: workers.sweep + "/work")
        #expect(rest.filter { $0 != "call.json" && !$0.hasPrefix(".claiming-") } == [], "\(name)")
    }
}
