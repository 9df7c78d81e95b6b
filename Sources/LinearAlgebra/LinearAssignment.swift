/// The one-to-one assignment of rows to columns with the greatest gain: max over permutations π of Σ_i A[i, π(i)].
///
/// By shortest augmenting paths with potentials (Jonker and Volgenant 1987, section 2, without its faster start): each row
/// in turn is given a column by the cheapest chain of changes. The potentials u, v at the end have
///
///     u_i + v_j ≥ A[i, j],   with equality where j = π(i)
///
/// so that Σ u + Σ v bounds every assignment from above, and is reached by this one: they certify it.
/// Cost: at most n³ comparisons, n² where few rows want the same column.
public struct LinearAssignment: Sendable {
    /// π: the column of each row.
    public let columns: [Int]
    /// Σ_i A[i, π(i)].
    public let gain: Double
    /// u.
    public let rowPotentials: [Double]
    /// v.
    public let columnPotentials: [Double]

    /// - Parameter gains: A [n, n].
    /// - Precondition: A is square and finite.
    public init(of gains: MatrixBuffer<Double>) {
        precondition(gains.rows == gains.columns, "an assignment needs a square matrix")
        precondition((0..<gains.count).allSatisfy { gains.base[$0].isFinite }, "an assignment needs finite gains")
        var paths = AugmentingPaths(gains)
        for row in 0..<gains.rows { paths.assign(row) }
        let owners = paths.owners
        var columns = Array(repeating: 0, count: gains.rows)
        for j in columns.indices { columns[owners[j]] = j }
        self.columns = columns
        gain = columns.indices.reduce(0) { $0 + gains[$1, columns[$1]] }
        rowPotentials = paths.rowPotentials
        columnPotentials = Array(paths.columnPotentials.dropLast())
    }
}

/// Some rows with a column each, optimal among them, and the search for one more. Column n stands for the row that has none
/// yet.
private struct AugmentingPaths {
    private let gains: MatrixBuffer<Double>
    private let count: Int
    /// The row that has each column; −1 for none.
    private(set) var owners: [Int]
    private(set) var rowPotentials: [Double]
    private(set) var columnPotentials: [Double]
    /// For each column the least loss of a path to it, and the column before it there.
    private var distance: [Double]
    private var previous: [Int]
    private var isReached: [Bool]

    init(_ gains: MatrixBuffer<Double>) {
        self.gains = gains
        count = gains.rows
        owners = Array(repeating: -1, count: count + 1)
        rowPotentials = Array(repeating: 0, count: count)
        columnPotentials = Array(repeating: 0, count: count + 1)
        distance = Array(repeating: .infinity, count: count + 1)
        previous = Array(repeating: count, count: count + 1)
        isReached = Array(repeating: false, count: count + 1)
    }

    /// Gives a row a column, moving others on where that loses least.
    mutating func assign(_ row: Int) {
        owners[count] = row
        for j in 0...count { (distance[j], isReached[j]) = (.infinity, false) }
        // No row may want a column more than its potentials say.
        rowPotentials[row] = (0..<count).reduce(-.infinity) { max($0, gains[row, $1] - columnPotentials[$1]) }
        var column = count
        while owners[column] >= 0 { column = reachNext(from: column) }
        while column != count {
            owners[column] = owners[previous[column]]
            column = previous[column]
        }
    }

    /// Takes a column into the tree of paths, and returns the nearest one outside it.
    private mutating func reachNext(from column: Int) -> Int {
        isReached[column] = true
        let row = owners[column]
        let start = gains.base + row * count
        var nearest = count
        var step = Double.infinity
        for j in 0..<count where !isReached[j] {
            let loss = rowPotentials[row] + columnPotentials[j] - start[j]
            if loss < distance[j] { (distance[j], previous[j]) = (loss, column) }
            if distance[j] < step { (step, nearest) = (distance[j], j) }
        }
        for j in 0...count {
            if isReached[j] {
                rowPotentials[owners[j]] -= step
                columnPotentials[j] += step
            } else {
                distance[j] -= step
            }
        }
        return nearest
    }
}
