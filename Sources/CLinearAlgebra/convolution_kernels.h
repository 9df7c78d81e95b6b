// A template, included once for each element type.
// The maps of convolution.c for one element type.
//   T   element type            NAME(x)   exported name          LOCAL(x)   local name
//   x   input [batch, height, width, channels]     y   output [batch, out_height, out_width, out_channels]
//   w   weights [out_channels, kernel_height, kernel_width, channels]: a row of `patch` entries a channel
//   tap one position (ky, kx) of the kernel        p   pixel of the batch          q   pixel of a block

struct LOCAL(convolution) {
    const struct la_convolution *shape;
    const struct LOCAL(tiles) *tiles;
    const struct residue *residue;
    struct LOCAL(epilogue) epilogue;
    const T *x, *y, *packed;
    int gathers;
    long slice, chunks, chunk;  // of a weight gradient: output channels of a slice; pixels of a chunk
    T *sums;
};

static struct LOCAL(convolution) LOCAL(convolution_of)(const struct la_convolution *s, struct LOCAL(epilogue) epilogue) {
    const struct LOCAL(tiles) *tiles = LOCAL(tiles)();
    return (struct LOCAL(convolution)){
        .shape = s, .tiles = tiles, .epilogue = epilogue, .gathers = s->channels % tiles->width != 0};
}

// The patches of `count` output pixels from `first` on, rows of `length` >= patch entries.
static void LOCAL(gather)(const struct la_convolution *s, const T *x, long first, long count, long length, T *to) {
    const long run = s->kernel_width * s->channels;
    for (long q = 0; q < count; q++, to += length) {
        const struct pixel p = pixel_at(first + q, s->out_height, s->out_width);
        const long left = p.x * s->stride_x - s->pad_left;
        const long lo = minimum(maximum(-left, 0), s->kernel_width);
        const long hi = maximum(minimum(s->width - left, s->kernel_width), lo);
        for (long ky = 0; ky < s->kernel_height; ky++) {
            const long y = p.y * s->stride_y - s->pad_top + ky;
            T *row = to + ky * run;
            const int inside = y >= 0 && y < s->height;
            const long a = inside ? lo * s->channels : run, b = inside ? hi * s->channels : run;
            for (long i = 0; i < a; i++) row[i] = 0;
            const T *from = x + ((p.image * s->height + y) * s->width + left) * s->channels;
            for (long i = a; i < b; i++) row[i] = from[i];
            for (long i = b; i < run; i++) row[i] = 0;
        }
        for (long i = s->kernel_height * run; i < length; i++) to[i] = 0;
    }
}

// rows[(q / group * taps + tap) * group + q % group]: the input pixel under each tap of each output
// pixel, for kernel rows from top_tap to end_tap; pixels from `count` to the next multiple of the
// group read zeros.
static void LOCAL(input_rows)(const struct la_convolution *s, const T *x, const T *zeros, long first, long count,
                              long group, long top_tap, long end_tap, const T **rows) {
    const long taps = (end_tap - top_tap) * s->kernel_width;
    for (long q = 0; q < divided_up(count, group) * group; q++) {
        const T **row = rows + q / group * taps * group + q % group;
        const struct pixel p = pixel_at(first + q, s->out_height, s->out_width);
        const long top = p.y * s->stride_y - s->pad_top, left = p.x * s->stride_x - s->pad_left;
        for (long ky = top_tap; ky < end_tap; ky++) {
            const long y = top + ky;
            const int inside = q < count && y >= 0 && y < s->height;
            const T *line = x + ((p.image * s->height + y) * s->width + left) * s->channels;
            for (long kx = 0; kx < s->kernel_width; kx++, row += group)
                *row = inside && left + kx >= 0 && left + kx < s->width ? line + kx * s->channels : zeros;
        }
    }
}

// The same for the pixels of a residue class: the output pixels that each of them reached.
static void LOCAL(output_rows)(const struct la_convolution *s, const struct residue *r, const T *y, const T *zeros,
                               T *x, long first, long count, long group, const T **rows, T **targets) {
    for (long q = 0; q < divided_up(count, group) * group; q++) {
        const T **row = rows + q / group * r->taps * group + q % group;
        const struct pixel p = pixel_at(first + q, r->height, r->width);
        const long py = r->y + p.y * s->stride_y, px = r->x + p.x * s->stride_x;
        if (q < count) targets[q] = x + ((p.image * s->height + py) * s->width + px) * s->channels;
        for (long t = 0; t < r->taps; t++, row += group) {
            const long oy = (py + s->pad_top - r->tap_y[t]) / s->stride_y;
            const long ox = (px + s->pad_left - r->tap_x[t]) / s->stride_x;
            const int reached = q < count && py + s->pad_top >= r->tap_y[t] && oy < s->out_height
                                && px + s->pad_left >= r->tap_x[t] && ox < s->out_width;
            *row = reached ? y + ((p.image * s->out_height + oy) * s->out_width + ox) * s->out_channels : zeros;
        }
    }
}

// Tiles of a block: every panel of `columns` packed columns against every group of rows.
static void LOCAL(tile_block)(const struct LOCAL(convolution) *c, long count, long taps, long depth, long columns,
                              const T *const *rows, T *const *targets) {
    const long height = c->tiles->height, width = c->tiles->width;
    T tile[max_tile_height * max_tile_width];
    for (long column = 0; column < columns; column += width) {
        const T *panel = c->packed + column * taps * depth;
        for (long q = 0; q < count; q += height) {
            c->tiles->inner(taps, depth, rows + q * taps, panel, tile);
            const long used = minimum(height, count - q);
            T *to[max_tile_height];
            for (long r = 0; r < used; r++) to[r] = targets[q + r] + column;
            c->tiles->store(&c->epilogue, tile, used, minimum(width, columns - column), to);
        }
    }
}

