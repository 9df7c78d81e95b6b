import CLinearAlgebra

/// Memory for a row-major matrix [rows, columns], shared by all that hold it.
///
/// These are the lab's buffers: parameters, activations, data. They are made once for a model and a batch and then written
/// in place. It is a class, so that handing one on never copies its entries, and that whoever holds one sees what others write; `copy`
/// makes another. It is not `Sendable`: two tasks can't hold one, but what writes in pieces from several threads (the pool below
/// BLAS) does so within one call.
public final class MatrixBuffer<S: Scalar> {
    /// Number of rows.
    public let rows: Int
    /// Length of a row.
    public let columns: Int
    /// The first entry; rows follow one another without gaps.
    ///
    /// Valid while the matrix is held by a variable: never take it of a temporary.
    public let base: UnsafeMutablePointer<S>
    private let storage: Storage

    /// A matrix of zeros. Its memory comes in huge pages where that pays.
    /// - Precondition: rows and columns are not negative and the machine has the memory.
    public init(_ rows: Int, _ columns: Int) {
        precondition(rows >= 0 && columns >= 0, "a matrix needs a shape, not [\(rows), \(columns)]")
        self.rows = rows
        self.columns = columns
        storage = Storage(capacity: rows * columns)
        base = storage.base
    }

    /// A matrix with the given entries, row after row.
    /// - Precondition: `entries` holds rows · columns values.
    public convenience init(_ rows: Int, _ columns: Int, _ entries: [S]) {
        precondition(entries.count == rows * columns, "\(entries.count) entries for [\(rows), \(columns)]")
        self.init(rows, columns)
        base.update(from: entries, count: entries.count)
    }

    /// The same entries in another shape: both are views of one memory.
    /// - Precondition: `other` holds rows · columns values.
    public init(reshaping other: MatrixBuffer, _ rows: Int, _ columns: Int) {
        precondition(other.count == rows * columns, "\(other.count) entries for [\(rows), \(columns)]")
        self.rows = rows
        self.columns = columns
        (base, storage) = (other.base, other.storage)
    }

    /// Number of entries.
    public var count: Int { rows * columns }

    /// The entry of a row and a column.
    /// - Precondition: both are within the shape, which is not checked.
    public subscript(row: Int, column: Int) -> S {
        get { base[row * columns + column] }
        set { base[row * columns + column] = newValue }
    }

    /// The entries in memory order, copied.
    public var entries: [S] { Array(UnsafeBufferPointer(start: base, count: count)) }

    /// The same entries in memory of their own. Cost: rows · columns numbers of memory.
    public func copy() -> MatrixBuffer {
        let other = MatrixBuffer(rows, columns)
        other.base.update(from: base, count: count)
        return other
    }

    private final class Storage {
        let base: UnsafeMutablePointer<S>

        private let bytes: Int

        init(capacity: Int) {
            bytes = capacity * MemoryLayout<S>.stride
            guard let memory = la_allocate(bytes) else {
                preconditionFailure("no memory for \(capacity) numbers of \(S.precision)")
            }
            base = memory.bindMemory(to: S.self, capacity: max(capacity, 1))
        }

        deinit { la_free(base, bytes) }
    }
}

extension MatrixBuffer {
    /// The same entries in float64.
    @specialized(where S == Float)
    @specialized(where S == Double)
    public func widened() -> MatrixBuffer<Double> {
        let wide = MatrixBuffer<Double>(rows, columns)
        for k in 0..<count { wide.base[k] = Double(base[k]) }
        return wide
    }

    /// out ← α op(a) op(b) + β out, op the transpose or nothing. Cost: 2 m n k flops.
    /// - Precondition: the shapes fit.
    public static func product(
        _ a: MatrixBuffer, _ transposeA: Transpose = .no, _ b: MatrixBuffer, _ transposeB: Transpose = .no,
        alpha: S = 1, beta: S = 0, into out: MatrixBuffer
    ) {
        let inner = transposeA == .yes ? a.rows : a.columns
        precondition(inner == (transposeB == .yes ? b.columns : b.rows), "inner dimensions differ")
        precondition(out.rows == (transposeA == .yes ? a.columns : a.rows), "rows of the product differ")
        precondition(out.columns == (transposeB == .yes ? b.rows : b.columns), "columns of the product differ")
        S.gemm(
            transposeA, transposeB, m: out.rows, n: out.columns, k: inner, alpha: alpha,
            a.base, a.columns, b.base, b.columns, beta: beta, out.base, out.columns)
    }
}
