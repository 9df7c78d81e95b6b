import LinearAlgebra
import Networks
import Sampling

/// The order of the units of one network in which its weights are nearest to another's: the greatest ⟨w_a, P w_b⟩ that is found.
///
/// Group after group in random orders, each by the linear assignment that is best while all others stay, until none improves
/// (Ainsworth, Hayase, Srinivasa 2023, algorithm 1). With one group that is the optimum; with more the problem is NP-hard, so
/// that several orders are tried and the best is kept. Where units may change their sign, |A| takes the place of A.
/// Data-free. Cost: for each group and sweep 2 P n flops, about, and an assignment of n units, at most n³.
package struct WeightMatching {
    /// For each group.
    package let maps: [UnitMap]
    /// ⟨w_a, P w_b⟩ over all tensors.
    package let gain: Double
    /// Of the order that was best, with the last one, which changed nothing.
    package let sweeps: Int
    /// Whether the last sweep changed nothing.
    package let hasConverged: Bool

    /// Sweeps of one order.
    package static let mostSweeps = 100
    /// Orders that are tried where there are several groups.
    package static let orders = 4

    /// - Parameters:
    ///   - a, b: weights of the layout.
    ///   - seed: decides the orders.
    /// - Throws: `AlignmentError` where inner products of the weights are not finite.
    package init(
        _ groups: UnitGroups, _ a: ParameterVector<Double>, _ b: ParameterVector<Double>, seed: UInt64 = 0
    ) throws {
        // All gains are within this product.
        guard (Double.dot(a.count, a.base, a.base) * Double.dot(b.count, b.base, b.base)).isFinite else {
            throw AlignmentError(description: "the weights are too large for their inner products")
        }
        let first = Self(groups, a, b, seed: seed, order: 0)
        let others = groups.groups.count < 2 ? 1..<1 : 1..<Self.orders
        self = others.reduce(first) { best, order in
            let other = Self(groups, a, b, seed: seed, order: order)
            return other.gain > best.gain ? other : best
        }
    }

    private init(
        _ groups: UnitGroups, _ a: ParameterVector<Double>, _ b: ParameterVector<Double>, seed: UInt64, order: Int
    ) {
        let least = 1e-12 * (Double.dot(a.count, a.base, a.base) * Double.dot(b.count, b.base, b.base)).squareRoot()
        var maps = groups.identity
        var moved = b
        var gain = Double.dot(a.count, a.base, b.base)
        var sweep = 0
        var isImproving = !groups.groups.isEmpty
        while isImproving, sweep < Self.mostSweeps {
            isImproving = false
            let turns = RandomStream(seed: seed, "alignment/order-\(order)/sweep-\(sweep)")
            for g in turns.permutation(groups.groups.count) {
                let next = groups.bestMap(of: g, a, moved)
                let candidate = groups.applying(groups.maps(next, of: g), to: moved)
                let found = Double.dot(a.count, a.base, candidate.base)
                // A group on both sides of one weight is matched with one side as it was, which need not be better.
                guard found > gain + least else { continue }
                (maps[g], moved, gain, isImproving) = (maps[g].followed(by: next), candidate, found, true)
            }
            sweep += 1
        }
        self.maps = maps
        self.gain = gain
        sweeps = sweep
        hasConverged = !isImproving
    }
}

extension UnitGroups {
    /// The best order of one group of b for a, with all others as they are.
    package func bestMap(of group: Int, _ a: ParameterVector<Double>, _ b: ParameterVector<Double>) -> UnitMap {
        let gains = gains(of: group, a, b)
        let hasSigns = groups[group].symmetry.contains(.sign)
        let count = groups[group].count
        guard hasSigns else {
            let columns = LinearAssignment(of: gains).columns
            return UnitMap(sources: columns, factors: Array(repeating: 1, count: count))
        }
        let sizes = MatrixBuffer(count, count, gains.entries.map { abs($0) })
        let columns = LinearAssignment(of: sizes).columns
        return UnitMap(
            sources: columns, factors: columns.enumerated().map { gains[$0.offset, $0.element] < 0 ? -1 : 1 })
    }

    /// A[i, j]: the inner product of all weights into and out of unit i of a with those of unit j of b.
    package func gains(of group: Int, _ a: ParameterVector<Double>, _ b: ParameterVector<Double>) -> MatrixBuffer<
        Double
    > {
        let n = groups[group].count
        let gains = MatrixBuffer<Double>(n, n)
        for tensor in tensors {
            let (rows, columns) = tensor.shape
            let (left, right) = (a.base + tensor.entry.offset, b.base + tensor.entry.offset)
            if tensor.rows == group {
                Double.gemm(
                    .no, .yes, m: n, n: n, k: columns, alpha: 1, left, columns, right, columns, beta: 1, gains.base, n)
            }
            if tensor.columns == group {
                // Rows and places of a kernel are one axis: [rows · places, units].
                Double.gemm(
                    .yes, .no, m: n, n: n, k: rows * columns / n, alpha: 1, left, n, right, n, beta: 1, gains.base, n)
            }
        }
        return gains
    }
}
