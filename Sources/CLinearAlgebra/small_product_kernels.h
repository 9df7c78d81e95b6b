// A template, included once for each element type.
// The product of small_products.h for one element type.
//   T   element type      NAME(x)   exported name      LOCAL(x)   local name

struct LOCAL(small) {
    const struct LOCAL(product) *p;
    const struct LOCAL(tiles) *tiles;
    long panels, chunk;  // panels of columns, as wide as a tile; rows of a piece
};

static void LOCAL(small_piece)(void *context, long index) {
    const struct LOCAL(small) *s = context;
    const struct LOCAL(product) *p = s->p;
    const long height = s->tiles->height, width = s->tiles->width, column = index % s->panels * width;
    const long columns = minimum(width, p->n - column), end = minimum((index / s->panels + 1) * s->chunk, p->m);
    const T *b = p->b + column;
    long step = p->ldb;
    if (columns < width) {
        T *copy = scratch(SCRATCH_BLOCK, sizeof(T) * (size_t)(p->k * width));
        if (!copy) return;
        for (long k = 0; k < p->k; k++)
            for (long j = 0; j < width; j++) copy[k * width + j] = j < columns ? b[k * step + j] : 0;
        b = copy;
        step = width;
    }
    for (long row = index / s->panels * s->chunk; row < end; row += height) {
        const long used = minimum(height, end - row);
        const T *rows[max_tile_height];
        T *to[max_tile_height];
        for (long r = 0; r < height; r++) {
            const long i = row + minimum(r, used - 1);
            rows[r] = p->a + i * p->lda;
            to[r] = p->epilogue.out + i * p->ldc + column;
        }
        if (columns == width) {
            s->tiles->product(p->k, rows, b, step, &p->epilogue, used, to);
        } else {
            T tile[max_tile_height * max_tile_width];
            s->tiles->inner(1, p->k, rows, b, tile);
            s->tiles->store(&p->epilogue, tile, used, columns, to);
        }
    }
}

int NAME(product)(const struct LOCAL(product) *p) {
    struct LOCAL(small) s = {.p = p, .tiles = LOCAL(tiles)()};
    const long height = s.tiles->height, width = s.tiles->width;
    if (p->k > most_depth || p->m * p->n > most_work / maximum(p->k, 1)) return 0;
    if (2 * p->n < width || 2 * p->m < height || width * (long)sizeof(T) < least_width) return 0;
    s.panels = divided_up(p->n, width);
    // Two pieces a thread, of whole tiles; one where waking threads would take longer than the work.
    const long pieces = p->m * p->n * p->k < least_shared_work ? 1 : 2 * parallel_width();
    s.chunk = divided_up(divided_up(p->m, height), divided_up(pieces, s.panels)) * height;
    la_parallel(s.panels * divided_up(p->m, s.chunk), &s, LOCAL(small_piece));
    return 1;
}
