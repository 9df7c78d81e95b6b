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
        columnPotentials = paths.columnPotentials
    }
}

/// Some rows with a column each, optimal among them, and the search for one more. Column n stands for the row that has none
/// yet.
private struct AugmentingPaths {
    private let gains: MatrixBuffer<Double>
    private let count: Int
    /// The row that has each column; −1 for none.
    private(set) var owners: [Int]
    // Plain memory, since these loops are most of the time.
    private let rows: MatrixBuffer<Double>
    private let columns: MatrixBuffer<Double>
    /// For each column the least loss of a path to it, and the column before it there.
    private let distance: MatrixBuffer<Double>
    private var previous: [Int]
    /// Columns outside the tree of paths, in any order, and those inside, as they came.
    private var outside: [Int] = []
    private var inside: [Int] = []

    init(_ gains: MatrixBuffer<Double>) {
        self.gains = gains
        count = gains.rows
        owners = Array(repeating: -1, count: count + 1)
        rows = MatrixBuffer(1, count)
        columns = MatrixBuffer(1, count + 1)
        distance = MatrixBuffer(1, count + 1)
        previous = Array(repeating: count, count: count + 1)
    }

    var rowPotentials: [Double] { rows.entries }
    var columnPotentials: [Double] { columns.entries.dropLast() }

    /// Gives a row a column, moving others on where that loses least.
    mutating func assign(_ row: Int) {
        owners[count] = row
        distance.base.update(repeating: .infinity, count: count)
        distance.base[count] = 0
        outside = Array(0..<count)
        inside = []
        // No row may want a column more than its potentials say.
        rows.base[row] = (0..<count).reduce(-.infinity) { max($0, gains[row, $1] - columns.base[$1]) }
        var column = count
        while owners[column] >= 0 { column = reachNext(from: column) }
        changePotentials(by: distance.base[column])
        while column != count {
            owners[column] = owners[previous[column]]
            column = previous[column]
        }
    }

    /// Takes a column into the tree of paths, and returns the nearest one outside it.
    private mutating func reachNext(from column: Int) -> Int {
        inside.append(column)
        let row = owners[column]
        let start = gains.base + row * count
        let (potentials, distance) = (columns.base, distance.base)
        let base = distance[column] + rows.base[row]
        var (place, least) = (0, Double.infinity)
        for (k, j) in outside.enumerated() {
            let loss = base + potentials[j] - start[j]
            if loss < distance[j] { (distance[j], previous[j]) = (loss, column) }
            if distance[j] < least { (least, place) = (distance[j], k) }
        }
        let nearest = outside[place]
        outside.swapAt(place, outside.count - 1)
        outside.removeLast()
        return nearest
    }

    /// So that no loss is negative, and none is left along the path of that length.
    private func changePotentials(by length: Double) {
        for j in inside {
            let change = length - distance.base[j]
            rows.base[owners[j]] -= change
            columns.base[j] += change
        }
    }
}
