/// What the shape of the sphere says of the indices of all stationary points of a function that has no degenerate ones.
///
/// With c_k points of index k and Betti numbers b_k of the surface, for each m, with equality for m = dim:
///
///     Σ_{k≤m} (−1)^(m−k) (c_k − b_k) ≥ 0
///
/// Energies of odd order change their sign with w: the surface is the sphere S^(Λ−1), b = 1, 0, …, 0, 1, and w of index
/// k comes with −w of index Λ − 1 − k. Those of even order don't: w and −w are one point of the projective space, whose
/// b_k are all 1 (over two elements). Where a sum is wrong, points are missing; where all are right, some may be
/// missing still. Moreover the number of points up to sign is odd or even as `SpinShape.bound` is, which alone says
/// something for odd H and even Λ: there the alternating sum is 0 whatever is missing.
/// Source: Milnor 1963, Morse Theory, section 5.
package struct MorseSums: Sendable, Equatable {
    /// c_k on the surface, k = 0 … Λ − 1.
    package let counts: [Int]
    /// Σ (−1)^index over both signs of w: 1 + (−1)^(Λ−1) where none is missing.
    package let alternatingSum: Int
    /// Whether it is that.
    package let isEulers: Bool
    /// Whether all sums and the parity are those of a complete set.
    package let canBeAll: Bool

    /// - Parameter indices: of points up to sign; for odd H those of w, whichever of ±w that is.
    package init(_ indices: [Int], of shape: SpinShape) {
        let top = shape.dimension - 1
        let isOdd = shape.order % 2 == 1
        var counts = [Int](repeating: 0, count: top + 1)
        for index in indices {
            counts[index] += 1
            if isOdd { counts[top - index] += 1 }
        }
        var (sum, sums): (Int, [Int]) = (0, [])
        for (k, count) in counts.enumerated() {
            sum = count - (isOdd && k > 0 && k < top ? 0 : 1) - sum
            sums.append(sum)
        }
        self.counts = counts
        alternatingSum = counts.enumerated().reduce(0) { sum, each in
            let term = isOdd ? each.element : 2 * each.element
            return sum + (each.offset % 2 == 0 ? term : -term)
        }
        isEulers = alternatingSum == (top % 2 == 0 ? 2 : 0)
        canBeAll = sums.allSatisfy { $0 >= 0 } && sum == 0 && (indices.count - shape.bound) % 2 == 0
    }
}
