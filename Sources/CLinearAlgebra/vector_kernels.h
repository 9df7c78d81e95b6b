// A template, included once for each element type.
// The kernels of vector.c for one element type.
//   T        element type             NAME(x)   exported name        LOCAL(x)   local name
// n elements; i runs within a piece [first, last).

struct LOCAL(job) {
    long n;
    int phi;
    T alpha, beta;
    long columns;
    const T *x, *y, *v;
    T *out;
    double *sums;
};

#define PIECE_BOUNDS                                                                                         \
    const struct LOCAL(job) *j = context;                                                                    \
    const long first = index * piece, last = minimum(first + piece, j->n);

VECTORIZED static void LOCAL(axpy_loop)(long n, T alpha, const T *restrict x, T *restrict y) {
    for (long i = 0; i < n; i++) y[i] += alpha * x[i];
}
static void LOCAL(axpy_piece)(void *context, long index) {
    PIECE_BOUNDS LOCAL(axpy_loop)(last - first, j->alpha, j->x + first, j->out + first);
}
void NAME(axpy)(long n, T alpha, const T *x, T *y) {
    struct LOCAL(job) job = {.n = n, .alpha = alpha, .x = x, .out = y};
    la_parallel(pieces_of(n), &job, LOCAL(axpy_piece));
}

VECTORIZED static void LOCAL(axpby_loop)(long n, T alpha, const T *restrict x, T beta, T *restrict y) {
    if (beta == 0)
        for (long i = 0; i < n; i++) y[i] = alpha * x[i];
    else
        for (long i = 0; i < n; i++) y[i] = alpha * x[i] + beta * y[i];
}
static void LOCAL(axpby_piece)(void *context, long index) {
    PIECE_BOUNDS LOCAL(axpby_loop)(last - first, j->alpha, j->x + first, j->beta, j->out + first);
}
void NAME(axpby)(long n, T alpha, const T *x, T beta, T *y) {
    struct LOCAL(job) job = {.n = n, .alpha = alpha, .beta = beta, .x = x, .out = y};
    la_parallel(pieces_of(n), &job, LOCAL(axpby_piece));
}

VECTORIZED static void LOCAL(scale_loop)(long n, T alpha, T *y) {
    for (long i = 0; i < n; i++) y[i] *= alpha;
}
static void LOCAL(scale_piece)(void *context, long index) {
    PIECE_BOUNDS LOCAL(scale_loop)(last - first, j->alpha, j->out + first);
}
void NAME(scale)(long n, T alpha, T *y) {
    struct LOCAL(job) job = {.n = n, .alpha = alpha, .out = y};
    la_parallel(pieces_of(n), &job, LOCAL(scale_piece));
}

VECTORIZED static void LOCAL(subtract_loop)(long n, const T *x, const T *y, T *restrict out) {
    for (long i = 0; i < n; i++) out[i] = x[i] - y[i];
}
static void LOCAL(subtract_piece)(void *context, long index) {
    PIECE_BOUNDS LOCAL(subtract_loop)(last - first, j->x + first, j->y + first, j->out + first);
}
void NAME(subtract)(long n, const T *x, const T *y, T *out) {
    struct LOCAL(job) job = {.n = n, .x = x, .y = y, .out = out};
    la_parallel(pieces_of(n), &job, LOCAL(subtract_piece));
}

