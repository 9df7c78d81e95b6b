/// Which value of a forward pass lies in which buffer.
///
/// A stage that can work in place takes the memory of what it reads, if nothing needs that any
/// more: no later stage, and no derivative. What the derivatives read is kept.
struct MemoryPlan: Sendable {
    /// The buffer of each value; none for the batch, which is the caller's.
    private(set) var buffers: [Int?] = [nil]
    /// Numbers a sample in each buffer.
    private(set) var sizes: [Int] = []

    init(_ stages: [Stage], sizes valueSizes: [Int]) {
        for (s, stage) in stages.enumerated() {
            let candidates = stage.worksInPlace ? [stage.source, stage.skip].compactMap { $0 } : []
            let overwritten = candidates.first { Self.isFree($0, for: s, stages) }
            if let overwritten {
                buffers.append(buffers[overwritten])
            } else {
                buffers.append(sizes.count)
                sizes.append(valueSizes[s + 1])
            }
        }
    }

    private static func isFree(_ value: Int, for s: Int, _ stages: [Stage]) -> Bool {
        guard value > 0, !stages[value - 1].reads.contains(.output) else { return false }
        return stages.enumerated().allSatisfy { index, other in
            let isReader = other.source == value || other.skip == value
            return !isReader || index == s || (index < s && !other.reads.contains(.input))
        }
    }
}
