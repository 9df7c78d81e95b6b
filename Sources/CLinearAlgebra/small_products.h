// Products of small matrices in the tiles of tiles.h, which read both operands where they lie: OpenBLAS copies them
// into an order of its own first, which for thin ones costs as much as the multiplications.
#ifndef SMALL_PRODUCTS_H
#define SMALL_PRODUCTS_H

#include "tiles.h"

#define DECLARE_SMALL_PRODUCT(T, S)                                                                          \
    /* C = epilogue.out <- epilogue of A B, neither factor transposed; each entry is one sum in order. */        \
    struct product_##S {                                                                                     \
        long m, n, k, lda, ldb, ldc;                                                                         \
        const T *a, *b;                                                                                      \
        struct epilogue_##S epilogue;                                                                            \
    };                                                                                                       \
    /* Does such a product if it is faster here: small, but rows and columns fill tiles. Returns whether.  */ \
    int small_product_##S(const struct product_##S *product);

DECLARE_SMALL_PRODUCT(float, f32)
DECLARE_SMALL_PRODUCT(double, f64)

#endif
