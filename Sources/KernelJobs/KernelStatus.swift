import Claims
import Console
import Files
import Launchers

/// How a kernel job stands, seen from outside.
package struct KernelStatus: Encodable, Sendable {
    package let folder: String
    /// The file that it makes.
    package let file: String
    package let tilesDone: Int
    package let tiles: Int
    let workers: WorkerTable
    /// What the queue of a batch system says of workers that were submitted.
    let queue: SlurmQueue

    /// - Throws: `LabError` where the folder is no job's, `FileError` where it can't be read.
    package init(of path: String) throws {
        let job = JobFolder(path)
        guard KernelRunner.isJob(path) else {
            throw LabError("\(path): expected the folder of a kernel job, with its job.json, found none")
        }
        let grid = try JobRecord(reading: job.record).identity.grid
        let names = Set(try Disk.names(in: job.path))
        (folder, file, tiles) = (job.path, job.out, grid.tiles.count)
        tilesDone = grid.tiles.count { names.contains($0.name + ".h5") }
        workers = WorkerTable(Disk.exists(job.claims.path) ? try job.claims.claimed() : [])
        queue = SlurmQueue(of: job.path)
    }

    /// For a terminal.
    package func lines(columns: Int) -> [String] {
        let rest = workers.rows.isEmpty ? ["no process works on it"] : workers.lines(columns: columns)
        return ["tiles     \(tilesDone) of \(tiles) are there", "file      \(file)"] + queue.lines(columns: columns)
            + rest
    }
}
