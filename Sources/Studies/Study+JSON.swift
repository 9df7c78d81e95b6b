import Console
import Sweeps

extension Study {
    /// What it is, for programs.
    package var json: some Encodable { JSONStudy(name: name, title: title, source: source, remarks: remarks) }

    /// For a terminal.
    package func lines(columns: Int) -> [String] {
        [name] + wrapped("    " + title, columns: columns, indent: 2)
            + wrapped("    after " + source, columns: columns, indent: 2)
    }
}

private struct JSONStudy: Encodable {
    let name: String
    let title: String
    let source: String
    let remarks: [String]
}

extension StudyRun {
    private struct JSON<Results: Encodable>: Encodable {
        struct Part: Encodable {
            let part: String
            let results: Results
        }
        struct Row: Encodable {
            let quantity: String
            let measured, low, high: Double?
            let published: Double
            let publishedLow, publishedHigh: Double?
            let verdict: String
            let words: String
        }

        let study: String
        let path: String
        let comparisons: [Row]
        let parts: [Part]

        init(_ run: StudyRun, _ results: (SweepResults) -> Results) {
            (study, path) = (run.study.name, run.path)
            comparisons = run.comparisons.map { row in
                Row(
                    quantity: row.quantity, measured: finite(row.measured?.value),
                    low: finite(row.measured?.interval.lowerBound), high: finite(row.measured?.interval.upperBound),
                    published: row.published.value, publishedLow: finite(row.published.interval.lowerBound),
                    publishedHigh: finite(row.published.interval.upperBound), verdict: row.verdict.rawValue,
                    words: row.words)
            }
            parts = run.parts.map { Part(part: $0.name, results: results($0.results)) }
        }
    }

    /// Comparisons, and the results of each sweep.
    package var json: some Encodable { JSON(self, \.summary) }
}
