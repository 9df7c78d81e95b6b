import Datasets

/// The published data sets that the lab knows, and which of their files are here.
public enum DataList {
    public static func describe(folder: String) -> String {
        KnownDataset.all.map { dataset in
            let parts = KnownDataset.Part.allCases.filter { !dataset.status($0, folder: folder).isEmpty }
            let lines = parts.map { part in
                let files = dataset.status(part, folder: folder)
                let missing = files.filter { !$0.isPresent }.map(\.file)
                let state =
                    dataset.isBuiltIn
                    ? "present, in the program"
                    : missing.isEmpty ? "present" : "missing \(missing.joined(separator: ", "))"
                return "    \(part == .train ? "train" : "test ")  \(state)"
            }
            return (["\(dataset.name): \(dataset.title)"] + lines + ["    from   \(dataset.page)"]).joined(
                separator: "\n")
        }.joined(separator: "\n") + "\nFiles go into \(folder)/NAME/, plain or gzipped; data.source: NAME reads them."
    }
}
