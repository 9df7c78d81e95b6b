import CLinearAlgebra

/// Runs body(first, last) over 0..<count in pieces of `grain`, on all threads.
///
/// The pieces are the same for every thread count, so elementwise results are too.
public func parallelPieces(_ count: Int, grain: Int = 4096, _ body: (Int, Int) -> Void) {
    guard count > grain else { return body(0, count) }
    withoutActuallyEscaping(body) { body in
        var job = PieceJob(count: count, grain: grain, body: body)
        withUnsafeMutablePointer(to: &job) { pointer in
            la_parallel((count + grain - 1) / grain, pointer) { context, index in
                guard let job = context?.assumingMemoryBound(to: PieceJob.self).pointee else { return }
                let first = index * job.grain
                job.body(first, min(first + job.grain, job.count))
            }
        }
    }
}

private struct PieceJob {
    let count: Int
    let grain: Int
    let body: (Int, Int) -> Void
}

/// Number of differing bits among the first `count` of two patterns.
public func patternDistance(_ count: Int, _ a: [UInt8], _ b: [UInt8]) -> Int {
    precondition(8 * min(a.count, b.count) >= count, "patterns of \(a.count) and \(b.count) bytes for \(count) bits")
    return la_pattern_distance(count, a, b)
}
