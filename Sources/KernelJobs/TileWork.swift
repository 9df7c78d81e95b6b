import Claims
import Execution
import Foundation
import HDF5
import LinearAlgebra
import TangentKernels

/// The making of tiles by one of the processes of a job.
final class TileWork<P: Scalar & HDF5Element> {
    enum End {
        case allAreThere, interrupted
        /// Others, who live, have what is missing.
        case leftToOthers
    }

    private let job: KernelJob<P>
    private let kernel: EmpiricalKernel<P>
    private let held: HeldBlocks<P>
    private let tile: MatrixBuffer<P>
    /// Made here.
    private(set) var made: Set<TileGrid.Tile> = []
    /// Made by others though a listing did not say so: file systems remember listings for a while.
    private var found: Set<TileGrid.Tile> = []

    private var store: TileStore<P> { job.store }
    private var grid: TileGrid { job.grid }

    init(_ job: KernelJob<P>) {
        self.job = job
        kernel = EmpiricalKernel<P>(
            job.model, job.plan, samples: job.grid.side, workspaceBytes: job.memory.workspaceBytes)
        held = HeldBlocks(job, kernel)
        tile = MatrixBuffer<P>(job.grid.side * job.store.rowsEach, job.grid.side * job.store.rowsEach)
    }

    /// Makes one tile after another until none is to be had.
    /// - Parameter staying: whether it waits until all tiles are there, whoever makes them.
    func run(staying: Bool, say: (String) -> Void) throws -> End {
        var waiting = Waiting()
        while true {
            if Interruption.isRequested { return .interrupted }
            let there = try store.tiles().union(found)
            let missing = grid.tiles.filter { !there.contains($0) }
            if missing.isEmpty { return .allAreThere }
            let others = try store.folder.others()
            let names = Set(others.map(\.name))
            let unclaimed = missing.filter { !names.contains($0.name) }
            if let choice = try choice(among: unclaimed, names), let tile = choice.next(others: others.count) {
                if try make(tile, choice, isAlone: others.isEmpty) { waiting = Waiting() } else { usleep(5000) }
                continue
            }
            if unclaimed.isEmpty {
                let owners = others.filter { claimed in missing.contains { $0.name == claimed.name } }
                if waiting.isBegin {
                    say("wait      others make what is missing: \(WorkerTable.words(owners))")
                }
                if !staying, waiting.allLive(owners) { return .leftToOthers }
            }
            waiting.pause()
        }
    }

    /// What can be made now; nil for nothing. Blocks that others fill are waited for.
    private func choice(among unclaimed: [TileGrid.Tile], _ names: Set<String>) throws -> TileChoice? {
        let own = held.names
        let free = unclaimed.filter { tile in
            let (row, column) = grid.blocks(of: tile)
            return [row, column].allSatisfy { own.contains($0) || !names.contains($0.text) }
        }
        guard !free.isEmpty else { return nil }
        return TileChoice(grid: grid, free: free, held: own, stored: job.sharesBlocks ? try store.blocks() : [])
    }

    /// - Returns: false where another process was quicker.
    private func make(_ name: TileGrid.Tile, _ choice: TileChoice, isAlone: Bool) throws -> Bool {
        guard let claim = try store.folder.claims.take(name.name, label: "tile \(name.row), \(name.column)") else {
            return false
        }
        let done = Result { try compute(name, choice, claim, isAlone: isAlone) }
        try claim.release()
        return try done.get()
    }

    private func compute(_ name: TileGrid.Tile, _ choice: TileChoice, _ claim: Claim, isAlone: Bool) throws -> Bool {
        // Made and released since we looked.
        if store.has(name) {
            found.insert(name)
            return false
        }
        let sharing = job.sharesBlocks && (!isAlone || job.isOneOfMany)
        guard let (row, column) = try held.blocks(of: name, choice, sharing: sharing), !Interruption.isRequested else {
            return false
        }
        kernel.kernel(row, column, into: tile.base, leading: column.samples * store.rowsEach)
        let traces = row === column ? kernel.layerTraces(row) : []
        // Frozen for long, another has it now, or the job has ended without us.
        guard try claim.isHeld else { return false }
        try store.write(name, tile.base, traces: traces)
        made.insert(name)
        return true
    }
}

/// Waiting for what others hold.
struct Waiting {
    private var vigil = Vigil()
    private var pauses = 0

    var isBegin: Bool { pauses == 0 }

    /// Whether the holders of all of these have given a sign of life since the waiting began.
    mutating func allLive(_ claims: [Claimed]) -> Bool { vigil.allLive(claims) }

    /// From a hundredth of a second to a whole one.
    mutating func pause() {
        pauses += 1
        usleep(UInt32(min(10_000 * pauses, 1_000_000)))
    }
}
