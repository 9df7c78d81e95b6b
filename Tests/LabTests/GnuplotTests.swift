import Console
import Foundation
import TestSupport
import Testing

/// A program in gnuplot's place, and what a report says of it.
struct FakeGnuplot: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Lines of the shell.
    let script: String
    let words: String

    /// What stands first in `PATH` for it.
    func path(in folder: TestFolder) throws -> String {
        try FileManager.default.createDirectory(atPath: folder.file("bin"), withIntermediateDirectories: true)
        _ = folder.write("bin/gnuplot", "#!/bin/sh\n" + script)
        #expect(chmod(folder.file("bin/gnuplot"), 0o755) == 0)
        return folder.file("bin") + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
    }
}

private let real = "PATH=${PATH#*:} exec gnuplot \"$@\"\n"

private let fakes = [
    FakeGnuplot(
        testDescription: "fails", script: "echo; echo first >&2; echo 'no such terminal' >&2; exit 1\n",
        words: "gnuplot ended with exit code 1: no such terminal"),
    FakeGnuplot(testDescription: "is killed", script: "kill -9 $$\n", words: "ended by signal 9, Killed"),
    FakeGnuplot(testDescription: "crashes", script: "kill -SEGV $$\n", words: "ended by signal 11"),
    FakeGnuplot(testDescription: "does nothing", script: "exit 0\n", words: "gnuplot left no whole drawing"),
    FakeGnuplot(
        testDescription: "draws nothing", script: "for f in $(grep -o '[a-z0-9-]*[.]svg' $1); do : > $f; done\n",
        words: "left no whole drawing"),
    FakeGnuplot(
        testDescription: "stops halfway",
        script: "PATH=${PATH#*:} gnuplot \"$@\"; for f in *.svg; do head -c 3000 $f > x; mv x $f; done\n",
        words: "gnuplot left no whole drawing"),
    FakeGnuplot(
        testDescription: "talks",
        script: "yes | head -c 300000; yes | head -c 300000 >&2; echo 'bad <b>' >&2; exit 2\n",
        words: "gnuplot ended with exit code 2: bad <b>"),
    FakeGnuplot(testDescription: "leaves a child", script: "sleep 4 & exit 3\n", words: "exit code 3"),
    FakeGnuplot(testDescription: "can't be started", script: "exit 126\n", words: "exit code 126"),
]

/// Whatever gnuplot does, the page is written; a figure that isn't there has its reason in its place.
@Test(arguments: fakes) func thePageIsWrittenWithoutFigures(fake: FakeGnuplot) throws {
    let lab = Lab(certifiedConfig)
    let run = try lab.train(["training.stop.steps=2"]).path
    let start = ContinuousClock.now
    let output = try lab.call(["report", run], environment: ["PATH": try fake.path(in: lab.folder)])
    #expect(ContinuousClock.now - start < .seconds(30))
    #expect(output.code == 0 && output.out == "report    \(run)/report/index.html\n", "\(output)")
    let warnings = output.err.split(separator: "\n").filter { $0.hasPrefix("warning   not drawn: loss, ") }
    #expect(warnings.count == 1 && warnings[0].contains(fake.words), "\(output.err)")
    let page = try String(contentsOfFile: run + "/report/index.html", encoding: .utf8)
    let words = fake.words.replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    #expect(page.contains("Not drawn: ") && page.contains(words), "\(fake.words)")
    #expect(!page.contains(".svg"))
    let left = try FileManager.default.contentsOfDirectory(atPath: run + "/report/figures")
    #expect(left.contains("loss.csv") && left.allSatisfy { $0.hasSuffix(".csv") || $0 == "x" }, "\(left)")
    #expect(try lab.call(["report", run]).err.isEmpty)
    #expect(FileManager.default.fileExists(atPath: run + "/report/figures/loss.svg"))
}

@Test func withoutGnuplotTheReportSaysSo() throws {
    let lab = Lab(certifiedConfig)
    let run = try lab.train(["training.stop.steps=2"]).path
    let output = try lab.call(["report", run], environment: ["PATH": "/nowhere"])
    #expect(output.code == 0 && output.err.contains("gnuplot was not found; install it"), "\(output.err)")
    #expect(FileManager.default.fileExists(atPath: run + "/report/index.html"))
}

/// One figure that takes for ever costs half a minute and that figure.
@Test func aFigureThatTakesForEverIsLeftOut() throws {
    let lab = Lab(certifiedConfig)
    let run = try lab.train(["training.stop.steps=2"]).path
    let fake = FakeGnuplot(
        testDescription: "hangs", script: "trap '' TERM\ngrep -q \"'loss.svg'\" \"$1\" && sleep 1000\n" + real,
        words: "")
    let start = ContinuousClock.now
    let output = try lab.call(["report", run], environment: ["PATH": try fake.path(in: lab.folder)])
    #expect(ContinuousClock.now - start < .seconds(120))
    #expect(output.code == 0, "\(output)")
    #expect(output.err == "warning   not drawn: loss: gnuplot took longer than 30 s and was stopped\n")
    let left = try FileManager.default.contentsOfDirectory(atPath: run + "/report/figures")
    #expect(left.contains("drift.svg") && left.contains("loss.csv") && !left.contains("loss.svg"))
}

/// A gnuplot that always hangs holds a report up for two minutes.
@Test(.enabled(if: isLong)) func aGnuplotThatHangsEndsWithItsTime() throws {
    let lab = Lab(certifiedConfig)
    let run = try lab.train(["training.stop.steps=2"]).path
    let fake = FakeGnuplot(testDescription: "hangs", script: "kill -STOP $$\n", words: "")
    let start = ContinuousClock.now
    let output = try lab.call(["report", run], environment: ["PATH": try fake.path(in: lab.folder)])
    #expect(ContinuousClock.now - start < .seconds(150))
    #expect(output.code == 0 && output.err.contains("the figures took longer than 120 s"), "\(output)")
    #expect(FileManager.default.fileExists(atPath: run + "/report/index.html"))
}
