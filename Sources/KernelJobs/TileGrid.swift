import Files
import LinearAlgebra
import Networks
import TangentKernels

/// A kernel cut into squares of samples; of a symmetric one only those on and below the diagonal are made.
struct TileGrid: Sendable, Equatable, Codable {
    /// Samples of the kernel's rows and columns.
    let rows: Int
    let columns: Int
    /// Samples of a tile's side, and tiles whose rows are kept at once while columns pass by.
    let side: Int
    let strip: Int
    let isSymmetric: Bool

    struct Tile: Hashable, Sendable {
        let row: Int
        let column: Int

        /// In names of files and claims.
        var name: String { "tile-\(row)-\(column)" }
    }

    var rowTiles: Int { (rows + side - 1) / side }
    var columnTiles: Int { (columns + side - 1) / side }

    func samples(row: Int) -> Range<Int> { (row * side)..<min((row + 1) * side, rows) }
    func samples(column: Int) -> Range<Int> { (column * side)..<min((column + 1) * side, columns) }

    func contains(_ tile: Tile) -> Bool { !isSymmetric || tile.row >= tile.column }

    var tiles: [Tile] {
        (0..<rowTiles).flatMap { row in (0..<columnTiles).map { Tile(row: row, column: $0) } }.filter(contains)
    }
}

/// What a job may hold, and the grid that keeps within it.
struct KernelMemory {
    let plan: KernelPlan
    let model: Model
    let precision: Precision
    /// Bytes of the whole process.
    let budget: Int
    /// Bytes that are taken before anything is computed: the process, the data, the parameters.
    let fixed: Int

    private var size: Int { precision.byteCount }
    private var rowsEach: Int { plan.outputs.rows(model.outputCount) }
    private var sampleBytes: Int { plan.sampleCount * size }
    private var passBytes: Int { (model.workspaceCount(rows: 1) + model.outputCount * model.reverseCount) * size }

    /// What the kernels keep for each thread, and OpenBLAS's packing buffers.
    private var scratch: Int {
        let places = plan.layers.filter { $0.algorithm == .products }.map(\.places).max() ?? 1
        let square = max(256, places * rowsEach)
        let layers = model.scratchBytes(precision.scalar)
        return BLAS.threadCount * (3 * square * square * size + (8 << 20)) + layers
    }

    private var free: Int { budget - fixed - scratch }

    /// Bytes for forward and backward passes.
    var workspaceBytes: Int { max(min(EmpiricalKernel<Float>.defaultWorkspaceBytes, free / 6), passBytes) }

    /// Bytes for the spectrum, when blocks and workspace are gone.
    var rest: Int { max(free, 0) }

    /// - Throws: `LabError` where not even one sample fits.
    func grid(rows: Int, columns: Int, isSymmetric: Bool) throws -> TileGrid {
        let available = free - workspaceBytes
        let least = 2 * sampleBytes + rowsEach * rowsEach * size
        guard available >= least else {
            throw LabError(
                "--memory: expected at least \(megabytes(fixed + scratch + workspaceBytes + least)) for this network and "
                    + "data, found \(megabytes(budget))")
        }
        let larger = max(rows, columns)
        // Blocks and tiles have the room of the larger side.
        let whole = Double(larger * (isSymmetric ? 1 : 2)) * Double(sampleBytes)
        let wholeTile = Double(larger * rowsEach) * Double(larger * rowsEach) * Double(size)
        var side = larger
        // Room for the whole kernel in float64 beside a tile of it, so that its eigenvalues need no Lanczos.
        if max(whole + wholeTile, 3 * wholeTile) > Double(available) {
            let byTile = Int((0.2 * Double(available) / Double(size)).squareRoot()) / rowsEach
            side = min(side, max(min(available / 4 / max(sampleBytes, 1), byTile), 1))
        }
        side = max(min(side, quickSide(rows, columns, isSymmetric: isSymmetric)), 1)
        // Equal tiles: the last one is not a remainder.
        let count = (larger + side - 1) / side
        side = (larger + count - 1) / count
        let tileBytes = side * side * rowsEach * rowsEach * size
        let strip = max((available - side * sampleBytes - tileBytes) / max(side * sampleBytes, 1), 1)
        return TileGrid(
            rows: rows, columns: columns, side: side, strip: min(strip, (rows + side - 1) / side),
            isSymmetric: isSymmetric)
    }

    private var pairFlops: Double { plan.layers.reduce(0) { $0 + $1.pairFlops } }
    /// Of a sample, once.
    private var fillFlops: Double { plan.passFlops + plan.layers.reduce(0) { $0 + $1.sampleFlops } }

    /// Samples of a tile that is done in about ten seconds: what a killed process loses at most. Of a smaller kernel it is
    /// a fiftieth, so that several processes have equal shares, down to half a second.
    private func quickSide(_ rows: Int, _ columns: Int, isSymmetric: Bool) -> Int {
        let pairs = Double(rows) * Double(columns) / (isSymmetric ? 2 : 1)
        return max(quickSide(pairs: min(max(pairs * pairFlops / 50, 5e10), 1e12), passes: 1e12), 64)
    }

    /// The most samples of a side for which a tile, and filling one side of it, take so many flops.
    func quickSide(pairs: Double, passes: Double) -> Int {
        Int(min((pairs / pairFlops).squareRoot(), passes / fillFlops, 1e9))
    }

    /// Whether a block is cheaper to read than to fill, and filling is no small part of a kernel: of processes that share
    /// no blocks each fills most of them. What a byte must be worth is what a core computes while a disk reads it.
    func sharesBlocks(samples: Int) -> Bool {
        fillFlops >= 0.05 * (fillFlops + Double(samples) / 2 * pairFlops) && fillFlops >= 256 * Double(sampleBytes)
    }

    private func megabytes(_ bytes: Int) -> String { "\((bytes >> 20) + 1) MiB" }
}
