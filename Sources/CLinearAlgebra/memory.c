// Memory for matrices, and how much of it this process may have.
#include "CLinearAlgebra.h"
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

// Whole huge pages only: the last one would otherwise be there in full for a few numbers.
static const size_t huge_page = (size_t)2 << 20;

// Memory of this size comes straight from the system, which has it zeroed where it is first touched, by whichever thread.
static const size_t mapped = (size_t)64 << 20;

static void *map(size_t bytes) {
    const size_t length = bytes + huge_page;
    char *place = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (place == MAP_FAILED) return NULL;
    // Pages before and after a place at a whole huge page go back.
    const size_t before = -(uintptr_t)place & (huge_page - 1);
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), kept = (bytes + page - 1) / page * page;
    if (before) munmap(place, before);
    if (length > before + kept) munmap(place + before + kept, length - before - kept);
    return place + before;
}

void *la_allocate(size_t bytes) {
    const size_t alignment = bytes >= huge_page ? huge_page : 64;
    const size_t rounded = (bytes + 63) / 64 * 64;
    if (rounded < bytes || rounded > SIZE_MAX / 2) return NULL;
    void *memory = bytes >= mapped ? map(bytes) : aligned_alloc(alignment, rounded ? rounded : 64);
    if (!memory) return NULL;
    if (alignment == huge_page) madvise(memory, bytes / huge_page * huge_page, MADV_HUGEPAGE);
    if (bytes < mapped) memset(memory, 0, bytes);
    return memory;
}

void la_free(void *memory, size_t bytes) {
    if (bytes >= mapped) {
        if (memory) munmap(memory, bytes);
    } else {
        free(memory);
    }
}

size_t la_physical_memory(void) { return (size_t)sysconf(_SC_PHYS_PAGES) * (size_t)sysconf(_SC_PAGESIZE); }

uint64_t la_address_space_limit(void) {
    uint64_t least = INT64_MAX;
    const int kinds[] = {RLIMIT_AS, RLIMIT_DATA};
    for (int i = 0; i < 2; i++) {
        struct rlimit limit;
        if (getrlimit((__rlimit_resource_t)kinds[i], &limit) == 0 && limit.rlim_cur < least) least = limit.rlim_cur;
    }
    if (least == INT64_MAX) return least;
    unsigned long long mapped = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file) return least;
    const int found = fscanf(file, "%llu %llu", &mapped, &resident);
    fclose(file);
    const uint64_t idle = found == 2 ? (mapped - resident) * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
    return idle < least ? least - idle : 0;
}

// OpenBLAS's own, exported since its beginnings; where a build has them not, there is nothing to reserve.
extern void *blas_memory_alloc(int) __attribute__((weak));
extern void blas_memory_free(void *) __attribute__((weak));

int la_reserve_buffers(int threads) {
    enum { most = 256 };
    if (la_address_space_limit() == INT64_MAX || !blas_memory_alloc || !blas_memory_free) return 1;
    // 128 MB each in OpenBLAS 0.3 on x86-64.
    const size_t bytes = (size_t)threads << 27;
    void *place = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (place == MAP_FAILED) return 0;
    munmap(place, bytes);
    void *buffers[most];
    const int count = threads < most ? threads : most;
    for (int i = 0; i < count; i++) buffers[i] = blas_memory_alloc(0);
    for (int i = 0; i < count; i++) blas_memory_free(buffers[i]);
    return 1;
}

__attribute__((constructor)) static void return_large_memory(void) {
#if defined(__GLIBC__)
    // Large memory goes back to the system when it is freed. Left alone, glibc keeps ever larger pieces,
    // and a run would hold what finding its learning rate took.
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
}
