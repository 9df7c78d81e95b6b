import Console
import Files

/// What lies in the folder of a run, by the names that it has on disk.
///
///     <out>/<name>/<YYYYMMDD-HHMMSS>-<hash8>/
///       config.yaml  run.json  metrics.jsonl  metrics.h5  verdicts.json
///       checkpoints/step-00001000.h5, last.h5
///       kernels/step-00001000.h5  predictions/step-00001000.h5  landscape/step-00001000.h5
///       hessians/step-00001000.h5  spectra/hessian-step-1000-float32.h5  stationary.h5
///       data.h5  initial.h5  outputs.h5  initialization.h5  report/  weights/
package enum RunFile: String, CaseIterable, Sendable {
    case configuration = "config.yaml"
    case record = "run.json"
    case journal = "metrics.jsonl"
    case metrics = "metrics.h5"
    case verdicts = "verdicts.json"
    case samples = "data.h5"
    case initial = "initial.h5"
    case outputs = "outputs.h5"
    case initialization = "initialization.h5"
    case checkpoints
    case kernels
    case predictions
    case landscape
    case hessians
    case spectra
    case stationary = "stationary.h5"
    case report

    /// The name in the folder.
    package var name: String { rawValue }

    package func path(of run: String) -> String { "\(run)/\(rawValue)" }

    /// The file of a step in a folder that holds one for some of them.
    package func path(of run: String, at step: Int, prefix: String = stepPrefix) -> String {
        let digits = "\(step)"
        return "\(path(of: run))/\(prefix)\(String(repeating: "0", count: max(0, 8 - digits.count)))\(digits).h5"
    }

    /// Steps of the files in a folder that holds one for some of them, ascending.
    /// - Throws: `FileError` where the folder can't be read.
    package func steps(of run: String, prefix: String = stepPrefix) throws -> [Int] {
        try Disk.names(in: path(of: run)).compactMap { name -> Int? in
            guard name.hasPrefix(prefix), name.hasSuffix(".h5") else { return nil }
            return Int(name.dropFirst(prefix.count).dropLast(3))
        }.sorted()
    }

    /// Steps of the checkpoints of a run, newest first.
    /// - Throws: `LabError` where there is no such folder.
    package static func checkpointSteps(of run: String) throws -> [Int] {
        do { return try checkpoints.steps(of: run).reversed() } catch {
            throw LabError("\(error)")
        }
    }

    /// How names of files begin that belong to a step.
    package static let stepPrefix = "step-"
    /// The kernel beside a file that keeps its spectrum alone, for as long as a checkpoint needs it.
    package static let matrixPrefix = "matrix-"

    /// The folders with a file for each step that was measured so.
    package static let snapshots: [RunFile] = [.kernels, .predictions, .landscape, .hessians]

    /// What a file holds whose name doesn't tell.
    package var meaning: String? {
        switch self {
        case .samples: "inputs and targets as trained on"
        case .initial: "network and weights at step 0"
        case .outputs: "outputs at the end"
        case .stationary: "stationary points of the training loss"
        case .initialization: "norms and separation in every layer at step 0"
        default: nil
        }
    }

    /// Whether a folder holds what a run leaves, as much of it as is still there.
    package static func isRun(_ folder: String) -> Bool {
        [record, journal, metrics, checkpoints].contains {
            Disk.exists($0.path(of: folder))
        }
    }

    /// Whether a folder is anything but that of a run that is still to begin: its configuration and an empty
    /// `checkpoints`.
    package static func hasBegun(_ folder: String) -> Bool {
        let names = Disk.namesIfAny(in: folder)
        return Set(names.filter { !$0.hasPrefix(".") && !$0.contains(WholeFile.unfinishedMark) })
            != [configuration.name, checkpoints.name]
    }
}

/// What lies in the folder of a sweep beside its tables.
package enum SweepFile {
    package static func configuration(of path: String) -> String { path + "/sweep.yaml" }

    /// Whether a name in `cells` is that of a cell's run: others have points in them.
    package static func isCell(_ name: String) -> Bool { !name.contains(".") }

    /// Whether a folder holds a sweep.
    package static func isSweep(_ path: String) -> Bool {
        Disk.exists(configuration(of: path))
    }
}
