// Few long rows against a vector or two, as Krylov methods need them: the rows are longer than the caches and there are fewer than
// a product of matrices is made for, so what counts is how often they are read: once, for all vectors together.
#include "CLinearAlgebra.h"
#include "internal.h"
#include <cblas.h>

// A block of rows and columns that stays in the second-level cache while all vectors pass: 512 kB in double.
enum { CHUNK = 2048, ROWS = 32 };

static long piece_columns(long columns) {
    return maximum(divided_up(divided_up(columns, LA_ROW_DOTS_PIECES), CHUNK) * CHUNK, CHUNK);
}

static void add_up(double *sums, long pieces, long count) {
    for (long piece = 1; piece < pieces; piece++)
        for (long i = 0; i < count; i++) sums[i] += sums[piece * count + i];
}

#define DEFINE_ROWS(T, S, GEMV)                                                                              \
    struct rows_##S {                                                                                        \
        long rows, columns, length, vectors, dots;                                                           \
        const T *a, *factors;                                                                                \
        T *x;                                                                                                \
        double *sums;                                                                                        \
    };                                                                                                       \
    static void row_dots_piece_##S(void *context, long index) {                                              \
        const struct rows_##S *d = context;                                                                  \
        double *sums = d->sums + index * d->rows * d->vectors;                                               \
        long end = minimum((index + 1) * d->length, d->columns);                                             \
        for (long i = 0; i < d->rows * d->vectors; i++) sums[i] = 0;                                         \
        for (long start = index * d->length; start < end; start += CHUNK) {                                  \
            int count = (int)minimum(CHUNK, end - start);                                                    \
            for (long row = 0; row < d->rows; row += ROWS) {                                                 \
                T part[ROWS];                                                                                \
                long rows = minimum(ROWS, d->rows - row);                                                    \
                for (long v = 0; v < d->vectors; v++) {                                                      \
                    GEMV(CblasRowMajor, CblasNoTrans, (int)rows, count, 1, d->a + row * d->columns + start,  \
                         (int)d->columns, d->x + v * d->columns + start, 1, 0, part, 1);                     \
                    for (long i = 0; i < rows; i++) sums[v * d->rows + row + i] += (double)part[i];          \
                }                                                                                            \
            }                                                                                                \
        }                                                                                                    \
    }                                                                                                        \
    void la_row_dots_##S(long rows, long columns, const T *a, long vectors, const T *x, double *sums) {      \
        struct rows_##S d = {rows, columns, piece_columns(columns), vectors, 0, a, NULL, (T *)x, sums};      \
        long pieces = divided_up(columns, d.length);                                                         \
        la_parallel(pieces, &d, row_dots_piece_##S);                                                         \
        add_up(sums, pieces, rows * vectors);                                                                \
    }                                                                                                        \
    static void subtract_rows_piece_##S(void *context, long index) {                                         \
        const struct rows_##S *d = context;                                                                  \
        long end = minimum((index + 1) * d->length, d->columns);                                             \
        const T *last = d->x + (d->vectors - 1) * d->columns;                                                \
        double *sums = d->sums + index * d->dots;                                                            \
        for (long i = 0; i < d->dots; i++) sums[i] = 0;                                                      \
        for (long start = index * d->length; start < end; start += CHUNK) {                                  \
            int count = (int)minimum(CHUNK, end - start);                                                    \
            for (long row = 0; row < d->rows; row += ROWS)                                                   \
                for (long v = 0; v < d->vectors; v++)                                                        \
                    GEMV(CblasRowMajor, CblasTrans, (int)minimum(ROWS, d->rows - row), count, -1,            \
                         d->a + row * d->columns + start, (int)d->columns, d->factors + v * d->rows + row, 1, \
                         1, d->x + v * d->columns + start, 1);                                               \
            T part[LA_ROW_DOTS_LAST];                                                                        \
            GEMV(CblasRowMajor, CblasNoTrans, (int)d->dots, count, 1, last - (d->dots - 1) * d->columns + start, \
                 (int)d->columns, last + start, 1, 0, part, 1);                                              \
            for (long i = 0; i < d->dots; i++) sums[i] += (double)part[i];                                   \
        }                                                                                                    \
    }                                                                                                        \
    void la_subtract_rows_##S(long rows, long columns, const T *a, long vectors, const T *factors, T *x,     \
                              long dots, double *sums) {                                                     \
        struct rows_##S d = {rows, columns, piece_columns(columns), vectors, dots, a, factors, x, sums};     \
        long pieces = divided_up(columns, d.length);                                                         \
        la_parallel(pieces, &d, subtract_rows_piece_##S);                                                    \
        add_up(sums, pieces, dots);                                                                          \
    }

DEFINE_ROWS(float, f32, cblas_sgemv)
DEFINE_ROWS(double, f64, cblas_dgemv)
