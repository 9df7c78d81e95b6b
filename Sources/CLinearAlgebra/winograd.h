// Winograd's minimal filtering F(2x2, 3x3) for convolutions with 3x3 kernels and stride 1.
#ifndef WINOGRAD_H
#define WINOGRAD_H

#include "CLinearAlgebra.h"
#include "tiles.h"
#include <stdbool.h>

/// Squares of a block, a multiple of every tile height; output channels and channels of the largest piece of a
/// weight gradient, and how many pieces are enough.
enum { winograd_block = 48, winograd_slice = 128, winograd_span = 64, winograd_pieces = 8 };

/// Whether a shape can be done this way, and faster: stride 1, kernel 3x3, channels that fill vectors of
/// `width`, and images large enough that the tiles at their edges are not mostly empty.
bool winograd_fits(const struct la_convolution *shape, long width);

#define DECLARE_WINOGRAD(T, S)                                                                               \
    void winograd_forward_##S(const struct la_convolution *shape, const T *x, const T *w,                    \
                              struct epilogue_##S epilogue);                                                 \
    void winograd_input_gradient_##S(const struct la_convolution *shape, const T *y, const T *w,             \
                                     struct epilogue_##S epilogue);                                          \
    void winograd_weight_gradient_##S(const struct la_convolution *shape, const T *y, const T *x,            \
                                      struct epilogue_##S epilogue);

DECLARE_WINOGRAD(float, f32)
DECLARE_WINOGRAD(double, f64)

#endif
