// BLAS, LAPACK and vector kernels for float and double, over plain C types.
//
// Matrices are row-major; `ld` is the distance between rows. All lengths are `long`. A function that returns a size_t
// where a result is not expected (products, convolutions, tangent kernels) returns the bytes of scratch memory that it
// could not have: 0, or else its result is not to be used.
#ifndef CLINEARALGEBRA_H
#define CLINEARALGEBRA_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// ---------------------------------------------------------------- threads and BLAS

/// Sets the number of threads (callers included) that `la_parallel` uses; at least 1.
void la_set_thread_count(int count);
int la_thread_count(void);
/// The same, and starts them; returns how many there are then, fewer where the system gives no more.
int la_start_threads(int count);
/// Maps OpenBLAS's buffers for so many threads, where address space is limited; 0 where there is no room for them.
/// OpenBLAS maps one at a thread's first product, and where it can't it tries for ever.
int la_reserve_buffers(int threads);

/// Runs task(context, 0..<count) on all threads and returns when every call has returned.
/// Calls made from inside a task run on the calling thread.
void la_parallel(long count, void *context, void (*task)(void *context, long index));

/// Name of the kernels that OpenBLAS chose for this processor, such as "Haswell" or "Zen".
const char *la_blas_core(void);
/// OpenBLAS's own description of its build.
const char *la_blas_configuration(void);

/// What this processor and its operating system offer: the levels x86-64-v3 (AVX2, FMA and what belongs to them) and
/// x86-64-v4 (AVX-512 F, CD, DQ, BW and VL).
enum la_features { LA_AVX2 = 1, LA_AVX512 = 2 };
int la_processor_features(void);
/// The widest instruction set that the kernels of this library use: "avx512", "avx2" or "baseline".
const char *la_vector_width(void);
/// Calls from this thread use tiles of no more than these features from now on; for tests. Elementwise kernels
/// keep the processor's.
void la_limit_vector_width(int features);

/// A variable of the environment; NULL where it is not set.
const char *la_environment(const char *name);
/// A variable of the environment; NULL where it is not set.
const char *la_environment(const char *name);
/// Starts the program anew with two variables in its environment (a value of NULL takes one away): how OpenBLAS is made
/// to load other kernels. Where that fails it returns errno, with the environment as it was.
int la_restart(char *const arguments[], const char *const names[2], const char *const values[2]);

/// Zeroed memory on a cache line, in huge pages where it is large; NULL where there is none left.
void *la_allocate(size_t bytes);
/// Of as many bytes as were asked for.
void la_free(void *memory, size_t bytes);
/// Bytes of memory that the machine has.
size_t la_physical_memory(void);
/// Bytes that the limits on address space and data let this process hold beside what is mapped and not in use;
/// INT64_MAX for none.
uint64_t la_address_space_limit(void);

// ---------------------------------------------------------------- products

/// C <- alpha op(A) op(B) + beta C, with op(A) m x k, op(B) k x n, C m x n; then times slope where `by`, of the
/// shape of C, is not positive (C itself where it is NULL; slope 1: nothing).
/// Cut into pieces by shape and thread count alone: the same two give the same bits.
size_t la_gemm_f32(int trans_a, int trans_b, long m, long n, long k, float alpha, const float *a, long lda,
                   const float *b, long ldb, float beta, float *c, long ldc, float slope, const float *by);
size_t la_gemm_f64(int trans_a, int trans_b, long m, long n, long k, double alpha, const double *a, long lda,
                   const double *b, long ldb, double beta, double *c, long ldc, double slope, const double *by);

/// Does `pieces` lots of multiply-adds on operands in the first-level cache, on all threads, and returns how many
/// flops these are: the limit of any product here.
double la_multiply_adds_f32(long pieces);
double la_multiply_adds_f64(long pieces);

/// y <- alpha op(A) x + beta y, with A rows x columns.
void la_gemv_f32(int trans, long rows, long columns, float alpha, const float *a, long lda, const float *x,
                 float beta, float *y);
void la_gemv_f64(int trans, long rows, long columns, double alpha, const double *a, long lda, const double *x,
                 double beta, double *y);

enum { LA_ROW_DOTS_PIECES = 64 };
/// sums[v][i] <- the dot product of row i of A, rows x columns, with vector v of x, vectors x columns, added up in double over chunks of
/// columns. `sums` has room for rows * vectors * LA_ROW_DOTS_PIECES numbers. Results depend on the shape alone, not on
/// the number of threads, nor on the other vectors.
void la_row_dots_f32(long rows, long columns, const float *a, long vectors, const float *x, double *sums);
void la_row_dots_f64(long rows, long columns, const double *a, long vectors, const double *x, double *sums);
/// Vector v of x, vectors x columns, in turn <- itself - the sum over i < rows + v of factors[v][i] times row i of A, rows x columns, with
/// the vectors before it below A; factors are vectors x (rows + vectors - 1). Then sums[0] <- the dot product of the last one with
/// itself, as above; `sums` has room for LA_ROW_DOTS_PIECES numbers.
void la_subtract_rows_f32(long rows, long columns, const float *a, long vectors, float *x, const float *factors, double *sums);
void la_subtract_rows_f64(long rows, long columns, const double *a, long vectors, double *x, const double *factors, double *sums);

