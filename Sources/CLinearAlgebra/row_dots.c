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
