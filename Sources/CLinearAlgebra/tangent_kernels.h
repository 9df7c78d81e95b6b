// A template, included once for each element type.
// The maps of tangent.c for one element type.
//   T      element type             NAME(x)  exported name          LOCAL(x)  local name
//   i, j   samples of the rows and of the columns       a, b   outputs       p, q   places of a layer
//   r, c   rows and columns of a square: r = (i outputs + a), c = (j outputs + b)

struct LOCAL(block) {
    const struct FACTOR *factors;
    long count, outputs, rows, columns, step, grid_columns;
    int symmetric;
    T *kernel;
    long ld, scratch_places;
};

// The rows and columns (samples) of one square.
struct LOCAL(span) {
    long i, rows, j, columns;
    int diagonal;
};

// out <- alpha a b^T; only the lower triangle where a and b are the same rows.
static void LOCAL(gram)(int same, long m, long n, long k, T alpha, const T *a, const T *b, T beta, T *out) {
    if (same)
        SYRK(CblasRowMajor, CblasLower, CblasNoTrans, (int)m, (int)k, alpha, a, (int)k, beta, out, (int)m);
    else
        GEMM(CblasRowMajor, CblasNoTrans, CblasTrans, (int)m, (int)n, (int)k, alpha, a, (int)k, b, (int)k, beta, out,
             (int)n);
}

// One place: sum[r][c] <- sum[r][c] + (x[i][j] + constant) d[r][c], with x[i][.] spread over the outputs.
static void LOCAL(multiply)(const struct LOCAL(span) *s, long outputs, T constant, const T *restrict x,
                            const T *restrict d, T *restrict spread, T *restrict sum) {
    const long width = s->columns * outputs;
    for (long i = 0; i < s->rows; i++) {
        const T *line = x + i * s->columns;
        const long used = s->diagonal ? i + 1 : s->columns;
        if (outputs == 1)
            for (long j = 0; j < used; j++) spread[j] = line[j] + constant;
        else
            for (long j = 0; j < used; j++)
                for (long b = 0; b < outputs; b++) spread[j * outputs + b] = line[j] + constant;
        for (long r = i * outputs; r < (i + 1) * outputs; r++) {
            const long end = s->diagonal ? r + 1 : width;
            const T *from = d + r * width;
            T *to = sum + r * width;
            for (long c = 0; c < end; c++) to[c] += spread[c] * from[c];
        }
    }
}

// Many places: the same, summed over all pairs of places of a pair of samples.
static void LOCAL(contract)(const struct LOCAL(span) *s, long outputs, long places, T constant, const T *x, const T *d,
                            T *sum) {
    const long width = s->columns * outputs;
    for (long r = 0; r < s->rows * outputs; r++)
        for (long c = 0; c < (s->diagonal ? r + 1 : width); c++) {
            const T *dr = d + (r * places * width + c) * places;
            const T *xr = x + (r / outputs * places * s->columns + c / outputs) * places;
            T total = 0;
            for (long p = 0; p < places; p++) {
#pragma clang fp reassociate(on)
                const T *restrict dp = dr + p * width * places, *restrict xp = xr + p * s->columns * places;
                T part = 0;
                for (long q = 0; q < places; q++) part += (xp[q] + constant) * dp[q];
                total += part;
            }
            sum[r * width + c] += total;
        }
}

static struct LOCAL(span) LOCAL(span_of)(const struct LOCAL(block) *b, long index) {
    long row = index / b->grid_columns, column = index % b->grid_columns;
    if (b->symmetric) {
        // Squares of the lower triangle, row after row.
        for (row = 0; (row + 1) * (row + 2) / 2 <= index; row++) {}
        column = index - row * (row + 1) / 2;
    }
    return (struct LOCAL(span)){row * b->step, minimum(b->step, b->rows - row * b->step), column * b->step,
                                minimum(b->step, b->columns - column * b->step), b->symmetric && row == column};
}

