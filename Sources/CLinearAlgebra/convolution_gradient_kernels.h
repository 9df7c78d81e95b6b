// A template, included once for each element type.
// The weight gradient of convolution.c for one element type; the names are those of
// convolution_kernels.h.

// The weight gradient of some groups of `height` output channels and one row of the kernel: a piece of work.
// Both operands of a block are copied into the tile's order, then multiplied.
struct LOCAL(gradient_piece) {
    long start, used;     // output channels
    long row;             // of the kernel
    const T **rows;       // [tap][q]
    T *zeros, *outputs;   // a pixel outside the image;  [group][q][height]
    T *panel, *sums;      // [q][width];  [group][tap][column / width][height][width]
};

static void LOCAL(copy_outputs)(const struct LOCAL(convolution) *c, long start, long used, long first, long count,
                                T *outputs) {
    const long height = c->tiles->height, channels = c->shape->out_channels;
    const T *from = c->y + first * channels + start;
    for (long o = 0; o < used; o += height) {
        T *to = outputs + o * gradient_block;
        if (o + height <= used)
            c->tiles->copy_heights(count, from + o, channels, to);
        else
            for (long q = 0; q < count; q++)
                for (long r = 0; r < height; r++) to[q * height + r] = o + r < used ? from[q * channels + o + r] : 0;
    }
}

static void LOCAL(add_outer)(const struct LOCAL(convolution) *c, const struct LOCAL(gradient_piece) *g, long count) {
    const long height = c->tiles->height, width = c->tiles->width, channels = c->shape->channels;
    const long columns = c->shape->kernel_width * channels;
    for (long t = 0; t < c->shape->kernel_width; t++)
        for (long column = 0; column < channels; column += width) {
            c->tiles->copy_widths(count, g->rows + t * gradient_block, column, g->panel);
            for (long o = 0; o < g->used; o += height)
                c->tiles->outer(count, g->outputs + o * gradient_block, height, g->panel,
                                g->sums + o * columns + (t * channels + column) * height);
        }
}

// Rows `start` ... of w from `column` on <- epilogue of sums [group][panel][height][width], `columns` a row of which
// `kept` are stored.
static void LOCAL(store_sums)(const struct LOCAL(convolution) *c, const T *sums, long start, long used, long column,
                              long columns, long kept) {
    const long height = c->tiles->height, width = c->tiles->width;
    const long patch = taps_of(c->shape) * c->shape->channels;
    for (long o = 0; o < used; o += height)
        for (long k = 0; k < kept; k += width) {
            T *to[max_tile_height];
            for (long r = 0; r < height; r++) to[r] = c->epilogue.out + (start + o + r) * patch + column + k;
            c->tiles->store(&c->epilogue, sums + o * columns + k * height, minimum(height, used - o),
                            minimum(width, kept - k), to);
        }
}

static void LOCAL(patch_gradient)(struct LOCAL(convolution) *c);

static void LOCAL(weight_gradient_piece)(void *context, long index) {
    const struct LOCAL(convolution) *c = context;
    const struct la_convolution *s = c->shape;
    const long width = c->tiles->width, columns = s->kernel_width * s->channels;
    struct LOCAL(gradient_piece) g = {.start = index / s->kernel_height * c->slice, .row = index % s->kernel_height};
    g.used = minimum(c->slice, s->out_channels - g.start);
    const size_t pointers = sizeof(void *) * gradient_block * (size_t)s->kernel_width;
    const size_t zero = sizeof(T) * (size_t)s->channels, outputs = sizeof(T) * (size_t)(c->slice * gradient_block);
    const size_t panel = sizeof(T) * (size_t)(width * gradient_block), sums = sizeof(T) * (size_t)(c->slice * columns);
    char *memory = scratch(SCRATCH_BLOCK, pointers + zero + outputs + panel + sums + 320);
    if (!memory) return;
    g.rows = take(&memory, pointers);
    g.zeros = memset(take(&memory, zero), 0, zero);
    g.outputs = take(&memory, outputs);
    g.panel = take(&memory, panel);
    g.sums = memset(take(&memory, sums), 0, sums);
    for (long first = 0; first < output_pixels(s); first += gradient_block) {
        const long count = minimum(gradient_block, output_pixels(s) - first);
        LOCAL(input_rows)(s, c->x, g.zeros, first, count, gradient_block, g.row, g.row + 1, g.rows);
        LOCAL(copy_outputs)(c, g.start, g.used, first, count, g.outputs);
        LOCAL(add_outer)(c, &g, count);
    }
    LOCAL(store_sums)(c, g.sums, g.start, g.used, g.row * columns, columns, columns);
}

