// A template, included once for each element type.
// The maps of winograd.c for one element type.
//   T   element type      NAME(x)   exported name      LOCAL(x)   local name
//   e   one of the 16 entries of a transformed square      q   square of a block

struct LOCAL(winograd) {
    const struct la_convolution *shape;
    const struct LOCAL(tiles) *tiles;
    struct squares squares;
    struct LOCAL(epilogue) epilogue;
    const T *x, *y, *packed;
    // of the weight gradient: channels and output channels of a part, parts, chunks of squares, squares of a
    // chunk, sums of a part
    long span, slice, parts, chunks, chunk, part_size;
    T *sums;
};

static struct LOCAL(winograd) LOCAL(winograd_of)(const struct la_convolution *s, struct LOCAL(epilogue) epilogue) {
    return (struct LOCAL(winograd)){.shape = s, .tiles = LOCAL(tiles)(), .squares = squares_of(s), .epilogue = epilogue};
}

// The 16 input pixels (zeros outside) and the 4 output pixels (`outside` beyond the edge) of a square.
static void LOCAL(pixels)(const struct LOCAL(winograd) *c, long square, const T *x, const T *zeros, const T **inputs,
                          T *y, T *outside, T **outputs) {
    const struct la_convolution *s = c->shape;
    const long in_one = c->squares.rows * c->squares.columns, image = square / in_one, in_image = square % in_one;
    const long row = 2 * (in_image / c->squares.columns), column = 2 * (in_image % c->squares.columns);
    const T *from = x + image * s->height * s->width * s->channels;
    for (long e = 0; e < 16; e++) {
        const long iy = row - s->pad_top + e / 4, ix = column - s->pad_left + e % 4;
        const int inside = iy >= 0 && iy < s->height && ix >= 0 && ix < s->width;
        inputs[e] = inside ? from + (iy * s->width + ix) * s->channels : zeros;
    }
    T *to = y + image * s->out_height * s->out_width * s->out_channels;
    for (long e = 0; e < 4; e++) {
        const long oy = row + e / 2, ox = column + e % 2;
        const int inside = oy < s->out_height && ox < s->out_width;
        outputs[e] = inside ? to + (oy * s->out_width + ox) * s->out_channels : outside;
    }
}

// G w G^T for a 3x3 kernel whose entries are `step` apart: to[e * to_step].
static void LOCAL(transform_kernel)(const T *w, const long *taps, T *to, long to_step) {
    T t[4][3];
    for (int j = 0; j < 3; j++) {
        const T w0 = w[taps[j]], w1 = w[taps[3 + j]], w2 = w[taps[6 + j]];
        t[0][j] = w0;
        t[1][j] = (w0 + w1 + w2) / 2;
        t[2][j] = (w0 - w1 + w2) / 2;
        t[3][j] = w2;
    }
    for (int i = 0; i < 4; i++) {
        to[(4 * i) * to_step] = t[i][0];
        to[(4 * i + 1) * to_step] = (t[i][0] + t[i][1] + t[i][2]) / 2;
        to[(4 * i + 2) * to_step] = (t[i][0] - t[i][1] + t[i][2]) / 2;
        to[(4 * i + 3) * to_step] = t[i][2];
    }
}

// packed[panel][e][k][j]: the transformed kernels from channel k to column j of the panel.
struct LOCAL(packing) {
    const T *w;
    T *packed;
    long depth, width, depth_step, column_step;
    long taps[9];
};
static void LOCAL(pack_panel)(void *context, long panel) {
    const struct LOCAL(packing) *p = context;
    for (long k = 0; k < p->depth; k++)
        for (long j = 0; j < p->width; j++)
            LOCAL(transform_kernel)(p->w + k * p->depth_step + (panel * p->width + j) * p->column_step, p->taps,
                                    p->packed + (panel * 16 * p->depth + k) * p->width + j, p->depth * p->width);
}