static void LOCAL(forward_piece)(void *context, long index) {
    const struct LOCAL(convolution) *c = context;
    const struct la_convolution *s = c->shape;
    const long first = index * block, count = minimum(block, output_pixels(s) - first);
    const long patch = taps_of(s) * s->channels, taps = c->gathers ? 1 : taps_of(s);
    const size_t gathered = sizeof(T) * (size_t)(c->gathers ? block * patch : s->channels);
    char *memory = scratch(SCRATCH_BLOCK, sizeof(void *) * block * (size_t)(taps + 1) + gathered + 256);
    if (!memory) return;
    const T **rows = take(&memory, sizeof(void *) * block * (size_t)taps);
    T **targets = take(&memory, sizeof(void *) * block);
    T *values = take(&memory, gathered);
    if (c->gathers) {
        LOCAL(gather)(s, c->x, first, count, patch, values);
        for (long q = 0; q < block; q++) rows[q] = values + minimum(q, count - 1) * patch;
    } else {
        memset(values, 0, gathered);
        LOCAL(input_rows)(s, c->x, values, first, count, c->tiles->height, 0, s->kernel_height, rows);
    }
    for (long q = 0; q < count; q++) targets[q] = c->epilogue.out + (first + q) * s->out_channels;
    LOCAL(tile_block)(c, count, taps, patch / taps, s->out_channels, rows, targets);
}

size_t NAME(forward)(const struct la_convolution *s, T alpha, const T *x, const T *w, T beta, T *y, T slope) {
    const struct LOCAL(epilogue) epilogue = {alpha, beta, slope, y, NULL};
    struct LOCAL(convolution) c = LOCAL(convolution_of)(s, epilogue);
    if (winograd_fits(s, c.tiles->width)) {
        LOCAL(winograd_forward)(s, x, w, epilogue);
        return lacking_scratch();
    }
    const long width = c.tiles->width, patch = taps_of(s) * s->channels;
    T *packed = scratch(SCRATCH_PACKED, sizeof(T) * (size_t)(divided_up(s->out_channels, width) * width * patch));
    if (!packed) return lacking_scratch();
    c.packed = packed;
    for (long column = 0; column < s->out_channels; column += width)
        for (long k = 0; k < patch; k++)
            for (long o = column; o < column + width; o++) *packed++ = o < s->out_channels ? w[o * patch + k] : 0;
    c.x = x;
    la_parallel(divided_up(output_pixels(s), block), &c, LOCAL(forward_piece));
    return lacking_scratch();
}

static void LOCAL(input_gradient_piece)(void *context, long index) {
    const struct LOCAL(convolution) *c = context;
    const struct la_convolution *s = c->shape;
    const struct residue *r = c->residue;
    const long first = index * block, count = minimum(block, s->batch * r->height * r->width - first);
    const size_t pointers = sizeof(void *) * block * (size_t)r->taps;
    char *memory = scratch(
        SCRATCH_BLOCK, pointers + sizeof(void *) * block + sizeof(T) * (size_t)s->out_channels + 256);
    if (!memory) return;
    const T **rows = take(&memory, pointers);
    T **targets = take(&memory, sizeof(void *) * block);
    T *zeros = memset(take(&memory, sizeof(T) * (size_t)s->out_channels), 0, sizeof(T) * (size_t)s->out_channels);
    LOCAL(output_rows)(s, r, c->y, zeros, c->epilogue.out, first, count, c->tiles->height, rows, targets);
    LOCAL(tile_block)(c, count, r->taps, s->out_channels, s->channels, rows, targets);
}

size_t NAME(input_gradient)(const struct la_convolution *s, T alpha, const T *y, const T *w, T beta, T *x, T slope,
                            const T *by) {
    const struct LOCAL(epilogue) epilogue = {alpha, beta, slope, x, by};
    struct LOCAL(convolution) c = LOCAL(convolution_of)(s, epilogue);
    if (winograd_fits(s, c.tiles->width)) {
        LOCAL(winograd_input_gradient)(s, y, w, epilogue);
        return lacking_scratch();
    }
    const long width = c.tiles->width, patch = taps_of(s) * s->channels;
    struct residue residue;
    c.residue = &residue;
    c.y = y;
    const long rows = minimum(s->stride_y, s->height), columns = minimum(s->stride_x, s->width);
    for (long class = 0; class < rows * columns; class++) {
        find_residue(&residue, s, class / columns, class % columns);
        const long depth = residue.taps * s->out_channels;
        T *packed = scratch(SCRATCH_PACKED, sizeof(T) * (size_t)(divided_up(s->channels, width) * width * depth));
        if (!packed) return lacking_scratch();
        c.packed = packed;
        for (long column = 0; column < s->channels; column += width)
            for (long t = 0; t < residue.taps; t++)
                for (long o = 0; o < s->out_channels; o++) {
                    const long tap = residue.tap_y[t] * s->kernel_width + residue.tap_x[t];
                    const T *from = w + o * patch + tap * s->channels;
                    for (long i = column; i < column + width; i++) *packed++ = i < s->channels ? from[i] : 0;
                }
        la_parallel(divided_up(s->batch * residue.height * residue.width, block), &c, LOCAL(input_gradient_piece));
    }
    return lacking_scratch();
}