static void LOCAL(kernel_square)(void *context, long index) {
    const struct LOCAL(block) *b = context;
    const struct LOCAL(span) s = LOCAL(span_of)(b, index);
    const long m = s.rows * b->outputs, n = s.columns * b->outputs, largest = b->step * b->outputs;
    const size_t sums = sizeof(T) * (size_t)(largest * largest), line = sizeof(T) * (size_t)largest;
    const size_t pairs = sizeof(T) * (size_t)(b->scratch_places * b->scratch_places * b->step * b->step);
    char *memory = scratch(SCRATCH_BLOCK, sums + line + pairs + pairs * (size_t)(b->outputs * b->outputs) + 256);
    if (!memory) return;
    T *sum = memset(take(&memory, sums), 0, sums), *spread = take(&memory, line);
    T *x = take(&memory, pairs), *d = take(&memory, pairs * (size_t)(b->outputs * b->outputs));
    for (const struct FACTOR *f = b->factors; f < b->factors + b->count; f++) {
        const T *dr = f->d_rows + s.i * b->outputs * f->places * f->d_length;
        const T *dc = f->d_columns + s.j * b->outputs * f->places * f->d_length;
        if (!f->x_rows && f->places == 1) {
            LOCAL(gram)(s.diagonal, m, n, f->d_length, f->constant, dr, dc, 1, sum);
            continue;
        }
        const T *xr = f->x_rows + s.i * f->places * f->x_length, *xc = f->x_columns + s.j * f->places * f->x_length;
        // Places within a sample are needed on both sides of the diagonal.
        const int half = s.diagonal && f->places == 1;
        if (f->x_rows)
            LOCAL(gram)(half, s.rows * f->places, s.columns * f->places, f->x_length, f->scale, xr, xc, 0, x);
        else
            memset(x, 0, sizeof(T) * (size_t)(s.rows * s.columns * f->places * f->places));
        LOCAL(gram)(half, m * f->places, n * f->places, f->d_length, 1, dr, dc, 0, d);
        if (f->places == 1)
            LOCAL(multiply)(&s, b->outputs, f->constant, x, d, spread, sum);
        else
            LOCAL(contract)(&s, b->outputs, f->places, f->constant, x, d, sum);
    }
    T *to = b->kernel + s.i * b->outputs * b->ld + s.j * b->outputs;
    T *mirrored = b->kernel + s.j * b->outputs * b->ld + s.i * b->outputs;
    for (long r = 0; r < m; r++)
        memcpy(to + r * b->ld, sum + r * n, sizeof(T) * (size_t)(s.diagonal ? r + 1 : n));
    if (b->symmetric)
        for (long c = 0; c < n; c++)
            for (long r = s.diagonal ? c : 0; r < m; r++) mirrored[c * b->ld + r] = sum[r * n + c];
}

size_t NAME(kernel)(const struct FACTOR *factors, long count, long outputs, long rows, long columns, int symmetric,
                    T *kernel, long ld) {
    struct LOCAL(block) b = {
        .factors = factors, .count = count, .outputs = outputs, .rows = rows, .columns = columns,
        .symmetric = symmetric, .kernel = kernel, .ld = ld, .scratch_places = 1};
    for (long f = 0; f < count; f++) b.scratch_places = maximum(b.scratch_places, factors[f].places);
    const long each = outputs * b.scratch_places;
    // Large squares multiply faster; smaller ones where there would be too few for the threads. Those on the diagonal
    // are half the work. Equal ones: the last is not a remainder.
    long side = square;
    for (; side > least_square; side /= 2) {
        const long down = divided_up(rows * each, side), across = divided_up(columns * each, side);
        if ((symmetric ? down * (down + 1) / 2 : down * across) > la_thread_count()) break;
    }
    const long longest = maximum(rows, columns), pieces = divided_up(longest, maximum(side / each, 1));
    b.step = divided_up(longest, pieces);
    b.grid_columns = divided_up(columns, b.step);
    const long down = divided_up(rows, b.step);
    la_parallel(symmetric ? down * (down + 1) / 2 : down * b.grid_columns, &b, LOCAL(kernel_square));
    return lacking_scratch();
}
