import LinearAlgebra

/// Eigenvectors on their way to the first process, some at a time.
struct VectorPanels {
    /// Vectors at a time.
    let columnsAtOnce: Int
    private let vectors: (columns: BlockColumns, memory: MatrixBuffer<Double>)?
    private let target: BlockLayout
    private let processes: Processes

    /// - Throws: `AgreedError`.
    init(_ found: FoundPairs, _ layout: BlockLayout, _ processes: Processes, batchBytes: Int) throws {
        let n = layout.rows
        let atOnce = max(min(n, batchBytes / (8 * n)), 1)
        columnsAtOnce = atOnce
        self.processes = processes
        vectors = found.vectors.map { (BlockColumns(layout: layout, base: $0.base), $0) }
        target = try processes.agree {
            try BlockLayout(
                ProcessGrid(rows: 1, columns: 1), rows: n, columns: atOnce, rowBlock: n, columnBlock: atOnce)
        }
    }

    /// In the first process: gets `count` vectors from one on, a row each.
    func collect(_ first: Int, _ count: Int, _ to: UnsafeMutablePointer<Double>) {
        _ = processes.fromFirst([Int32(first), Int32(count)])
        move(first, count, to)
    }

    /// In the first process: there are no more to get.
    func end() { _ = processes.fromFirst([0, 0]) }

    /// In the others: gives what the first one asks for, until it has all.
    func serve() {
        var unused = 0.0
        while true {
            let wanted = processes.fromFirst([0, 0]).map(Int.init)
            guard wanted[1] > 0 else { return }
            move(wanted[0], wanted[1], &unused)
        }
    }

    private func move(_ first: Int, _ count: Int, _ to: UnsafeMutablePointer<Double>) {
        guard var columns = vectors?.columns else { return }
        columns.first = first
        columns.copy(count, to: BlockColumns(layout: target, base: to), on: columns.layout.grid)
    }
}
