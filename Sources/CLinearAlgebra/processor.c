// What the processor offers, which of OpenBLAS's kernels are in use, and starting again with others.
#include "CLinearAlgebra.h"
#include <cblas.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *la_blas_core(void) { return openblas_get_corename(); }
const char *la_blas_configuration(void) { return openblas_get_config(); }

int la_processor_features(void) {
    int features = 0;
#if defined(__x86_64__)
    // The very sets that the kernels are compiled for, with the operating system's consent.
    if (__builtin_cpu_supports("x86-64-v3")) features |= LA_AVX2;
    if (__builtin_cpu_supports("x86-64-v4")) features |= LA_AVX512;
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

static int set_variable(const char *name, const char *value) { return value ? setenv(name, value, 1) : unsetenv(name); }

static void start_again(char *const arguments[]) {
    // By its path, so that the process keeps its name; by the link where that path is gone.
    char path[4096];
    const ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length > 0) {
        path[length] = 0;
        execv(path, arguments);
    }
    execv("/proc/self/exe", arguments);
}

int la_restart(char *const arguments[], const char *const names[2], const char *const values[2]) {
    char *before[2];
    int error = 0;
    for (int i = 0; i < 2; i++) before[i] = getenv(names[i]) ? strdup(getenv(names[i])) : NULL;
    for (int i = 0; i < 2 && !error; i++) error = set_variable(names[i], values[i]) ? errno : 0;
    if (!error) {
        start_again(arguments);
        error = errno;
    }
    // It goes on as it was.
    for (int i = 0; i < 2; i++) {
        set_variable(names[i], before[i]);
        free(before[i]);
    }
    return error;
}

__attribute__((constructor)) static void use_one_thread(void) { openblas_set_num_threads(1); }
