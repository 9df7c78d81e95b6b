import LinearAlgebra
import Testing

/// What OpenBLAS chose on a processor with vectors of a width, and what it gets in its place.
private let judgements: [(BLAS.VectorWidth, chosen: String, replacement: String?)] = [
    // An Emerald Rapids under OpenBLAS 0.3.21, and processors that are judged well.
    (.avx512, "Prescott", "SkylakeX"),
    (.avx512, "Cooperlake", nil),
    (.avx512, "SAPPHIRERAPIDS", nil),
    (.avx512, "SkylakeX", nil),
    (.avx512, "Haswell", "SkylakeX"),
    (.avx512, "Zen", "SkylakeX"),
    (.avx2, "Zen", nil),
    (.avx2, "Haswell", nil),
    (.avx2, "Sandybridge", "Haswell"),
    (.avx2, "Katmai", "Haswell"),
    (.baseline, "Prescott", nil),
    (.baseline, "armv8", nil),
]

@Test(arguments: judgements.indices) func weakCoresAreReplaced(index: Int) {
    let (width, chosen, replacement) = judgements[index]
    #expect(BLASCore(chosen).replacement(on: width)?.name == replacement)
    // What comes in its place is never replaced again.
    if let replacement { #expect(BLASCore(replacement).replacement(on: width) == nil) }
}
