// The part of libhdf5 that the lab uses, over int64 ids and plain types.
//
// Every call takes one lock, because Debian's serial build is not thread-safe, and silences
// HDF5's printing of errors: `ch5_error_text` returns what it would have printed. Calls that
// return an id or a status answer a negative number on failure.
#ifndef CHDF5_H
#define CHDF5_H
#include <stddef.h>
#include <stdint.h>

enum ch5_class { CH5_INTEGER = 0, CH5_FLOAT = 1, CH5_STRING = 3, CH5_COMPOUND = 6, CH5_OTHER = -1 };
enum ch5_memory { CH5_F32 = 0, CH5_F64 = 1, CH5_I64 = 2, CH5_U8 = 3 };
enum ch5_object { CH5_GROUP = 0, CH5_DATASET = 1, CH5_UNKNOWN = -1 };

const char *ch5_version(void);
/// The innermost messages of the last failed call on any thread; valid until the next call.
const char *ch5_error_text(void);

/// Where the bytes of a file are: an open descriptor, and the error number of the first read or write that failed, of
/// which libhdf5 is not told while it writes (storage.c). It stays in place until the file is closed.
struct ch5_storage {
    int descriptor;
    int error;
    int is_written;
};
/// A new file; the descriptor is open for reading and writing.
int64_t ch5_create_file(struct ch5_storage *storage);
/// A file that is there, for reading.
int64_t ch5_open_file(struct ch5_storage *storage);
int ch5_close_file(int64_t file);

int64_t ch5_create_group(int64_t parent, const char *path);
/// Opens a group or a dataset.
int64_t ch5_open_object(int64_t parent, const char *path);
int ch5_close_object(int64_t object);
int ch5_object_kind(int64_t object);
int ch5_exists(int64_t parent, const char *name);
/// Number of links in a group, and the name of link i in alphabetical order (length, or < 0).
int64_t ch5_link_count(int64_t group);
int64_t ch5_link_name(int64_t group, int64_t index, char *name, size_t size);

/// What a dataset or an attribute holds. At most 8 axes are told; `rank` is the true number.
struct ch5_description {
    int type_class;
    size_t type_size;
    int is_signed, is_variable_length;
    int rank;
    uint64_t shape[8];
};
int ch5_describe_dataset(int64_t dataset, struct ch5_description *description);
int ch5_describe_attribute(int64_t object, const char *name, struct ch5_description *description);

/// Writes a whole contiguous dataset; returns its open id.
int64_t ch5_write_dataset(int64_t parent, const char *path, int memory, int rank, const uint64_t *shape,
                          const void *data);
/// Makes a contiguous matrix whose rows come later; returns its open id.
int64_t ch5_create_matrix(int64_t parent, const char *path, int memory, uint64_t rows, uint64_t columns);
/// Writes `count` of its rows from `first` on.
int ch5_write_rows(int64_t dataset, int memory, uint64_t first, uint64_t count, uint64_t columns, const void *data);
/// Writes a vector of UTF-8 strings of any length; returns its open id.
int64_t ch5_write_strings(int64_t parent, const char *path, uint64_t count, const char *const *texts);
/// Writes a scalar fixed-length string dataset; returns its open id.
int64_t ch5_write_fixed_string(int64_t parent, const char *path, const char *text);
/// Where the bytes of a contiguous dataset lie in the file; negative before any are written.
int64_t ch5_dataset_offset(int64_t dataset);
/// Reads a whole dataset, converted to the memory type; `count` is what the buffer holds.
int ch5_read_dataset(int64_t dataset, int memory, uint64_t count, void *data);

/// Reads a vector of `count` strings of any length; free each with ch5_free.
int ch5_read_strings(int64_t dataset, uint64_t count, char **texts);

int ch5_write_string_attribute(int64_t object, const char *name, const char *text);
int ch5_write_number_attribute(int64_t object, const char *name, int memory, const void *value);
/// A new string (free it with ch5_free), or NULL.
char *ch5_read_string_attribute(int64_t object, const char *name);
int ch5_read_number_attribute(int64_t object, const char *name, int memory, void *value);
int64_t ch5_attribute_count(int64_t object);
int64_t ch5_attribute_name(int64_t object, int64_t index, char *name, size_t size);
void ch5_free(void *memory);

/// Makes a dataset a dimension scale, and attaches it to an axis of another.
int ch5_make_scale(int64_t dataset, const char *name);
int ch5_attach_scale(int64_t dataset, int64_t scale, unsigned axis);

/// Writes `rows` records of `columns` float64 fields as a compound table at `path`; returns its open id.
int64_t ch5_write_table(int64_t parent, const char *path, uint64_t rows, uint64_t columns, const char *const *names,
                        const double *values);

#endif
