// The weight gradient of convolution.c for one element type; the names are those of
// convolution_kernels.h.

// The weight gradient of some groups of `height` output channels and some rows of the kernel: a
// piece of work. Both operands of a block are copied into the tile's order, then multiplied.
struct LOCAL(gradient_piece) {
    long start, used;      // output channels
    long tap, taps;        // positions, one where patches are gathered
    long length;           // entries of a position, padded to whole vectors where gathered
    const T **rows;        // [tap][q]
    T *patches, *outputs;  // [q][length] or a row of zeros;  [group][q][height]
    T *panel, *sums;       // [q][width];  [group][tap][column / width][height][width]
};

static void LOCAL(copy_outputs)(const struct LOCAL(convolution) *c, const struct LOCAL(gradient_piece) *g, long first,
                                long count) {
    const long height = c->tiles->height, channels = c->shape->out_channels;
    const T *from = c->y + first * channels + g->start;
    for (long o = 0; o < g->used; o += height) {
        T *to = g->outputs + o * gradient_block;
        if (o + height <= g->used)
            c->tiles->copy_heights(count, from + o, channels, to);
        else
            for (long q = 0; q < count; q++)
                for (long r = 0; r < height; r++) to[q * height + r] = o + r < g->used ? from[q * channels + o + r] : 0;
    }
}

static void LOCAL(add_outer)(const struct LOCAL(convolution) *c, const struct LOCAL(gradient_piece) *g, long count) {
    const long height = c->tiles->height, width = c->tiles->width, columns = g->taps * g->length;
    for (long t = 0; t < g->taps; t++)
        for (long column = 0; column < g->length; column += width) {
            c->tiles->copy_widths(count, g->rows + t * gradient_block, column, g->panel);
            for (long o = 0; o < g->used; o += height)
                c->tiles->outer(count, g->outputs + o * gradient_block, height, g->panel,
                                g->sums + o * columns + (t * g->length + column) * height);
        }
}

// target <- alpha sums + beta target
static void LOCAL(store_sums)(const struct LOCAL(convolution) *c, const struct LOCAL(gradient_piece) *g) {
    const long height = c->tiles->height, width = c->tiles->width, columns = g->taps * g->length;
    const long patch = taps_of(c->shape) * c->shape->channels;
    const long kept = c->gathers ? patch : columns;
    for (long o = 0; o < g->used; o++) {
        const T *from = g->sums + o / height * height * columns + o % height * width;
        T *to = c->out + (g->start + o) * patch + g->tap * g->length;
        for (long k = 0; k < kept; k++) {
            const T sum = c->alpha * from[k / width * height * width + k % width];
            to[k] = c->beta == 0 ? sum : sum + c->beta * to[k];
        }
    }
}

static void LOCAL(weight_gradient_piece)(void *context, long index) {
    const struct LOCAL(convolution) *c = context;
    const struct la_convolution *s = c->shape;
    const long patch = taps_of(s) * s->channels, width = c->tiles->width, parts = c->gathers ? 1 : s->kernel_height;
    struct LOCAL(gradient_piece) g = {.start = index / parts * c->slice};
    g.used = minimum(c->slice, s->out_channels - g.start);
    g.taps = c->gathers ? 1 : s->kernel_width;
    g.tap = index % parts * g.taps;
    g.length = c->gathers ? divided_up(patch, width) * width : s->channels;
    const size_t pointers = sizeof(void *) * gradient_block * (size_t)g.taps;
    const size_t patches = sizeof(T) * (size_t)(c->gathers ? gradient_block * g.length : s->channels);
    const size_t outputs = sizeof(T) * (size_t)(c->slice * gradient_block);
    const size_t panel = sizeof(T) * (size_t)(width * gradient_block);
    const size_t sums = sizeof(T) * (size_t)(c->slice * g.taps * g.length);
    char *memory = scratch(SCRATCH_BLOCK, pointers + patches + outputs + panel + sums + 320);
    g.rows = take(&memory, pointers);
    g.patches = memset(take(&memory, patches), 0, patches);
    g.outputs = take(&memory, outputs);
    g.panel = take(&memory, panel);
    g.sums = memset(take(&memory, sums), 0, sums);
    for (long first = 0; first < output_pixels(s); first += gradient_block) {
        const long count = minimum(gradient_block, output_pixels(s) - first);
        if (c->gathers) {
            LOCAL(gather)(s, c->x, first, count, g.length, g.patches);
            for (long q = 0; q < count; q++) g.rows[q] = g.patches + q * g.length;
        } else {
            LOCAL(input_rows)(s, c->x, g.patches, first, count, gradient_block, g.tap / s->kernel_width,
                              g.tap / s->kernel_width + 1, g.rows);
        }
        LOCAL(copy_outputs)(c, &g, first, count);
        LOCAL(add_outer)(c, &g, count);
    }
    LOCAL(store_sums)(c, &g);
}

