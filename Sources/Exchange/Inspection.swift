import Certificates
import Console
import Files
import Foundation
import HDF5
import LinearAlgebra
import RunFolders
import Runs

/// What is in a run directory or an HDF5 file, as a tree.
package struct Inspection: Encodable, Sendable {
    /// A file or a folder of a run.
    package struct File: Encodable, Sendable {
        package let name: String
        package let bytes: Int?
    }

    package let path: String
    /// Of a run: its status, the step and what it has.
    package var status: String?
    package var outcome: String?
    package var step: Int?
    package var learningRate: Double?
    package var parameters: Int?
    package var trainedParameters: Int?
    package var files: [File]?
    /// Of a file: whether its bytes match its digest, and its objects.
    package var digest: String?
    var objects: [ObjectTree.Object]?
    /// The tree.
    package private(set) var lines: [String] = []

    package enum CodingKeys: CodingKey {
        case path, status, outcome, step, learningRate, parameters, trainedParameters, files, digest, objects
    }

    /// - Throws: an error for a path that is neither.
    package init(of path: String) throws {
        self.path = path
        guard Disk.exists(path) else { throw LabError("\(path): no such file or folder") }
        if Disk.isFolder(path) { try readRun() } else { try readFile() }
    }

    private mutating func readRun() throws {
        let record = try RunRecord(reading: path)
        (step, learningRate) = (record.step, finite(record.learningRate))
        (parameters, trainedParameters) = (record.parameterCount, record.trainedParameterCount)
        outcome = record.outcome.words
        let isHeld = RunDirectory.isHeld(path)
        let isKilled = record.status == .running && !isHeld
        self.status = isKilled ? "KILLED" : record.status.rawValue
        let status =
            isKilled ? "RUNNING, but no process holds it: it was killed; resume it" : record.status.rawValue
        lines = [
            path, "├── status      \(status)\(record.outcome == .running ? "" : " (\(record.outcome.words))")",
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
        var known: [File] = []
        for (index, name) in files.enumerated() {
            // A live run may rename a file away in the meantime.
            guard let attributes = Self.attributes(path + "/" + name) else { continue }
            let isLast = index == files.count - 1
            let kind = attributes[.type] as? FileAttributeType
            let size =
                kind == .typeDirectory ? "" : kind == .typeSymbolicLink ? "  link" : "  \(attributes[.size] ?? 0) bytes"
            let meaning = RunFile(rawValue: name)?.meaning.map { "  \($0)" } ?? ""
            lines.append((isLast ? "└── " : "├── ") + name + size + meaning)
            known.append(File(name: name, bytes: kind == .typeRegular ? attributes[.size] as? Int : nil))
        }
        self.files = known
    }

    private static func attributes(_ path: String) -> [FileAttributeKey: Any]? {
        do { return try FileManager.default.attributesOfItem(atPath: path) } catch { return nil }
    }

    private mutating func readFile() throws {
        let verdict = try FileDigest.verify(path)
        let note =
            switch verdict {
            case .sound: "sound: its bytes match its digest"
            case .damaged: "DAMAGED: its bytes differ from its digest"
            case .foreign: "no digest: not written by ntklab"
            }
        guard verdict != .damaged else { throw LabError("\(path): \(note)") }
        let tree = try ObjectTree(of: HDF5File(reading: path))
        digest = verdict == .sound ? "sound" : "foreign"
        objects = tree.objects
        lines = ["\(path)  (\(note))"] + tree.shownLines
    }
}
