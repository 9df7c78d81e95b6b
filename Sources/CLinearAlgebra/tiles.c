#include "tiles.h"
#include "CLinearAlgebra.h"
#include <string.h>

#define JOIN2(x, y) x##y
#define JOIN(x, y) JOIN2(x, y)
#define NAME(x) JOIN(JOIN(x, _), SUFFIX)

// Both element types for one instruction set: 6 rows by two 32-byte vectors fill the 16 registers
// of AVX2; AVX-512 has 32, and 8 rows hide the latency of its multiply-add.
#define T float
#define TILES tiles_f32
#define ENDING ending_f32
#define BYTES 16
#define HEIGHT 6
#define SUFFIX f32_base
#include "tile_kernels.h"
#undef SUFFIX
#undef T
#undef TILES
#undef ENDING
#define T double
#define TILES tiles_f64
#define ENDING ending_f64
#define SUFFIX f64_base
#include "tile_kernels.h"
#undef SUFFIX
#undef BYTES
#undef HEIGHT
#undef T
#undef TILES
#undef ENDING

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define BYTES 32
#define HEIGHT 6
#define T float
#define TILES tiles_f32
#define ENDING ending_f32
#define SUFFIX f32_avx2
#include "tile_kernels.h"
#undef SUFFIX
#undef T
#undef TILES
#undef ENDING
#define T double
#define TILES tiles_f64
#define ENDING ending_f64
#define SUFFIX f64_avx2
#include "tile_kernels.h"
#undef SUFFIX
#undef BYTES
#undef HEIGHT
#undef T
#undef TILES
#undef ENDING
#pragma clang attribute pop

// Left alone, the compiler splits vectors of 64 bytes into halves for this target, at half the speed.
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"), min_vector_width(512))), apply_to = function)
#define BYTES 64
#define HEIGHT 8
#define T float
#define TILES tiles_f32
#define ENDING ending_f32
#define SUFFIX f32_avx512
#include "tile_kernels.h"
#undef SUFFIX
#undef T
#undef TILES
#undef ENDING
#define T double
#define TILES tiles_f64
#define ENDING ending_f64
#define SUFFIX f64_avx512
#include "tile_kernels.h"
#undef SUFFIX
#undef BYTES
#undef HEIGHT
#undef T
#undef TILES
#undef ENDING
#pragma clang attribute pop

#define CHOOSE(S)                                                                                            \
    const struct tiles_##S *tiles_##S(void) {                                                                \
        if (strcmp(la_vector_width(), "avx512") == 0) return &tiles_##S##_avx512;                            \
        if (strcmp(la_vector_width(), "avx2") == 0) return &tiles_##S##_avx2;                                \
        return &tiles_##S##_base;                                                                            \
    }
#else
#define CHOOSE(S)                                                                                            \
    const struct tiles_##S *tiles_##S(void) { return &tiles_##S##_base; }
#endif

CHOOSE(f32)
CHOOSE(f64)
