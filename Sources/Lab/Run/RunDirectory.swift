import Foundation
import HDF5

/// A run on disk, held by one process at a time.
///
///     <out>/<name>/<YYYYMMDD-HHMMSS>-<hash8>/
///       config.yaml  run.json  metrics.jsonl  metrics.h5  checkpoints/step-00001000.h5, last.h5
///       kernels/step-00001000.h5  predictions/step-00001000.h5  landscape/step-00001000.h5
///       data.h5  initial.h5  outputs.h5  initialization.h5  report/  weights/
///
/// It is created exclusively, and an advisory lock that ends with the process keeps others out.
final class RunDirectory {
    let path: String
    private let lock: Int32

    /// Makes a new directory for a run.
    /// - Throws: `LabError` where the folder cannot be written.
    static func create(in out: String, name: String, configText: String, now: Date = Date()) throws -> RunDirectory {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = "yyyyMMdd-HHmmss"
        guard !out.isEmpty else { throw LabError("--out: expected a folder, found nothing") }
        let hash = memoryDigest(of: configText).prefix(8)
        let parent = "\(out)/\(name)"
        try WholeFile.makeFolders(parent)
        // Two runs of one configuration in the same second get different names.
        for attempt in 0..<1000 {
            let suffix = attempt == 0 ? "" : "-\(attempt)"
            let path = "\(parent)/\(formatter.string(from: now))-\(hash)\(suffix)"
            if mkdir(path, 0o755) == 0 {
                let directory = try RunDirectory(opening: path)
                guard mkdir(directory.checkpoints, 0o755) == 0 else { throw LabError(Self.systemMessage(path)) }
                return directory
            }
            guard errno == EEXIST else { throw LabError(Self.systemMessage(path)) }
        }
        throw LabError("\(parent): no free name for a new run")
    }

