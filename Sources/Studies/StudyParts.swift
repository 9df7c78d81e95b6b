import Datasets

/// Those parts of a study that are worked on, and why others are left out: a data set's files need not be here.
struct StudyParts {
    let those: [any StudyPart]
    /// A line for each of the others.
    let leftOut: [String]

    private init(_ study: Study, leavingOut why: (any StudyPart) -> String?) {
        let reasons = study.parts.map(why)
        those = zip(study.parts, reasons).filter { $1 == nil }.map(\.0)
        leftOut = zip(study.parts, reasons).compactMap { part, why in why.map { "\(part.name): left out: \($0)" } }
    }

    /// Those that can be run.
    /// - Parameter path: the study's folder. What it holds of a part is gone on with, whatever became of the files.
    init(of study: Study, in path: String) {
        self.init(study) { part in
            guard let name = part.dataset, let known = KnownDataset.named(name), !part.isThere(in: path) else {
                return nil
            }
            let files = known.status(.test, folder: Self.datasets).filter { !$0.isPresent }.map(\.file)
            return files.isEmpty
                ? nil : "\(Self.datasets)/\(name) lacks \(files.joined(separator: ", ")); see `ntklab data list`"
        }
    }

    /// Those that a folder has to hold.
    init(readFrom path: String, _ study: Study) {
        self.init(study) { $0.dataset == nil || $0.isThere(in: path) ? nil : "it was not run" }
    }

    private static let datasets = "datasets"
}