// ---------------------------------------------------------------- convolutions

enum { LA_MAX_KERNEL = 64 };

/// Shapes of y = conv(x, w): images [batch, height, width, channels], kernel weights
/// [out_channels, kernel_height, kernel_width, channels], output pixel (i, j) over input pixels
/// (i stride_y - pad_top + ky, j stride_x - pad_left + kx), zeros outside the image.
/// Kernel sides go up to LA_MAX_KERNEL.
struct la_convolution {
    long batch, height, width, channels;
    long out_height, out_width, out_channels;
    long kernel_height, kernel_width, stride_y, stride_x, pad_top, pad_left;
};

#define LA_CONVOLUTION(T, S)                                                                                 \
    /* y <- alpha conv(x, w) + beta y, then times slope where that is not positive; 1 for none of it */      \
    size_t la_convolution_forward_##S(const struct la_convolution *shape, T alpha, const T *x, const T *w,   \
                                    T beta, T *y, T slope);                                                  \
    /* x <- alpha (d conv / dx)^T y + beta x, then times slope where `by` is not positive */                 \
    size_t la_convolution_input_gradient_##S(const struct la_convolution *shape, T alpha, const T *y,        \
                                           const T *w, T beta, T *x, T slope, const T *by);                  \
    /* w <- alpha (d conv / dw)^T y + beta w */                                                              \
    size_t la_convolution_weight_gradient_##S(const struct la_convolution *shape, T alpha, const T *y,       \
                                            const T *x, T beta, T *w);                                       \
    /* bytes that the three keep for later calls, for all threads together */                                \
    size_t la_convolution_scratch_##S(const struct la_convolution *shape);

/// Results depend on shapes and processor alone, not on the number of threads.
LA_CONVOLUTION(float, f32)
LA_CONVOLUTION(double, f64)

#define LA_CONVOLUTION_ROWS(T, S)                                                                            \
    /* The weight gradient of each sample alone, for `count` cotangents a sample: y [count, batch, ...], */  \
    /* row sample * count + c of w, `step` entries apart, <- alpha (d conv / dw)^T y[c][sample] */           \
    size_t la_convolution_weight_gradients_##S(const struct la_convolution *shape, long count, T alpha,      \
                                             const T *y, const T *x, T *w, long step);                       \
    /* patches [batch, out_height, out_width, kernel_height, kernel_width, channels] <- windows of x */      \
    void la_convolution_patches_##S(const struct la_convolution *shape, const T *x, T *patches);

LA_CONVOLUTION_ROWS(float, f32)
LA_CONVOLUTION_ROWS(double, f64)

// ---------------------------------------------------------------- tangent kernels

#define LA_TANGENT(T, S)                                                                                     \
    /* One layer's part of a block of a tangent kernel, for its rows and for its columns: samples i of */    \
    /* outputs a with sum over places p of d[i][a][p] x[i][p]^T as gradient. Without x: d alone. */          \
    struct la_tangent_factor_##S {                                                                           \
        const T *x_rows, *x_columns; /* [samples, places, x_length]; NULL for none */                        \
        const T *d_rows, *d_columns; /* [samples, outputs, places, d_length] */                              \
        long places, x_length, d_length;                                                                     \
        T scale, constant;                                                                                   \
    };                                                                                                       \
    /* kernel[(i, a)][(j, b)] <- sum over factors and places p, q of */                                      \
    /*     (scale x[i][p].x[j][q] + constant) d[i][a][p].d[j][b][q], */                                      \
    /* rows * outputs by columns * outputs, rows ld apart; exactly symmetric where that is asked for (then */ \
    /* rows and columns are the same samples). */                                                            \
    size_t la_tangent_kernel_##S(const struct la_tangent_factor_##S *factors, long count, long outputs,      \
                               long rows, long columns, int symmetric, T *kernel, long ld);

LA_TANGENT(float, f32)
LA_TANGENT(double, f64)

// ---------------------------------------------------------------- pooling

/// The window shapes are those of a convolution with as many output as input channels, no padding.
#define LA_POOLING(T, S)                                                                                     \
    /* y <- mean of x over each window */                                                                    \
    void la_average_pool_##S(const struct la_convolution *shape, const T *x, T *y);                          \
    /* x <- its transpose: each window's share of y, added up */                                             \
    void la_average_pool_transposed_##S(const struct la_convolution *shape, const T *y, T *x);               \
    /* y <- u where x has its first maximum over each window; u may be x */                                  \
    void la_max_pool_##S(const struct la_convolution *shape, const T *x, const T *u, T *y);                  \
    /* out <- its transpose in u */                                                                          \
    void la_max_pool_transposed_##S(const struct la_convolution *shape, const T *x, const T *y, T *out);

