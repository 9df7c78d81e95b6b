// Blocks of a tangent kernel, from the factors of its layers.
//
// A layer that is linear in its weight at every place p of its output has, for sample i and output a, the
// gradient sum_p d_iap x_ip^T. The inner product of two such gradients needs neither of them:
//
//     sum_pq (x_ip . x_jq) (d_iap . d_jbq)
//
// two products of matrices and a pass over their entries, done in squares of the block whose sums stay in
// the second-level cache. A layer whose gradients are at hand has them as d, one place, and no x.
#include "CLinearAlgebra.h"
#include "internal.h"
#include <cblas.h>
#include <string.h>

enum { square = 256, least_square = 64 };  // rows of a square, for one output and place

#define T float
#define NAME(x) la_tangent_##x##_f32
#define LOCAL(x) x##_f32
#define FACTOR la_tangent_factor_f32
#define GEMM cblas_sgemm
#define SYRK cblas_ssyrk
#include "tangent_kernels.h"
#undef T
#undef NAME
#undef LOCAL
#undef FACTOR
#undef GEMM
#undef SYRK

#define T double
#define NAME(x) la_tangent_##x##_f64
#define LOCAL(x) x##_f64
#define FACTOR la_tangent_factor_f64
#define GEMM cblas_dgemm
#define SYRK cblas_dsyrk
#include "tangent_kernels.h"
