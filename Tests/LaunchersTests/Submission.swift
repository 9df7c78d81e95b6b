import Files
import Foundation
import Launchers
import TestSupport
import Testing

/// A program in the place of ntklab: says what it was given, and ends at SIGTERM or when a file `go` is in its folder.
let worker = """
    #!/bin/bash
    trap 'echo "TERM $SLURM_ARRAY_TASK_ID"; exit 0' TERM
    echo "task $SLURM_ARRAY_TASK_ID restart ${SLURM_RESTART_COUNT:-0} given $*"
    [ ! -e "$2/fail-$SLURM_ARRAY_TASK_ID" ] || exit 2
    until [ -e "$2/go" ]; do sleep 0.05; done
    """

/// A folder of work with a program for it.
final class WorkFolder {
    let outer = TestFolder()
    let path: String

    init(_ name: String = "sweep") throws {
        path = outer.file(name)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: outer.file("my bin"), withIntermediateDirectories: true)
        try outer.writeProgram("my bin/ntklab", worker)
    }

    func job(
        name: String = "demo", arguments: [String] = [], workers: Int = 4, atOnce: Int? = nil, options: [String] = []
    ) throws -> ArrayJob {
        try ArrayJob(
            folder: path, name: name, program: outer.file("my bin/ntklab"), arguments: arguments, workers: workers,
            atOnce: atOnce, options: options)
    }

    func text(_ name: String) -> String {
        FileManager.default.contents(atPath: path + "/" + name).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    func put(_ name: String) { _ = FileManager.default.createFile(atPath: path + "/" + name, contents: Data()) }
    func remove(_ name: String) { _ = unlink(path + "/" + name) }
}

/// The queue of a folder once it is as wanted, or as it is after some seconds.
func queue(
    _ folder: WorkFolder, _ environment: [String: String?], within seconds: Double = 20,
    until isWanted: (SlurmQueue) -> Bool
) -> SlurmQueue {
    let start = ContinuousClock.now
    while true {
        let queue = SlurmQueue(of: folder.path, environment: environment)
        if isWanted(queue) || ContinuousClock.now - start > .seconds(seconds) { return queue }
        usleep(50_000)
    }
}

/// The one line of a queue of one job, after its label.
func line(_ queue: SlurmQueue) -> String { queue.lines(columns: 10_000).joined(separator: "\n") }
