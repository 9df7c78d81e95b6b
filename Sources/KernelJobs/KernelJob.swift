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
    /// Whether it is meant for several processes.
    let isOneOfMany: Bool

    private var rowsEach: Int { store.rowsEach }

    /// Whether processes put the blocks that they fill on disk for one another.
    var sharesBlocks: Bool { memory.sharesBlocks(samples: max(grid.rows, grid.columns)) }

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
        let stream = RandomStream(seed: 0, "lanczos/start")
        let start = (0..<side).map { P(stream.normal($0)) }
        let vector = side * MemoryLayout<P>.stride
        let steps = max(min(Self.lanczosSteps, (memory.rest - tile) / vector - 2), 2)
        let tiled = TiledKernel(store, bytes: memory.rest - tile - (steps + 2) * vector)
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
