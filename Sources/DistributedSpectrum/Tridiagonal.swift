import CScaLAPACK
import Files
import LinearAlgebra

/// A symmetric matrix as Q T Qᵀ, T tridiagonal: what is destroyed of it is Q.
struct Tridiagonal {
    /// T, the same in all processes; the second has n − 1 entries and a zero.
    private(set) var diagonal: [Double]
    private(set) var offDiagonal: [Double]
    private let reflectors: BlockColumns
    private let factors: [Double]
    private let processes: Processes

    /// By pdsytrd: 4/3 n³ flops, half of them in products with one vector, which memory limits.
    ///
    /// pdsyntrd, which ScaLAPACK offers too, takes as much memory again, and more where the grid is not square.
    /// - Parameter matrix: [n, n] in square blocks; becomes Q, and has to stay while that is needed.
    init(destroying matrix: BlockColumns, _ processes: Processes) throws {
        let layout = matrix.layout
        let n = layout.columns
        var (d, e, tau) = ([Double](), [Double](), [Double](repeating: 0, count: layout.localColumns + 1))
        (d, e) = (tau, tau)
        try withScratch("the reduction to tridiagonal form (pdsytrd)", processes) { work, size in
            sl_tridiagonalize(Int32(n), matrix.base, layout.descriptor, &d, &e, &tau, work, size)
        }
        var all = [Double](repeating: 0, count: 2 * n)
        // Each process of a column of the grid has the same.
        for j in 0..<layout.localColumns where layout.grid.row == 0 {
            let column = layout.globalColumn(j)
            all[column] = d[j]
            if column + 1 < n { all[n + column] = e[j] }
        }
        all = processes.sum(all)
        (diagonal, offDiagonal) = (Array(all[..<n]), Array(all[n...]))
        (reflectors, factors, self.processes) = (matrix, tau, processes)
    }

    /// All eigenvalues, ascending, by LAPACK's dsterf in each process; some 8 n² divisions and roots.
    func values() throws -> [Double] {
        var (d, e) = (diagonal, offDiagonal)
        try processes.agree {
            let info = sl_tridiagonal_values(Int32(d.count), &d, &e)
            guard info == 0 else { throw LabError("the eigenvalues (dsterf) do not converge: info \(info)") }
        }
        return d
    }

    /// All eigenvalues with their vectors, one a column, by divide and conquer (pdstedc).
    ///
    /// - Parameter vectors: zeros, [n, n] as the matrix was. Scratch takes twice its memory.
    func pairs(into vectors: BlockColumns) throws -> [Double] {
        var (d, e) = (diagonal, offDiagonal)
        try withScratch("divide and conquer (pdstedc)", processes) { work, size in
            sl_tridiagonal_vectors(
                Int32(d.count), &d, &e, vectors.base, vectors.layout.descriptor, Int32(vectors.layout.localRows),
                Int32(vectors.layout.localColumns), work, size)
        }
        return d
    }

    /// The eigenvectors of both ends of T, one a row, by LAPACK's dstemr in each process.
    func ends() throws -> MatrixBuffer<Double> {
        let n = diagonal.count
        let vectors = MatrixBuffer<Double>(2, n)
        try processes.agree {
            for (row, place) in [0, n - 1].enumerated() {
                let info = sl_tridiagonal_vector(
                    Int32(n), diagonal, offDiagonal, Int32(place), vectors.base + row * n)
                guard info == 0 else { throw LabError("an eigenvector (dstemr) does not converge: info \(info)") }
            }
        }
        return vectors
    }

    /// Z ← Q Z (pdormtr): 2 n² flops a column.
    func applyReflectors(to vectors: BlockColumns) throws {
        let (matrix, layout) = (reflectors, vectors.layout)
        try withScratch("the way back from tridiagonal form (pdormtr)", processes) { work, size in
            sl_apply_reflectors(
                Int32(layout.rows), Int32(layout.columns), matrix.base, matrix.layout.descriptor, factors,
                vectors.base, layout.descriptor, work, size)
        }
    }
}

/// Calls a routine of ScaLAPACK with the scratch memory that it asks for.
private func withScratch(
    _ what: String, _ processes: Processes, _ call: (_ work: UnsafeMutablePointer<Double>, _ size: Int32) -> Int32
) throws {
    var wanted = 0.0
    func check(_ info: Int32) throws {
        try processes.agree { guard info == 0 else { throw LabError("\(what) fails: info \(info)") } }
    }
    try check(call(&wanted, -1))
    let work = MatrixBuffer<Double>(1, Int(wanted))
    try check(call(work.base, Int32(clamping: Int(wanted))))
}
