// Winograd's minimal filtering F(2x2, 3x3) for convolutions with 3x3 kernels and stride 1.
#ifndef WINOGRAD_H
#define WINOGRAD_H

#include "CLinearAlgebra.h"
#include <stdbool.h>

/// Squares of a block, a multiple of every tile height; output channels and channels of the largest
/// piece of a weight gradient.
enum { winograd_block = 48, winograd_slice = 128, winograd_span = 64 };

/// Whether a shape can be done this way, and faster: stride 1, kernel 3x3, channels that fill vectors of
/// `width`, and images large enough that the tiles at their edges are not mostly empty.
bool winograd_fits(const struct la_convolution *shape, long width);

#define DECLARE_WINOGRAD(T, S)                                                                               \
    void winograd_forward_##S(const struct la_convolution *shape, T alpha, const T *x, const T *w, T beta,   \
                              T *y);                                                                         \
    void winograd_input_gradient_##S(const struct la_convolution *shape, T alpha, const T *y, const T *w,    \
                                     T beta, T *x);                                                          \
    void winograd_weight_gradient_##S(const struct la_convolution *shape, T alpha, const T *y, const T *x,   \
                                      T beta, T *w);

DECLARE_WINOGRAD(float, f32)
DECLARE_WINOGRAD(double, f64)

#endif
