import Console

/// A part of a study: something that runs in a folder, can be read back from it, and is found by its name.
///
/// Sweeps are parts (`SweepPart`). Another kind, of stationary points or of paths between minima, is a type that does these four
/// things with its own results.
package protocol StudyPart: Sendable {
    /// That of its folder in the study's, and in what is printed.
    var name: String { get }
    /// The published data set that it needs and the project does not hold: a study goes on without such a part where there are no
    /// files.
    var dataset: String? { get }
    /// What it would do.
    /// - Throws: what is wrong with its configuration.
    func forecast(_ call: StudyCall) throws -> any StudyForecast
    /// Does what is missing of it.
    /// - Returns: nil where a signal stopped it.
    /// - Throws: an error that names what can't be done.
    func run(_ call: StudyCall) throws -> (any StudyResults)?
    /// Whether a study's folder holds some of it.
    func isThere(in study: String) -> Bool
    /// Reads what is there, and computes nothing new.
    /// - Throws: `LabError` where it is missing.
    func results(in study: String) throws -> any StudyResults
}

extension StudyPart {
    package var dataset: String? { nil }
}

/// How a study is called.
package struct StudyCall {
    package let study: String
    /// The folder of the study.
    package let path: String
    /// The published sizes, in place of those that take minutes.
    package let isFull: Bool
    /// Processes at once; chosen from flops and memory where nil.
    package let jobs: Int?
    package let quiet: Bool
    package let say: (String) -> Void

    package init(
        study: String, path: String, isFull: Bool, jobs: Int?, quiet: Bool, say: @escaping (String) -> Void
    ) {
        (self.study, self.path, self.isFull, self.jobs) = (study, path, isFull, jobs)
        (self.quiet, self.say) = (quiet, say)
    }
}

/// What a part came to.
package protocol StudyResults {
    /// What it measured, under a heading, for a terminal.
    /// - Parameter part: its name.
    func lines(of part: String, columns: Int) -> [String]
    /// For programs.
    var json: any Encodable { get }
    /// What of it failed, and has no result.
    var failures: Int { get }
}

/// What a part would do.
package protocol StudyForecast: Encodable, Sendable {
    /// Whether all of it could begin.
    var isSound: Bool { get }
    func lines(columns: Int) -> [String]
}

/// The results of all parts, by their names.
package struct StudyOutcome {
    package let parts: [(name: String, results: any StudyResults)]

    package init(_ parts: [(name: String, results: any StudyResults)]) { self.parts = parts }

    /// - Precondition: the study has a part of that name and that kind.
    package func part<Results: StudyResults>(_ name: String, as kind: Results.Type) -> Results {
        guard let found = parts.first(where: { $0.name == name })?.results as? Results else {
            preconditionFailure("a study compares its part \(name), which it does not have as \(kind)")
        }
        return found
    }
}
