#include "CFiles.h"
#include <stdlib.h>
#include <string.h>
#include <zip.h>

// While it is filled, `zip` holds a reference to `packed`, into which it writes when it is closed.
struct cf_new_archive {
    zip_t *zip;
    zip_source_t *packed;
};

cf_new_archive *cf_make_archive(void) {
    cf_new_archive *archive = calloc(1, sizeof *archive);
    if (!archive) return NULL;
    archive->packed = zip_source_buffer_create(NULL, 0, 0, NULL);
    if (archive->packed) {
        zip_source_keep(archive->packed);
        archive->zip = zip_open_from_source(archive->packed, ZIP_CREATE | ZIP_TRUNCATE, NULL);
        if (archive->zip) return archive;
        zip_source_free(archive->packed);
    }
    cf_free_archive(archive);
    return NULL;
}

int cf_add_entry(cf_new_archive *archive, const char *name, const void *bytes, size_t size, const char *comment) {
    zip_source_t *source = zip_source_buffer(archive->zip, bytes, size, 0);
    if (!source) return -1;
    const zip_int64_t index = zip_file_add(archive->zip, name, source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        zip_source_free(source);
        return -1;
    }
    // The first day that a zip archive can name.
    const zip_uint16_t day = 0x21;
    if (zip_set_file_compression(archive->zip, (zip_uint64_t)index, ZIP_CM_STORE, 0) != 0) return -1;
    if (zip_file_set_dostime(archive->zip, (zip_uint64_t)index, 0, day, 0) != 0) return -1;
    return zip_file_set_comment(
        archive->zip, (zip_uint64_t)index, comment, (zip_uint16_t)strlen(comment), ZIP_FL_ENC_UTF_8);
}

int cf_pack_archive(cf_new_archive *archive, const char *comment) {
    if (zip_set_archive_comment(archive->zip, comment, (zip_uint16_t)strlen(comment)) != 0) return -1;
    if (zip_close(archive->zip) != 0) return -1;
    archive->zip = NULL;
    return zip_source_open(archive->packed);
}

long cf_packed_bytes(cf_new_archive *archive, void *buffer, size_t size) {
    size_t done = 0;
    while (done < size) {
        const zip_int64_t got = zip_source_read(archive->packed, (char *)buffer + done, size - done);
        if (got < 0) return -1;
        if (got == 0) break;
        done += (size_t)got;
    }
    return (long)done;
}

void cf_free_archive(cf_new_archive *archive) {
    if (archive->zip) zip_discard(archive->zip);
    if (archive->packed) zip_source_free(archive->packed);
    free(archive);
}
