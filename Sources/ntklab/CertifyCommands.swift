import ArgumentParser
import Certificates
import Console
import Foundation
import Networks
import Reporting
import RunFolders

struct Certify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What the theory says of a run: each statement holds, fails, or can't be told, with the numbers.",
        discussion:
            "Reads what the run recorded and trains nothing. Exit code 0: all hold; 1: some fail; 4: none fails, but some "
            + "can't be told.")

    @Argument(help: .run, completion: .run) var directory: String
    @OptionGroup var results: ResultOptions

    func run() throws {
        let run = try RecordedRun(reading: RunLocator.find(directory))
        let certificates = run.certificates
        try results.show(VerdictTable.json(run, certificates)) { VerdictTable.lines(run, certificates, columns: $0) }
        switch certificates.verdict {
        case .holds: return
        case .fails: throw ExitCode(1)
        case .cannotTell: throw ExitCode(4)
        }
    }
}

struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "A page with the verdicts on a run, a sweep or a study and its figures, that opens offline in any browser.",
        discussion:
            "Writes index.html and figures/, each figure as SVG, wide and for a column of 8 cm, beside its numbers as CSV. A figure that gnuplot doesn't draw "
            + "is left out with a warning, and the reason stands in its place. gnuplot has \(RunReport.timeLimits); then it is stopped."
    )

    @Argument(
        help: "The directory of a run, a sweep or a study, its name, or `latest`.", completion: .runOrSweep)
    var directory: String
    @Option(
        help: "Folder of the report; by default `report` in that directory. Nothing is written to the directory then.",
        completion: .directory)
    var out: String?
    @Flag(help: "Open the page.") var open = false
    @Flag(help: "Draw each figure as PDF too, for a column of 8 cm.") var pdf = false
    @OptionGroup var results: ResultOptions

    func validate() throws {
        if let out, out.isEmpty { throw ValidationError("--out: expected a folder, found nothing") }
    }

    func run() throws {
        let page = try write()
        try results.show(WrittenFile(file: page)) { _ in ["report    \(page)"] }
        if open, let problem = RunReport.open(page) { note("warning   no program opened the page: \(problem)") }
    }

    private func write() throws -> String {
        if let study = StudyReport.find(directory) {
            return try StudyReport.write(study, to: out, withPDF: pdf, say: note)
        }
        let directory = try RunLocator.find(directory, .either)
        return SweepReport.isSweep(directory)
            ? try SweepReport.write(directory, to: out, withPDF: pdf, say: note)
            : try RunReport.write(RecordedRun(reading: directory), to: out, withPDF: pdf, say: note)
    }
}
