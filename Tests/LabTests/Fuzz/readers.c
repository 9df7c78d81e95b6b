// The C readers alone, for sanitizers, and the digest that makes a damaged file look sound.
//   readers read FILE     all that can be read of it: .h5, .gz, .zip, or .z for a zlib stream;
//                         .fault is a fault of ours, for sanitizers to find
//   readers sound FILE... gives files of ours a new digest
// Exit code 0 whatever the file holds.
#define _GNU_SOURCE
#include "CFiles.h"
#include "CHDF5.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { most_objects = 500, most_values = 1 << 16, most_bytes = 1 << 26, most_names = 1 << 10 };
static int objects;

static void read_attributes(struct ch5_storage *file, int64_t object) {
    for (int64_t i = 0, count = ch5_attribute_count(file, object); i < count && i < 100; i++) {
        char name[64];
        struct ch5_description description;
        double number;
        if (ch5_attribute_name(file, object, i, name, sizeof name) < 0) continue;
        ch5_free(ch5_read_string_attribute(file, object, name));
        ch5_read_number_attribute(file, object, name, CH5_F64, &number);
        ch5_describe_attribute(file, object, name, &description);
    }
    ch5_attribute_exists(file, object, "MATLAB_class");
}

static void read_values(struct ch5_storage *file, int64_t dataset) {
    struct ch5_description d;
    if (ch5_describe_dataset(file, dataset, &d) < 0 || d.values != CH5_WRITTEN) return;
    uint64_t count = 1;
    for (int i = 0; i < d.rank && i < 8; i++)
        if (__builtin_mul_overflow(count, d.shape[i], &count)) return;
    if (count > most_values) return;
    static const size_t sizes[] = {[CH5_F32] = 4, [CH5_F64] = 8, [CH5_I64] = 8, [CH5_U8] = 1};
    for (int memory = CH5_F32; memory <= CH5_U8; memory++) {
        // Exactly as large as it has to be, so that a byte too many is seen.
        void *values = malloc(count * sizes[memory] + !count);
        if (d.type_class == CH5_INTEGER || d.type_class == CH5_FLOAT)
            ch5_read_dataset(file, dataset, memory, count, values);
        free(values);
    }
    char **texts = calloc(count + 1, sizeof *texts);
    ch5_read_strings(file, dataset, count, texts);
    for (uint64_t i = 0; i < count; i++) ch5_free(texts[i]);
    free(texts);
}

static void walk(struct ch5_storage *file, int64_t id, const char *path, int depth) {
    const int64_t object = ch5_open_object(file, id, path);
    if (object < 0 || objects++ > most_objects) return;
    ch5_object_address(file, object);
    read_attributes(file, object);
    const int kind = ch5_object_kind(file, object);
    if (kind == CH5_DATASET) read_values(file, object);
    if (kind == CH5_GROUP && depth < 6) {
        char **names = calloc(most_names, sizeof *names);
        const int64_t count = ch5_link_names(file, object, most_names, names);
        for (int64_t i = 0; i < most_names && names[i]; i++) {
            char child[4096], *target = NULL;
            snprintf(child, sizeof child, "%s/%s", path, names[i]);
            const int link = ch5_link_kind(file, id, child, &target);
            if (i < count && link >= 0 && ch5_exists(file, id, child) > 0) walk(file, id, child, depth + 1);
            ch5_free(target);
            ch5_free(names[i]);
        }
        free(names);
    }
    ch5_close_object(file, object);
}

static void read_hdf5(const char *path, int descriptor) {
    struct ch5_storage file = {.descriptor = descriptor, .path = path};
    const int64_t id = ch5_open_file(&file);
    if (id < 0) return;
    walk(&file, id, "/", 0);
    ch5_close_file(&file, id);
}

static void read_gzip(int descriptor) {
    cf_stream *stream = cf_open(descriptor);
    char *block = malloc(1 << 16);
    for (long all = 0, got; all < most_bytes && (got = cf_read(stream, block, 1 << 16)) > 0; all += got) {}
    cf_error(stream);
    free(block);
    cf_close(stream);
}

static void read_zlib(int descriptor) {
    char *packed = malloc(1 << 24);
    const ssize_t size = read(descriptor, packed, 1 << 24);
    // Exactly as large as what is packed.
    packed = realloc(packed, size > 0 ? (size_t)size : 1);
    cf_inflater *inflater = size < 0 ? NULL : cf_inflate(packed, (size_t)size);
    char *block = malloc(1 << 16);
    for (long all = 0, got; inflater && all < most_bytes; all += got)
        if ((got = cf_inflate_read(inflater, block, 1 << 16)) <= 0) break;
    free(block);
    if (inflater) cf_inflate_close(inflater);
    free(packed);
}

static void read_archive(int descriptor) {
    cf_archive *archive = cf_open_archive(descriptor);
    if (!archive) return;
    for (long i = 0, count = cf_entry_count(archive); i < count && i < 1000; i++) {
        uint64_t packed = 0;
        if (!cf_entry(archive, i, &packed)) continue;
        cf_archive_entry *entry = cf_open_entry(archive, i);
        if (!entry) continue;
        // In the sizes in which an array is read: its header, then its values, then nothing.
        void *bytes = malloc(1 << 16);
        if (cf_read_entry(entry, bytes, 10) == 10)
            for (long all = 0, got; all < most_bytes && (got = cf_read_entry(entry, bytes, 1 << 16)) > 0; all += got) {}
        free(bytes);
        cf_close_entry(entry);
    }
    cf_close_archive(archive);
}

static int make_sound(const char *path) {
    static const char prefix[] = "ntklab-xxh3-128:";
    static char head[1 << 16];
    char digest[33];
    const int file = open(path, O_RDWR);
    const ssize_t got = file < 0 ? -1 : pread(file, head, sizeof head, 0);
    const char *place = got < 0 ? NULL : memmem(head, (size_t)got, prefix, strlen(prefix));
    if (!place) return 1;
    const size_t start = (size_t)(place - head);
    if (cf_digest_file(file, start, strlen(prefix) + 32, digest) != 0) return 1;
    return pwrite(file, digest, 32, (off_t)(start + strlen(prefix))) != 32 || close(file) != 0;
}

// As the program ends where libhdf5 can't go on.
static void end(void) {
    _exit(2);
}

int main(int count, char **words) {
    ch5_end_by(end);
    if (count < 3) return 2;
    if (strcmp(words[1], "sound") == 0) {
        int failed = 0;
        for (int i = 2; i < count; i++) failed |= make_sound(words[i]);
        return failed;
    }
    const char *ending = strrchr(words[2], '.');
    const int descriptor = open(words[2], O_RDONLY);
    if (!ending || descriptor < 0) return 2;
    if (strcmp(ending, ".h5") == 0) read_hdf5(words[2], descriptor);
    if (strcmp(ending, ".gz") == 0) read_gzip(descriptor);
    if (strcmp(ending, ".zip") == 0) read_archive(descriptor);
    if (strcmp(ending, ".z") == 0) read_zlib(descriptor);
    if (strcmp(ending, ".fault") == 0) return ((volatile char *)malloc(1))[count];
    return 0;
}
