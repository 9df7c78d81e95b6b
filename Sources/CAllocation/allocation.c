// These definitions take the place of the C library's in the program that links them, and call the next ones: those of
// the C library, or of an allocator that was preloaded. They are weak, so that tests can count allocations instead. The
// loader looks names up without allocating, since glibc 2.34.
#define _GNU_SOURCE
#include "CAllocation.h"
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *given(void *memory, size_t size) {
    if (memory || size == 0) return memory;
    // Nothing here may allocate.
    char text[160];
    const int length = snprintf(text, sizeof text,
                                "error: out of memory: %zu more bytes could not be had (ulimit -v, ulimit -d, or the machine's)\n",
                                size);
    ssize_t put = write(STDERR_FILENO, text, (size_t)length);
    (void)put;
    _exit(2);
}

// The definition of this name that would be in use without this one.
#define NEXT(NAME)                                                                                           \
    static _Atomic(__typeof__(&NAME)) known;                                                                 \
    __typeof__(&NAME) next = known;                                                                          \
    if (!next) known = next = (__typeof__(&NAME))dlsym(RTLD_NEXT, #NAME)

__attribute__((weak)) void *malloc(size_t size) {
    NEXT(malloc);
    return given(next(size), size);
}

__attribute__((weak)) void *calloc(size_t count, size_t size) {
    NEXT(calloc);
    size_t bytes;
    return given(next(count, size), __builtin_mul_overflow(count, size, &bytes) ? SIZE_MAX : bytes);
}

__attribute__((weak)) void *realloc(void *old, size_t size) {
    NEXT(realloc);
    return given(next(old, size), size);
}

__attribute__((weak)) void *aligned_alloc(size_t alignment, size_t size) {
    NEXT(aligned_alloc);
    return given(next(alignment, size), size);
}

__attribute__((weak)) int posix_memalign(void **out, size_t alignment, size_t size) {
    NEXT(posix_memalign);
    const int error = next(out, alignment, size);
    if (error == ENOMEM) given(NULL, size);
    return error;
}