LA_POOLING(float, f32)
LA_POOLING(double, f64)

// ---------------------------------------------------------------- LAPACK

/// Eigenvalues (ascending, into diagonal) and eigenvectors (rows of z, n x n) of a symmetric
/// tridiagonal matrix. `off_diagonal` has n - 1 entries and is destroyed. Returns LAPACK's info.
int la_tridiagonal_eigen_f64(long n, double *diagonal, double *off_diagonal, double *z);

/// All eigenvalues of a symmetric matrix (n x n, destroyed), ascending; where `vectors` is not 0 the
/// eigenvectors become the rows of the matrix. Uses all threads. Returns LAPACK's info.
int la_symmetric_eigen_f64(long n, int vectors, double *matrix, double *values);

// ---------------------------------------------------------------- vector kernels

/// Smooth elementwise functions. `state` is phi(x), but x for LA_ERF.
enum la_smooth { LA_SOFTPLUS, LA_ERF, LA_TANH, LA_SIGMOID };

#define LA_VECTOR_KERNELS(T, S)                                                                              \
    /* y <- y + alpha x */                                                                                   \
    void la_axpy_##S(long n, T alpha, const T *x, T *y);                                                     \
    /* y <- alpha x + beta y; y is not read where beta is 0 */                                               \
    void la_axpby_##S(long n, T alpha, const T *x, T beta, T *y);                                            \
    /* y <- alpha y */                                                                                       \
    void la_scale_##S(long n, T alpha, T *y);                                                                \
    /* out <- x - y */                                                                                       \
    void la_subtract_##S(long n, const T *x, const T *y, T *out);                                            \
    /* sum of x y, accumulated in double */                                                                  \
    double la_dot_##S(long n, const T *x, const T *y);                                                       \
    /* sum of (x - y)^2, accumulated in double */                                                            \
    double la_squared_distance_##S(long n, const T *x, const T *y);                                          \
    /* every row of y (rows x columns) <- row + scale b */                                                   \
    void la_add_row_##S(long rows, long columns, T scale, const T *b, T *y);                                 \
    /* out <- alpha (sum of the rows of y) + beta out */                                                     \
    void la_sum_rows_##S(long rows, long columns, T alpha, const T *y, T beta, T *out);                      \
    /* y <- x where x > 0, slope x elsewhere; y may be x */                                                  \
    void la_rectify_##S(long n, T slope, const T *x, T *y);                                                  \
    /* out <- u where y > 0, slope u elsewhere; out may be u */                                              \
    void la_rectify_mask_##S(long n, T slope, const T *y, const T *u, T *out);                               \
    /* y <- phi(x); y may be x */                                                                            \
    void la_smooth_value_##S(int phi, long n, const T *x, T *y);                                             \
    /* out <- phi' u; out may be u */                                                                        \
    void la_smooth_slope_##S(int phi, long n, const T *state, const T *u, T *out);                           \
    /* out <- out + (phi''/phi') u v */                                                                      \
    void la_smooth_curvature_##S(int phi, long n, const T *state, const T *u, const T *v, T *out);           \
    /* bits <- [x > 0], 8 to a byte */                                                                       \
    void la_sign_pattern_##S(long n, const T *x, unsigned char *bits);                                       \
    /* out[i] <- x[rows[i]] for rows of `columns` entries */                                                 \
    void la_gather_rows_##S(long count, long columns, const T *x, const long *rows, T *out);

LA_VECTOR_KERNELS(float, f32)
LA_VECTOR_KERNELS(double, f64)

/// The numbers of one of Adam's steps.
struct la_adam {
    double beta1, beta2;
    double rate;    // eta / (1 - beta1^t)
    double root;    // 1 / sqrt(1 - beta2^t)
    double epsilon; // above 0
    double ridge;   // lambda of L2, by which lambda w is added to g
    double keep;    // 1 - eta lambda of decoupled decay
};
/// s = g + ridge w; m <- beta1 m + (1 - beta1) s; v <- beta2 v + (1 - beta2) s^2;
/// w <- keep w - rate m / (root sqrt(v) + epsilon). Nothing may overlap.
void la_adam_f32(long n, const struct la_adam *step, const float *g, float *m, float *v, float *w);
void la_adam_f64(long n, const struct la_adam *step, const double *g, double *m, double *v, double *w);

/// Number of bits that differ in the first `count` bits of two patterns.
long la_pattern_distance(long count, const unsigned char *a, const unsigned char *b);

#ifdef __cplusplus
}
#endif
#endif
