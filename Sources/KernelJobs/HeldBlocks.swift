import HDF5
import LinearAlgebra
import TangentKernels

/// The blocks that a process holds, as many as its memory has room for.
final class HeldBlocks<P: Scalar & HDF5Element> {
    private let job: KernelJob<P>
    private let kernel: EmpiricalKernel<P>
    private let capacity: Int
    private var blocks: [BlockName: KernelBlock<P>] = [:]

    init(_ job: KernelJob<P>, _ kernel: EmpiricalKernel<P>) {
        (self.job, self.kernel) = (job, kernel)
        let grid = job.grid
        // One of many makes a part of the tiles: more blocks would be more memory, and hardly fewer passes.
        let part = job.isOneOfMany && grid.isSymmetric ? (3 * grid.rowTiles + 4) / 5 : grid.strip
        let strip = min(grid.strip, part)
        capacity = strip + (strip < grid.columnTiles || !grid.isSymmetric ? 1 : 0)
    }

    var names: Set<BlockName> { Set(blocks.keys) }

    /// The two blocks of a tile; what is missing is read where another process has put it on disk, and else filled.
    /// - Parameter sharing: whether what is filled here is put on disk for others.
    /// - Returns: nil where another process is filling one of them.
    func blocks(of tile: TileGrid.Tile, _ choice: TileChoice, sharing: Bool) throws -> (
        row: KernelBlock<P>, column: KernelBlock<P>
    )? {
        let (row, column) = job.grid.blocks(of: tile)
        guard let own = try block(row, beside: column, choice, sharing),
            let other = try block(column, beside: row, choice, sharing)
        else { return nil }
        return (own, other)
    }

    private func block(_ name: BlockName, beside other: BlockName, _ choice: TileChoice, _ sharing: Bool) throws
        -> KernelBlock<P>?
    {
        if let held = blocks[name] { return held }
        let block = room(beside: other, choice)
        if job.sharesBlocks, try job.store.read(name, into: block) {
            blocks[name] = block
            return block
        }
        guard sharing else {
            fill(block, name)
            return block
        }
        guard let claim = try job.store.folder.claims.take(name.text, label: "filling \(name.text)") else { return nil }
        let filled = Result {
            fill(block, name)
            if try claim.isHeld { try job.store.write(name, block) }
        }
        try claim.release()
        try filled.get()
        return block
    }

    private func fill(_ block: KernelBlock<P>, _ name: BlockName) {
        let samples = job.grid.samples(of: name)
        let inputs = name.isColumn ? job.columns : job.rows
        kernel.fill(block, job.w, inputs.base + samples.lowerBound * job.model.inputCount, samples: samples.count)
        blocks[name] = block
    }

    /// Memory for a block: new, or that of one which is given up.
    private func room(beside other: BlockName, _ choice: TileChoice) -> KernelBlock<P> {
        let least = choice.leastUseful(of: names.subtracting([other]), isFull: blocks.count >= capacity)
        return least.flatMap { blocks.removeValue(forKey: $0) } ?? kernel.block(capacity: job.grid.side)
    }
}
