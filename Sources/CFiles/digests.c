#include "CFiles.h"
#include <errno.h>
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

int cf_digest_file(int descriptor, uint64_t hole, uint64_t hole_length, char digest[33]) {
    enum { block = 1 << 20 };
    XXH3_state_t *state = XXH3_createState();
    char *buffer = malloc(block);
    ssize_t got = -1;
    if (state && buffer && XXH3_128bits_reset(state) == XXH_OK) {
        uint64_t offset = 0;
        while ((got = pread(descriptor, buffer, block, (off_t)offset)) > 0 || (got < 0 && errno == EINTR)) {
            if (got < 0) continue;
            uint64_t end = offset + (uint64_t)got;
            uint64_t before = hole < offset ? offset : hole > end ? end : hole;
            uint64_t after = hole + hole_length < offset ? offset : hole + hole_length > end ? end : hole + hole_length;
            XXH3_128bits_update(state, buffer, before - offset);
            XXH3_128bits_update(state, buffer + (after - offset), end - after);
            offset = end;
        }
        print_digest(XXH3_128bits_digest(state), digest);
    }
    const int number = errno;
    free(buffer);
    if (state) XXH3_freeState(state);
    errno = number;
    return got < 0 ? -1 : 0;
}

int cf_digest_range(int descriptor, uint64_t offset, uint64_t size, char digest[33]) {
    enum { block = 1 << 20 };
    cf_digest *state = cf_digest_begin();
    char *buffer = malloc(block);
    uint64_t done = 0;
    int error = state && buffer ? 0 : ENOMEM;
    while (!error && done < size) {
        const size_t wanted = size - done < block ? (size_t)(size - done) : block;
        const ssize_t got = pread(descriptor, buffer, wanted, (off_t)(offset + done));
        if (got < 0 && errno == EINTR) continue;
        // A file that ends too early has lost something.
        error = got < 0 ? errno : got == 0 ? EIO : cf_digest_add(state, buffer, (size_t)got) ? ENOMEM : 0;
        if (got > 0) done += (uint64_t)got;
    }
    free(buffer);
    if (state) cf_digest_end(state, digest);
    errno = error;
    return error ? -1 : 0;
}

cf_digest *cf_digest_begin(void) {
    XXH3_state_t *state = XXH3_createState();
    if (state && XXH3_128bits_reset(state) == XXH_OK) return (cf_digest *)state;
    if (state) XXH3_freeState(state);
    return NULL;
}

int cf_digest_add(cf_digest *digest, const void *bytes, size_t size) {
    return XXH3_128bits_update((XXH3_state_t *)digest, bytes, size) == XXH_OK ? 0 : -1;
}

void cf_digest_end(cf_digest *state, char digest[33]) {
    print_digest(XXH3_128bits_digest((XXH3_state_t *)state), digest);
    XXH3_freeState((XXH3_state_t *)state);
}
