/// The samples of a tile's rows or columns, whose factors or gradients a process keeps while it makes tiles.
struct BlockName: Hashable, Sendable {
    /// Whether they are columns of a kernel whose rows are other samples.
    let isColumn: Bool
    let index: Int

    /// In names of files and claims.
    var text: String { "block-\(isColumn ? "column" : "row")-\(index)" }
}

extension TileGrid {
    /// The blocks that a tile is made of.
    func blocks(of tile: Tile) -> (row: BlockName, column: BlockName) {
        (BlockName(isColumn: false, index: tile.row), BlockName(isColumn: !isSymmetric, index: tile.column))
    }

    func samples(of block: BlockName) -> Range<Int> {
        block.isColumn ? samples(column: block.index) : samples(row: block.index)
    }
}

/// Which tile a process makes next, and which block it gives up for that, so that few blocks are filled for many tiles.
///
/// A tile comes first whose blocks are both held. Else the block comes that makes the most tiles with those held, for what it
/// costs. In memory for C blocks that is: all tiles among the first C, then one more block after the other passes by.
struct TileChoice {
    let grid: TileGrid
    /// Tiles that are neither made nor in another's hands.
    let free: [TileGrid.Tile]
    let held: Set<BlockName>
    /// Blocks that others have put on disk.
    let stored: Set<BlockName>

    /// To fill a block, in units of what it takes to read one.
    private static let fillCost = 8.0

    /// - Parameter others: how many other processes are at work: each begins elsewhere.
    func next(others: Int) -> TileGrid.Tile? {
        var gains: [BlockName: Double] = [:]
        for tile in free {
            let (row, column) = grid.blocks(of: tile)
            switch (held.contains(row), held.contains(column)) {
            case (true, true): return tile
            case (true, false): gains[column, default: 0] += 1
            case (false, true): gains[row, default: 0] += 1
            case (false, false): if row == column { gains[row, default: 0] += 0.5 }
            }
        }
        // Of equals the nearest: processes that began apart then grow apart.
        let chosen = gains.max {
            (value($0), -distance($0.key), -$0.key.index) < (value($1), -distance($1.key), -$1.key.index)
        }
        guard let chosen, chosen.value >= 1 else { return first(others: others) }
        return free.first { tile in
            let (row, column) = grid.blocks(of: tile)
            return row == chosen.key && held.contains(column) || column == chosen.key && held.contains(row)
        }
    }

    private func value(_ gain: (key: BlockName, value: Double)) -> Double {
        // Of a kernel whose columns are other samples, rows stay and columns pass by.
        let isNeeded = !grid.isSymmetric && !gain.key.isColumn && held.count(where: { !$0.isColumn }) < grid.strip
        return (isNeeded ? 1e9 : 1) * gain.value / (stored.contains(gain.key) ? 1 : Self.fillCost)
    }

    private func distance(_ block: BlockName) -> Int {
        held.filter { $0.isColumn == block.isColumn }.map { abs($0.index - block.index) }.min() ?? 0
    }

    /// Where to begin: one process at the first tile, others spread over the rest by the golden section.
    private func first(others: Int) -> TileGrid.Tile? {
        guard !free.isEmpty else { return nil }
        let share = (0.618_034 * Double(others)).truncatingRemainder(dividingBy: 1)
        let tile = free[Int(share * Double(free.count))]
        guard grid.isSymmetric else { return tile }
        let diagonal = TileGrid.Tile(row: tile.row, column: tile.row)
        return free.contains(diagonal) ? diagonal : tile
    }

    /// The block to give up: one that has no free tile left, else one that has the most, since it passed by last.
    /// - Parameter isFull: whether one has to go; nil is then returned only for no blocks.
    func leastUseful(of blocks: Set<BlockName>, isFull: Bool) -> BlockName? {
        var left: [BlockName: Int] = [:]
        for tile in free {
            let (row, column) = grid.blocks(of: tile)
            for block in Set([row, column]) { left[block, default: 0] += 1 }
        }
        func rank(_ block: BlockName) -> (Int, Int) {
            let count = left[block] ?? 0
            return (count == 0 || block.isColumn ? .max : count, block.index)
        }
        return blocks.filter { isFull || left[$0] == nil }.max { rank($0) < rank($1) }
    }
}
