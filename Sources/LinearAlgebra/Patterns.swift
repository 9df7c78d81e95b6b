import CLinearAlgebra

/// Number of differing bits among the first `count` of two patterns.
package func patternDistance(_ count: Int, _ a: [UInt8], _ b: [UInt8]) -> Int {
    precondition(8 * min(a.count, b.count) >= count, "patterns of \(a.count) and \(b.count) bytes for \(count) bits")
    return la_pattern_distance(count, a, b)
}
