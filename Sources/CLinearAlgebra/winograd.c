// Winograd's minimal filtering F(2x2, 3x3) (Lavin, Gray 2016, section 4.1): 16 multiplications for four
// outputs instead of 36, by transforming squares of 4x4 pixels, at a small multiple of the rounding of
// the direct sum.
//
//     y = A^T [ sum over channels of (G w G^T) * (B^T x B) ] A          * entry by entry
//     dw = G^T [ sum over squares of (A dy A^T) * (B^T x B) ] G
//
// Each of the 16 entries is a product of matrices, done in the tiles of tiles.h on a block of squares
// whose transforms stay in the second-level cache.
#include "winograd.h"
#include "internal.h"
#include <string.h>

// Entries between the 16 planes of a block, so that they do not fall into the same sets of the
// first-level cache.
enum { block = winograd_block, apart = 16 };

// Blocks of squares that a piece of a weight gradient has at least.
enum { least_blocks = 24 };

bool winograd_fits(const struct la_convolution *s, long width) {
    const double squares = (double)divided_up(s->out_height, 2) * (double)divided_up(s->out_width, 2);
    return s->kernel_height == 3 && s->kernel_width == 3 && s->stride_y == 1 && s->stride_x == 1
           && s->channels % width == 0 && s->out_channels % width == 0
           && 16 * squares < 7 * (double)(s->out_height * s->out_width);
}

/// The squares of the outputs of a convolution: their number, and where each begins.
struct squares {
    long rows, columns, count;
};
static struct squares squares_of(const struct la_convolution *s) {
    const long rows = divided_up(s->out_height, 2), columns = divided_up(s->out_width, 2);
    return (struct squares){rows, columns, s->batch * rows * columns};
}

#define T float
#define NAME(x) winograd_##x##_f32
#define LOCAL(x) x##_f32
#include "winograd_kernels.h"
#include "winograd_gradient_kernels.h"
#undef T
#undef NAME
#undef LOCAL

#define T double
#define NAME(x) winograd_##x##_f64
#define LOCAL(x) x##_f64
#include "winograd_kernels.h"
#include "winograd_gradient_kernels.h"
