import Execution
import Foundation
import HDF5
import LinearAlgebra
import Networks
import Runs
import Sampling
import TangentKernels

/// The kernel of a run's network at one step, tile by tile, into one file.
struct KernelJob<P: Scalar & HDF5Element> {
    let model: Model
    let plan: KernelPlan
    let memory: KernelMemory
    let grid: TileGrid
    let store: TileStore<P>
    let w: ParameterVector<P>
    /// Inputs of the rows and of the columns, [samples, inputs]; the same for a symmetric kernel.
    let rows: MatrixBuffer<P>
    let columns: MatrixBuffer<P>

    private var rowsEach: Int { store.rowsEach }

    /// Makes what is missing. Columns of a strip pass by while its rows stay.
    /// - Returns: false where a signal came first.
    func run(say: (String) -> Void) throws -> Bool {
        let missing = Set(try grid.tiles.filter { try !store.has($0) })
        let total = grid.tiles.count
        if missing.count < total { say("continue  \(total - missing.count) of \(total) tiles are there") }
        guard !missing.isEmpty else { return true }
        let kernel = EmpiricalKernel<P>(model, plan, samples: grid.side, workspaceBytes: memory.workspaceBytes)
        let blocks = (0..<grid.strip).map { _ in kernel.block(capacity: grid.side) }
        let passing = grid.strip < grid.columnTiles || !grid.isSymmetric ? kernel.block(capacity: grid.side) : nil
        let tile = MatrixBuffer<P>(grid.side * rowsEach, grid.side * rowsEach)
        for first in stride(from: 0, to: grid.rowTiles, by: grid.strip) {
            let strip = first..<min(first + grid.strip, grid.rowTiles)
            let wanted = missing.filter { strip.contains($0.row) }
            guard !wanted.isEmpty else { continue }
            for row in strip { fill(kernel, blocks[row - first], rows, grid.samples(row: row)) }
            for column in Set(wanted.map(\.column)).sorted() {
                var other = grid.isSymmetric && strip.contains(column) ? blocks[column - first] : nil
                if other == nil, let passing {
                    fill(kernel, passing, columns, grid.samples(column: column))
                    other = passing
                }
                guard let other else { continue }
                for row in strip where wanted.contains(TileGrid.Tile(row: row, column: column)) {
                    if Interruption.isRequested { return false }
                    let own = blocks[row - first]
                    kernel.kernel(own, other, into: tile.base, leading: other.samples * rowsEach)
                    let traces = own === other ? kernel.layerTraces(own) : []
                    try store.write(TileGrid.Tile(row: row, column: column), tile.base, traces: traces)
                }
            }
        }
        return true
    }

    private func fill(
        _ kernel: EmpiricalKernel<P>, _ block: KernelBlock<P>, _ x: MatrixBuffer<P>, _ samples: Range<Int>
    ) {
        kernel.fill(block, w, x.base + samples.lowerBound * model.inputCount, samples: samples.count)
    }

    /// Eigenvalues of a symmetric kernel: all of them where they fit, else both ends.
    func spectrum() throws -> KernelSpectrum? {
        guard grid.isSymmetric else { return nil }
        let side = grid.rows * rowsEach
        let layerTraces = try store.layerTraces(count: plan.layers.count)
        let error = plan.arithmeticError(trace: layerTraces.reduce(0, +), P.precision)
        let tile = grid.side * rowsEach * grid.side * rowsEach * MemoryLayout<P>.stride
        let dense = 8 * side * side + tile + Self.stripBytes
        if side <= KernelSpectrum.fullLimit, dense <= memory.rest {
            let matrix = MatrixBuffer<Double>(side, side)
            try fillRows(matrix, MatrixBuffer<P>(grid.side * rowsEach, grid.side * rowsEach))
            return KernelSpectrum(destroying: matrix, arithmeticError: error)
        }
        let tiled = TiledKernel(store)
        let stream = RandomStream(seed: 0, "lanczos/start")
        let start = (0..<side).map { P(stream.normal($0)) }
        let steps = max(min(Self.lanczosSteps, (memory.rest - tile) / (side * MemoryLayout<P>.stride) - 2), 2)
        let ritz = extremeEigenvalues(of: tiled, start: start, maximumSteps: steps) {
            $0.largest.residual <= 1e-6 * $0.largest.value && $0.smallest.residual <= 1e-2 * abs($0.smallest.value)
        }
        if let failure = tiled.failure { throw failure }
        return KernelSpectrum(ritz, arithmeticError: error)
    }

    private static var lanczosSteps: Int { 80 }
    private static var stripBytes: Int { 4 << 20 }

    /// The whole kernel in float64, a row of tiles at a time.
    private func fillRows(_ matrix: MatrixBuffer<Double>, _ scratch: MatrixBuffer<P>) throws {
        let side = matrix.columns
        let step = max(min(side, Self.stripBytes / (side * MemoryLayout<P>.stride)), 1)
        let strip = MatrixBuffer<P>(step, side)
        for first in stride(from: 0, to: side, by: step) {
            let count = min(step, side - first)
            try store.readRows(first: first, count: count, scratch: scratch, into: strip.base)
            convert(count * side, strip.base, matrix.base + first * side)
        }
    }

    /// Puts the finished kernel and its spectrum into one file.
    /// - Parameter hasMatrix: whether the file holds the kernel, or its spectrum alone.
    func write(
        to path: String, _ description: KernelDescription, _ spectrum: KernelSpectrum?, _ header: FileHeader,
        hasMatrix: Bool
    ) throws {
        let scratch = MatrixBuffer<P>(grid.side * rowsEach, grid.side * rowsEach)
        let width = description.columnCount
        let strip = max(min(16 * Self.stripBytes, memory.rest / 4), 1)
        let atOnce = max(min(grid.side * rowsEach, strip / (width * MemoryLayout<P>.stride)), 1)
        try HDF5Writer.write(to: path) { file in
            try description.write(to: file, header, hasMatrix: hasMatrix)
            if hasMatrix {
                try file.matrix(
                    KernelPath.matrix, as: P.self, rows: description.rowCount, columns: width, rowsAtOnce: atOnce,
                    attributes: KernelDescription.attributes
                ) { first, count, memory in
                    try store.readRows(first: first, count: count, scratch: scratch, into: memory)
                }
                try description.writeAxes(to: file)
            }
            guard let spectrum else { return }
            try description.write(spectrum, to: file)
            let traces = try store.layerTraces(count: plan.layers.count)
            try description.write(zip(plan.layers.map(\.name), traces).map { ($0, $1) }, to: file)
        }
    }
}
