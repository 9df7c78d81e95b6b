#define _GNU_SOURCE
#include "CFiles.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <xxhash.h>

static void print_digest(XXH128_hash_t hash, char digest[33]) {
    snprintf(digest, 33, "%016llx%016llx", (unsigned long long)hash.high64, (unsigned long long)hash.low64);
}

void cf_digest_memory(const void *bytes, size_t size, char digest[33]) {
    print_digest(XXH3_128bits(bytes, size), digest);
}

int cf_digest_file(const char *path, uint64_t hole, uint64_t hole_length, char digest[33]) {
    enum { block = 1 << 20 };
    int file = open(path, O_RDONLY | O_CLOEXEC), status = -1;
    XXH3_state_t *state = XXH3_createState();
    char *buffer = malloc(block);
    if (file >= 0 && state && buffer && XXH3_128bits_reset(state) == XXH_OK) {
        uint64_t offset = 0;
        ssize_t got;
        while ((got = read(file, buffer, block)) > 0) {
            uint64_t end = offset + (uint64_t)got;
            uint64_t before = hole < offset ? offset : hole > end ? end : hole;
            uint64_t after = hole + hole_length < offset ? offset : hole + hole_length > end ? end : hole + hole_length;
            XXH3_128bits_update(state, buffer, before - offset);
            XXH3_128bits_update(state, buffer + (after - offset), end - after);
            offset = end;
        }
        status = got < 0 ? -1 : 0;
        print_digest(XXH3_128bits_digest(state), digest);
    }
    free(buffer);
    if (state) XXH3_freeState(state);
    if (file >= 0) close(file);
    return status;
}

int cf_reserve(int descriptor, uint64_t bytes) {
    if (fallocate(descriptor, FALLOC_FL_KEEP_SIZE, 0, (off_t)bytes) == 0) return 0;
    return errno == EOPNOTSUPP || errno == ENOSYS ? 0 : -1;
}
