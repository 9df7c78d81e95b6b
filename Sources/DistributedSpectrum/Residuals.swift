import CScaLAPACK
import LinearAlgebra

/// ‖A v − λ v‖ of eigenpairs that were found, with A as its file holds it.
struct Residuals {
    let source: KernelSource
    let processes: Processes
    let grid: ProcessGrid

    /// Of all pairs. Cost: 2 n³ flops.
    /// - Parameters:
    ///   - vectors: unit vectors, one a column.
    ///   - scratch: memory of a matrix of the same layout, which takes A.
    func ofAll(_ vectors: BlockColumns, _ values: [Double], scratch: MatrixBuffer<Double>) throws -> [Double] {
        let layout = vectors.layout
        try source.load(into: BlockColumns(layout: layout, base: scratch.base))
        let images = layout.allocate()
        sl_multiply(Int32(layout.rows), scratch.base, vectors.base, images.base, layout.descriptor)
        var squares = [Double](repeating: 0, count: values.count)
        for j in 0..<layout.localColumns {
            let (column, start) = (layout.globalColumn(j), j * layout.localRows)
            let image = images.base + start
            Double.axpy(layout.localRows, -values[column], vectors.base + start, image)
            squares[column] = Double.dot(layout.localRows, image, image)
        }
        return processes.sum(squares).map { $0.squareRoot() }
    }

    /// Of some pairs, whose vectors all processes have whole, one a row; A passes by once more.
    func of(_ vectors: MatrixBuffer<Double>, _ values: [Double]) throws -> [Double] {
        let n = vectors.columns
        var squares = values.map { _ in 0.0 }
        try source.forEachBatch { batch in
            for row in batch.own {
                let entries = batch.memory + (row - batch.own.lowerBound) * n
                for (k, value) in values.enumerated() {
                    let vector = vectors.base + k * n
                    let difference = Double.dot(n, entries, vector) - value * vector[row]
                    squares[k] += difference * difference
                }
            }
        }
        return processes.sum(squares).map { $0.squareRoot() }
    }
}
