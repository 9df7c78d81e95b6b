import Console
import Datasets

/// The published data sets that the lab knows, and which of their files are here.
package struct DataList: Encodable, Sendable {
    package struct Part: Encodable, Sendable {
        package let part: String
        /// Files that are not here.
        package let missing: [String]
    }

    package struct Entry: Encodable, Sendable {
        package let name: String
        package let title: String
        /// The official page, where its files are.
        package let page: String
        /// Whether the program holds it.
        package let isBuiltIn: Bool
        package let parts: [Part]
    }

    /// Files go into a folder of the data set's name in this one.
    package let folder: String
    package let datasets: [Entry]

    package init(folder: String) {
        self.folder = folder
        datasets = KnownDataset.all.map { dataset in
            let parts = KnownDataset.Part.allCases.compactMap { part -> Part? in
                let files = dataset.status(part, folder: folder)
                guard !files.isEmpty else { return nil }
                return Part(
                    part: part.rawValue, missing: dataset.isBuiltIn ? [] : files.filter { !$0.isPresent }.map(\.file))
            }
            return Entry(
                name: dataset.name, title: dataset.title, page: dataset.page, isBuiltIn: dataset.isBuiltIn, parts: parts
            )
        }
    }

    /// For a terminal.
    package func lines(columns: Int) -> [String] {
        let entries = datasets.flatMap { dataset -> [String] in
            let parts = dataset.parts.flatMap { part in
                let state = part.missing.isEmpty ? "present" : "missing \(part.missing.joined(separator: ", "))"
                return labelled(
                    "    \(part.part)", dataset.isBuiltIn ? "present, in the program" : state, columns: columns,
                    width: 11)
            }
            return wrapped("\(dataset.name): \(dataset.title)", columns: columns, indent: 4) + parts
                + ["    from   \(dataset.page)"]
        }
        return entries
            + wrapped(
                "Files go into \(folder)/NAME/, plain or gzipped; data.source: NAME reads them.", columns: columns)
    }
}
