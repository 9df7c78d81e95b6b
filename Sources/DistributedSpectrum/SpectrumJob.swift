import Console
import Execution
import Files
import Foundation
import KernelJobs
import LinearAlgebra
import Runs
import TangentKernels

/// The spectrum of one kernel, from its file to another.
struct SpectrumJob {
    /// Rows and columns of a block. 32 to 128 were within 10 % of one another at 5,000 rows, 16 slower in products.
    static let block = 64

    let processes: Processes
    let source: KernelSource
    let findsVectors: Bool
    let threads: Int
    /// The file that is written.
    let out: String
    let grid: ProcessGrid
    let layout: BlockLayout

    /// - Throws: `AgreedError` where files or sizes do not fit.
    init(_ processes: Processes, kernel: String, out: String?, findsVectors: Bool, threads: Int) throws {
        let target = out ?? SpectrumFile.path(beside: kernel)
        try processes.agree { if processes.isFirst { try SpectrumFile.checkPlace(target) } }
        self.out = target
        self.processes = processes
        (self.findsVectors, self.threads) = (findsVectors, threads)
        processes.note(
            "machine   \(Machine.core), \(processes.count) process\(processes.count == 1 ? "" : "es") of \(threads) "
                + "thread\(threads == 1 ? "" : "s")")
        if let advice = Machine.weakCoreAdvice { processes.note(advice) }
        source = try KernelSource(kernel, processes)
        let (n, grid) = (source.order, ProcessGrid(near: processes.count))
        try SpectrumMemory(kernel: kernel, order: n, grid: grid, findsVectors: findsVectors).check(
            processes, threads: threads)
        self.grid = grid
        layout = try processes.agree {
            try BlockLayout(grid, rows: n, columns: n, rowBlock: Self.block, columnBlock: Self.block)
        }
        processes.note(
            "kernel    [\(n), \(n)] in \(source.description.precision.rawValue), on \(grid.rows) × \(grid.columns) "
                + "processes in blocks of \(Self.block)")
    }

    func run() throws -> KernelSummary {
        let n = Double(source.order)
        let matrix = layout.allocate()
        let blocks = BlockColumns(layout: layout, base: matrix.base)
        let read = try timed { try source.load(into: blocks) }.seconds
        processes.note(String(format: "reading   %@, %@B/s", shown(read), engineering(8 * n * n / read)))
        let (reduced, seconds) = try timed { try Tridiagonal(destroying: blocks, processes) }
        processes.note(
            String(format: "reduction %@, %@flop/s", shown(seconds), engineering(4 / 3 * n * n * n / seconds)))
        let found = findsVectors ? try pairs(reduced, matrix) : try values(reduced, matrix)
        let spectrum = try processes.agree {
            let ends = (found.residuals.first ?? 0, found.residuals.last ?? 0)
            guard
                let spectrum = KernelSpectrum(
                    values: found.values, arithmeticError: try StoredKernel(source.file).arithmeticError,
                    residuals: ends)
            else { throw LabError("\(source.path): has no eigenvalues") }
            return spectrum
        }
        let written = try timed {
            try SpectrumFile(source: source, spectrum: spectrum, found: found, layout: layout, threads: threads)
                .write(to: out, processes)
        }.seconds
        processes.note("writing   \(shown(written))")
        processes.note("memory    \(Int(processes.peakMemory) >> 20) MiB in the largest process")
        return try summary(spectrum)
    }

    /// Eigenvalues alone, with the residuals of both ends.
    private func values(_ reduced: Tridiagonal, _ matrix: MatrixBuffer<Double>) throws -> FoundPairs {
        let (values, seconds) = try timed { try reduced.values() }
        processes.note("values    \(shown(seconds))")
        let (residuals, measured) = try timed {
            try Residuals(source: source, processes: processes, grid: grid)
                .of(ends(reduced), [values[0], values[values.count - 1]])
        }
        note(residuals, measured)
        return FoundPairs(values: values, residuals: residuals, vectors: nil)
    }

    /// Eigenvalues and all vectors.
    private func pairs(_ reduced: Tridiagonal, _ matrix: MatrixBuffer<Double>) throws -> FoundPairs {
        let n = Double(source.order)
        let vectors = layout.allocate()
        let blocks = BlockColumns(layout: layout, base: vectors.base)
        let (values, divided) = try timed { try reduced.pairs(into: blocks) }
        processes.note("vectors   \(shown(divided)) by divide and conquer")
        let back = try timed { try reduced.applyReflectors(to: blocks) }.seconds
        processes.note(String(format: "          %@ back, %@flop/s", shown(back), engineering(2 * n * n * n / back)))
        let (residuals, measured) = try timed {
            try Residuals(source: source, processes: processes, grid: grid).ofAll(blocks, values, scratch: matrix)
        }
        note(residuals, measured)
        return FoundPairs(values: values, residuals: residuals, vectors: vectors)
    }

    /// The eigenvectors of both ends, whole in each process, one a row.
    private func ends(_ reduced: Tridiagonal) throws -> MatrixBuffer<Double> {
        let ends = try reduced.ends()
        let n = source.order
        let layout = try processes.agree {
            try BlockLayout(grid, rows: n, columns: 2, rowBlock: Self.block, columnBlock: Self.block)
        }
        let own = layout.allocate()
        func forEachEntry(_ body: (_ own: Int, _ whole: Int) -> Void) {
            for column in 0..<layout.localColumns {
                for row in 0..<layout.localRows {
                    body(column * layout.localRows + row, layout.globalColumn(column) * n + layout.globalRow(row))
                }
            }
        }
        forEachEntry { own.base[$0] = ends.base[$1] }
        try reduced.applyReflectors(to: BlockColumns(layout: layout, base: own.base))
        var whole = [Double](repeating: 0, count: 2 * n)
        forEachEntry { whole[$1] = own.base[$0] }
        return MatrixBuffer(2, n, processes.sum(whole))
    }

    private func note(_ residuals: [Double], _ seconds: Double) {
        processes.note(
            String(
                format: "residuals %@, at most %.2g%@", shown(seconds), residuals.max() ?? 0,
                findsVectors ? "" : " at both ends"))
    }

    private func summary(_ spectrum: KernelSpectrum) throws -> KernelSummary {
        try processes.agree {
            let traces = try StoredKernel(source.file).layerTraces ?? []
            var summary = KernelSummary(file: out, source.description)
            summary.tell(spectrum, layers: traces.map(\.layer), traces: traces.map(\.trace))
            return summary
        }
    }

    private func shown(_ seconds: Double) -> String { String(format: seconds < 10 ? "%.2f s" : "%.0f s", seconds) }

    private func timed<R>(_ body: () throws -> R) rethrows -> (result: R, seconds: Double) {
        let watch = Stopwatch()
        let result = try body()
        return (result, watch.seconds)
    }
}

/// What a solver found.
struct FoundPairs {
    /// Ascending.
    let values: [Double]
    /// ‖A v − λ v‖ of all pairs, or of both ends where there are no vectors.
    let residuals: [Double]
    let vectors: MatrixBuffer<Double>?
}
