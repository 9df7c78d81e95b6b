// Bytes in files: gzip, zip archives and digests, over zlib, libzip and xxHash; whether output arrived; the digits.
//
// What needs none of these libraries, and no data in C, is Swift: files that appear whole, locks and plain files are in the target Files.
#ifndef CFILES_H
#define CFILES_H
#include <stddef.h>
#include <stdint.h>

/// Reads a plain or gzipped file piece by piece, from an open descriptor that is its from then on and closed with it.
/// NULL, with the descriptor closed, where there is no memory.
typedef struct cf_stream cf_stream;
cf_stream *cf_open(int descriptor);
/// Bytes read into the buffer: fewer than size at the end, -1 for a damaged file.
long cf_read(cf_stream *stream, void *buffer, size_t size);
/// zlib's description of the last failure.
const char *cf_error(cf_stream *stream);
void cf_close(cf_stream *stream);

/// datasets/digits/digits.csv.gz, as it was when the program was built.
const void *cf_digits(size_t *size);

/// Unpacks zlib or gzip data in memory, which has to stay in place. NULL where there is no memory.
typedef struct cf_inflater cf_inflater;
cf_inflater *cf_inflate(const void *packed, size_t size);
/// Unpacked bytes into the buffer: fewer than size at the end, -1 for damaged data.
long cf_inflate_read(cf_inflater *inflater, void *buffer, size_t size);
void cf_inflate_close(cf_inflater *inflater);

/// A zip archive (NPZ) in an open file, whose descriptor is closed with it. NULL, with the descriptor closed, where it
/// is not one.
typedef struct cf_archive cf_archive;
cf_archive *cf_open_archive(int descriptor);
long cf_entry_count(cf_archive *archive);
/// Name of entry i, and its packed size; NULL for a damaged one.
const char *cf_entry(cf_archive *archive, long index, uint64_t *packed);
/// Opens entry i to unpack it; NULL for a damaged one. It is closed before its archive.
typedef struct cf_archive_entry cf_archive_entry;
cf_archive_entry *cf_open_entry(cf_archive *archive, long index);
/// Unpacked bytes into the buffer: fewer than size at the end, where the checksum is compared; -1 for a damaged entry.
long cf_read_entry(cf_archive_entry *entry, void *buffer, size_t size);
void cf_close_entry(cf_archive_entry *entry);
void cf_close_archive(cf_archive *archive);
/// The comment of entry i, of the archive itself for -1: `size` bytes, 0 where there is none.
const char *cf_archive_comment(cf_archive *archive, long index, size_t *size);

/// A zip archive that is made in memory: entries as they are, unpacked, with no times. NULL where there is no memory.
typedef struct cf_new_archive cf_new_archive;
cf_new_archive *cf_make_archive(void);
/// Adds an entry whose bytes stay in place until the archive is packed; a comment has at most 65535 bytes. 0, or -1.
int cf_add_entry(cf_new_archive *archive, const char *name, const void *bytes, size_t size, const char *comment);
/// Packs the entries, once. 0, or -1 where there is no memory.
int cf_pack_archive(cf_new_archive *archive, const char *comment);
/// The next packed bytes into the buffer: fewer than size at the end, -1 where they cannot be read.
long cf_packed_bytes(cf_new_archive *archive, void *buffer, size_t size);
void cf_free_archive(cf_new_archive *archive);

/// XXH3 of an open file's bytes with the `hole_length` bytes at `hole` left out, as 32 hexadecimal digits
/// and a zero. 0, or -1 (errno says why) where the file can't be read.
int cf_digest_file(int descriptor, uint64_t hole, uint64_t hole_length, char digest[33]);
/// The same of `size` bytes of an open file from `offset` on; -1 (errno says why) where they can't be read.
int cf_digest_range(int descriptor, uint64_t offset, uint64_t size, char digest[33]);
/// The same of bytes that come one after another; NULL, or -1, where there is no memory. Ending it frees it.
typedef struct cf_digest cf_digest;
cf_digest *cf_digest_begin(void);
int cf_digest_add(cf_digest *digest, const void *bytes, size_t size);
void cf_digest_end(cf_digest *digest, char text[33]);
/// XXH3 of memory, in the same form.
void cf_digest_memory(const void *bytes, size_t size, char digest[33]);

/// Writes what standard output still holds; an error number where that, or anything before, could not be written.
int cf_finish_output(void);

#endif
