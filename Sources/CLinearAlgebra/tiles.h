// Register tiles: the innermost loops of convolutions, chosen for this processor.
//
// A tile is `height` rows by `width` columns of accumulators that stay in registers while the sum
// runs. The operand that is broadcast is read where it lies, through pointers, so nothing needs
// to be gathered first; the other one is read as vectors of `width` consecutive entries.
#ifndef TILES_H
#define TILES_H

enum { max_tile_height = 8, max_tile_width = 32 };

#define DECLARE_TILES(T, S)                                                                                  \
    /* What becomes of a sum on its way to memory: v <- alpha v + beta out, then slope v where not positive. */ \
    /* Positive is v itself or, where there is a `by`, what lies there as v in `out`. Slope 1: no such step. */ \
    struct epilogue_##S {                                                                                    \
        T alpha, beta, slope;                                                                                \
        T *out;                                                                                              \
        const T *by;                                                                                         \
    };                                                                                                       \
    struct tiles_##S {                                                                                       \
        long height, width;                                                                                  \
        /* out[r][j] <- sum over taps t and k < depth of rows[t * height + r][k] * b[(t * depth + k)][j]; */ \
        /* b has rows of `width` entries. */                                                                 \
        void (*inner)(long taps, long depth, const T *const *rows, const T *b, T *out);                      \
        /* to[r][j] <- epilogue of sum over k < depth of rows[r][k] * b[k * step + j], for r < used. */      \
        void (*product)(long depth, const T *const *rows, const T *b, long step,                             \
                        const struct epilogue_##S *epilogue, long used, T *const *to);                       \
        /* out[r][j] <- out[r][j] + sum over q < count of a[q * lda + r] * b[q][j]. */                       \
        void (*outer)(long count, const T *a, long lda, const T *b, T *out);                                 \
        /* to[r][j] <- epilogue of tile[r][j], for the first `rows` and `columns`. */                        \
        void (*store)(const struct epilogue_##S *epilogue, const T *tile, long rows, long columns, T *const *to); \
        /* to[q] <- `height` entries at from + q * step. */                                                  \
        void (*copy_heights)(long count, const T *from, long step, T *to);                                   \
        /* to[q] <- `width` entries at from[q] + offset. */                                                  \
        void (*copy_widths)(long count, const T *const *from, long offset, T *to);                           \
        /* The three transforms of winograd.c, for `channels` entries, a multiple of `width`; a square of */ \
        /* values has its rows one after another. to[16] <- that of pixels[16], `step` entries apart. */     \
        void (*winograd_input)(long channels, const T *const *pixels, T *to, long step);                     \
        /* pixels[4] <- epilogue of that of from[16], `step` entries apart, where not NULL. */               \
        void (*winograd_output)(const struct epilogue_##S *epilogue, long channels, const T *from, long step, \
                                T *const *pixels);                                                           \
        /* to[16] <- that of pixels[4], the transpose of the one before. */                                  \
        void (*winograd_gradient)(long channels, const T *const *pixels, T *to, long step);                  \
    };                                                                                                       \
    const struct tiles_##S *tiles_##S(void);

DECLARE_TILES(float, f32)
DECLARE_TILES(double, f64)

#endif
