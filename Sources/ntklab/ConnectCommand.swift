import ArgumentParser
import Connections
import Execution
import Files
import Foundation
import RunFolders

struct ConnectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect",
        abstract: "The loss between the minima of two runs, and whether a barrier parts them.",
        discussion:
            "The runs share architecture, data and loss, and differ in seed or training. Units of the second are first put into the order of the first."
    )

    @Argument(help: .run, completion: .run) var first: String
    @Argument(help: .run, completion: .run) var second: String
    @Option(help: "How the units of the second run are ordered: permutation, or none to leave them.")
    var align = ConnectionRequest.Alignment.permutation
    @Option(help: "line, or bezier to look for a curve of low loss too.") var path = ConnectionRequest.Path.line
    @Option(help: "Points of the line, 3 to 10,000.") var points = 25
    @Option(help: "Step of a checkpoint of both, 0 for the initialization; default: the newest of each.") var step: Int?
    @Option(help: "An HDF5 file for losses, overlaps and orders; default: none.", completion: .hdf5) var out: String?
    @OptionGroup var results: ResultOptions
    @OptionGroup var machine: MachineOptions

    func validate() throws {
        if let step, step < 0 { throw ValidationError("--step: expected at least 0, found \(step)") }
        guard (3...10_000).contains(points) else {
            throw ValidationError("--points: expected 3 to 10000, found \(points)")
        }
        if let out, out.isEmpty { throw ValidationError("--out: expected a file, found nothing") }
    }

    func run() throws {
        try machine.apply()
        if let out { try Self.refuse(out) }
        let runs = try (RunLocator.find(first), RunLocator.find(second))
        note("machine   \(Machine.description)")
        let connection = try Connection(
            ConnectionRequest(runs.0, runs.1, alignment: align, path: path, points: points, step: step), say: note)
        var summary = ConnectionSummary(connection)
        if let out {
            try connection.write(to: out)
            summary.file = out
        }
        try results.show(summary, lines: summary.lines)
    }

    /// Before what takes minutes.
    private static func refuse(_ out: String) throws {
        guard !Disk.exists(out) else {
            throw LabError("--out \(out): exists already; choose another name")
        }
        let folder = URL(fileURLWithPath: out).deletingLastPathComponent().path
        guard Disk.isFolder(folder) else { throw LabError("--out \(out): expected a file in a folder that is there") }
    }
}

extension ConnectionRequest.Alignment: ExpressibleByArgument {}
extension ConnectionRequest.Path: ExpressibleByArgument {}
