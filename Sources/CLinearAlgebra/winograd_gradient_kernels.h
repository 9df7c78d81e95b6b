// A template, included once for each element type.
// The weight gradient of winograd.c for one element type; the names are those of winograd_kernels.h.

// dw[o][tap][i] <- alpha G^T u G + beta dw, with u[e * step] the sums of a piece.
static void LOCAL(store_kernel)(const struct LOCAL(winograd) *c, const T *u, long step, T *w) {
    const struct LOCAL(epilogue) *e = &c->epilogue;
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
            *to = e->beta == 0 ? e->alpha * sums[j] : e->alpha * sums[j] + e->beta * *to;
        }
    }
}

// A piece of the weight gradient: some channels and output channels (a part), summed over some squares (a
// chunk). Where there are several chunks, their sums are added up in the end, in order.
struct LOCAL(gradient_piece) {
    long channel, channels, output, outputs, lda, first, end;
};

static struct LOCAL(gradient_piece) LOCAL(piece_at)(const struct LOCAL(winograd) *c, long index) {
    const struct la_convolution *s = c->shape;
    const long slices = divided_up(s->out_channels, c->slice), part = index % c->parts;
    struct LOCAL(gradient_piece) g = {
        .channel = part / slices * c->span, .output = part % slices * c->slice,
        .first = index / c->parts * c->chunk};
    g.channels = minimum(c->span, s->channels - g.channel);
    g.outputs = minimum(c->slice, s->out_channels - g.output);
    g.lda = divided_up(g.outputs, c->tiles->height) * c->tiles->height;
    g.end = minimum(g.first + c->chunk, c->squares.count);
    return g;
}

// Chunks by shape alone, so that sums don't depend on the number of threads: enough of them for a few threads,
// each long enough that adding them up costs little. Then the largest parts that keep all threads busy, since
// larger ones transform less often.
static void LOCAL(divide)(struct LOCAL(winograd) *c) {
    static const long sizes[][2] = {{winograd_slice, winograd_span}, {64, 32}, {32, 32}};
    const struct la_convolution *s = c->shape;
    const long blocks = divided_up(c->squares.count, block);
    for (int i = 0; i < 3; i++) {
        c->slice = minimum(sizes[i][0], s->out_channels);
        c->span = minimum(maximum(sizes[i][1], c->tiles->width), s->channels);
        c->parts = divided_up(s->channels, c->span) * divided_up(s->out_channels, c->slice);
        if (i == 0)
            // Single samples come from tasks, each of which would keep sums of its own.
            for (c->chunks = 1; s->batch > 1 && 2 * c->chunks * c->parts <= winograd_pieces
                                && 2 * c->chunks * least_blocks <= blocks;)
                c->chunks *= 2;
        if (c->chunks * c->parts >= parallel_width()) break;
    }
    c->chunk = divided_up(blocks, c->chunks) * block;
    c->part_size = 16 * c->span * divided_up(c->slice, c->tiles->height) * c->tiles->height;
}

// Rows first <= o < end of a part's kernels, from its sums [e][panel][group][height][width].
static void LOCAL(store_kernels)(const struct LOCAL(winograd) *c, const struct LOCAL(gradient_piece) *g,
                                 const T *sums, long first, long end) {
    const long height = c->tiles->height, width = c->tiles->width;
    for (long o = first; o < minimum(end, g->outputs); o++)
        for (long i = 0; i < g->channels; i++) {
            const long tile = i / width * width * g->lda + o / height * height * width;
            const T *from = sums + tile + o % height * width + i % width;
            LOCAL(store_kernel)(
                c, from, g->lda * g->channels, c->epilogue.out + (g->output + o) * 9 * c->shape->channels + g->channel + i);
        }
}

