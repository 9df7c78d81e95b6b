import ArgumentParser
import Reporting

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract:
            "Runs side by side: in what their configurations differ, what they came to, and a page with their curves.",
        discussion:
            "A sweep stands for its cells. Two to 200 runs; the page goes to `runs/comparison` unless --out says where, and is not written with --json."
    )

    @Argument(help: "Run directories, names, `latest`, or sweeps.", completion: .run) var runs: [String]
    @Option(help: "Folder of the page, new or with an earlier page.") var out = "runs/comparison"
    @Flag(help: "Open the page.") var open = false
    @Flag(help: "Draw each figure as PDF too.") var pdf = false
    @OptionGroup var results: ResultOptions

    func validate() throws {
        if out.isEmpty { throw ValidationError("--out: expected a folder, found nothing") }
    }

    func run() throws {
        let comparison = try RunComparison(runs)
        for remark in comparison.remarks { note(remark) }
        try results.show(comparison.json, lines: comparison.lines)
        if results.json { return }
        let page = try comparison.writePage(to: out, withPDF: pdf, say: note)
        print("page      \(page)")
        if open, let problem = RunReport.open(page) { note("warning   no program opened the page: \(problem)") }
    }
}
