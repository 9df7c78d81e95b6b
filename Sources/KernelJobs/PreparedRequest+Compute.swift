import Claims
import Execution
import Files
import HDF5
import LinearAlgebra
import Runs
import TangentKernels

extension PreparedRequest {
    func compute(_ limit: Double, say: (String) -> Void) throws -> KernelOutcome {
        let folder = JobFolder(of: out, limit: limit)
        if Disk.exists(out), !Disk.exists(folder.record) {
            try folder.removeRemnants(files: false)
            guard request.skipsExisting else {
                throw LabError("\(out): exists already; choose another --out")
            }
            guard try FileDigest.verify(out) == .sound else {
                throw LabError("\(out): is damaged: remove it, and it is made again")
            }
            return .done(try KernelSummary(reading: out, kernel, remark: "was there before"))
        }
        let w = try parameters()
        let identity = identity(w)
        try begin(identity, folder)
        let outcome = try finish(job(w, identity, in: folder, isOneOfMany: false), staying: true, say: say)
        return switch outcome {
        case .joined(let summary): .done(summary)
        case .finished: .done(try KernelSummary(reading: out, kernel, remark: "was finished by another process"))
        // One that stays leaves nothing to others.
        case .interrupted(let tiles, let total), .leftToOthers(let tiles, let total):
            .interrupted(tiles: tiles, of: total)
        }
    }

    func begin() throws -> (folder: String, tiles: Int) {
        let folder = JobFolder(of: out, limit: ClaimFolder.usualLimit)
        guard !Disk.exists(out) || Disk.exists(folder.record) else {
            throw LabError("\(out): exists already; choose another --out")
        }
        var identity = try identity(parameters())
        identity.environment = ""
        try begin(identity, folder)
        return (folder.path, grid.tiles.count)
    }

    private func begin(_ identity: KernelIdentity, _ folder: JobFolder) throws {
        if request.out == nil { try RunDirectory.makeFolder("kernels", of: request.run) }
        try folder.begin(JobRecord(identity, request.asked(step: step), threads: BLAS.threadCount))
    }

    func work(for wanted: KernelIdentity, in folder: JobFolder, say: (String) -> Void) throws -> WorkerOutcome {
        let w = try parameters()
        let identity = identity(w)
        try identity.refuseWork(for: wanted, in: folder.path)
        return try finish(job(w, identity, in: folder, isOneOfMany: true), staying: false, say: say)
    }

    /// Makes tiles until all are there, and joins them, unless others do.
    private func finish(_ job: KernelJob<P>, staying: Bool, say: (String) -> Void) throws -> WorkerOutcome {
        Interruption.listen()
        let folder = job.store.folder
        do { return try workAndJoin(job, staying: staying, say: say) } catch is Interrupted {
            return .interrupted(tiles: try job.store.tiles().count, of: grid.tiles.count)
        } catch {
            // Others have finished it meanwhile: what was looked for is not there any more.
            guard folder.isGone else { throw error }
            guard Disk.exists(out) else { throw LabError("\(folder.path): was removed before the kernel was done") }
            return .finished
        }
    }

    private func workAndJoin(_ job: KernelJob<P>, staying: Bool, say: (String) -> Void) throws -> WorkerOutcome {
        var made: Set<TileGrid.Tile> = []
        var waiting = Waiting()
        while true {
            if try !isWritten() {
                let end = try makeTiles(job, &made, staying: staying, say: say)
                let count = try job.store.tiles().count
                switch end {
                case .interrupted: return .interrupted(tiles: count, of: grid.tiles.count)
                case .leftToOthers: return .leftToOthers(tiles: count, of: grid.tiles.count)
                case .allAreThere: break
                }
            }
            if let claim = try job.store.folder.claims.take("join", label: "joining the tiles") {
                let joined = Result { try join(job, claim, made: made) }
                try claim.release()
                if let summary = try joined.get() { return .joined(summary) }
            } else if let other = try job.store.folder.claims.claimed("join") {
                if waiting.isBegin { say("wait      the tiles are being joined by \(WorkerTable.words([other]))") }
                if !staying, waiting.allLive([other]) {
                    return .leftToOthers(tiles: grid.tiles.count, of: grid.tiles.count)
                }
                waiting.pause()
            }
            if Interruption.isRequested { throw Interrupted() }
        }
    }

    /// Whether the file is there though its tiles are: a process was killed between the last two steps.
    /// - Throws: `LabError` where it is another file.
    private func isWritten() throws -> Bool {
        guard Disk.exists(out) else { return false }
        guard try FileDigest.verify(out) == .sound else {
            throw LabError(
                "\(out): expected no file before its tiles are joined, found one that is damaged or not ours: remove it"
            )
        }
        return true
    }

    private func makeTiles(
        _ job: KernelJob<P>, _ made: inout Set<TileGrid.Tile>, staying: Bool, say: (String) -> Void
    ) throws -> TileWork<P>.End {
        let there = try job.store.tiles().count
        guard there < grid.tiles.count else { return .allAreThere }
        say("kernel    [\(kernel.rowCount), \(kernel.columnCount)], \(grid.tiles.count) tiles of \(grid.side) samples")
        if there > 0 { say("continue  \(there) of \(grid.tiles.count) tiles are there") }
        let work = TileWork(job)
        let end = try work.run(staying: staying, say: say)
        if work.made.count < grid.tiles.count { say("tiles     \(work.made.count) made here") }
        made.formUnion(work.made)
        return end
    }

    /// Puts the tiles into the file and removes them.
    /// - Parameter made: those that need no look.
    /// - Returns: nil where tiles were damaged, which are gone now, or the claim was lost.
    private func join(_ job: KernelJob<P>, _ claim: Claim, made: Set<TileGrid.Tile>) throws -> KernelSummary? {
        let folder = job.store.folder
        try folder.removeRemnants(files: true)
        var summary = KernelSummary(file: out, kernel)
        if try isWritten() {
            summary.remark = "the kernel was complete already"
            try folder.remove()
            return summary
        }
        let damaged = try grid.tiles.filter { try !made.contains($0) && !job.store.keepsSound($0) }
        guard damaged.isEmpty else { return nil }
        let spectrum = try job.spectrum()
        guard try claim.isHeld else { return nil }
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
        try folder.remove()
        return summary
    }
}
