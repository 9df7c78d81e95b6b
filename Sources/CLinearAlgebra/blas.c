// Products: OpenBLAS, single-threaded, inside pieces that the pool hands out.
#include "CLinearAlgebra.h"
#include "internal.h"
#include "small_products.h"
#include <cblas.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

// Length of the pieces into which the longer side of C is cut: one for each thread, or two where the product takes so
// long that a core slowed by another program would hold up the rest. Each piece packs the other factor again: with two,
// products of 1024 x 1024 took 5 to 8 % longer in float32 on Zen 5. A multiple of the register tiles.
static long piece_length(long side, double flops) {
    long pieces = la_thread_count() * (flops > 1e10 ? 2 : 1);
    if (flops < 2e5) pieces = 1;
    return maximum(divided_up(divided_up(side, pieces), 16) * 16, 16);
}

#define DEFINE_GEMM(T, S, GEMM, GEMV)                                                                        \
    struct gemm_##S {                                                                                        \
        int trans_a, trans_b, by_rows;                                                                       \
        long m, n, k, lda, ldb, ldc, length;                                                                 \
        T alpha, beta, slope;                                                                                \
        const T *a, *b, *by;                                                                                 \
        T *c;                                                                                                \
    };                                                                                                       \
    static void gemm_piece_##S(void *context, long index) {                                                  \
        const struct gemm_##S *g = context;                                                                  \
        long m = g->m, n = g->n, start = index * g->length;                                                  \
        const T *a = g->a, *b = g->b;                                                                        \
        T *c = g->c;                                                                                         \
        if (g->by_rows) {                                                                                    \
            m = minimum(g->length, m - start);                                                               \
            a += g->trans_a ? start : start * g->lda;                                                        \
            c += start * g->ldc;                                                                             \
        } else {                                                                                             \
            n = minimum(g->length, n - start);                                                               \
            b += g->trans_b ? start * g->ldb : start;                                                        \
            c += start;                                                                                      \
        }                                                                                                    \
        GEMM(CblasRowMajor, g->trans_a ? CblasTrans : CblasNoTrans, g->trans_b ? CblasTrans : CblasNoTrans,  \
             (int)m, (int)n, (int)g->k, g->alpha, a, (int)g->lda, b, (int)g->ldb, g->beta, c, (int)g->ldc);  \
        if (g->slope != 1) rectify_rows_##S(m, n, g->slope, g->by + (c - g->c), c, g->ldc);                  \
    }                                                                                                        \
    size_t la_gemm_##S(int trans_a, int trans_b, long m, long n, long k, T alpha, const T *a, long lda,      \
                       const T *b, long ldb, T beta, T *c, long ldc, T slope, const T *by) {                 \
        if (m <= 0 || n <= 0) return 0;                                                                      \
        const struct product_##S product = {m, n, k, lda, ldb, ldc, a, b, {alpha, beta, slope, c, by}};      \
        if (!trans_a && !trans_b && small_product_##S(&product)) return lacking_scratch();                   \
        struct gemm_##S g = {trans_a, trans_b, m >= n, m, n, k, lda, ldb, ldc, 0, alpha, beta, slope, a, b,  \
                             by ? by : c, c};                                                                \
        long side = g.by_rows ? m : n;                                                                       \
        g.length = piece_length(side, 2.0 * (double)m * (double)n * (double)k);                                      \
        la_parallel((side + g.length - 1) / g.length, &g, gemm_piece_##S);                                   \
        return 0;                                                                                            \
    }                                                                                                        \
    struct gemv_##S {                                                                                        \
        int trans;                                                                                           \
        long rows, columns, lda, length;                                                                     \
        T alpha, beta;                                                                                       \
        const T *a, *x;                                                                                      \
        T *y;                                                                                                \
    };                                                                                                       \
    static void gemv_piece_##S(void *context, long index) {                                                  \
        const struct gemv_##S *g = context;                                                                  \
        long start = index * g->length, side = g->trans ? g->columns : g->rows;                              \
        long count = minimum(g->length, side - start);                                                       \
        const T *a = g->a + (g->trans ? start : start * g->lda);                                             \
        GEMV(CblasRowMajor, g->trans ? CblasTrans : CblasNoTrans, (int)(g->trans ? g->rows : count),         \
             (int)(g->trans ? count : g->columns), g->alpha, a, (int)g->lda, g->x, 1, g->beta,               \
             g->y + start, 1);                                                                               \
    }                                                                                                        \
    void la_gemv_##S(int trans, long rows, long columns, T alpha, const T *a, long lda, const T *x, T beta,  \
                     T *y) {                                                                                 \
        struct gemv_##S g = {trans, rows, columns, lda, 0, alpha, beta, a, x, y};                            \
        long side = trans ? columns : rows, other = trans ? rows : columns;                                  \
        g.length = maximum(minimum(side, 64), (long)(131072 / (double)maximum(other, 1)));                   \
        la_parallel((side + g.length - 1) / maximum(g.length, 1), &g, gemv_piece_##S);                       \
    }

DEFINE_GEMM(float, f32, cblas_sgemm, cblas_sgemv)
DEFINE_GEMM(double, f64, cblas_dgemm, cblas_dgemv)
