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
        let readers = Self.readers(of: stages)
        for (s, stage) in stages.enumerated() {
            let candidates = stage.worksInPlace ? [stage.source, stage.skip].compactMap { $0 } : []
            let overwritten = candidates.first { Self.isFree($0, for: s, stages, readers[$0]) }
            if let overwritten {
                buffers.append(buffers[overwritten])
            } else {
                buffers.append(sizes.count)
                sizes.append(valueSizes[s + 1])
            }
        }
    }

    /// The stages that read each value.
    private static func readers(of stages: [Stage]) -> [[Int]] {
        var readers = [[Int]](repeating: [], count: stages.count + 1)
        for (s, stage) in stages.enumerated() {
            for value in Set([stage.source, stage.skip ?? stage.source]) { readers[value].append(s) }
        }
        return readers
    }

    private static func isFree(_ value: Int, for s: Int, _ stages: [Stage], _ readers: [Int]) -> Bool {
        guard value > 0, !stages[value - 1].reads.contains(.output) else { return false }
        return readers.allSatisfy { $0 == s || ($0 < s && !stages[$0].reads.contains(.input)) }
    }
}
