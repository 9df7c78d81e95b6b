// A template, included once for each element type.
// The weight gradient of convolution.c from gathered patches, for one element type; the names are those of
// convolution_kernels.h and convolution_gradient_kernels.h.

// The weight gradient where channels don't fill vectors, as the three of a picture: patches [q][length] of a block
// are gathered once for all output channels of a slice, and the outputs are read where they lie. A piece is a
// slice of them, summed over a chunk of pixels.
static void LOCAL(patch_gradient_piece)(void *context, long index) {
    const struct LOCAL(convolution) *c = context;
    const struct la_convolution *s = c->shape;
    const long height = c->tiles->height, width = c->tiles->width, patch = taps_of(s) * s->channels;
    const long length = divided_up(patch, width) * width, slices = divided_up(s->out_channels, c->slice);
    const long start = index % slices * c->slice, used = minimum(c->slice, s->out_channels - start);
    const long begin = index / slices * c->chunk, end = minimum(begin + c->chunk, output_pixels(s));
    const size_t patches = sizeof(T) * (size_t)(gradient_block * length), panel = sizeof(T) * (size_t)(width * gradient_block);
    const size_t rest = sizeof(T) * (size_t)(height * gradient_block), summed = sizeof(T) * (size_t)(c->slice * length);
    char *memory = scratch(SCRATCH_BLOCK, patches + panel + rest + summed + sizeof(void *) * gradient_block + 320);
    if (!memory) return;
    T *gathered = take(&memory, patches), *copied = take(&memory, panel), *outputs = take(&memory, rest);
    T *sums = memset(take(&memory, summed), 0, summed);
    const T **rows = take(&memory, sizeof(void *) * gradient_block);
    for (long q = 0; q < gradient_block; q++) rows[q] = gathered + q * length;
    const long whole = used / height * height;
    for (long first = begin; first < end; first += gradient_block) {
        const long count = minimum(gradient_block, end - first);
        LOCAL(gather)(s, c->x, first, count, length, gathered);
        if (whole < used) LOCAL(copy_outputs)(c, start + whole, used - whole, first, count, outputs);
        for (long column = 0; column < length; column += width) {
            if (length > width) c->tiles->copy_widths(count, rows, column, copied);
            const T *values = length > width ? copied : gathered, *y = c->y + first * s->out_channels + start;
            for (long o = 0; o < used; o += height)
                c->tiles->outer(count, o < whole ? y + o : outputs, o < whole ? s->out_channels : height, values,
                                sums + o * length + column * height);
        }
    }
    if (c->chunks == 1)
        LOCAL(store_sums)(c, sums, start, used, 0, length, patch);
    else
        memcpy(c->sums + index * c->slice * length, sums, summed);
}

static void LOCAL(add_patch_chunks)(void *context, long slice) {
    const struct LOCAL(convolution) *c = context;
    const long patch = taps_of(c->shape) * c->shape->channels, width = c->tiles->width;
    const long length = divided_up(patch, width) * width, slices = divided_up(c->shape->out_channels, c->slice);
    T *sums = c->sums + slice * c->slice * length;
    for (long chunk = 1; chunk < c->chunks; chunk++)
        LOCAL(la_axpy)(c->slice * length, 1, sums + chunk * slices * c->slice * length, sums);
    const long start = slice * c->slice;
    LOCAL(store_sums)(c, sums, start, minimum(c->slice, c->shape->out_channels - start), 0, length, patch);
}

static void LOCAL(patch_gradient)(struct LOCAL(convolution) *c) {
    const struct la_convolution *s = c->shape;
    const long height = c->tiles->height, width = c->tiles->width, blocks = divided_up(output_pixels(s), gradient_block);
    const long length = divided_up(taps_of(s) * s->channels, width) * width, groups = divided_up(s->out_channels, height);
    // Chunks by shape alone, so that sums don't depend on the number of threads. Single samples come from tasks, each
    // of which would keep sums of its own.
    const long all_sums = groups * height * length;
    c->chunks = 1;
    while (s->batch > 1 && 2 * c->chunks * all_sums <= patch_sums && 8 * c->chunks <= blocks) c->chunks *= 2;
    c->chunk = divided_up(blocks, c->chunks) * gradient_block;
    // Slices whose sums stay in the second-level cache, but not so few groups that gathering takes longer.
    const long most = maximum(slice_sums / (height * length), 6);
    const long wanted = maximum(divided_up(parallel_width(), c->chunks), divided_up(groups, most));
    c->slice = divided_up(groups, minimum(wanted, groups)) * height;
    const long slices = divided_up(s->out_channels, c->slice);
    if (c->chunks > 1) {
        c->sums = scratch(SCRATCH_PACKED, sizeof(T) * (size_t)(c->chunks * slices * c->slice * length));
        if (!c->sums) return;
    }
    la_parallel(c->chunks * slices, c, LOCAL(patch_gradient_piece));
    if (c->chunks > 1) la_parallel(slices, c, LOCAL(add_patch_chunks));
}
