// A template, included once for each element type.
// The maps of pooling.c for one element type.
//   T   element type      NAME(x)   exported name      LOCAL(x)   local name      c   channel
//   FOR_EACH_WINDOW runs its body with `top`, the first input pixel, and `to`, the output pixel.

#define FOR_EACH_WINDOW(input_type, input, output_type, output)                                              \
    const struct pool *p = context;                                                                          \
    const struct la_convolution *s = p->shape;                                                               \
    const long channels = s->channels, line = s->width * channels;                                           \
    input_type *from = (input_type *)(input) + image * s->height * line;                                     \
    output_type *to = (output_type *)(output) + image * s->out_height * s->out_width * channels;             \
    for (long y = 0; y < s->out_height; y++)                                                                 \
        for (long x = 0; x < s->out_width; x++, to += channels)                                              \
            for (input_type *top = from + y * s->stride_y * line + x * s->stride_x * channels; top; top = 0)

static void LOCAL(average_piece)(void *context, long image) {
    FOR_EACH_WINDOW(const T, p->x, T, p->out) {
        memset(to, 0, sizeof(T) * (size_t)channels);
        for (long ky = 0; ky < s->kernel_height; ky++)
            for (long kx = 0; kx < s->kernel_width; kx++)
                for (long c = 0; c < channels; c++) to[c] += top[ky * line + kx * channels + c];
        const T share = 1 / (T)(s->kernel_height * s->kernel_width);
        for (long c = 0; c < channels; c++) to[c] *= share;
    }
}
void NAME(average_pool)(const struct la_convolution *shape, const T *x, T *y) {
    struct pool p = {.shape = shape, .x = x, .out = y};
    la_parallel(shape->batch, &p, LOCAL(average_piece));
}

static void LOCAL(clear_image)(const struct pool *p, long image) {
    const size_t count = (size_t)(p->shape->height * p->shape->width * p->shape->channels);
    memset((T *)p->out + (size_t)image * count, 0, sizeof(T) * count);
}

static void LOCAL(average_transposed_piece)(void *context, long image) {
    LOCAL(clear_image)(context, image);
    FOR_EACH_WINDOW(T, p->out, const T, p->x) {
        const T share = 1 / (T)(s->kernel_height * s->kernel_width);
        for (long ky = 0; ky < s->kernel_height; ky++)
            for (long kx = 0; kx < s->kernel_width; kx++)
                for (long c = 0; c < channels; c++) top[ky * line + kx * channels + c] += share * to[c];
    }
}
void NAME(average_pool_transposed)(const struct la_convolution *shape, const T *y, T *x) {
    struct pool p = {.shape = shape, .x = y, .out = x};
    la_parallel(shape->batch, &p, LOCAL(average_transposed_piece));
}

// Where the window from `top` on has its first maximum of channel c.
static inline long LOCAL(argument)(const struct la_convolution *s, const T *top, long c) {
    const long line = s->width * s->channels;
    long best = c;
    for (long ky = 0; ky < s->kernel_height; ky++)
        for (long kx = 0; kx < s->kernel_width; kx++) {
            const long here = ky * line + kx * s->channels + c;
            if (top[here] > top[best]) best = here;
        }
    return best;
}

static void LOCAL(max_piece)(void *context, long image) {
    FOR_EACH_WINDOW(const T, p->x, T, p->out) {
        const T *u = (const T *)p->u + (top - (const T *)p->x);
        for (long c = 0; c < channels; c++) to[c] = u[LOCAL(argument)(s, top, c)];
    }
}
void NAME(max_pool)(const struct la_convolution *shape, const T *x, const T *u, T *y) {
    struct pool p = {.shape = shape, .x = x, .u = u, .out = y};
    la_parallel(shape->batch, &p, LOCAL(max_piece));
}

static void LOCAL(max_transposed_piece)(void *context, long image) {
    LOCAL(clear_image)(context, image);
    FOR_EACH_WINDOW(const T, p->x, const T, p->u) {
        T *out = (T *)p->out + (top - (const T *)p->x);
        for (long c = 0; c < channels; c++) out[LOCAL(argument)(s, top, c)] += to[c];
    }
}
void NAME(max_pool_transposed)(const struct la_convolution *shape, const T *x, const T *y, T *out) {
    struct pool p = {.shape = shape, .x = x, .u = y, .out = out};
    la_parallel(shape->batch, &p, LOCAL(max_transposed_piece));
}
#undef FOR_EACH_WINDOW
