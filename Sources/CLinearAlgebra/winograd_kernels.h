// The maps of winograd.c for one element type.
//   T   element type      NAME(x)   exported name      LOCAL(x)   local name
//   e   one of the 16 entries of a transformed square      q   square of a block

struct LOCAL(winograd) {
    const struct la_convolution *shape;
    const struct LOCAL(tiles) *tiles;
    struct squares squares;
    T alpha, beta;
    const T *x, *y, *packed;
    T *out;
    long panels, slice;  // of a piece of the weight gradient: panels of channels, output channels
};

static struct LOCAL(winograd) LOCAL(winograd_of)(const struct la_convolution *s, T alpha, T beta) {
    return (struct LOCAL(winograd)){
        .shape = s, .tiles = LOCAL(tiles)(), .squares = squares_of(s), .alpha = alpha, .beta = beta};
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
    T *v = take(&memory, transformed);
    T *m = take(&memory, products);
    const T *zeros = memset(take(&memory, zero), 0, zero);
    const T **rows = take(&memory, 16 * sizeof(void *) * block);
    T **outputs = take(&memory, 4 * sizeof(void *) * block);
    for (long q = 0; q < block; q++) {
        const T *inputs[16];
        if (q < count) {
            LOCAL(pixels)(c, first + q, c->x, zeros, inputs, c->out, NULL, outputs + 4 * q);
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
                c->tiles->winograd_output(width, m + r * width, height * width, c->alpha, c->beta, pixels);
            }
        }
    }
}

static void LOCAL(convolve)(const struct la_convolution *s, T alpha, const T *x, T beta, T *y,
                            struct LOCAL(packing) p) {
    struct LOCAL(winograd) c = LOCAL(winograd_of)(s, alpha, beta);
    p.depth = s->channels;
    p.width = c.tiles->width;
    p.packed = scratch(SCRATCH_PACKED, sizeof(T) * (size_t)(16 * s->channels * s->out_channels));
    la_parallel(s->out_channels / p.width, &p, LOCAL(pack_panel));
    c.packed = p.packed;
    c.x = x;
    c.out = y;
    la_parallel(divided_up(c.squares.count, block), &c, LOCAL(forward_piece));
}

void NAME(forward)(const struct la_convolution *s, T alpha, const T *x, const T *w, T beta, T *y) {
    struct LOCAL(packing) p = {.w = w, .depth_step = 1, .column_step = 9 * s->channels};
    for (long tap = 0; tap < 9; tap++) p.taps[tap] = tap * s->channels;
    LOCAL(convolve)(s, alpha, x, beta, y, p);
}

// The transpose is a convolution too: of y, with the kernels turned around, channels and outputs swapped.
void NAME(input_gradient)(const struct la_convolution *s, T alpha, const T *y, const T *w, T beta, T *x) {
    const struct la_convolution turned = {
        .batch = s->batch, .height = s->out_height, .width = s->out_width, .channels = s->out_channels,
        .out_height = s->height, .out_width = s->width, .out_channels = s->channels, .kernel_height = 3,
        .kernel_width = 3, .stride_y = 1, .stride_x = 1, .pad_top = 2 - s->pad_top, .pad_left = 2 - s->pad_left};
    struct LOCAL(packing) p = {.w = w, .depth_step = 9 * s->channels, .column_step = 1};
    for (long tap = 0; tap < 9; tap++) p.taps[tap] = (8 - tap) * s->channels;
    LOCAL(convolve)(&turned, alpha, y, beta, x, p);
}

// dw[o][tap][i] <- alpha G^T u G + beta dw, with u[e * step] the sums of a piece.
static void LOCAL(store_kernel)(const struct LOCAL(winograd) *c, const T *u, long step, T *w) {
    T t[3][4];
    for (int j = 0; j < 4; j++) {
        const T u0 = u[j * step], u1 = u[(4 + j) * step], u2 = u[(8 + j) * step], u3 = u[(12 + j) * step];
        t[0][j] = u0 + (u1 + u2) / 2;
        t[1][j] = (u1 - u2) / 2;
        t[2][j] = (u1 + u2) / 2 + u3;
    }
    for (int i = 0; i < 3; i++) {
        const T sums[3] = {
            t[i][0] + (t[i][1] + t[i][2]) / 2, (t[i][1] - t[i][2]) / 2, (t[i][1] + t[i][2]) / 2 + t[i][3]};
        for (int j = 0; j < 3; j++) {
            T *to = w + (3 * i + j) * c->shape->channels;
            *to = c->beta == 0 ? c->alpha * sums[j] : c->alpha * sums[j] + c->beta * *to;
        }
    }
}