// Sums: `lanes` independent accumulators, added in a fixed order.
VECTORIZED static double LOCAL(dot_loop)(long n, const T *x, const T *y) {
    double sum[lanes] = {0}, total = 0;
    long i = 0;
    for (; i + lanes <= n; i += lanes)
        for (int l = 0; l < lanes; l++) sum[l] += (double)x[i + l] * (double)y[i + l];
    for (; i < n; i++) total += (double)x[i] * (double)y[i];
    for (int l = 0; l < lanes; l++) total += sum[l];
    return total;
}
VECTORIZED static double LOCAL(distance_loop)(long n, const T *x, const T *y) {
    double sum[lanes] = {0}, total = 0;
    long i = 0;
    for (; i + lanes <= n; i += lanes)
        for (int l = 0; l < lanes; l++) {
            double d = (double)x[i + l] - (double)y[i + l];
            sum[l] += d * d;
        }
    for (; i < n; i++) total += ((double)x[i] - (double)y[i]) * ((double)x[i] - (double)y[i]);
    for (int l = 0; l < lanes; l++) total += sum[l];
    return total;
}
static void LOCAL(dot_piece)(void *context, long index) {
    PIECE_BOUNDS j->sums[index % 64] = LOCAL(dot_loop)(last - first, j->x + first, j->y + first);
}
static void LOCAL(distance_piece)(void *context, long index) {
    PIECE_BOUNDS j->sums[index % 64] = LOCAL(distance_loop)(last - first, j->x + first, j->y + first);
}
// 64 pieces at a time, so that the partial sums fit on the stack.
static double LOCAL(reduce)(long n, const T *x, const T *y, void (*task)(void *, long)) {
    double total = 0, sums[64];
    for (long start = 0; start < n; start += 64 * (long)piece) {
        struct LOCAL(job) job = {
            .n = minimum(64 * (long)piece, n - start), .x = x + start, .y = y + start, .sums = sums};
        long count = pieces_of(job.n);
        la_parallel(count, &job, task);
        for (long i = 0; i < count; i++) total += sums[i];
    }
    return total;
}
double NAME(dot)(long n, const T *x, const T *y) { return LOCAL(reduce)(n, x, y, LOCAL(dot_piece)); }
double NAME(squared_distance)(long n, const T *x, const T *y) {
    return LOCAL(reduce)(n, x, y, LOCAL(distance_piece));
}

// Rows for the sum of b, columns for the sum of rows: either way a piece's result is its own.
VECTORIZED static void LOCAL(add_row_loop)(long rows, long columns, T scale, const T *b, T *restrict y) {
    for (long r = 0; r < rows; r++)
        for (long c = 0; c < columns; c++) y[r * columns + c] += scale * b[c];
}
static void LOCAL(add_row_piece)(void *context, long index) {
    const struct LOCAL(job) *j = context;
    const long rows = maximum(piece / j->columns, 1), first = index * rows;
    LOCAL(add_row_loop)(minimum(rows, j->n - first), j->columns, j->alpha, j->x, j->out + first * j->columns);
}
void NAME(add_row)(long rows, long columns, T scale, const T *b, T *y) {
    if (columns <= 0) return;
    struct LOCAL(job) job = {.n = rows, .columns = columns, .alpha = scale, .x = b, .out = y};
    const long each = maximum(piece / columns, 1);
    la_parallel((rows + each - 1) / each, &job, LOCAL(add_row_piece));
}

VECTORIZED static void LOCAL(sum_rows_loop)(long rows, long columns, long step, T alpha, const T *y, T beta,
                                            T *restrict out) {
    for (long c = 0; c < columns; c++) out[c] = beta == 0 ? 0 : beta * out[c];
    for (long r = 0; r < rows; r++)
        for (long c = 0; c < columns; c++) out[c] += alpha * y[r * step + c];
}
static void LOCAL(sum_rows_piece)(void *context, long index) {
    const struct LOCAL(job) *j = context;
    const long first = index * sum_columns, count = minimum(sum_columns, j->columns - first);
    LOCAL(sum_rows_loop)(j->n, count, j->columns, j->alpha, j->y + first, j->beta, j->out + first);
}
void NAME(sum_rows)(long rows, long columns, T alpha, const T *y, T beta, T *out) {
    struct LOCAL(job) job = {.n = rows, .columns = columns, .alpha = alpha, .beta = beta, .y = y, .out = out};
    la_parallel((columns + sum_columns - 1) / sum_columns, &job, LOCAL(sum_rows_piece));
}

VECTORIZED static void LOCAL(rectify_loop)(long n, T slope, const T *x, T *y) {
    for (long i = 0; i < n; i++) y[i] = x[i] > 0 ? x[i] : slope * x[i];
}
static void LOCAL(rectify_piece)(void *context, long index) {
    PIECE_BOUNDS LOCAL(rectify_loop)(last - first, j->alpha, j->x + first, j->out + first);
}
void NAME(rectify)(long n, T slope, const T *x, T *y) {
    struct LOCAL(job) job = {.n = n, .alpha = slope, .x = x, .out = y};
    la_parallel(pieces_of(n), &job, LOCAL(rectify_piece));
}