    /// Takes an existing run directory for this process.
    /// - Throws: `LabError` where it is not one, or another process works on it.
    init(opening path: String) throws {
        // Files behind a link are another's: nothing is to be written or deleted there.
        for name in ["checkpoints"] + Snapshots.allCases.map(\.rawValue) {
            var status = stat()
            if lstat("\(path)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFLNK {
                throw LabError("\(path)/\(name): expected a folder of the run, found a symbolic link")
            }
        }
        let lock = open(path + "/.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard lock >= 0 else { throw FileError(path + "/.lock", "cannot be opened, as that of a run directory") }
        // One that only looks holds it for a moment.
        do { try FileLock.take(lock, of: path, attempts: 10) } catch {
            close(lock)
            throw error
        }
        self.path = path
        self.lock = lock
        try removeUnfinishedFiles()
    }

    /// Deletes what a killed process left half written; only the holder of the lock writes these.
    private func removeUnfinishedFiles() throws {
        for folder in [path, checkpoints, path + "/kernels", path + "/predictions", path + "/landscape"] {
            var names: [String] = []
            do { names = try FileManager.default.contentsOfDirectory(atPath: folder) } catch {}
            // Kernels that were asked for beside the run are another process's.
            for name in names where !name.hasPrefix("ntk-") && Self.isUnfinished(name) {
                try WholeFile.remove("\(folder)/\(name)")
            }
        }
    }

    /// As this program names what it has not finished, with the number of its process.
    private static func isUnfinished(_ name: String) -> Bool {
        let mark =
            name.range(of: WholeFile.unfinishedMark, options: .backwards)?.upperBound
            ?? (name.hasPrefix(".last-") ? name.index(name.startIndex, offsetBy: 6) : nil)
        guard let mark, mark < name.endIndex else { return false }
        return name[mark...].allSatisfy { ("0"..."9").contains($0) }
    }

    deinit { close(lock) }

    /// Whether a process holds the run directory right now.
    static func isHeld(_ path: String) -> Bool {
        // Also where the run is another's, and can only be read.
        let lock = open(path + "/.lock", O_RDONLY | O_CLOEXEC)
        guard lock >= 0 else { return false }
        defer { close(lock) }
        return flock(lock, LOCK_SH | LOCK_NB) != 0
    }

    /// Whether a folder holds anything but what a run begins with.
    static func holdsResults(_ path: String) -> Bool {
        var names: [String] = []
        do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch {}
        return names.contains {
            !["config.yaml", "checkpoints"].contains($0) && !$0.hasPrefix(".") && !isUnfinished($0)
        }
    }

    var checkpoints: String { path + "/checkpoints" }
    var configuration: String { path + "/config.yaml" }
    var journal: String { path + "/metrics.jsonl" }
    var metrics: String { path + "/metrics.h5" }
    var samples: String { path + "/data.h5" }
    var initial: String { path + "/initial.h5" }
    var outputs: String { path + "/outputs.h5" }

    func checkpoint(at step: Int) -> String { Self.checkpoint(at: step, of: path) }
    func kernel(at step: Int) -> String { Self.snapshot(.kernels, at: step, of: path) }
    /// The kernel beside a file that keeps its spectrum alone, for as long as a checkpoint needs it.
    func matrix(at step: Int) -> String { "\(path)/kernels/\(Self.name(of: step, Self.matrixName))" }
    func prediction(at step: Int) -> String { Self.snapshot(.predictions, at: step, of: path) }
    func landscape(at step: Int) -> String { Self.snapshot(.landscape, at: step, of: path) }

    /// The folders of a run with a file for some of its steps.
    enum Snapshots: String, CaseIterable { case kernels, predictions, landscape }

    static func snapshot(_ kind: Snapshots, at step: Int, of run: String) -> String {
        "\(run)/\(kind.rawValue)/\(name(of: step))"
    }

    static func initialization(of run: String) -> String { run + "/initialization.h5" }

    static func checkpoint(at step: Int, of run: String) -> String { "\(run)/checkpoints/\(name(of: step))" }

    /// How names of files begin that belong to a step.
    private static let stepName = "step-"
    static let matrixName = "matrix-"

    private static func name(of step: Int, _ prefix: String = stepName) -> String {
        prefix + String(repeating: "0", count: max(0, 8 - "\(step)".count)) + "\(step).h5"
    }

    /// Makes a folder of the run if it is not there yet.
    static func makeFolder(_ name: String, of run: String) throws {
        try WholeFile.makeFolder("\(run)/\(name)")
    }

    /// Steps of the checkpoints that are there, newest first.
    func checkpointSteps() throws -> [Int] { try Self.checkpointSteps(of: path) }

    static func checkpointSteps(of run: String) throws -> [Int] {
        let checkpoints = run + "/checkpoints"
        do {
            return try steps(inFolder: checkpoints).reversed()
        } catch {
            throw LabError("\(checkpoints): cannot be read: \(reason(error))")
        }
    }

    /// Steps of the files in a folder of checkpoints or snapshots, ascending.
    static func steps(inFolder folder: String, named prefix: String = stepName) throws -> [Int] {
        try FileManager.default.contentsOfDirectory(atPath: folder).compactMap { name -> Int? in
            guard name.hasPrefix(prefix), name.hasSuffix(".h5") else { return nil }
            return Int(name.dropFirst(prefix.count).dropLast(3))
        }.sorted()
    }

    /// Points `last.h5` at a checkpoint and deletes those beyond the newest `keep`, but for those that always stay.
    func keep(_ keep: Int, newest step: Int, always: (Int) -> Bool) throws {
        let temporary = checkpoints + "/.last-\(getpid())"
        let target = URL(fileURLWithPath: checkpoint(at: step)).lastPathComponent
        try WholeFile.remove(temporary)
        guard symlink(target, temporary) == 0, rename(temporary, checkpoints + "/last.h5") == 0 else {
            throw FileError(checkpoints + "/last.h5", "cannot be written")
        }
        for old in try checkpointSteps().filter({ $0 <= step }).dropFirst(keep) where !always(old) {
            try WholeFile.remove(checkpoint(at: old))
        }
    }

    /// Deletes all checkpoints, of a run that keeps none once it has completed.
    func removeCheckpoints() throws {
        try WholeFile.remove(checkpoints + "/last.h5")
        for step in try checkpointSteps() { try WholeFile.remove(checkpoint(at: step)) }
    }

    static func systemMessage(_ path: String) -> String { "\(path): \(String(cString: strerror(errno)))" }

    /// Writes a small file whole.
    static func write(_ text: String, to path: String) throws { try WholeFile.write(text, to: path) }
}
