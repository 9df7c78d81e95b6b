import Foundation
import Programs
import TestSupport
import Testing

private func shell(_ script: String, within seconds: Double? = nil, mostPrinted: Int = 0) throws -> Program {
    try Program(running: ["sh", "-c", script], within: seconds, mostPrinted: mostPrinted)
}

@Test func outputAndErrorsAreKeptApart() throws {
    let program = try shell("echo out; echo err >&2; exit 3", mostPrinted: 100)
    #expect(program.ending == .exit(3))
    #expect(program.printed == "out\n" && program.isWhole)
    #expect(program.said == "err\n")
}

/// Of output the beginning is kept, of errors the end; neither holds the program up.
@Test func longOutputIsCut() throws {
    let program = try shell("seq 200000; seq 200000 >&2; echo last >&2", mostPrinted: 6)
    #expect(program.ending == .exit(0))
    #expect(program.printed == "1\n2\n3\n" && !program.isWhole)
    #expect(program.said.hasSuffix("\n200000\nlast\n") && program.said.utf8.count == 4096)
    let whole = try shell("seq 200000", mostPrinted: 1 << 21)
    #expect(whole.isWhole && whole.printed.hasSuffix("\n200000\n") && whole.printed.utf8.count == 1_288_895)
}

@Test func aProgramIsEndedWhenItsTimeIsUp() throws {
    let clock = ContinuousClock.now
    let program = try shell("trap '' INT; echo before; sleep 60; echo after", within: 0.3, mostPrinted: 100)
    #expect(program.ending == .outOfTime && program.printed == "before\n")
    #expect(ContinuousClock.now - clock < .seconds(2))
}

/// One that does not heed SIGTERM, and what it has started.
@Test func aStubbornProgramIsKilled() throws {
    let folder = TestFolder()
    let clock = ContinuousClock.now
    let script = "trap '' TERM; sleep 60 & echo $! > \(folder.file("child")); while :; do sleep 1; done"
    #expect(try shell(script, within: 0.3).ending == .outOfTime)
    #expect((.seconds(2)...(.seconds(6))).contains(ContinuousClock.now - clock))
    let child = try #require(Int32(String(decoding: folder.bytes("child"), as: UTF8.self).dropLast()))
    // Where nobody collects it, it stays as a zombie.
    func isGone() -> Bool {
        guard let status = FileManager.default.contents(atPath: "/proc/\(child)/stat") else { return true }
        return String(decoding: status, as: UTF8.self).contains(") Z ")
    }
    for _ in 0..<200 where !isGone() { usleep(10_000) }
    #expect(isGone())
}

/// What a program leaves running holds its pipes open, and nobody up.
@Test func whatIsLeftRunningIsNotWaitedFor() throws {
    let clock = ContinuousClock.now
    let program = try shell("sleep 3 & echo done", mostPrinted: 100)
    #expect(program.ending == .exit(0) && program.printed == "done\n")
    #expect(ContinuousClock.now - clock < .seconds(2))
}

@Test func aSignalIsTold() throws { #expect(try shell("kill -9 $$").ending == .signal(SIGKILL)) }

@Test func theEnvironmentIsChanged() throws {
    let program = try Program(
        running: ["sh", "-c", "echo $ONE-${HOME-none}"], mostPrinted: 100, environment: ["ONE": "1", "HOME": nil])
    #expect(program.printed == "1-none\n")
}

/// PATH leads over folders and files that can't be run to the first program.
@Test func programsAreFoundInPATH() throws {
    let folder = TestFolder()
    for name in ["a/mine", "b/mine", "c/mine"] {
        try FileManager.default.createDirectory(
            atPath: folder.file(name), withIntermediateDirectories: true, attributes: nil)
    }
    #expect(rmdir(folder.file("b/mine")) == 0 && rmdir(folder.file("c/mine")) == 0)
    _ = folder.write("b/mine", "#!/bin/sh\n")
    try folder.writeProgram("c/mine", "#!/bin/sh\necho mine\n")
    let path = ["a", "b", "c"].map(folder.file).joined(separator: ":")
    #expect(try Program(running: ["mine"], mostPrinted: 100, environment: ["PATH": path]).printed == "mine\n")
    let plain = folder.write("plain", "#!/bin/sh\n")
    for name in ["no-such-program", "etc", plain, folder.path, folder.file("nothing")] {
        do {
            _ = try Program(running: [name])
            Issue.record("\(name) was run")
        } catch {
            #expect(error.isMissing && "\(error)".hasPrefix("\(name) was not found"), "\(error)")
        }
    }
}

/// A file that is no program is refused by the system.
@Test func whatIsNoProgramIsSaid() throws {
    let folder = TestFolder()
    try folder.writeProgram("broken", "\u{7f}ELF")
    let file = folder.file("broken")
    let error = #expect(throws: ProgramError.self) { try Program(running: [file]) }
    #expect(error?.isMissing == false && error?.description == "\(file) cannot be started: Exec format error")
}
