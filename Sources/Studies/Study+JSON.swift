import Console

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
    private struct JSON: Encodable {
        struct Part: Encodable {
            let part: String
            let results: any Encodable

            private enum Key: CodingKey { case part, results }

            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Key.self)
                try container.encode(part, forKey: .part)
                try container.encode(results, forKey: .results)
            }
        }
        struct Row: Encodable {
            let quantity: String
            let measured, low, high: Double?
            let claim: String?
            let published: Double?
            let publishedLow, publishedHigh: Double?
            let verdict: String
            let words: String
        }

        let study: String
        let path: String
        let comparisons: [Row]
        let parts: [Part]
        let leftOut: [String]?

        init(_ run: StudyRun) {
            (study, path) = (run.study.name, run.path)
            comparisons = run.comparisons.map { row in
                Row(
                    quantity: row.quantity, measured: finite(row.measured?.value),
                    low: finite(row.measured?.interval.lowerBound), high: finite(row.measured?.interval.upperBound),
                    claim: row.published == nil ? row.claim : nil, published: finite(row.published?.value),
                    publishedLow: finite(row.published?.interval.lowerBound),
                    publishedHigh: finite(row.published?.interval.upperBound), verdict: row.verdict.rawValue,
                    words: row.words)
            }
            parts = run.parts.map { Part(part: $0.name, results: $0.results.json) }
            leftOut = run.leftOut.isEmpty ? nil : run.leftOut
        }
    }

    /// Comparisons, and the results of each part.
    package var json: some Encodable { JSON(self) }
}
