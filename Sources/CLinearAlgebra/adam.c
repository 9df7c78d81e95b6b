// Adam's step in one pass: each number of the gradient, both moments and the weights is read once. Long vectors are cut into
// pieces of fixed length; every entry is its own, so results do not depend on the number of threads.
#include "CLinearAlgebra.h"
#include "internal.h"

enum { piece = 16384 };

#define T float
#define NAME(x) la_##x##_f32
#define LOCAL(x) x##_f32
#include "adam_kernels.h"
#undef T
#undef NAME
#undef LOCAL

#define T double
#define NAME(x) la_##x##_f64
#define LOCAL(x) x##_f64
#include "adam_kernels.h"