static void LOCAL(forward_piece)(void *context, long index) {
    const struct LOCAL(winograd) *c = context;
    const struct la_convolution *s = c->shape;
    const long height = c->tiles->height, width = c->tiles->width;
    const long first = index * block, count = minimum(block, c->squares.count - first);
    const long step = block * s->channels + apart;
    const size_t transformed = sizeof(T) * (size_t)(16 * step);
    const size_t products = sizeof(T) * (size_t)(16 * height * width), zero = sizeof(T) * (size_t)s->channels;
    char *memory = scratch(SCRATCH_BLOCK, transformed + products + zero + 20 * sizeof(void *) * block + 512);
    if (!memory) return;
    T *v = take(&memory, transformed);
    T *m = take(&memory, products);
    const T *zeros = memset(take(&memory, zero), 0, zero);
    const T **rows = take(&memory, 16 * sizeof(void *) * block);
    T **outputs = take(&memory, 4 * sizeof(void *) * block);
    for (long q = 0; q < block; q++) {
        const T *inputs[16];
        if (q < count) {
            LOCAL(pixels)(c, first + q, c->x, zeros, inputs, c->epilogue.out, NULL, outputs + 4 * q);
            c->tiles->winograd_input(s->channels, inputs, v + q * s->channels, step);
        }
        for (long e = 0; e < 16; e++) rows[e * block + q] = q < count ? v + e * step + q * s->channels : zeros;
    }
    for (long column = 0; column < s->out_channels; column += width) {
        const T *panel = c->packed + column * 16 * s->channels;
        for (long q = 0; q < count; q += height) {
            for (long e = 0; e < 16; e++)
                c->tiles->inner(1, s->channels, rows + e * block + q, panel + e * s->channels * width,
                                m + e * height * width);
            for (long r = 0; r < minimum(height, count - q); r++) {
                T *const *out = outputs + 4 * (q + r), *pixels[4];
                for (long e = 0; e < 4; e++) pixels[e] = out[e] ? out[e] + column : NULL;
                c->tiles->winograd_output(&c->epilogue, width, m + r * width, height * width, pixels);
            }
        }
    }
}

static void LOCAL(convolve)(const struct la_convolution *s, const T *x, struct LOCAL(epilogue) epilogue,
                            struct LOCAL(packing) p) {
    struct LOCAL(winograd) c = LOCAL(winograd_of)(s, epilogue);
    p.depth = s->channels;
    p.width = c.tiles->width;
    p.packed = scratch(SCRATCH_PACKED, sizeof(T) * (size_t)(16 * s->channels * s->out_channels));
    if (!p.packed) return;
    la_parallel(s->out_channels / p.width, &p, LOCAL(pack_panel));
    c.packed = p.packed;
    c.x = x;
    la_parallel(divided_up(c.squares.count, block), &c, LOCAL(forward_piece));
}

void NAME(forward)(const struct la_convolution *s, const T *x, const T *w, struct LOCAL(epilogue) epilogue) {
    struct LOCAL(packing) p = {.w = w, .depth_step = 1, .column_step = 9 * s->channels};
    for (long tap = 0; tap < 9; tap++) p.taps[tap] = tap * s->channels;
    LOCAL(convolve)(s, x, epilogue, p);
}

// The transpose is a convolution too: of y, with the kernels turned around, channels and outputs swapped.
void NAME(input_gradient)(const struct la_convolution *s, const T *y, const T *w, struct LOCAL(epilogue) epilogue) {
    const struct la_convolution turned = {
        .batch = s->batch, .height = s->out_height, .width = s->out_width, .channels = s->out_channels,
        .out_height = s->height, .out_width = s->width, .out_channels = s->channels, .kernel_height = 3,
        .kernel_width = 3, .stride_y = 1, .stride_x = 1, .pad_top = 2 - s->pad_top, .pad_left = 2 - s->pad_left};
    struct LOCAL(packing) p = {.w = w, .depth_step = 9 * s->channels, .column_step = 1};
    for (long tap = 0; tap < 9; tap++) p.taps[tap] = (8 - tap) * s->channels;
    LOCAL(convolve)(&turned, y, epilogue, p);
}
