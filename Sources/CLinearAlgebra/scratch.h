// Memory of a thread that grows to what was asked of it and is kept: steps after the first allocate
// nothing. A slot's contents last until the same thread asks for the slot again.
#ifndef SCRATCH_H
#define SCRATCH_H

#include <stddef.h>

enum scratch_slot { SCRATCH_PACKED, SCRATCH_BLOCK, SCRATCH_SLOTS };

/// At least `bytes`, on a cache line; ends the program where the machine has none left.
void *scratch(enum scratch_slot slot, size_t bytes);

#endif
