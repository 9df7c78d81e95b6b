// Attributes: scalar strings (variable-length UTF-8 when written) and scalar numbers.
#include "internal.h"
#include <stdlib.h>
#include <string.h>

static herr_t write_attribute(hid_t object, const char *name, hid_t type, const void *value) {
    const hid_t space = H5Screate(H5S_SCALAR);
    const hid_t attribute = space < 0 ? -1 : H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    herr_t status = attribute < 0 ? -1 : H5Awrite(attribute, type, value);
    CLOSE(status, H5Aclose, attribute);
    CLOSE(status, H5Sclose, space);
    return status;
}

int ch5_write_string_attribute(int64_t object, const char *name, const char *text) {
    LOCKED(herr_t, status, {
        const hid_t type = ch5_text_type();
        status = type < 0 ? -1 : write_attribute(object, name, type, &text);
        CLOSE(status, H5Tclose, type);
    });
}

int ch5_write_number_attribute(int64_t object, const char *name, int memory, const void *value) {
    LOCKED(herr_t, status, { status = write_attribute(object, name, ch5_memory_type(memory), value); });
}

static char *read_text(hid_t attribute, hid_t type) {
    if (H5Tis_variable_str(type) > 0) {
        char *inside = NULL, *copy = NULL;
        hid_t memory = H5Tcopy(H5T_C_S1);
        H5Tset_size(memory, H5T_VARIABLE);
        H5Tset_cset(memory, H5Tget_cset(type));
        if (H5Aread(attribute, memory, &inside) >= 0 && inside) {
            copy = strdup(inside);
            H5free_memory(inside);
        }
        H5Tclose(memory);
        return copy;
    }
    size_t size = H5Tget_size(type);
    if (size > (size_t)64 << 20) return NULL;
    char *text = calloc(size + 1, 1);
    if (text && H5Aread(attribute, type, text) < 0) {
        free(text);
        text = NULL;
    }
    return text;
}

char *ch5_read_string_attribute(struct ch5_storage *storage, int64_t object, const char *name) {
    char *text = NULL;
    ch5_lock();
    ch5_guard_begin(storage, 0, 0);
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    if (attribute >= 0) {
        hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
        if (H5Tget_class(type) == H5T_STRING && H5Sget_simple_extent_npoints(space) == 1)
            text = read_text(attribute, type);
        H5Sclose(space);
        H5Tclose(type);
        H5Aclose(attribute);
    }
    ch5_guard_end(storage);
    ch5_unlock();
    return text;
}

int ch5_read_number_attribute(struct ch5_storage *storage, int64_t object, const char *name, int memory, void *value) {
    GUARDED(storage, herr_t, status, {
        hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
        if (attribute < 0) break;
        hid_t space = H5Aget_space(attribute);
        if (H5Sget_simple_extent_npoints(space) == 1)
            status = H5Aread(attribute, ch5_memory_type(memory), value);
        H5Sclose(space);
        H5Aclose(attribute);
    });
}

int ch5_attribute_exists(struct ch5_storage *storage, int64_t object, const char *name) {
    GUARDED(storage, int, exists, { exists = H5Aexists(object, name); });
}

int64_t ch5_attribute_count(struct ch5_storage *storage, int64_t object) {
    GUARDED(storage, int64_t, count, { count = H5Aget_num_attrs(object); });
}

int64_t ch5_attribute_name(struct ch5_storage *storage, int64_t object, int64_t index, char *name, size_t size) {
    GUARDED(storage, ssize_t, length, {
        length = H5Aget_name_by_idx(object, ".", H5_INDEX_NAME, H5_ITER_INC, (hsize_t)index, name, size,
                                    H5P_DEFAULT);
    });
}
