#include "internal.h"
#include "CLinearAlgebra.h"
#include <stdatomic.h>

static _Thread_local struct {
    void *memory;
    size_t bytes;
} slots[SCRATCH_SLOTS];

// What could not be had last and was not reported yet, by any thread.
static _Atomic size_t lacking;

void *scratch(enum scratch_slot slot, size_t bytes) {
    if (slots[slot].bytes >= bytes) return slots[slot].memory;
    la_free(slots[slot].memory, slots[slot].bytes);
    slots[slot].memory = la_allocate(bytes);
    slots[slot].bytes = slots[slot].memory ? bytes : 0;
    if (!slots[slot].memory) atomic_store(&lacking, bytes);
    return slots[slot].memory;
}

size_t lacking_scratch(void) {
    return atomic_load_explicit(&lacking, memory_order_relaxed) ? atomic_exchange(&lacking, 0) : 0;
}