void NAME(weight_gradient)(const struct la_convolution *s, T alpha, const T *y, const T *x, T beta, T *w) {
    struct LOCAL(convolution) c = LOCAL(convolution_of)(s, alpha, beta);
    if (winograd_fits(s, c.tiles->width)) return LOCAL(winograd_weight_gradient)(s, alpha, y, x, beta, w);
    c.x = x;
    c.y = y;
    c.out = w;
    // Up to six groups share a copied panel; fewer where there would be too few pieces for the threads.
    const long height = c.tiles->height, parts = c.gathers ? 1 : s->kernel_height;
    const long groups = divided_up(s->out_channels, height);
    const long slices = maximum(divided_up(groups, 6), minimum(divided_up(3 * parallel_width(), parts), groups));
    c.slice = divided_up(groups, slices) * height;
    la_parallel(divided_up(s->out_channels, c.slice) * parts, &c, LOCAL(weight_gradient_piece));
}

struct LOCAL(gradient_rows) {
    struct la_convolution one;
    long batch, count, step;
    T alpha;
    const T *y, *x;
    T *w;
};

static void LOCAL(gradient_row)(void *context, long row) {
    const struct LOCAL(gradient_rows) *g = context;
    const long sample = row / g->count, cotangent = row % g->count;
    const long inputs = g->one.height * g->one.width * g->one.channels;
    const T *y = g->y + (cotangent * g->batch + sample) * output_pixels(&g->one) * g->one.out_channels;
    NAME(weight_gradient)(&g->one, g->alpha, y, g->x + sample * inputs, 0, g->w + row * g->step);
}

void NAME(weight_gradients)(const struct la_convolution *s, long count, T alpha, const T *y, const T *x, T *w,
                            long step) {
    struct LOCAL(gradient_rows) g = {*s, s->batch, count, step, alpha, y, x, w};
    g.one.batch = 1;
    la_parallel(s->batch * count, &g, LOCAL(gradient_row));
}

struct LOCAL(patches) {
    const struct la_convolution *shape;
    const T *x;
    T *patches;
};

static void LOCAL(patch_row)(void *context, long row) {
    const struct LOCAL(patches) *p = context;
    const long width = p->shape->out_width, length = taps_of(p->shape) * p->shape->channels;
    LOCAL(gather)(p->shape, p->x, row * width, width, length, p->patches + row * width * length);
}

void NAME(patches)(const struct la_convolution *s, const T *x, T *patches) {
    struct LOCAL(patches) p = {s, x, patches};
    la_parallel(s->batch * s->out_height, &p, LOCAL(patch_row));
}

size_t NAME(scratch)(const struct la_convolution *s) {
    const struct LOCAL(convolution) c = LOCAL(convolution_of)(s, 1, 0);
    const long patch = taps_of(s) * s->channels, width = c.tiles->width, height = c.tiles->height;
    const long pointers = (long)sizeof(void *) / (long)sizeof(T);
    if (winograd_fits(s, width)) {
        const long forward = 16 * winograd_block * (maximum(s->channels, s->out_channels) + width);
        const long slice = minimum(winograd_slice, s->out_channels) + height, span = minimum(winograd_span, s->channels);
        const long gradient = 16 * (winograd_block * (span + slice) + span * slice);
        const long packed = 16 * s->channels * s->out_channels;
        return sizeof(T) * (size_t)(packed + la_thread_count() * maximum(forward, gradient));
    }
    const long packed = maximum(divided_up(s->out_channels, width) * width * patch,
                                divided_up(s->channels, width) * width * taps_of(s) * s->out_channels);
    const long taps = c.gathers ? 1 : taps_of(s), length = divided_up(patch, width) * width;
    const long forward = block * (taps_of(s) * pointers + (c.gathers ? patch : 0));
    const long slice = minimum(6 * height, divided_up(s->out_channels, height) * height);
    const long sums = slice * (c.gathers ? length : s->kernel_width * s->channels);
    const long gradient = gradient_block * (taps * pointers + slice + width + (c.gathers ? length : 0)) + sums;
    return sizeof(T) * (size_t)(packed + la_thread_count() * maximum(forward, gradient));
}
