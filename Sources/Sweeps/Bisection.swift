/// The least index of 0 ..< count that passes, found by doubling strides and then halving the gap; passing is taken to
/// be monotone.
package struct Bisection {
    package let count: Int
    package private(set) var failed = -1
    package private(set) var passed: Int?
    private var stride = 1

    package init(count: Int) { self.count = count }

    /// The index to try next; nil when the answer is there.
    package var next: Int? {
        if let passed { return passed - failed > 1 ? (passed + failed) / 2 : nil }
        return failed == count - 1 ? nil : min(failed + stride, count - 1)
    }

    /// One more index on each side of the gap, which tell whether passing is monotone there.
    package var neighbours: [Int] {
        guard let passed, failed >= 0 else { return [] }
        return [failed - 1, passed + 1].filter { (0..<count).contains($0) }
    }

    package mutating func record(_ index: Int, passes: Bool) {
        if passes {
            passed = index
        } else {
            failed = index
            stride *= 2
        }
    }
}
