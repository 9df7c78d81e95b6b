import Console
import Execution
import Foundation

/// What a kernel job would do.
package struct KernelForecast: Encodable, Sendable {
    package let layers: [LayerCost]
    /// Rows and columns, and bytes of the whole.
    package let shape: [Int]
    package let bytes: Double
    /// Of the passes through the network, beside those of the layers.
    package let passFlops: Double
    package let tiles: Int
    /// Samples of a side of a tile, and tiles that are kept at once.
    let tileSamples: Int
    let strip: Int
    /// Most that the process takes.
    package let memoryBytes: Int
    package let time: KernelTime
    /// The processes that `seconds` is for; nil where only one was asked for.
    let workers: Int?
    /// By one process, and by the workers.
    package let secondsByOne: Double
    package let seconds: Double
    /// What several processes put on disk for one another beside the tiles; nil where each fills its own blocks.
    let blockBytes: Double?

    /// For a terminal.
    package func lines(columns: Int) -> [String] {
        LayerCost.lines(layers, columns: columns) + [
            "kernel      [\(shape[0]), \(shape[1])], \(engineering(bytes))B",
            "passes      \(engineering(passFlops))flop beside",
            "tiles       \(tiles), of \(tileSamples) samples, \(strip) kept at once",
            "memory      \(memoryBytes >> 20) MiB at most",
        ] + (["time        \(timeWords)"] + disk).flatMap { wrapped($0, columns: columns, indent: 12) }
    }

    private var timeWords: String {
        let threads = counted(time.threads, "thread")
        let measured = "measured on \(time.isPart ? "a part of one" : "one") with \(threads)"
        let others = workers.map { ", \(duration(seconds)) by \($0)" } ?? ""
        let tile = String(format: "%.2g", time.tileSeconds)
        return "\(tile) s a tile (\(measured)), \(tiles) tiles: \(duration(secondsByOne)) by one process\(others)"
    }

    private var disk: [String] {
        guard let blockBytes else { return [] }
        return ["disk        \(engineering(blockBytes))B of blocks beside the tiles, where several processes work"]
    }
}

/// What the parts of a kernel take, measured.
package struct KernelTime: Encodable, Sendable {
    /// Of a tile off the diagonal, and of the passes through the network for the samples of one side of it.
    package let tileSeconds: Double
    package let fillSeconds: Double
    package let threads: Int
    /// Whether fewer samples were measured than a tile has, and their time scaled.
    let isPart: Bool

    /// For a kernel by some processes, without what it takes to join the tiles.
    func seconds(_ grid: TileGrid, workers: Int, sharesBlocks: Bool) -> Double {
        let (rows, columns) = (Double(grid.rowTiles), Double(grid.columnTiles))
        let share = rows * columns / (grid.isSymmetric ? 2 : 1) / Double(workers)
        let all = grid.isSymmetric ? rows : rows + columns
        let least = sharesBlocks ? all / Double(workers) : 0
        return share * tileSeconds + max(least, sharesBlocks ? 0 : fills(share, grid, all: all)) * fillSeconds
    }

    /// Blocks that a process fills for so many tiles: the sides of the square that they make, up to what memory holds, and
    /// from there one for each row of as many tiles as are held.
    private func fills(_ tiles: Double, _ grid: TileGrid, all: Double) -> Double {
        let held = Double(grid.strip)
        let square = grid.isSymmetric ? held * held / 2 : 0
        if grid.isSymmetric, tiles <= square { return (2 * tiles).squareRoot() }
        return grid.isSymmetric ? held + (tiles - square) / held : max(min(held, tiles) + tiles / held, 0)
    }
}
