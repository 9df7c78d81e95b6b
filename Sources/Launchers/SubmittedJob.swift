import Console
import Files
import Foundation

/// `slurm/<id>.json`: an array job that Slurm has taken.
package struct SubmittedJob: Codable, Sendable {
    /// Its number, that of the array.
    package let id: String
    /// The cluster that took it, where sbatch named one.
    package let cluster: String?
    package let name: String
    /// When, in UTC, as ISO 8601 writes it.
    package let submitted: String
    package let workers: Int
    package let atOnce: Int?
    /// The user's own options of sbatch.
    package let options: [String]
    /// The version of ntklab, and the host that submitted it.
    package let version: String
    package let host: String

    init(id: String, cluster: String?, _ job: ArrayJob, version: String) {
        (self.id, self.cluster, name) = (id, cluster, job.name)
        submitted = ISO8601DateFormatter().string(from: Date())
        (workers, atOnce, options) = (job.workers, job.atOnce, job.options)
        (self.version, host) = (version, ProcessInfo.processInfo.hostName)
    }

    /// In one line.
    package var words: String {
        let most = atOnce.map { $0 < workers ? ", at most \($0) at once" : "" } ?? ""
        let place = cluster.map { " of cluster \($0)" } ?? ""
        return "job \(id)\(place): \(workers) worker\(workers == 1 ? "" : "s")\(most)"
    }

    /// - Throws: `FileError`.
    func write(to folder: String) throws {
        try WholeFile.write(JSONText.file(self) + "\n", to: SlurmFolder.record(id, of: folder))
    }

    /// The jobs of a folder, the first that was submitted first, and what is wrong with records that can't be read.
    static func all(of folder: String) -> (jobs: [SubmittedJob], problems: [String]) {
        let place = SlurmFolder.path(of: folder)
        guard Disk.exists(place) else { return ([], []) }
        var (jobs, problems): ([SubmittedJob], [String]) = ([], [])
        do {
            for name in try Disk.names(in: place) where name.hasSuffix(".json") {
                do { jobs.append(try SubmittedJob(reading: place + "/" + name)) } catch { problems.append("\(error)") }
            }
        } catch {
            problems.append("\(error)")
        }
        return (jobs.sorted { ($0.submitted, $0.id.count, $0.id) < ($1.submitted, $1.id.count, $1.id) }, problems)
    }

    /// - Throws: `FileError`, or `LabError` where the file is no such record.
    private init(reading path: String) throws {
        let bytes = try PlainFile.read(path, limit: 1 << 20)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            self = try decoder.decode(Self.self, from: Data(bytes))
        } catch {
            throw LabError("\(path): is no record of a job")
        }
        // It goes into a command line.
        guard !id.isEmpty, id.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            throw LabError("\(path): id: expected the number of a job, found \(excerpt(id))")
        }
    }
}