VECTORIZED static void LOCAL(mask_loop)(long n, T slope, const T *y, const T *u, T *out) {
    for (long i = 0; i < n; i++) out[i] = y[i] > 0 ? u[i] : slope * u[i];
}
static void LOCAL(mask_piece)(void *context, long index) {
    PIECE_BOUNDS LOCAL(mask_loop)(last - first, j->alpha, j->x + first, j->y + first, j->out + first);
}
void NAME(rectify_mask)(long n, T slope, const T *y, const T *u, T *out) {
    struct LOCAL(job) job = {.n = n, .alpha = slope, .x = y, .y = u, .out = out};
    la_parallel(pieces_of(n), &job, LOCAL(mask_piece));
}

void LOCAL(rectify_rows)(long rows, long columns, T slope, const T *by, T *c, long ld) {
    for (long r = 0; r < rows; r++) LOCAL(mask_loop)(columns, slope, by + r * ld, c + r * ld, c + r * ld);
}

// Smooth functions, by the mathematical library. Shorter pieces: these are bound by arithmetic.
static inline T LOCAL(value)(int phi, T x) {
    const T e = exp(-fabs(x));
    switch (phi) {
    case LA_SOFTPLUS: return (x > 0 ? x : 0) + log1p(e);
    case LA_ERF: return erf(x);
    case LA_TANH: return tanh(x);
    default: return (x >= 0 ? 1 : e) / (1 + e);
    }
}
// With y = softplus(x): phi' = 1 - e^-y and phi''/phi' = e^-y.
static inline T LOCAL(slope)(int phi, T state) {
    switch (phi) {
    case LA_SOFTPLUS: return -expm1(-state);
    case LA_ERF: return (T)1.12837916709551257390 * exp(-state * state);
    case LA_TANH: return (1 - state) * (1 + state);
    default: return state * (1 - state);
    }
}
static inline T LOCAL(curvature_ratio)(int phi, T state) {
    switch (phi) {
    case LA_SOFTPLUS: return exp(-state);
    case LA_ERF:
    case LA_TANH: return -2 * state;
    default: return 1 - 2 * state;
    }
}
#define SMOOTH_PIECE(name, expression)                                                                       \
    static void LOCAL(name)(void *context, long index) {                                                     \
        const struct LOCAL(job) *j = context;                                                                \
        const long last = minimum((index + 1) * smooth_piece, j->n);                                         \
        for (long i = index * smooth_piece; i < last; i++) j->out[i] = (expression);                         \
    }
SMOOTH_PIECE(smooth_value_piece, LOCAL(value)(j->phi, j->x[i]))
SMOOTH_PIECE(smooth_slope_piece, LOCAL(slope)(j->phi, j->x[i]) * j->y[i])
SMOOTH_PIECE(smooth_curvature_piece, j->out[i] + LOCAL(curvature_ratio)(j->phi, j->x[i]) * j->y[i] * j->v[i])
#undef SMOOTH_PIECE
static inline long LOCAL(smooth_pieces)(long n) { return (n + smooth_piece - 1) / smooth_piece; }

void NAME(smooth_value)(int phi, long n, const T *x, T *y) {
    struct LOCAL(job) job = {.n = n, .phi = phi, .x = x, .out = y};
    la_parallel(LOCAL(smooth_pieces)(n), &job, LOCAL(smooth_value_piece));
}
void NAME(smooth_slope)(int phi, long n, const T *state, const T *u, T *out) {
    struct LOCAL(job) job = {.n = n, .phi = phi, .x = state, .y = u, .out = out};
    la_parallel(LOCAL(smooth_pieces)(n), &job, LOCAL(smooth_slope_piece));
}
void NAME(smooth_curvature)(int phi, long n, const T *state, const T *u, const T *v, T *out) {
    struct LOCAL(job) job = {.n = n, .phi = phi, .x = state, .y = u, .v = v, .out = out};
    la_parallel(LOCAL(smooth_pieces)(n), &job, LOCAL(smooth_curvature_piece));
}

VECTORIZED void NAME(sign_pattern)(long n, const T *x, unsigned char *bits) {
    for (long byte = 0; byte < (n + 7) / 8; byte++) {
        unsigned value = 0;
        for (long i = byte * 8; i < minimum(byte * 8 + 8, n); i++) value |= (unsigned)(x[i] > 0) << (i & 7);
        bits[byte] = (unsigned char)value;
    }
}

void NAME(gather_rows)(long count, long columns, const T *x, const long *rows, T *out) {
    for (long i = 0; i < count; i++)
        memcpy(out + i * columns, x + rows[i] * columns, sizeof(T) * (size_t)columns);
}

#undef PIECE_BOUNDS
