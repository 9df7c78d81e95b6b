import Foundation
import HDF5

/// What is in a run directory or an HDF5 file, as a tree.
public enum Inspection {
    /// - Throws: an error for a path that is neither.
    public static func describe(_ path: String) throws -> String {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw LabError("\(path): no such file or folder")
        }
        return isFolder.boolValue ? try run(path) : try file(path)
    }

    private static func run(_ path: String) throws -> String {
        let record = try RunRecord(reading: path)
        let isHeld = RunDirectory.isHeld(path)
        let status =
            record.status == .running && !isHeld
            ? "RUNNING, but no process holds it: it was killed; resume it" : record.status.rawValue
        var lines = [
            path, "├── status      \(status)\(record.outcome.isEmpty ? "" : " (\(record.outcome))")",
            "├── step        \(record.step)", "├── rate        \(record.learningRate)",
            "├── parameters  \(record.parameterCount), \(record.trainedParameterCount) trained",
            "├── separation  \(record.separation.map { "\($0)" } ?? "-")",
            "├── machine     BLAS core \(record.environment.blasCore), \(record.environment.threads) threads",
        ]
        let scores = Scores(RecordedMetrics(reading: path).history)
        if let training = scores.training { lines.append("├── training    \(training)") }
        if let test = scores.test { lines.append("├── test        \(test)") }
        let enumerator = FileManager.default.enumerator(atPath: path)
        let files = (enumerator?.allObjects as? [String] ?? []).sorted().filter {
            !$0.hasPrefix(".") && !$0.contains("/.")
        }
        for (index, name) in files.enumerated() {
            // A live run may rename a file away in the meantime.
            guard let attributes = attributes(path + "/" + name) else { continue }
            let isLast = index == files.count - 1
            let kind = attributes[.type] as? FileAttributeType
            let size =
                kind == .typeDirectory ? "" : kind == .typeSymbolicLink ? "  link" : "  \(attributes[.size] ?? 0) bytes"
            let meaning = meanings[name].map { "  \($0)" } ?? ""
            lines.append((isLast ? "└── " : "├── ") + name + size + meaning)
        }
        return lines.joined(separator: "\n")
    }

    /// What the files of a run hold, those whose names don't tell.
    private static let meanings = [
        "data.h5": "inputs and targets as trained on", "initial.h5": "network and weights at step 0",
        "outputs.h5": "outputs at the end", "initialization.h5": "norms and separation in every layer at step 0",
    ]

    private static func attributes(_ path: String) -> [FileAttributeKey: Any]? {
        do { return try FileManager.default.attributesOfItem(atPath: path) } catch { return nil }
    }

    private static func file(_ path: String) throws -> String {
        let verdict = try FileDigest.verify(path)
        let note =
            switch verdict {
            case .sound: "sound: its bytes match its digest"
            case .damaged: "DAMAGED: its bytes differ from its digest"
            case .foreign: "no digest: not written by ntklab"
            }
        guard verdict != .damaged else { throw LabError("\(path): \(note)") }
        return try (["\(path)  (\(note))"] + ObjectTree.lines(of: HDF5File(reading: path))).joined(separator: "\n")
    }
}
