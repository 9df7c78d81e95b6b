/// Philox 4x32-10: four random words as a pure function of a counter and a key.
///
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC11), section 3.3.
package struct Philox: Sendable {
    let key: SIMD2<UInt32>

    package init(key: SIMD2<UInt32>) { self.key = key }

    /// The four words at a 128-bit counter (lowest word first).
    package func words(at counter: SIMD4<UInt32>) -> SIMD4<UInt32> {
        var c = counter
        var k = key
        for _ in 0..<10 {
            let first = UInt64(0xD251_1F53) &* UInt64(c.x)
            let second = UInt64(0xCD9E_8D57) &* UInt64(c.z)
            c = SIMD4(
                UInt32(truncatingIfNeeded: second >> 32) ^ c.y ^ k.x, UInt32(truncatingIfNeeded: second),
                UInt32(truncatingIfNeeded: first >> 32) ^ c.w ^ k.y, UInt32(truncatingIfNeeded: first))
            k.x &+= 0x9E37_79B9
            k.y &+= 0xBB67_AE85
        }
        return c
    }
}
