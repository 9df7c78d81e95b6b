import Files
import HDF5
import LinearAlgebra
import Runs

/// The kernel's file, of which each process reads some rows at a time.
final class KernelSource {
    /// Memory of the rows that a process reads at once.
    static let batchBytes = 64 << 20

    /// Some rows of all processes together, of which each has read its own.
    struct Batch {
        let all: Range<Int>
        let own: Range<Int>
        /// The own ones, one after another.
        let memory: UnsafeMutablePointer<Double>
    }

    let path: String
    let file: HDF5File
    let description: KernelDescription
    private let processes: Processes

    /// Rows of the kernel.
    var order: Int { description.rowCount }

    /// - Throws: `AgreedError` for a file that is damaged, or holds no symmetric kernel.
    init(_ path: String, _ processes: Processes) throws {
        self.path = path
        self.processes = processes
        // All of it is read for that: by one process alone.
        try processes.agree { if processes.isFirst { _ = try SoundFile.open(path) } }
        (file, description) = try processes.agree {
            let file = try HDF5File(reading: path)
            let kernel = try StoredKernel(file).description
            guard kernel.rows == kernel.columns, kernel.rowCount > 0 else {
                throw LabError(
                    "\(path): \(KernelPath.matrix): expected a symmetric kernel, found [\(kernel.rowCount), "
                        + "\(kernel.columnCount)] of \(kernel.rows.set) samples against \(kernel.columns.set) samples")
            }
            return (file, kernel)
        }
    }

    /// Rows that each process reads at once.
    var rowsAtOnce: Int {
        max(min((order + processes.count - 1) / processes.count, Self.batchBytes / (8 * order)), 1)
    }

    /// Reads the whole kernel once, in float64; each process a part of each batch.
    /// - Throws: `AgreedError` where one of them can't, or what `body` throws.
    func forEachBatch(_ body: (Batch) throws -> Void) throws {
        let n = order
        let slab = MatrixBuffer<Double>(rowsAtOnce, n)
        for first in stride(from: 0, to: n, by: rowsAtOnce * processes.count) {
            let start = min(first + processes.rank * rowsAtOnce, n)
            let own = start..<min(start + rowsAtOnce, n)
            try processes.agree {
                try file.readRows(
                    KernelPath.matrix, shape: [n, n], first: own.lowerBound, count: own.count, into: slab.base)
            }
            let all = first..<min(first + rowsAtOnce * processes.count, n)
            try body(Batch(all: all, own: own, memory: slab.base))
        }
    }

    /// Puts the kernel into blocks over a grid.
    /// - Throws: `AgreedError` that names an entry of which no eigenvalues can be found.
    func load(into blocks: BlockColumns) throws {
        let atOnce = rowsAtOnce
        // Rows of the file are columns here: the kernel is symmetric.
        let rows = try processes.agree {
            try BlockLayout(
                ProcessGrid(row: processes.count), rows: order, columns: min(atOnce * processes.count, order),
                rowBlock: order, columnBlock: atOnce)
        }
        var squares = 0.0
        try forEachBatch { batch in
            try processes.agree { squares += try checkedSquares(batch) }
            BlockColumns(layout: rows, base: batch.memory).copy(
                batch.all.count,
                to: BlockColumns(layout: blocks.layout, base: blocks.base, first: batch.all.lowerBound),
                on: blocks.layout.grid)
        }
        let norm = processes.sum([squares])[0].squareRoot()
        try processes.agree { if norm > 0, norm < 1e-145 { throw outOfRange } }
    }

    /// Σ of the squares of the rows that were read here.
    private func checkedSquares(_ batch: Batch) throws -> Double {
        try batch.own.reduce(0) { sum, row in
            let entries = UnsafeBufferPointer(start: batch.memory + (row - batch.own.lowerBound) * order, count: order)
            let squares = entries.baseAddress.map { Double.dot(order, $0, $0) } ?? 0
            guard !squares.isFinite else { return sum + squares }
            guard let column = entries.firstIndex(where: { !$0.isFinite }) else { throw outOfRange }
            throw LabError(
                "\(path): \(KernelPath.matrix): expected finite entries, found \(entries[column]) at [\(row), \(column)]"
            )
        }
    }

    private var outOfRange: LabError {
        LabError("\(path): \(KernelPath.matrix): its norm is beyond 1e±145, where squares are no numbers any more")
    }
}
