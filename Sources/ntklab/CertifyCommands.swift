import ArgumentParser
import Foundation
import Lab
import Theory

struct Certify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What the theory says of a run: each statement holds, fails, or can't be told, with the numbers.",
        discussion:
            "Reads what the run recorded and trains nothing. Exit code 0: all hold; 1: some fail; 4: none fails, but some "
            + "can't be told.")

    @Argument(help: "The run directory.") var directory: String
    @Flag(help: "Print one JSON object in place of the table.") var json = false

    func run() throws {
        let run = try RecordedRun(reading: directory)
        let certificates = run.certificates
        if json {
            try printJSON(VerdictTable.json(run, certificates))
        } else {
            for line in VerdictTable.lines(run, certificates) { print(line) }
        }
        switch certificates.verdict {
        case .holds: return
        case .fails: throw ExitCode(1)
        case .cannotTell: throw ExitCode(4)
        }
    }
}

struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "A page with the verdicts on a run or a sweep and its figures, that opens offline in any browser.",
        discussion: "Writes report/index.html into the folder; each figure as SVG beside its numbers as CSV.")

    @Argument(help: "The directory of a run or of a sweep.") var directory: String
    @Flag(help: "Open the page.") var open = false
    @Flag(help: "Draw each figure as PDF too.") var pdf = false

    func run() throws {
        let page =
            SweepReport.isSweep(directory)
            ? try SweepReport.write(directory, withPDF: pdf)
            : try RunReport.write(RecordedRun(reading: directory), withPDF: pdf)
        print("report    \(page)")
        guard open else { return }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["xdg-open", page]
        try process.run()
        process.waitUntilExit()
        if process.terminationStatus != 0 {
            note("no program opened it: xdg-open ended with \(process.terminationStatus)")
        }
    }
}