static void LOCAL(weight_gradient_piece)(void *context, long index) {
    const struct LOCAL(winograd) *c = context;
    const struct LOCAL(gradient_piece) g = LOCAL(piece_at)(c, index);
    const long height = c->tiles->height, width = c->tiles->width;
    const long v_step = block * g.channels + apart, d_step = block * g.lda + apart;
    const size_t zero = sizeof(T) * (size_t)maximum(g.channels, g.outputs);
    const size_t inputs = sizeof(T) * (size_t)(16 * v_step), gradients = sizeof(T) * (size_t)(16 * d_step);
    const size_t summed = sizeof(T) * (size_t)(16 * g.lda * g.channels);
    char *memory = scratch(SCRATCH_BLOCK, zero + inputs + gradients + summed + 512);
    if (!memory) return;
    T *zeros = memset(take(&memory, zero), 0, zero);
    T *v = take(&memory, inputs);                           // [e][panel][q][width]
    T *d = memset(take(&memory, gradients), 0, gradients);  // [e][q][lda]
    T *sums = memset(take(&memory, summed), 0, summed);
    for (long first = g.first; first < g.end; first += block) {
        const long count = minimum(block, g.end - first);
        for (long q = 0; q < count; q++) {
            const T *in[16];
            T *out[4];
            LOCAL(pixels)(c, first + q, c->x + g.channel, zeros, in, (T *)c->y + g.output, zeros, out);
            for (long p = 0; p < g.channels; p += width) {
                c->tiles->winograd_input(width, in, v + p * block + q * width, v_step);
                for (long e = 0; e < 16; e++) in[e] += in[e] == zeros ? 0 : width;
            }
            c->tiles->winograd_gradient(g.outputs, (const T *const *)out, d + q * g.lda, d_step);
        }
        for (long e = 0; e < 16; e++)
            for (long p = 0; p < g.channels; p += width)
                for (long o = 0; o < g.lda; o += height)
                    c->tiles->outer(count, d + e * d_step + o, g.lda, v + e * v_step + p * block,
                                    sums + e * g.lda * g.channels + p * g.lda + o * width);
    }
    if (c->chunks == 1)
        LOCAL(store_kernels)(c, &g, sums, 0, g.outputs);
    else
        memcpy(c->sums + index * c->part_size, sums, summed);
}

// One of the 16 entries of a part: the sums of all chunks.
static void LOCAL(add_chunks)(void *context, long index) {
    const struct LOCAL(winograd) *c = context;
    const struct LOCAL(gradient_piece) g = LOCAL(piece_at)(c, index / 16);
    const long length = g.lda * g.channels;
    T *sums = c->sums + index / 16 * c->part_size + index % 16 * length;
    for (long chunk = 1; chunk < c->chunks; chunk++)
        LOCAL(la_axpy)(length, 1, sums + chunk * c->parts * c->part_size, sums);
}

static void LOCAL(store_group)(void *context, long index) {
    const struct LOCAL(winograd) *c = context;
    const struct LOCAL(gradient_piece) g = LOCAL(piece_at)(c, index % c->parts);
    const long first = index / c->parts * c->tiles->height;
    LOCAL(store_kernels)(c, &g, c->sums + index % c->parts * c->part_size, first, first + c->tiles->height);
}

void NAME(weight_gradient)(const struct la_convolution *s, const T *y, const T *x, struct LOCAL(epilogue) epilogue) {
    struct LOCAL(winograd) c = LOCAL(winograd_of)(s, epilogue);
    c.x = x;
    c.y = y;
    LOCAL(divide)(&c);
    if (c.chunks > 1) {
        c.sums = scratch(SCRATCH_PACKED, sizeof(T) * (size_t)(c.chunks * c.parts * c.part_size));
        if (!c.sums) return;
    }
    la_parallel(c.chunks * c.parts, &c, LOCAL(weight_gradient_piece));
    if (c.chunks == 1) return;
    la_parallel(16 * c.parts, &c, LOCAL(add_chunks));
    la_parallel(divided_up(c.slice, c.tiles->height) * c.parts, &c, LOCAL(store_group));
}
