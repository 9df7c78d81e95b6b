import Configurations
import Execution
import Files
import Foundation
import HDF5
import LinearAlgebra
import Runs
import TangentKernels

extension PreparedRequest {
    func compute(say: (String) -> Void) throws -> KernelOutcome {
        let isThere = Disk.exists(out)
        let isUnfinished = Disk.exists(out + ".tiles")
        if isThere, !isUnfinished, request.skipsExisting {
            guard try FileDigest.verify(out) == .sound else {
                throw LabError("\(out): is damaged: remove it, and it is made again")
            }
            return .done(try KernelSummary(reading: out, kernel))
        }
        guard !isThere || isUnfinished else {
            throw LabError("\(out): exists already; remove it or choose another --out")
        }
        let job = try job(parameters())
        try removeUnfinishedFiles()
        var summary = KernelSummary(file: out, kernel)
        if isThere, try FileDigest.verify(out) == .sound {
            // Killed between the last two steps: the file is whole, the tiles are still there.
            try job.store.remove()
            summary.remark = "the kernel was complete already"
            return .done(summary)
        }
        say("kernel    [\(kernel.rowCount), \(kernel.columnCount)], \(grid.tiles.count) tiles of \(grid.side) samples")
        Interruption.listen()
        guard try job.run(say: say) else {
            let done = try grid.tiles.filter { try job.store.has($0) }.count
            return .interrupted(tiles: done, of: grid.tiles.count)
        }
        let spectrum = try job.spectrum()
        let header = FileHeader(
            configText: configuration.resolvedText, seed: configuration.seed, precision: S.precision,
            dataDigest: experiment.dataDigest, environment: RunRecord.Environment())
        try job.write(to: out, kernel, spectrum, header, hasMatrix: !request.keepsSpectrumOnly)
        if let spectrum {
            let traces = try job.store.layerTraces(count: plan.layers.count)
            summary.tell(spectrum, layers: plan.layers.map(\.name), traces: traces)
        } else if grid.isSymmetric {
            summary.remark = "the kernel has entries that are not finite: it has no spectrum"
        }
        try job.store.remove()
        return .done(summary)
    }

    /// Deletes what a killed job left of the final file; only the holder of the tiles' lock writes it.
    private func removeUnfinishedFiles() throws {
        let url = URL(fileURLWithPath: out)
        let folder = url.deletingLastPathComponent().path
        let mark = url.lastPathComponent + WholeFile.unfinishedMark
        for name in try Disk.names(in: folder) where name.hasPrefix(mark) {
            try WholeFile.remove("\(folder)/\(name)")
        }
    }
}
