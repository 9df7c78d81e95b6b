// Pooling of images [batch, height, width, channels]; one image is one piece of work.
#include "CLinearAlgebra.h"
#include <string.h>

struct pool {
    const struct la_convolution *shape;
    const void *x, *u;
    void *out;
};

#define T float
#define NAME(x) la_##x##_f32
#define LOCAL(x) x##_f32
#include "pooling_kernels.h"
#undef T
#undef NAME
#undef LOCAL

#define T double
#define NAME(x) la_##x##_f64
#define LOCAL(x) x##_f64
#include "pooling_kernels.h"
