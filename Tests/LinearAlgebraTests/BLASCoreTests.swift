import LinearAlgebra
import Testing

/// What OpenBLAS chose on a processor, and what it gets in its place.
private let judgements: [(ProcessorFeatures, chosen: String, replacement: String?)] = [
    // An Emerald Rapids under OpenBLAS 0.3.21, and processors that are judged well.
    ([.avx2, .avx512, .avx512BFloat16], "Prescott", "SkylakeX"),
    ([.avx2, .avx512, .avx512BFloat16], "Cooperlake", nil),
    ([.avx2, .avx512, .avx512BFloat16], "SAPPHIRERAPIDS", nil),
    ([.avx2, .avx512], "SkylakeX", nil),
    ([.avx2, .avx512], "Haswell", "SkylakeX"),
    ([.avx2, .avx512], "Zen", "SkylakeX"),
    ([.avx2], "Zen", nil),
    ([.avx2], "Haswell", nil),
    ([.avx2], "Sandybridge", "Haswell"),
    ([.avx2], "Katmai", "Haswell"),
    // Vectors that the operating system does not keep are none.
    ([], "Prescott", nil),
    ([.avx512BFloat16], "Prescott", nil),
]

@Test(arguments: judgements.indices) func weakCoresAreReplaced(index: Int) {
    let (features, chosen, replacement) = judgements[index]
    #expect(BLASCore(chosen).replacement(on: features)?.name == replacement)
    // What comes in its place is never replaced again.
    if let replacement { #expect(BLASCore(replacement).replacement(on: features) == nil) }
}
