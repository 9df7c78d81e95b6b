import Cells
import RunFolders
import Sweeps

/// A sweep as part of a study.
package struct SweepPart: StudyPart {
    package let name: String
    package var dataset: String?
    /// The text of its configuration, a resource of this target.
    let configuration: @Sendable () -> [UInt8]
    /// What is set of it, always.
    var usual: [String] = []
    /// What `--full` sets.
    let full: [String]

    private func plan(_ call: StudyCall) throws -> SweepPlan {
        try SweepPlan(
            text: String(decoding: configuration(), as: UTF8.self), source: "study \(call.study), \(name)",
            defaultName: name, overrides: usual + (call.isFull ? full : []))
    }

    package func forecast(_ call: StudyCall) throws -> any StudyForecast {
        try SweepForecast(plan(call), out: call.path, jobs: call.jobs)
    }

    package func run(_ call: StudyCall) throws -> (any StudyResults)? {
        let outcome = try Sweep.run(
            plan(call), out: call.path, MachineShare(jobs: call.jobs, isQuiet: call.quiet), say: call.say)
        return outcome.bySignal ? nil : outcome.results
    }

    package func isThere(in study: String) -> Bool { SweepFile.isSweep("\(study)/\(name)") }

    package func results(in study: String) throws -> any StudyResults {
        try SweepResults(directory: "\(study)/\(name)")
    }
}

extension SweepForecast: StudyForecast {}

/// Its laws are shown beside the theory; what it computes more than that is in its own folder.
extension SweepResults: StudyResults {
    package func lines(of part: String, columns: Int) -> [String] {
        fits.entries.isEmpty ? [] : ["\(part), beside the theory:", ""] + fits.table(columns: columns)
    }
    package var json: any Encodable { summary }
    package var failures: Int { counts.failed }
}

extension StudyOutcome {
    /// The sweep of that name.
    func sweep(_ name: String) -> SweepResults { part(name, as: SweepResults.self) }
}
