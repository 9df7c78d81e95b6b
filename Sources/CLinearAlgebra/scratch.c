#include "internal.h"
#include "CLinearAlgebra.h"
#include <stdio.h>
#include <stdlib.h>

static _Thread_local struct {
    void *memory;
    size_t bytes;
} slots[SCRATCH_SLOTS];

void *scratch(enum scratch_slot slot, size_t bytes) {
    if (slots[slot].bytes >= bytes) return slots[slot].memory;
    la_free(slots[slot].memory);
    slots[slot].memory = la_allocate(bytes);
    slots[slot].bytes = bytes;
    if (!slots[slot].memory) {
        fprintf(stderr, "no memory for %zu bytes of scratch\n", bytes);
        exit(2);
    }
    return slots[slot].memory;
}
