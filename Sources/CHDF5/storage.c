// A file driver over a descriptor of ours: libhdf5 never learns of a failed write or close, we always do.
//
// libhdf5 1.10 loses the error of a write that it put off, or crashes in its exit handler, where it tries to write or
// close again. This driver keeps the first error for whoever closes the file, and tells libhdf5 that all is well: what
// it goes on to make is thrown away. Files that are read only may well fail to be read.
#include "internal.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#if H5_VERSION_GE(1, 13, 0)
#include <H5FDdevelop.h>
#endif

struct stored_file {
    H5FD_t shared;  // libhdf5's own part, first
    struct ch5_storage *storage;
    haddr_t end_of_allocation, end_of_file;
    uint64_t metadata_read;
};

static void keep_error(struct ch5_storage *storage) {
    if (!storage->error) storage->error = errno ? errno : EIO;
}

static H5FD_t *storage_open(const char *name, unsigned flags, hid_t access, haddr_t largest) {
    (void)name, (void)flags, (void)largest;
    struct ch5_storage *const *storage = H5Pget_driver_info(access);
    struct stat status;
    // Whatever else libhdf5 would open is another file, such as one that a virtual dataset names.
    if (!storage || (*storage)->is_open || fstat((*storage)->descriptor, &status) != 0) return NULL;
    struct stored_file *file = calloc(1, sizeof *file);
    if (!file) return NULL;
    file->storage = *storage;
    file->storage->is_open = 1;
    file->end_of_file = (haddr_t)status.st_size;
    return (H5FD_t *)file;
}

static herr_t storage_close(H5FD_t *file) {
    ((struct stored_file *)file)->storage->is_open = 0;
    free(file);
    return 0;
}

static herr_t storage_query(const H5FD_t *file, unsigned long *flags) {
    (void)file;
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE
             | H5FD_FEAT_AGGREGATE_SMALLDATA;
    return 0;
}

static haddr_t storage_allocated(const H5FD_t *file, H5FD_mem_t type) {
    (void)type;
    return ((const struct stored_file *)file)->end_of_allocation;
}

static herr_t storage_allocate(H5FD_t *file, H5FD_mem_t type, haddr_t end) {
    (void)type;
    ((struct stored_file *)file)->end_of_allocation = end;
    return 0;
}

static haddr_t storage_end(const H5FD_t *file, H5FD_mem_t type) {
    (void)type;
    return ((const struct stored_file *)file)->end_of_file;
}

// Whether libhdf5 gets on by reading these bytes. More metadata than the file is long is read over and over.
static int is_new(struct stored_file *file, H5FD_mem_t type, size_t size) {
    return type == H5FD_MEM_DRAW || (file->metadata_read += size) <= file->end_of_file;
}

static herr_t storage_read(H5FD_t *shared, H5FD_mem_t type, hid_t transfer, haddr_t offset, size_t size, void *to) {
    (void)transfer;
    struct stored_file *file = (struct stored_file *)shared;
    struct ch5_storage *storage = file->storage;
    // In pieces, so that the guard sees that a large one gets on.
    enum { piece = 64 << 20 };
    size_t done = 0;
    while (done < size) {
        const size_t wanted = size - done < piece ? size - done : piece;
        const ssize_t got = pread(storage->descriptor, (char *)to + done, wanted, (off_t)(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) keep_error(storage);
        if (got <= 0) break;
        done += (size_t)got;
        if (is_new(file, type, (size_t)got)) ch5_guard_progress();
    }
    memset((char *)to + done, 0, size - done);
    return storage->error && !storage->is_written ? -1 : 0;
}

static herr_t storage_write(H5FD_t *shared, H5FD_mem_t type, hid_t transfer, haddr_t offset, size_t size,
                           const void *from) {
    (void)type, (void)transfer;
    struct stored_file *file = (struct stored_file *)shared;
    size_t done = 0;
    while (done < size && !file->storage->error) {
        const ssize_t put =
            pwrite(file->storage->descriptor, (const char *)from + done, size - done, (off_t)(offset + done));
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0)
            keep_error(file->storage);
        else
            done += (size_t)put;
    }
    if (offset + size > file->end_of_file) file->end_of_file = offset + size;
    return 0;
}

static herr_t storage_truncate(H5FD_t *shared, hid_t transfer, hbool_t closing) {
    (void)transfer, (void)closing;
    struct stored_file *file = (struct stored_file *)shared;
    if (!file->storage->error && ftruncate(file->storage->descriptor, (off_t)file->end_of_allocation) != 0)
        keep_error(file->storage);
    file->end_of_file = file->end_of_allocation;
    return 0;
}

static const H5FD_class_t storage_class = {
#ifdef H5FD_CLASS_VERSION
    .version = H5FD_CLASS_VERSION,
    .value = (H5FD_class_value_t)600,
#endif
    .name = "ntklab storage",
    .maxaddr = (haddr_t)INT64_MAX,
    .fc_degree = H5F_CLOSE_STRONG,
    .fapl_size = sizeof(struct ch5_storage *),
    .open = storage_open,
    .close = storage_close,
    .query = storage_query,
    .get_eoa = storage_allocated,
    .set_eoa = storage_allocate,
    .get_eof = storage_end,
    .read = storage_read,
    .write = storage_write,
    .truncate = storage_truncate,
    .fl_map = H5FD_FLMAP_DICHOTOMY,
};

static hid_t access_to(struct ch5_storage *storage) {
    static hid_t driver = -1;
    if (driver < 0) driver = H5FDregister(&storage_class);
    const hid_t access = driver < 0 ? -1 : H5Pcreate(H5P_FILE_ACCESS);
    if (access < 0 || H5Pset_driver(access, driver, &storage) >= 0) return access;
    H5Pclose(access);
    return -1;
}

// No times are stored, so that files of equal contents have equal bytes.
int64_t ch5_create_file(struct ch5_storage *storage) {
    LOCKED(hid_t, file, {
        const hid_t creation = H5Pcreate(H5P_FILE_CREATE), access = access_to(storage);
        storage->is_written = 1;
        if (creation >= 0 && access >= 0 && H5Pset_obj_track_times(creation, 0) >= 0)
            file = H5Fcreate("storage", H5F_ACC_TRUNC, creation, access);
        if (access >= 0) H5Pclose(access);
        if (creation >= 0) H5Pclose(creation);
    });
}

int64_t ch5_open_file(struct ch5_storage *storage) {
    storage->is_written = 0;
    if (!ch5_is_ready() || !ch5_guard_is_ready()) {
        ch5_set_error_text(ch5_is_ready() ? "nothing can watch over it: a thread or /proc is missing" : "libhdf5 does not start");
        return -1;
    }
    GUARDED(storage, hid_t, file, {
        const hid_t access = access_to(storage);
        if (access >= 0) file = H5Fopen("storage", H5F_ACC_RDONLY, access);
        if (access >= 0) H5Pclose(access);
    });
}
