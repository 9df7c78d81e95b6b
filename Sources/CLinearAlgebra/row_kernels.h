// A template, included once for each element type.
// The kernels of row_dots.c for one element type.
//   T      element type             LOCAL(x)  local name             NAME(x)  exported name
//   a      rows, `columns` apart    x         vectors, `columns` apart
//   n      columns of a chunk       r, v      a row, a vector         l        a lane, 64 bytes of them

enum { LOCAL(lanes) = 64 / sizeof(T) };
typedef T LOCAL(lane) __attribute__((vector_size(64), aligned(sizeof(T)), may_alias));

struct LOCAL(rows) {
    long rows, columns, length, vectors;
    const T *factors, *a;
    T *x;
    double *sums;
};

// sums[v][r] += the dot product of row r with vector v, sums `stride` apart.
ALWAYS_INLINE void LOCAL(dots_block)(int rows, int vectors, long n, const T *a, const T *x, long columns, double *sums,
                                     long stride) {
    LOCAL(lane) part[4][2] = {0};
    long j = 0;
    for (; j + LOCAL(lanes) <= n; j += LOCAL(lanes))
        for (int r = 0; r < rows; r++)
            for (int v = 0; v < vectors; v++)
                part[r][v] += *(const LOCAL(lane) *)(a + r * columns + j) * *(const LOCAL(lane) *)(x + v * columns + j);
    for (; j < n; j++)
        for (int r = 0; r < rows; r++)
            for (int v = 0; v < vectors; v++) part[r][v][0] += a[r * columns + j] * x[v * columns + j];
    for (int r = 0; r < rows; r++)
        for (int v = 0; v < vectors; v++) {
            double sum = 0;
            for (int l = 0; l < LOCAL(lanes); l++) sum += (double)part[r][v][l];
            sums[v * stride + r] += sum;
        }
}

// Vector v -= the sum over rows of factors[v][r] times row r, factors `stride` apart.
ALWAYS_INLINE void LOCAL(subtract_block)(int rows, int vectors, long n, const T *a, T *x, long columns,
                                         const T *factors, long stride) {
    for (long j = 0; j < n; j++)
        for (int v = 0; v < vectors; v++) {
            T sum = x[v * columns + j];
            for (int r = 0; r < rows; r++) sum -= factors[v * stride + r] * a[r * columns + j];
            x[v * columns + j] = sum;
        }
}

// Up to four rows and two vectors: what registers hold.
VECTORIZED static void LOCAL(dots_few)(int rows, int vectors, long n, const T *a, const T *x, long columns,
                                       double *sums, long stride) {
    FOR_EACH_SHAPE(LOCAL(dots_block), n, a, x, columns, sums, stride)
}

VECTORIZED static void LOCAL(subtract_few)(int rows, int vectors, long n, const T *a, T *restrict x, long columns,
                                           const T *factors, long stride) {
    FOR_EACH_SHAPE(LOCAL(subtract_block), n, a, x, columns, factors, stride)
}

static void LOCAL(dots_piece)(void *context, long index) {
    const struct LOCAL(rows) *d = context;
    double *sums = d->sums + index * d->rows * d->vectors;
    const long end = minimum((index + 1) * d->length, d->columns);
    for (long i = 0; i < d->rows * d->vectors; i++) sums[i] = 0;
    for (long start = index * d->length; start < end; start += CHUNK)
        for (long r = 0; r < d->rows; r += 4)
            for (long v = 0; v < d->vectors; v += 2)
                LOCAL(dots_few)((int)minimum(4, d->rows - r), (int)minimum(2, d->vectors - v),
                                minimum(CHUNK, end - start), d->a + r * d->columns + start,
                                d->x + v * d->columns + start, d->columns, sums + v * d->rows + r, d->rows);
}

void NAME(row_dots)(long rows, long columns, const T *a, long vectors, const T *x, double *sums) {
    struct LOCAL(rows) d = {rows, columns, piece_columns(columns), vectors, NULL, a, (T *)x, sums};
    const long pieces = divided_up(columns, d.length);
    la_parallel(pieces, &d, LOCAL(dots_piece));
    add_up(sums, pieces, rows * vectors);
}

static void LOCAL(subtract_piece)(void *context, long index) {
    const struct LOCAL(rows) *d = context;
    const long all = d->rows + d->vectors - 1, end = minimum((index + 1) * d->length, d->columns);
    double *sum = d->sums + index;
    *sum = 0;
    for (long start = index * d->length; start < end; start += CHUNK) {
        const long n = minimum(CHUNK, end - start);
        const T *a = d->a + start;
        T *x = d->x + start;
        for (long r = 0; r < d->rows; r += 4)
            for (long v = 0; v < d->vectors; v += 2)
                LOCAL(subtract_few)((int)minimum(4, d->rows - r), (int)minimum(2, d->vectors - v), n,
                                    a + r * d->columns, x + v * d->columns, d->columns, d->factors + v * all + r, all);
        // What is left are the vectors before each.
        for (long v = 1; v < d->vectors; v++)
            for (long r = 0; r < v; r += 4)
                LOCAL(subtract_few)((int)minimum(4, v - r), 1, n, x + r * d->columns, x + v * d->columns, d->columns,
                                    d->factors + v * all + d->rows + r, all);
        const T *last = x + (d->vectors - 1) * d->columns;
        LOCAL(dots_few)(1, 1, n, last, last, d->columns, sum, 1);
    }
}

void NAME(subtract_rows)(long rows, long columns, const T *a, long vectors, T *x, const T *factors, double *sums) {
    struct LOCAL(rows) d = {rows, columns, piece_columns(columns), vectors, factors, a, x, sums};
    const long pieces = divided_up(columns, d.length);
    la_parallel(pieces, &d, LOCAL(subtract_piece));
    add_up(sums, pieces, 1);
}
