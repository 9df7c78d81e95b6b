import CLinearAlgebra

/// A row-major matrix [rows, columns] in memory of its own, shared by reference.
///
/// Matrices are the lab's buffers: parameters, activations, data. They are made once for a model
/// and a batch and then written in place, so copying one never copies its entries.
public struct Matrix<S: Scalar>: @unchecked Sendable {
    public let rows: Int
    public let columns: Int
    private let storage: Storage

    /// A matrix of zeros. Its memory comes in huge pages where that pays.
    /// - Precondition: rows and columns are not negative and the machine has the memory.
    public init(_ rows: Int, _ columns: Int) {
        precondition(rows >= 0 && columns >= 0, "a matrix needs a shape, not [\(rows), \(columns)]")
        self.rows = rows
        self.columns = columns
        self.storage = Storage(capacity: rows * columns)
    }

    /// A matrix with the given entries, row after row.
    /// - Precondition: `entries` holds rows · columns values.
    public init(_ rows: Int, _ columns: Int, _ entries: [S]) {
        precondition(entries.count == rows * columns, "\(entries.count) entries for [\(rows), \(columns)]")
        self.init(rows, columns)
        base.update(from: entries, count: entries.count)
    }

    /// The same entries in another shape; they stay where they are.
    /// - Precondition: `other` holds rows · columns values.
    public init(reshaping other: Matrix, _ rows: Int, _ columns: Int) {
        precondition(other.count == rows * columns, "\(other.count) entries for [\(rows), \(columns)]")
        self.rows = rows
        self.columns = columns
        storage = other.storage
    }

    /// The first entry; rows follow one another without gaps.
    ///
    /// Valid while the matrix is held by a variable: never take it of a temporary.
    public var base: UnsafeMutablePointer<S> { storage.base }
    public var count: Int { rows * columns }

    public subscript(row: Int, column: Int) -> S {
        get { base[row * columns + column] }
        nonmutating set { base[row * columns + column] = newValue }
    }

    /// The entries in memory order, copied.
    public var entries: [S] { Array(UnsafeBufferPointer(start: base, count: count)) }

    private final class Storage {
        let base: UnsafeMutablePointer<S>

        init(capacity: Int) {
            guard let memory = la_allocate(capacity * MemoryLayout<S>.stride) else {
                preconditionFailure("no memory for \(capacity) numbers of \(S.precision)")
            }
            base = memory.bindMemory(to: S.self, capacity: max(capacity, 1))
        }

        deinit { la_free(base) }
    }
}

extension Matrix {
    /// The same entries in float64.
    @specialized(where S == Float)
    @specialized(where S == Double)
    public func widened() -> Matrix<Double> {
        let wide = Matrix<Double>(rows, columns)
        for k in 0..<count { wide.base[k] = Double(base[k]) }
        return wide
    }

    /// out ← α op(self) op(other) + β out.
    public static func product(
        _ a: Matrix, _ transposeA: Transpose = .no, _ b: Matrix, _ transposeB: Transpose = .no,
        alpha: S = 1, beta: S = 0, into out: Matrix
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
