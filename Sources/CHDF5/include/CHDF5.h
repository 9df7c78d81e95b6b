// The part of libhdf5 that the lab uses, over int64 ids and plain types.
//
// Every call takes one lock, because Debian's serial build is not thread-safe, and silences
// HDF5's printing of errors: `ch5_error_text` returns what it would have printed. Calls that
// return an id or a status answer a negative number on failure.
#ifndef CHDF5_H
#define CHDF5_H
#include <stddef.h>
#include <stdint.h>

enum ch5_class { CH5_INTEGER, CH5_FLOAT, CH5_STRING, CH5_OTHER };
enum ch5_memory { CH5_F32 = 0, CH5_F64 = 1, CH5_I64 = 2, CH5_U8 = 3 };
enum ch5_object { CH5_GROUP = 0, CH5_DATASET = 1, CH5_NAMED_TYPE = 2, CH5_UNKNOWN = -1 };
enum ch5_link { CH5_HARD, CH5_SOFT, CH5_EXTERNAL_LINK, CH5_USER_LINK };
/// Where the values of a dataset are: in the file, nowhere since there are none, or not where they should be.
enum ch5_values {
    CH5_WRITTEN,
    CH5_NO_VALUES,
    CH5_NEVER_WRITTEN,
    CH5_PARTLY_WRITTEN,
    CH5_VIRTUAL,
    CH5_EXTERNAL_FILE,
};

const char *ch5_version(void);
/// The innermost messages of the last failed call on any thread; valid until the next call.
const char *ch5_error_text(void);

/// How the process ends where libhdf5 can't go on with a file: by a function that may be called in a handler of signals and does
/// not return. Without one it aborts.
void ch5_end_by(void (*end)(void));

/// Where the bytes of a file are: an open descriptor, its path for messages, and the error number of the first read or
/// write that failed, of which libhdf5 is not told while it writes (storage.c). It stays in place until the file is closed.
///
/// Files that are read are read under guard: where libhdf5 finds no end in one, takes memory without bounds or
/// crashes, the process says so and ends (guard.c).
struct ch5_storage {
    int descriptor;
    const char *path;
    int error;
    int is_written;
    int is_open;
};
/// A new file; the descriptor is open for reading and writing.
int64_t ch5_create_file(struct ch5_storage *storage);
/// A file that is there, for reading.
int64_t ch5_open_file(struct ch5_storage *storage);
int ch5_close_file(struct ch5_storage *storage, int64_t file);

int64_t ch5_create_group(int64_t parent, const char *path);
/// Opens a group, a dataset or a named type.
int64_t ch5_open_object(struct ch5_storage *storage, int64_t parent, const char *path);
int ch5_close_object(struct ch5_storage *storage, int64_t object);
int ch5_object_kind(struct ch5_storage *storage, int64_t object);
/// Where an object lies in the file: the same for all links to it.
int64_t ch5_object_address(struct ch5_storage *storage, int64_t object);
int ch5_exists(struct ch5_storage *storage, int64_t parent, const char *name);
/// The kind of a link; `target` becomes a new string (free it with ch5_free) for soft and external ones.
int ch5_link_kind(struct ch5_storage *storage, int64_t parent, const char *path, char **target);
/// The first `limit` names in a group, in alphabetical order: how many; free each with ch5_free.
int64_t ch5_link_names(struct ch5_storage *storage, int64_t group, uint64_t limit, char **names);

/// What a dataset or an attribute holds. At most 8 axes are told; `rank` is the true number.
struct ch5_description {
    int type_class;
    char type_name[40];
    int values;
    int rank;
    uint64_t shape[8];
    /// Bytes of one element, and of all of them as they lie in the file; 0 for attributes.
    uint64_t element_bytes, stored_bytes;
};
int ch5_describe_dataset(struct ch5_storage *storage, int64_t dataset, struct ch5_description *description);
int ch5_describe_attribute(struct ch5_storage *storage, int64_t object, const char *name,
                           struct ch5_description *description);

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
int ch5_read_dataset(struct ch5_storage *storage, int64_t dataset, int memory, uint64_t count, void *data);
/// Reads `count` rows of a matrix [rows, columns] from `first` on, converted to the memory type.
int ch5_read_rows(struct ch5_storage *storage, int64_t dataset, int memory, uint64_t first, uint64_t count,
                  uint64_t columns, void *data);

/// Reads a vector of `count` strings of any length; free each with ch5_free.
int ch5_read_strings(struct ch5_storage *storage, int64_t dataset, uint64_t count, char **texts);

int ch5_write_string_attribute(int64_t object, const char *name, const char *text);
int ch5_write_number_attribute(int64_t object, const char *name, int memory, const void *value);
/// A new string (free it with ch5_free), or NULL.
char *ch5_read_string_attribute(struct ch5_storage *storage, int64_t object, const char *name);
int ch5_read_number_attribute(struct ch5_storage *storage, int64_t object, const char *name, int memory, void *value);
int ch5_attribute_exists(struct ch5_storage *storage, int64_t object, const char *name);
int64_t ch5_attribute_count(struct ch5_storage *storage, int64_t object);
int64_t ch5_attribute_name(struct ch5_storage *storage, int64_t object, int64_t index, char *name, size_t size);
void ch5_free(void *memory);

/// Makes a dataset a dimension scale, and attaches it to an axis of another.
int ch5_make_scale(int64_t dataset, const char *name);
int ch5_attach_scale(int64_t dataset, int64_t scale, unsigned axis);

/// Writes `rows` records of `columns` float64 fields as a compound table at `path`; returns its open id.
int64_t ch5_write_table(int64_t parent, const char *path, uint64_t rows, uint64_t columns, const char *const *names,
                        const double *values);

#endif
