import Claims
import Console
import Files
import Foundation

/// What it takes to hand out work by claims: many processes that take empty cells from one folder.
package enum ClaimBenchmark {
    package struct Row: Encodable, Sendable {
        package let cells: Int
        package let workers: Int
        /// Until all are handed out, the start of the processes with it.
        package let wallSeconds: Double
        /// To take and release one claim, by one process alone.
        package let milliseconds: Double
        /// Cells that each worker was given.
        package let shares: [Int]

        package var words: String {
            String(
                format: "%d empty cells by %d workers in %.2f s; a claim, taken and released by one alone: %.3f ms",
                cells,
                workers, wallSeconds, milliseconds)
        }
    }

    /// MachineShare out cells in a temporary folder.
    /// - Parameters:
    ///   - command: words after the program that start a worker, with its folder and the number of cells at the end.
    /// - Throws: `LabError` where a worker fails, or a cell was not given to exactly one.
    package static func run(cells: Int, workers: Int, folder: String, command: [String]) throws -> Row {
        let path = "\(folder)/ntklab-bench-claims-\(WholeFile.ownMark)"
        for folder in [path, path + "/work", path + "/done"] { try WholeFile.makeFolder(folder) }
        defer { do { try FileManager.default.removeItem(atPath: path) } catch {} }
        let alone = try timeAlone(in: path)
        let clock = Stopwatch()
        let processes = try (0..<workers).map { _ in try start(command + [path, "\(cells)"]) }
        let shares = try processes.map { process, output in
            let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            guard let count = Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
                throw LabError("bench claims: a worker ended without a result")
            }
            return count
        }
        let seconds = clock.seconds
        guard shares.reduce(0, +) == cells else {
            throw LabError("bench claims: \(shares.reduce(0, +)) cells were handed out, of \(cells)")
        }
        return Row(cells: cells, workers: workers, wallSeconds: seconds, milliseconds: alone, shares: shares)
    }

    private static func timeAlone(in path: String) throws -> Double {
        let claims = ClaimFolder(path + "/work")
        let count = 500
        let clock = Stopwatch()
        for cell in 0..<count { try claims.take("alone-\(cell)", label: "")?.release() }
        return 1e3 * clock.seconds / Double(count)
    }

    private static func start(_ words: [String]) throws -> (Process, Pipe) {
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = words
        process.standardOutput = output
        try process.run()
        return (process, output)
    }

    /// Takes cells that nobody has done until none is left, all of them in the same order, as workers of a sweep do.
    /// - Returns: how many it was given.
    /// - Throws: `LabError` where two were given the same.
    package static func work(in path: String, cells: Int) throws -> Int {
        let claims = ClaimFolder(path + "/work")
        var count = 0
        for cell in 0..<cells {
            let done = "\(path)/done/\(cell)"
            guard !Disk.exists(done), let claim = try claims.take("cell-\(cell)", label: "cell \(cell)") else {
                continue
            }
            if !Disk.exists(done) {
                let file = open(done, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
                guard file >= 0 else { throw LabError("bench claims: cell \(cell) was handed out twice") }
                close(file)
                count += 1
            }
            try claim.release()
        }
        return count
    }
}
