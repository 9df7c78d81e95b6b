// Few long rows against a few vectors, as Krylov methods need them: the rows are longer than the caches and there are fewer than
// a product of matrices is made for, so what counts is how often they are read: once, for all vectors together.
#include "CLinearAlgebra.h"
#include "internal.h"

// Four rows of so many columns stay in the second-level cache while all vectors pass, two by two, whose chunks stay in the first.
enum { CHUNK = 1024 };

static long piece_columns(long columns) {
    return maximum(divided_up(divided_up(columns, LA_ROW_DOTS_PIECES), CHUNK) * CHUNK, CHUNK);
}

static void add_up(double *sums, long pieces, long count) {
    for (long piece = 1; piece < pieces; piece++)
        for (long i = 0; i < count; i++) sums[i] += sums[piece * count + i];
}

#define ALWAYS_INLINE static inline __attribute__((always_inline))

// Calls a block with its numbers of rows and vectors as constants, so that its sums stay in registers.
#define FOR_EACH_SHAPE(BLOCK, ...)                                                                           \
    switch (8 * vectors + rows) {                                                                            \
    case 8 + 1: BLOCK(1, 1, __VA_ARGS__); break;                                                             \
    case 8 + 2: BLOCK(2, 1, __VA_ARGS__); break;                                                             \
    case 8 + 3: BLOCK(3, 1, __VA_ARGS__); break;                                                             \
    case 8 + 4: BLOCK(4, 1, __VA_ARGS__); break;                                                             \
    case 16 + 1: BLOCK(1, 2, __VA_ARGS__); break;                                                            \
    case 16 + 2: BLOCK(2, 2, __VA_ARGS__); break;                                                            \
    case 16 + 3: BLOCK(3, 2, __VA_ARGS__); break;                                                            \
    case 16 + 4: BLOCK(4, 2, __VA_ARGS__); break;                                                            \
    }

#define T float
#define NAME(x) la_##x##_f32
#define LOCAL(x) x##_f32
#include "row_kernels.h"
#undef T
#undef NAME
#undef LOCAL

#define T double
#define NAME(x) la_##x##_f64
#define LOCAL(x) x##_f64
#include "row_kernels.h"
