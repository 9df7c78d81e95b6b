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
#define EPILOGUE epilogue_f32
#define BYTES 16
#define HEIGHT 6
#define SUFFIX f32_base
#include "tile_kernels.h"
#undef SUFFIX
#undef T
#undef TILES
#undef EPILOGUE
#define T double
#define TILES tiles_f64
#define EPILOGUE epilogue_f64
#define SUFFIX f64_base
#include "tile_kernels.h"
#undef SUFFIX
#undef BYTES
#undef HEIGHT
#undef T
#undef TILES
#undef EPILOGUE

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define BYTES 32
#define HEIGHT 6
#define T float
#define TILES tiles_f32
#define EPILOGUE epilogue_f32
#define SUFFIX f32_avx2
#include "tile_kernels.h"
#undef SUFFIX
#undef T
#undef TILES
#undef EPILOGUE
#define T double
#define TILES tiles_f64
#define EPILOGUE epilogue_f64
#define SUFFIX f64_avx2
#include "tile_kernels.h"
#undef SUFFIX
#undef BYTES
#undef HEIGHT
#undef T
#undef TILES
#undef EPILOGUE
#pragma clang attribute pop

// Left alone, the compiler splits vectors of 64 bytes into halves for this target, at half the speed.
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"), min_vector_width(512))), apply_to = function)
#define BYTES 64
#define HEIGHT 8
#define T float
#define TILES tiles_f32
#define EPILOGUE epilogue_f32
#define SUFFIX f32_avx512
#include "tile_kernels.h"
#undef SUFFIX
#undef T
#undef TILES
#undef EPILOGUE
#define T double
#define TILES tiles_f64
#define EPILOGUE epilogue_f64
#define SUFFIX f64_avx512
#include "tile_kernels.h"
#undef SUFFIX
#undef BYTES
#undef HEIGHT
#undef T
#undef TILES
#undef EPILOGUE
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

enum { peak_depth = 128, peak_rounds = 400 };

#define DEFINE_PEAK(T, S)                                                                                    \
    static void multiply_adds_##S(void *context, long index) {                                               \
        const struct tiles_##S *tiles = context;                                                             \
        T rows[max_tile_height * peak_depth] = {0}, b[max_tile_width * peak_depth] = {0};                    \
        T out[max_tile_height * max_tile_width];                                                             \
        const T *pointers[max_tile_height];                                                                  \
        for (long r = 0; r < tiles->height; r++) pointers[r] = rows + r * peak_depth;                        \
        for (long round = 0; round < peak_rounds; round++) tiles->inner(1, peak_depth, pointers, b, out);    \
        (void)index;                                                                                         \
    }                                                                                                        \
    double la_multiply_adds_##S(long pieces) {                                                               \
        const struct tiles_##S *tiles = tiles_##S();                                                         \
        la_parallel(pieces, (void *)tiles, multiply_adds_##S);                                               \
        return 2.0 * (double)(pieces * peak_rounds) * (double)(tiles->height * tiles->width * peak_depth);   \
    }

DEFINE_PEAK(float, f32)
DEFINE_PEAK(double, f64)
