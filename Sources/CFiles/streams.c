#include "CFiles.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>
#include <zlib.h>

cf_stream *cf_open(int descriptor) {
    gzFile file = gzdopen(descriptor, "rb");
    if (!file) close(descriptor);
    if (file) gzbuffer(file, 1 << 18);
    return (cf_stream *)file;
}

long cf_read(cf_stream *stream, void *buffer, size_t size) {
    size_t done = 0;
    while (done < size) {
        size_t wanted = size - done < (1u << 30) ? size - done : (1u << 30);
        int got = gzread((gzFile)stream, (char *)buffer + done, (unsigned)wanted);
        if (got < 0) return -1;
        if (got == 0) break;
        done += (size_t)got;
    }
    int error = Z_OK;
    gzerror((gzFile)stream, &error);
    return error == Z_OK || error == Z_STREAM_END ? (long)done : -1;
}

const char *cf_error(cf_stream *stream) {
    int error = Z_OK;
    const char *text = gzerror((gzFile)stream, &error);
    return text && *text ? text : "no details";
}

void cf_close(cf_stream *stream) { gzclose((gzFile)stream); }

struct cf_inflater {
    z_stream stream;
    const unsigned char *next;
    size_t left;
    int ended;
};

cf_inflater *cf_inflate(const void *packed, size_t size) {
    cf_inflater *inflater = calloc(1, sizeof *inflater);
    if (!inflater) return NULL;
    inflater->next = packed;
    inflater->left = size;
    // 32: zlib or gzip, whichever it is.
    if (inflateInit2(&inflater->stream, MAX_WBITS + 32) == Z_OK) return inflater;
    free(inflater);
    return NULL;
}

static size_t at_most_1g(size_t size) { return size < ((size_t)1 << 30) ? size : (size_t)1 << 30; }

long cf_inflate_read(cf_inflater *inflater, void *buffer, size_t size) {
    z_stream *stream = &inflater->stream;
    size_t done = 0;
    while (done < size && !inflater->ended) {
        const size_t given = at_most_1g(inflater->left), wanted = at_most_1g(size - done);
        stream->next_in = (unsigned char *)inflater->next;
        stream->avail_in = (uInt)given;
        stream->next_out = (unsigned char *)buffer + done;
        stream->avail_out = (uInt)wanted;
        const int status = inflate(stream, Z_NO_FLUSH);
        const size_t used = given - stream->avail_in, got = wanted - stream->avail_out;
        inflater->next += used;
        inflater->left -= used;
        done += got;
        inflater->ended = status == Z_STREAM_END;
        if (status != Z_OK && status != Z_STREAM_END) return -1;
        if (!inflater->ended && used == 0 && got == 0) return -1;
    }
    return (long)done;
}

void cf_inflate_close(cf_inflater *inflater) {
    inflateEnd(&inflater->stream);
    free(inflater);
}

cf_archive *cf_open_archive(int descriptor) {
    int error = 0;
    zip_t *archive = zip_fdopen(descriptor, ZIP_CHECKCONS, &error);
    if (!archive) close(descriptor);
    return (cf_archive *)archive;
}

long cf_entry_count(cf_archive *archive) { return (long)zip_get_num_entries((zip_t *)archive, 0); }

const char *cf_entry(cf_archive *archive, long index, uint64_t *packed) {
    zip_stat_t stat;
    if (zip_stat_index((zip_t *)archive, (zip_uint64_t)index, 0, &stat) < 0) return NULL;
    if (!(stat.valid & ZIP_STAT_NAME) || !(stat.valid & ZIP_STAT_COMP_SIZE)) return NULL;
    *packed = stat.comp_size;
    return stat.name;
}

cf_archive_entry *cf_open_entry(cf_archive *archive, long index) {
    return (cf_archive_entry *)zip_fopen_index((zip_t *)archive, (zip_uint64_t)index, 0);
}

long cf_read_entry(cf_archive_entry *entry, void *buffer, size_t size) {
    size_t done = 0;
    while (done < size) {
        const zip_int64_t got = zip_fread((zip_file_t *)entry, (char *)buffer + done, size - done);
        if (got < 0) return -1;
        if (got == 0) break;
        done += (size_t)got;
    }
    return (long)done;
}

void cf_close_entry(cf_archive_entry *entry) { zip_fclose((zip_file_t *)entry); }

void cf_close_archive(cf_archive *archive) { zip_discard((zip_t *)archive); }

const char *cf_archive_comment(cf_archive *archive, long index, size_t *size) {
    int length = 0;
    zip_uint32_t entry_length = 0;
    const char *text = index < 0
        ? zip_get_archive_comment((zip_t *)archive, &length, ZIP_FL_ENC_RAW)
        : zip_file_get_comment((zip_t *)archive, (zip_uint64_t)index, &entry_length, ZIP_FL_ENC_RAW);
    *size = !text ? 0 : index < 0 ? (size_t)(length > 0 ? length : 0) : entry_length;
    return text;
}

int cf_finish_output(void) {
    const int status = fflush(stdout), number = errno;
    // What failed earlier has left no error number.
    return status != 0 ? number : ferror(stdout) ? EIO : 0;
}
