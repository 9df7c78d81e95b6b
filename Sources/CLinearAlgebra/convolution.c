// Convolutions without a patch matrix: tiles of tiles.h read the pixels where they lie.
//
// A block of output pixels is one piece of work. For each of its pixels and each position of the
// kernel a pointer names the input pixel (or a row of zeros in the padding); the tile then sums
// over positions and channels at once. Memory beyond the operands is the packed weights and, for
// each thread, the pointers of one block: it grows neither with the batch nor with the image.
//
// Where the channels don't fill vectors (the three of a picture), the patches of the block are
// gathered first and count as a single position with kernel · channels channels. Where Winograd's
// filtering is faster, it takes over (winograd.c).
#include "CLinearAlgebra.h"
#include "internal.h"
#include "tiles.h"
#include "winograd.h"
#include <string.h>

// Pixels, multiples of every tile height. Of a gradient from patches: sums that all chunks may keep, and that a slice
// should have at most.
enum { block = 96, gradient_block = 192, patch_sums = 1 << 18, slice_sums = 1 << 16 };

static inline long taps_of(const struct la_convolution *s) { return s->kernel_height * s->kernel_width; }
static inline long output_pixels(const struct la_convolution *s) {
    return s->batch * s->out_height * s->out_width;
}

/// Where in its image pixel p of `batch` images of `height` x `width` lies.
struct pixel {
    long image, y, x;
};
static inline struct pixel pixel_at(long p, long height, long width) {
    const long in_image = p % (height * width);
    return (struct pixel){p / (height * width), in_image / width, in_image % width};
}

/// The input pixels (y, x) with y % stride_y and x % stride_x as given, and the kernel positions
/// that ever reach them. With stride 1 there is one such class: all pixels, all positions.
struct residue {
    long y, x, height, width, taps;
    long tap_y[LA_MAX_KERNEL * LA_MAX_KERNEL], tap_x[LA_MAX_KERNEL * LA_MAX_KERNEL];
};
static void find_residue(struct residue *r, const struct la_convolution *s, long y, long x) {
    r->y = y;
    r->x = x;
    r->height = divided_up(s->height - y, s->stride_y);
    r->width = divided_up(s->width - x, s->stride_x);
    r->taps = 0;
    for (long ky = (y + s->pad_top) % s->stride_y; ky < s->kernel_height; ky += s->stride_y)
        for (long kx = (x + s->pad_left) % s->stride_x; kx < s->kernel_width; kx += s->stride_x) {
            r->tap_y[r->taps] = ky;
            r->tap_x[r->taps++] = kx;
        }
}

#define T float
#define NAME(x) la_convolution_##x##_f32
#define LOCAL(x) x##_f32
#include "convolution_kernels.h"
#include "convolution_gradient_kernels.h"
#include "convolution_patch_kernels.h"
#undef T
#undef NAME
#undef LOCAL

#define T double
#define NAME(x) la_convolution_##x##_f64
#define LOCAL(x) x##_f64
#include "convolution_kernels.h"
#include "convolution_gradient_kernels.h"
#include "convolution_patch_kernels.h"