static void LOCAL(weight_gradient)(const struct la_convolution *s, T alpha, const T *y, const T *x, T beta, T *w) {
    const struct LOCAL(epilogue) epilogue = {alpha, beta, 1, w, NULL};
    struct LOCAL(convolution) c = LOCAL(convolution_of)(s, epilogue);
    if (winograd_fits(s, c.tiles->width)) return LOCAL(winograd_weight_gradient)(s, y, x, epilogue);
    c.x = x;
    c.y = y;
    if (c.gathers) return LOCAL(patch_gradient)(&c);
    // Up to six groups share a copied panel; fewer where there would be too few pieces for the threads.
    const long height = c.tiles->height, groups = divided_up(s->out_channels, height);
    const long fewest = minimum(divided_up(3 * parallel_width(), s->kernel_height), groups);
    c.slice = divided_up(groups, maximum(divided_up(groups, 6), fewest)) * height;
    la_parallel(divided_up(s->out_channels, c.slice) * s->kernel_height, &c, LOCAL(weight_gradient_piece));
}

size_t NAME(weight_gradient)(const struct la_convolution *s, T alpha, const T *y, const T *x, T beta, T *w) {
    LOCAL(weight_gradient)(s, alpha, y, x, beta, w);
    return lacking_scratch();
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
    LOCAL(weight_gradient)(&g->one, g->alpha, y, g->x + sample * inputs, 0, g->w + row * g->step);
}

size_t NAME(weight_gradients)(const struct la_convolution *s, long count, T alpha, const T *y, const T *x, T *w,
                              long step) {
    struct LOCAL(gradient_rows) g = {*s, s->batch, count, step, alpha, y, x, w};
    g.one.batch = 1;
    la_parallel(s->batch * count, &g, LOCAL(gradient_row));
    return lacking_scratch();
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
    const struct LOCAL(convolution) c = LOCAL(convolution_of)(s, (struct LOCAL(epilogue)){0});
    const long patch = taps_of(s) * s->channels, width = c.tiles->width, height = c.tiles->height;
    const long pointers = (long)sizeof(void *) / (long)sizeof(T);
    if (winograd_fits(s, width)) {
        const long forward = 16 * (winograd_block * maximum(s->channels, s->out_channels) + height * width);
        const long slice = minimum(winograd_slice, s->out_channels) + height, span = minimum(winograd_span, s->channels);
        const long gradient = 16 * (winograd_block * (span + slice) + span * slice);
        // Sums of chunks are those of the largest parts, or of smaller ones that end in the same rows of tiles.
        const long sums = winograd_pieces * span * divided_up(slice, 32) * (32 + height);
        const long packed = 16 * maximum(s->channels * s->out_channels, sums);
        return sizeof(T) * (size_t)(packed + la_thread_count() * maximum(forward, gradient));
    }
    const long packed = maximum(divided_up(s->out_channels, width) * width * patch,
                                divided_up(s->channels, width) * width * taps_of(s) * s->out_channels);
    const long length = divided_up(patch, width) * width, outputs = divided_up(s->out_channels, height) * height;
    const long forward = block * (taps_of(s) * pointers + (c.gathers ? patch : 0));
    if (c.gathers) {
        const long slice = minimum(maximum(slice_sums / (height * length), 6) * height, outputs);
        const long gradient = gradient_block * (length + width + height) + slice * length;
        return sizeof(T) * (size_t)(maximum(packed, patch_sums) + la_thread_count() * maximum(forward, gradient));
    }
    const long slice = minimum(6 * height, outputs), sums = slice * s->kernel_width * s->channels;
    const long gradient = gradient_block * (taps_of(s) * pointers + slice + width) + sums;
    return sizeof(T) * (size_t)(packed + la_thread_count() * maximum(forward, gradient));
}
