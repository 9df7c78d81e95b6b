// Dot products of many long rows with one vector, as Krylov methods need them: a few rows, each longer than the caches.
#include "CLinearAlgebra.h"
#include "internal.h"
#include <cblas.h>

// Entries of x that stay in the first-level cache while all rows pass, and rows whose sums are on the stack.
enum { CHUNK = 4096, ROWS = 32 };

static long row_dots_length(long columns) {
    return maximum(divided_up(divided_up(columns, LA_ROW_DOTS_PIECES), CHUNK) * CHUNK, CHUNK);
}

#define DEFINE_ROW_DOTS(T, S, GEMV)                                                                          \
    struct row_dots_##S {                                                                                    \
        long rows, columns, length;                                                                          \
        const T *a, *x;                                                                                      \
        double *sums;                                                                                        \
    };                                                                                                       \
    static void row_dots_piece_##S(void *context, long index) {                                              \
        const struct row_dots_##S *d = context;                                                              \
        double *sums = d->sums + index * d->rows;                                                            \
        long end = minimum((index + 1) * d->length, d->columns);                                             \
        for (long i = 0; i < d->rows; i++) sums[i] = 0;                                                      \
        for (long start = index * d->length; start < end; start += CHUNK) {                                  \
            int count = (int)minimum(CHUNK, end - start);                                                    \
            for (long row = 0; row < d->rows; row += ROWS) {                                                 \
                T part[ROWS];                                                                                \
                long rows = minimum(ROWS, d->rows - row);                                                    \
                GEMV(CblasRowMajor, CblasNoTrans, (int)rows, count, 1, d->a + row * d->columns + start,      \
                     (int)d->columns, d->x + start, 1, 0, part, 1);                                          \
                for (long i = 0; i < rows; i++) sums[row + i] += (double)part[i];                            \
            }                                                                                                \
        }                                                                                                    \
    }                                                                                                        \
    void la_row_dots_##S(long rows, long columns, const T *a, const T *x, double *sums) {                    \
        struct row_dots_##S d = {rows, columns, row_dots_length(columns), a, x, sums};                       \
        long pieces = divided_up(columns, d.length);                                                         \
        la_parallel(pieces, &d, row_dots_piece_##S);                                                         \
        for (long piece = 1; piece < pieces; piece++)                                                        \
            for (long i = 0; i < rows; i++) sums[i] += sums[piece * rows + i];                               \
    }

DEFINE_ROW_DOTS(float, f32, cblas_sgemv)
DEFINE_ROW_DOTS(double, f64, cblas_dgemv)
