import Console
import HDF5
import LinearAlgebra
import TangentKernels

extension PreparedRequest {
    func forecast(workers: Int) throws -> KernelForecast {
        let each = plan.outputs.rows(experiment.model.outputCount)
        let shape = [grid.rows * each, grid.columns * each]
        let samples = grid.isSymmetric ? grid.rows : grid.rows + grid.columns
        let time = try measured()
        let shares = memory.sharesBlocks(samples: max(grid.rows, grid.columns))
        return KernelForecast(
            layers: plan.costs(rows: grid.rows, columns: grid.columns, isSymmetric: grid.isSymmetric, P.precision),
            shape: shape, bytes: Double(shape[0]) * Double(shape[1]) * Double(MemoryLayout<P>.stride),
            passFlops: plan.passFlops * Double(samples), tiles: grid.tiles.count, tileSamples: grid.side,
            strip: grid.strip, memoryBytes: request.memory, time: time, workers: workers > 1 ? workers : nil,
            secondsByOne: time.seconds(grid, workers: 1, sharesBlocks: false),
            seconds: time.seconds(grid, workers: workers, sharesBlocks: shares && workers > 1),
            blockBytes: shares ? Double(samples * plan.sampleCount * MemoryLayout<P>.stride) : nil)
    }

    /// Fills two blocks and makes the tile between them; of large tiles a part, within a few seconds.
    private func measured() throws -> KernelTime {
        let model = experiment.model
        let side = max(min(grid.side, memory.quickSide(pairs: 3e11, passes: 1.5e11)), 1)
        let kernel = EmpiricalKernel<P>(model, plan, samples: grid.side, workspaceBytes: memory.workspaceBytes)
        let w = converted(try parameters())
        let x = inputs(experiment.train.inputs, min(2 * side, trainSamples))
        // Where there is one tile only, it is that of the samples with themselves, taken for a square.
        let places = [0, max(x.rows - side, 0)]
        var fills: [Double] = []
        let blocks = places.map { first in
            let block = kernel.block(capacity: side)
            let watch = Stopwatch()
            kernel.fill(block, w, x.base + first * model.inputCount, samples: min(side, x.rows))
            fills.append(watch.seconds)
            return block
        }
        let rows = blocks[0].samples * plan.outputs.rows(model.outputCount)
        let tile = MatrixBuffer<P>(rows, rows)
        let watch = Stopwatch()
        kernel.kernel(blocks[0], blocks[1], into: tile.base, leading: rows)
        let scale = Double(grid.side) / Double(blocks[0].samples)
        return KernelTime(
            tileSeconds: watch.seconds * scale * scale, fillSeconds: (fills.min() ?? 0) * scale,
            threads: BLAS.threadCount, isPart: side < grid.side)
    }
}
