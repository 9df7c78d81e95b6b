import ArgumentParser
import Lab

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract:
            "Runs side by side: in what their configurations differ, what they came to, and a page with their curves.",
        discussion:
            "A sweep stands for its cells. Two to 200 runs; the page goes to `runs/comparison` unless --out says where."
    )

    @Argument(help: "Run directories, names, `latest`, or sweeps.") var runs: [String]
    @Option(help: "Folder of the page, new or with an earlier page.") var out = "runs/comparison"
    @Flag(help: "One JSON array, and no page.") var json = false
    @Flag(help: "Open the page.") var open = false
    @Flag(help: "Draw each figure as PDF too.") var pdf = false

    func validate() throws {
        if out.isEmpty { throw ValidationError("--out: expected a folder, found nothing") }
    }

    func run() throws {
        let comparison = try RunComparison(runs)
        for remark in comparison.remarks { note(remark) }
        if json { return try printJSON(comparison.json) }
        for line in comparison.lines(columns: Terminal.columns ?? 100) { print(line) }
        let page = try comparison.writePage(to: out, withPDF: pdf, say: note)
        print("page      \(page)")
        if open, let problem = RunReport.open(page) { note("warning   no program opened the page: \(problem)") }
    }
}
