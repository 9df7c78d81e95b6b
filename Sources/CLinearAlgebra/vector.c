// Elementwise kernels: memory-bound, so what counts is vector width and the number of passes.
// Long vectors are cut into pieces of fixed length; sums add the pieces in order, so results do
// not depend on the number of threads.
#include "CLinearAlgebra.h"
#include "internal.h"
#include <stdlib.h>
#include <string.h>
#include <tgmath.h>

enum { piece = 16384, smooth_piece = 4096, sum_columns = 16, lanes = 16 };

static inline long pieces_of(long n) { return (n + piece - 1) / piece; }

#define T float
#define NAME(x) la_##x##_f32
#define LOCAL(x) x##_f32
#include "vector_kernels.h"
#undef T
#undef NAME
#undef LOCAL

#define T double
#define NAME(x) la_##x##_f64
#define LOCAL(x) x##_f64
#include "vector_kernels.h"

long la_pattern_distance(long count, const unsigned char *a, const unsigned char *b) {
    long different = 0, bytes = count / 8;
    for (long i = 0; i < bytes; i++) different += __builtin_popcount((unsigned)(a[i] ^ b[i]));
    for (long i = bytes * 8; i < count; i++) different += ((a[i / 8] ^ b[i / 8]) >> (i % 8)) & 1;
    return different;
}
