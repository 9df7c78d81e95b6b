import Configurations
import Console
import Foundation
import RunFolders
import Runs

/// How a cell stands, by what is on disk.
package enum CellState {
    /// A complete, sound run.
    case done(RunRecord)
    /// A complete, sound run whose loss grew without bound.
    case diverged(RunRecord)
    /// It ended without a result, and why.
    case failed(String)
    /// A process works on it.
    case running
    /// Begun, to be resumed: no process works on it.
    case interrupted
    /// Never begun, whether or not its folder has been made.
    case waiting
    /// Its configuration is none, and why.
    case bad(String)

    /// Whether nothing is left to do for it.
    package var isFinal: Bool {
        switch self {
        case .done, .diverged, .bad: true
        case .failed, .running, .interrupted, .waiting: false
        }
    }

    /// What is wrong with it; nil where nothing is.
    package var problem: String? {
        switch self {
        case .diverged(let record): "diverged: \(record.outcome.words)"
        case .failed(let reason): "failed: \(reason)"
        case .bad(let reason): "bad configuration: \(reason)"
        case .done, .running, .interrupted, .waiting: nil
        }
    }

    /// One word, as in `sweep.csv`.
    package var word: String {
        switch self {
        case .done: "done"
        case .diverged: "diverged"
        case .failed: "failed"
        case .running: "running"
        case .interrupted: "interrupted"
        case .waiting: "waiting"
        case .bad: "bad"
        }
    }

    /// The words in the order of their codes in `sweep.h5`.
    package static let words = ["waiting", "done", "diverged", "failed", "bad", "interrupted", "running"]

    package var record: RunRecord? {
        switch self {
        case .done(let record), .diverged(let record): record
        case .failed, .running, .interrupted, .waiting, .bad: nil
        }
    }
}

extension SweepDirectory {
    /// The state of a cell by its evidence: record, configuration and metrics that agree and are sound.
    package func state(of cell: SweepCell) -> CellState {
        let configuration: Configuration
        switch cell.configuration {
        case .failure(let error): return .bad("\(error)")
        case .success(let found): configuration = found
        }
        let (run, place) = (run(of: cell), self.cell(cell.id))
        let failure = CellFailure(of: place).map { CellState.failed($0.words) }
        var state =
            failure ?? (RunDirectory.holdsResults(run) || isBetween(cell) ? .interrupted : .waiting)
        if FileManager.default.fileExists(atPath: RunFile.record.path(of: run)) {
            do {
                let record = try RunRecord(reading: run)
                let extent = try extent(ofRun: run, record, for: configuration)
                switch extent {
                case .foreign:
                    return .bad(
                        "\(RunFile.configuration.path(of: run)) is not the configuration of this cell: delete the folder"
                    )
                case .further(let key): return .bad(further(cell, than: key, of: configuration))
                case .whole, .shallower, .recordsLess: break
                }
                // One that is not at rest will be put into its place by the next worker.
                if extent == .whole, run == place, isSound(run, record) {
                    return record.status == .completed ? .done(record) : .diverged(record)
                }
                if extent == .whole, record.isComplete, failure == nil { state = .interrupted }
            } catch let wrong {
                state = .failed("\(wrong)")
            }
        }
        return isHeld(cell) ? .running : state
    }
}
