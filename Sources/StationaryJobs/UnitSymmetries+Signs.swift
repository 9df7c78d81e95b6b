import Alignment

/// How many different images a point has under signs of units alone, of any number of groups.
extension UnitSymmetries {
    /// 2 to the number of units that may change their sign, less the number of sets of such units that no weight ties
    /// to the rest of the network: all signs of such a set together change nothing.
    ///
    /// - Parameter error: how far the true weights may be; one within a hundred times that ties, or does not.
    /// - Returns: nil where that matters, and beyond `Int`.
    func signImages(_ w: [Double], error: Double) -> Int? {
        let whole = whole(w)
        func loose(_ least: Double) -> Int {
            var ties = Ties(counts: groups.groups.indices.map { turns($0) ? group($0).count : 0 })
            for tensor in groups.tensors {
                let (rows, columns) = tensor.shape
                for i in 0..<rows {
                    for j in 0..<columns where abs(whole.base[tensor.entry.offset + i * columns + j]) > least {
                        ties.join(ties.node(tensor.rows, i), ties.node(tensor.columns, j))
                    }
                }
            }
            return ties.loose
        }
        let units = free.reduce(0) { $0 + (turns($1) ? group($1).count : 0) }
        let fewest = loose(error)
        guard fewest == loose(100 * error), units - fewest < Int.bitWidth - 1 else { return nil }
        return 1 << (units - fewest)
    }

    private func turns(_ g: Int) -> Bool { free.contains(g) && group(g).symmetry.contains(.sign) }
}

/// Units that weights tie to one another; node 0 is the rest of the network.
private struct Ties {
    private let first: [Int]
    private let counts: [Int]
    private var parents: [Int]

    /// - Parameter counts: units of each group; 0 for one that belongs to the rest.
    init(counts: [Int]) {
        self.counts = counts
        var next = 1
        first = counts.map { count in
            defer { next += count }
            return next
        }
        parents = Array(0..<next)
    }

    /// The node of a row or a column, whose group is nil for inputs, outputs and biases.
    func node(_ group: Int?, _ place: Int) -> Int {
        guard let group, counts[group] > 0 else { return 0 }
        return first[group] + place % counts[group]
    }

    private func root(_ k: Int) -> Int { parents[k] == k ? k : root(parents[k]) }

    mutating func join(_ a: Int, _ b: Int) { parents[max(root(a), root(b))] = min(root(a), root(b)) }

    /// Sets that are not tied to the rest.
    var loose: Int { parents.indices.count { $0 > 0 && parents[$0] == $0 } }
}
