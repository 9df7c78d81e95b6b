// A template, included once for each instance.
// One instance of the tiles of tiles.h.
//   T       element type       BYTES  of a vector       HEIGHT  rows of a tile       NAME(x)  exported name
// A tile is two vectors wide. r row, k and q the index that is summed over.

#define WIDTH ((long)(2 * BYTES / sizeof(T)))
#define VECTOR NAME(vector)
typedef T VECTOR __attribute__((vector_size(BYTES), aligned(sizeof(T))));

static void NAME(inner)(long taps, long depth, const T *const *rows, const T *b, T *out) {
    VECTOR left[HEIGHT] = {{0}}, right[HEIGHT] = {{0}};
    for (long t = 0; t < taps; t++) {
        const T *a[HEIGHT];
        for (int r = 0; r < HEIGHT; r++) a[r] = rows[t * HEIGHT + r];
        for (long k = 0; k < depth; k++) {
            const VECTOR b0 = *(const VECTOR *)b, b1 = *(const VECTOR *)(b + WIDTH / 2);
            b += WIDTH;
#pragma unroll
            for (int r = 0; r < HEIGHT; r++) {
                left[r] += a[r][k] * b0;
                right[r] += a[r][k] * b1;
            }
        }
    }
    for (int r = 0; r < HEIGHT; r++) {
        *(VECTOR *)(out + r * WIDTH) = left[r];
        *(VECTOR *)(out + r * WIDTH + WIDTH / 2) = right[r];
    }
}

static void NAME(outer)(long count, const T *a, long lda, const T *b, T *out) {
    VECTOR left[HEIGHT] = {{0}}, right[HEIGHT] = {{0}};
    for (long q = 0; q < count; q++) {
        const VECTOR b0 = *(const VECTOR *)b, b1 = *(const VECTOR *)(b + WIDTH / 2);
#pragma unroll
        for (int r = 0; r < HEIGHT; r++) {
            left[r] += a[r] * b0;
            right[r] += a[r] * b1;
        }
        a += lda;
        b += WIDTH;
    }
    for (int r = 0; r < HEIGHT; r++) {
        *(VECTOR *)(out + r * WIDTH) += left[r];
        *(VECTOR *)(out + r * WIDTH + WIDTH / 2) += right[r];
    }
}

#define LANES ((long)(BYTES / sizeof(T)))
#define AT(pointer) (*(VECTOR *)(pointer))

static inline VECTOR NAME(finished)(const struct EPILOGUE *e, VECTOR v, const T *to) {
    v = e->beta == 0 ? e->alpha * v : e->alpha * v + e->beta * AT(to);
    if (e->slope == 1) return v;
    const VECTOR sign = e->by ? AT(e->by + (to - e->out)) : v;
    const VECTOR below = e->slope * v;
    const __typeof__(sign > 0) positive = sign > 0;
    return (VECTOR)((positive & (__typeof__(positive))v) | (~positive & (__typeof__(positive))below));
}

static void NAME(product)(long depth, const T *const *rows, const T *b, long step,
                          const struct EPILOGUE *epilogue, long used, T *const *to) {
    VECTOR left[HEIGHT] = {{0}}, right[HEIGHT] = {{0}};
    const T *a[HEIGHT];
    for (int r = 0; r < HEIGHT; r++) a[r] = rows[r];
    for (long k = 0; k < depth; k++, b += step) {
        const VECTOR b0 = *(const VECTOR *)b, b1 = *(const VECTOR *)(b + WIDTH / 2);
#pragma unroll
        for (int r = 0; r < HEIGHT; r++) {
            left[r] += a[r][k] * b0;
            right[r] += a[r][k] * b1;
        }
    }
#pragma unroll
    for (int r = 0; r < HEIGHT; r++) {
        if (r >= used) return;
        AT(to[r]) = NAME(finished)(epilogue, left[r], to[r]);
        AT(to[r] + LANES) = NAME(finished)(epilogue, right[r], to[r] + LANES);
    }
}

static void NAME(store)(const struct EPILOGUE *e, const T *tile, long rows, long columns, T *const *to) {
    for (long r = 0; r < rows; r++, tile += WIDTH) {
        long j = 0;
        for (; j + LANES <= columns; j += LANES) AT(to[r] + j) = NAME(finished)(e, AT(tile + j), to[r] + j);
        for (long i = j; i < columns; i++) {
            const T v = e->beta == 0 ? e->alpha * tile[i] : e->alpha * tile[i] + e->beta * to[r][i];
            const T sign = e->by ? e->by[to[r] + i - e->out] : v;
            to[r][i] = e->slope == 1 || sign > 0 ? v : e->slope * v;
        }
    }
}

