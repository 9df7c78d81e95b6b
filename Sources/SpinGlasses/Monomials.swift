/// The products of so many entries of w, each once: w_i1 w_i2 … with i1 ≤ i2 ≤ ….
///
/// Each is one of a degree less times an entry, so that all of them cost a multiplication each. Those of d entries of n
/// are (n + d − 1)!/(d! (n − 1)!).
struct Monomials: Sendable {
    /// The indices of each, ascending.
    let indices: [[Int]]
    /// The place of each among them.
    let places: [[Int]: Int]
    /// For all degrees from 1 up, one after the other: which value before is multiplied, by which entry.
    private let steps: [(parent: Int, entry: Int)]

    init(degree: Int, dimension: Int) {
        var (level, first): ([[Int]], Int) = ([[]], 0)
        var steps: [(parent: Int, entry: Int)] = []
        for _ in 0..<degree {
            var next: [[Int]] = []
            for (k, indices) in level.enumerated() {
                for entry in (indices.last ?? 0)..<dimension {
                    next.append(indices + [entry])
                    steps.append((first + k, entry))
                }
            }
            (level, first) = (next, first + level.count)
        }
        (self.indices, self.steps) = (level, steps)
        places = Dictionary(uniqueKeysWithValues: level.enumerated().map { ($0.element, $0.offset) })
    }

    var count: Int { indices.count }
    /// Of this degree and all below it.
    var countOfAll: Int { steps.count + 1 }

    /// The values at w.
    /// - Parameter values: [countOfAll]; the last `count` of them are those of this degree.
    func evaluate(at w: [Double], _ values: UnsafeMutablePointer<Double>) {
        values[0] = 1
        for (k, step) in steps.enumerated() { values[k + 1] = values[step.parent] * w[step.entry] }
    }

    /// In how many orders these indices, ascending, can stand: d!/(α_1! α_2! …).
    static func orders(of indices: [Int]) -> Double {
        var (orders, run) = (1.0, 0)
        for (k, index) in indices.enumerated() {
            run = k > 0 && indices[k - 1] == index ? run + 1 : 1
            orders *= Double(k + 1) / Double(run)
        }
        return orders.rounded()
    }
}
