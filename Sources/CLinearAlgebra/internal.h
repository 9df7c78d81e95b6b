// What the .c files of this target share.
#ifndef INTERNAL_H
#define INTERNAL_H

#include <stddef.h>

/// Compiled for each of these, of which the best that the processor has is taken when the program starts.
#if defined(__x86_64__) && defined(__linux__)
#define VECTORIZED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VECTORIZED
#endif

static inline long minimum(long a, long b) { return a < b ? a : b; }
static inline long maximum(long a, long b) { return a > b ? a : b; }
static inline long divided_up(long a, long b) { return (a + b - 1) / b; }

/// Memory of a thread that grows to what was asked of it and is kept: steps after the first allocate
/// nothing. A slot's contents last until the same thread asks for the slot again.
enum scratch_slot { SCRATCH_PACKED, SCRATCH_BLOCK, SCRATCH_SLOTS };

/// At least `bytes`, on a cache line; NULL where the machine has none left, which the function that was called from
/// outside then returns as `lacking_scratch`. The piece that asked leaves its part of the result as it was.
void *scratch(enum scratch_slot slot, size_t bytes);

/// Bytes that `scratch` could not have since this was asked last; 0 where it had all.
size_t lacking_scratch(void);

/// Takes `bytes` from the front of scratch memory, in steps of a cache line.
static inline void *take(char **memory, size_t bytes) {
    void *taken = *memory;
    *memory += (bytes + 63) / 64 * 64;
    return taken;
}

/// c <- c where `by` is positive, slope c elsewhere; both have rows of `columns` entries, `ld` apart. Alone.
void rectify_rows_f32(long rows, long columns, float slope, const float *by, float *c, long ld);
void rectify_rows_f64(long rows, long columns, double slope, const double *by, double *c, long ld);

/// Threads that a call of `la_parallel` would use here: one inside a task.
int parallel_width(void);

#endif