static void NAME(copy_heights)(long count, const T *from, long step, T *to) {
    for (long q = 0; q < count; q++) memcpy(to + q * HEIGHT, from + q * step, sizeof(T) * HEIGHT);
}

static void NAME(copy_widths)(long count, const T *const *from, long offset, T *to) {
    for (long q = 0; q < count; q++) memcpy(to + q * WIDTH, from[q] + offset, sizeof(T) * WIDTH);
}

// B^T d B with B^T = (1 0 -1 0; 0 1 1 0; 0 -1 1 0; 0 1 0 -1).
static void NAME(winograd_input)(long channels, const T *const *pixels, T *to, long step) {
    for (long c = 0; c < channels; c += LANES) {
        VECTOR t[4][4];
#pragma unroll
        for (int j = 0; j < 4; j++) {
            const VECTOR d0 = *(const VECTOR *)(pixels[j] + c), d1 = *(const VECTOR *)(pixels[4 + j] + c);
            const VECTOR d2 = *(const VECTOR *)(pixels[8 + j] + c), d3 = *(const VECTOR *)(pixels[12 + j] + c);
            t[0][j] = d0 - d2;
            t[1][j] = d1 + d2;
            t[2][j] = d2 - d1;
            t[3][j] = d1 - d3;
        }
#pragma unroll
        for (int i = 0; i < 4; i++) {
            AT(to + (4 * i) * step + c) = t[i][0] - t[i][2];
            AT(to + (4 * i + 1) * step + c) = t[i][1] + t[i][2];
            AT(to + (4 * i + 2) * step + c) = t[i][2] - t[i][1];
            AT(to + (4 * i + 3) * step + c) = t[i][1] - t[i][3];
        }
    }
}

// A^T m A with A^T = (1 1 1 0; 0 1 -1 -1).
static void NAME(winograd_output)(const struct EPILOGUE *epilogue, long channels, const T *from, long step,
                                  T *const *pixels) {
    for (long c = 0; c < channels; c += LANES) {
        VECTOR t[2][4];
#pragma unroll
        for (int j = 0; j < 4; j++) {
            const VECTOR m0 = *(const VECTOR *)(from + j * step + c), m1 = *(const VECTOR *)(from + (4 + j) * step + c);
            const VECTOR m2 = *(const VECTOR *)(from + (8 + j) * step + c), m3 = *(const VECTOR *)(from + (12 + j) * step + c);
            t[0][j] = m0 + m1 + m2;
            t[1][j] = m1 - m2 - m3;
        }
#pragma unroll
        for (int i = 0; i < 2; i++) {
            const VECTOR y[2] = {t[i][0] + t[i][1] + t[i][2], t[i][1] - t[i][2] - t[i][3]};
#pragma unroll
            for (int j = 0; j < 2; j++) {
                T *pixel = pixels[2 * i + j];
                if (pixel) AT(pixel + c) = NAME(finished)(epilogue, y[j], pixel + c);
            }
        }
    }
}

// A m A^T.
static void NAME(winograd_gradient)(long channels, const T *const *pixels, T *to, long step) {
    for (long c = 0; c < channels; c += LANES) {
        VECTOR t[4][2];
#pragma unroll
        for (int j = 0; j < 2; j++) {
            const VECTOR y0 = *(const VECTOR *)(pixels[j] + c), y1 = *(const VECTOR *)(pixels[2 + j] + c);
            t[0][j] = y0;
            t[1][j] = y0 + y1;
            t[2][j] = y0 - y1;
            t[3][j] = -y1;
        }
#pragma unroll
        for (int i = 0; i < 4; i++) {
            AT(to + (4 * i) * step + c) = t[i][0];
            AT(to + (4 * i + 1) * step + c) = t[i][0] + t[i][1];
            AT(to + (4 * i + 2) * step + c) = t[i][0] - t[i][1];
            AT(to + (4 * i + 3) * step + c) = -t[i][1];
        }
    }
}

static const struct TILES NAME(tiles) = {
    HEIGHT, WIDTH, NAME(inner), NAME(product), NAME(outer), NAME(store), NAME(copy_heights), NAME(copy_widths), NAME(winograd_input),
    NAME(winograd_output), NAME(winograd_gradient)};
#undef WIDTH
#undef VECTOR
#undef LANES
#undef AT
