// What the processor offers, which of OpenBLAS's kernels are in use, and starting again with others.
#include "CLinearAlgebra.h"
#include "internal.h"
#include <cblas.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

extern char *openblas_get_corename(void);
extern char *openblas_get_config(void);
extern void openblas_set_num_threads(int);

const char *la_blas_core(void) { return openblas_get_corename(); }
const char *la_blas_configuration(void) { return openblas_get_config(); }

int la_processor_features(void) {
    int features = 0;
#if defined(__x86_64__)
    // These ask for the operating system's consent too.
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) features |= LA_AVX2;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512cd")
        && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
        features |= LA_AVX512;
    if (__builtin_cpu_supports("avx512bf16")) features |= LA_AVX512_BF16;
#endif
    return features;
}

static _Thread_local int width_limit = ~0;

void la_limit_vector_width(int features) { width_limit = features; }

const char *la_vector_width(void) {
    const int features = la_processor_features() & width_limit;
    if (features & LA_AVX512) return "avx512";
    if (features & LA_AVX2) return "avx2";
    return "baseline";
}

const char *la_environment(const char *name) { return getenv(name); }

int la_restart(char *const arguments[], const char *const *names, const char *const *values, long count) {
    for (long i = 0; i < count; i++)
        if (values[i] ? setenv(names[i], values[i], 1) : unsetenv(names[i])) return errno;
    // By its path, so that the process keeps its name; by the link where that path is gone.
    char path[4096];
    const ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length > 0) {
        path[length] = 0;
        execv(path, arguments);
    }
    execv("/proc/self/exe", arguments);
    return errno;
}

__attribute__((constructor)) static void use_one_thread(void) { openblas_set_num_threads(1); }