// Some panels of channels against a slice of output channels, over all squares.
static void LOCAL(weight_gradient_piece)(void *context, long index) {
    const struct LOCAL(winograd) *c = context;
    const struct la_convolution *s = c->shape;
    const long height = c->tiles->height, width = c->tiles->width, span = c->panels * width;
    const long slices = divided_up(s->out_channels, c->slice);
    const long channel = index / slices * span, channels = minimum(span, s->channels - channel);
    const long output = index % slices * c->slice, outputs = minimum(c->slice, s->out_channels - output);
    const long groups = divided_up(outputs, height), lda = groups * height;
    const size_t zero = sizeof(T) * (size_t)maximum(channels, outputs);
    const long v_step = block * span + apart, d_step = block * lda + apart;
    const size_t inputs = sizeof(T) * (size_t)(16 * v_step), gradients = sizeof(T) * (size_t)(16 * d_step);
    const size_t summed = sizeof(T) * (size_t)(16 * lda * span);
    char *memory = scratch(SCRATCH_BLOCK, zero + inputs + gradients + summed + 512);
    T *zeros = memset(take(&memory, zero), 0, zero);
    T *v = take(&memory, inputs);  // [e][panel][q][width]
    T *d = memset(take(&memory, gradients), 0, gradients);  // [e][q][lda]
    T *sums = memset(take(&memory, summed), 0, summed);  // [e][panel][group][height][width]
    for (long first = 0; first < c->squares.count; first += block) {
        const long count = minimum(block, c->squares.count - first);
        for (long q = 0; q < count; q++) {
            const T *in[16];
            T *out[4];
            LOCAL(pixels)(c, first + q, c->x + channel, zeros, in, (T *)c->y + output, zeros, out);
            for (long p = 0; p < channels; p += width) {
                c->tiles->winograd_input(width, in, v + p * block + q * width, v_step);
                for (long e = 0; e < 16; e++) in[e] += in[e] == zeros ? 0 : width;
            }
            c->tiles->winograd_gradient(outputs, (const T *const *)out, d + q * lda, d_step);
        }
        for (long e = 0; e < 16; e++)
            for (long p = 0; p < channels; p += width)
                for (long g = 0; g < lda; g += height)
                    c->tiles->outer(count, d + e * d_step + g, lda, v + e * v_step + p * block,
                                    sums + e * lda * span + p * lda + g * width);
    }
    for (long o = 0; o < outputs; o++)
        for (long i = 0; i < channels; i++) {
            const long tile = i / width * width * lda + o / height * height * width;
            const T *from = sums + tile + o % height * width + i % width;
            LOCAL(store_kernel)(c, from, lda * span, c->out + (output + o) * 9 * s->channels + channel + i);
        }
}

void NAME(weight_gradient)(const struct la_convolution *s, T alpha, const T *y, const T *x, T beta, T *w) {
    struct LOCAL(winograd) c = LOCAL(winograd_of)(s, alpha, beta);
    c.x = x;
    c.y = y;
    c.out = w;
    // The largest pieces, output channels by channels, that keep all threads busy: larger ones transform
    // less often. The sums do not depend on the choice.
    static const long sizes[][2] = {{winograd_slice, winograd_span}, {64, 32}, {32, 32}};
    for (int i = 0; i < 3; i++) {
        c.slice = minimum(sizes[i][0], s->out_channels);
        c.panels = maximum(sizes[i][1] / c.tiles->width, 1);
        if (divided_up(s->channels, sizes[i][1]) * divided_up(s->out_channels, c.slice) >= parallel_width()) break;
    }
    la_parallel(divided_up(s->channels, c.panels * c.tiles->width) * divided_up(s->out_channels, c.slice), &c,
                LOCAL(weight_gradient_piece));
}
