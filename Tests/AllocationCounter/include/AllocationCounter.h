// Counts the calls of malloc, calloc, realloc and aligned_alloc that the calling thread makes.
#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H
long allocations_of_this_thread(void);
#endif
