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

static void NAME(outer)(long count, const T *a, const T *b, T *out) {
    VECTOR left[HEIGHT] = {{0}}, right[HEIGHT] = {{0}};
    for (long q = 0; q < count; q++) {
        const VECTOR b0 = *(const VECTOR *)b, b1 = *(const VECTOR *)(b + WIDTH / 2);
#pragma unroll
        for (int r = 0; r < HEIGHT; r++) {
            left[r] += a[r] * b0;
            right[r] += a[r] * b1;
        }
        a += HEIGHT;
        b += WIDTH;
    }
    for (int r = 0; r < HEIGHT; r++) {
        *(VECTOR *)(out + r * WIDTH) += left[r];
        *(VECTOR *)(out + r * WIDTH + WIDTH / 2) += right[r];
    }
}

static void NAME(copy_heights)(long count, const T *from, long step, T *to) {
    for (long q = 0; q < count; q++) memcpy(to + q * HEIGHT, from + q * step, sizeof(T) * HEIGHT);
}

static void NAME(copy_widths)(long count, const T *const *from, long offset, T *to) {
    for (long q = 0; q < count; q++) memcpy(to + q * WIDTH, from[q] + offset, sizeof(T) * WIDTH);
}

static const struct TILES NAME(tiles) = {HEIGHT, WIDTH, NAME(inner), NAME(outer), NAME(copy_heights), NAME(copy_widths)};
#undef WIDTH
#undef VECTOR
