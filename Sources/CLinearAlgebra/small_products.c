#include "small_products.h"
#include "CLinearAlgebra.h"
#include "internal.h"

// Multiply-adds up to which a product is done here, and the length of its sums: the rows of a panel of B, which lie
// apart, then stay in the caches. Measured on Zen 5 against OpenBLAS 0.3.21: 1.1 to 1.5 times as fast with AVX-512
// and with AVX2, but up to 1.7 times slower with AVX2 at a depth of 1024.
enum { most_work = 1 << 25, most_depth = 512 };

// Bytes of a tile's row: without AVX2, OpenBLAS may have wider vectors. Multiply-adds that are worth a second thread.
enum { least_width = 64, least_shared_work = 100000 };

#define T float
#define NAME(x) small_##x##_f32
#define LOCAL(x) x##_f32
#include "small_product_kernels.h"
#undef T
#undef NAME
#undef LOCAL

#define T double
#define NAME(x) small_##x##_f64
#define LOCAL(x) x##_f64
#include "small_product_kernels.h"
