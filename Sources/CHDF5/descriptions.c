// What datasets and attributes hold: the element's type, the shape, and where the values are.
#include "internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int is_enum_of(hid_t type, const char *name, int value) {
    signed char found = -1;
    return H5Tenum_valueof(type, name, &found) >= 0 && found == value;
}

// As h5py writes booleans.
static int is_boolean(hid_t type) {
    return H5Tget_size(type) == 1 && H5Tget_nmembers(type) == 2 && is_enum_of(type, "FALSE", 0)
           && is_enum_of(type, "TRUE", 1);
}

static int is_field(hid_t type, unsigned index, const char *name) {
    char *found = H5Tget_member_name(type, index);
    const int is_it = found && strcmp(found, name) == 0 && H5Tget_member_class(type, index) == H5T_FLOAT;
    if (found) H5free_memory(found);
    return is_it;
}

static int is_complex(hid_t type) {
    return H5Tget_nmembers(type) == 2 && is_field(type, 0, "r") && is_field(type, 1, "i");
}

static void describe_type(hid_t type, struct ch5_description *d) {
    static const char *const names[H5T_NCLASSES] = {
        [H5T_TIME] = "time",           [H5T_STRING] = "string",       [H5T_BITFIELD] = "bits",
        [H5T_OPAQUE] = "opaque bytes", [H5T_COMPOUND] = "compound",   [H5T_REFERENCE] = "references",
        [H5T_VLEN] = "lists",          [H5T_ARRAY] = "fixed arrays",
    };
    const H5T_class_t class = H5Tget_class(type);
    const size_t bits = 8 * H5Tget_size(type);
    d->element_bytes = bits / 8;
    const hid_t base = class == H5T_ENUM ? H5Tget_super(type) : -1;
    const char *sign = H5Tget_sign(base >= 0 ? base : type) == H5T_SGN_2 ? "" : "u";
    d->type_class = class == H5T_INTEGER || class == H5T_ENUM ? CH5_INTEGER
                    : class == H5T_FLOAT                      ? CH5_FLOAT
                    : class == H5T_STRING                     ? CH5_STRING
                                                              : CH5_OTHER;
    if (class == H5T_INTEGER)
        snprintf(d->type_name, sizeof d->type_name, "%sint%zu", sign, bits);
    else if (class == H5T_FLOAT)
        snprintf(d->type_name, sizeof d->type_name, "float%zu", bits);
    else if (class == H5T_ENUM && is_boolean(type))
        snprintf(d->type_name, sizeof d->type_name, "bool");
    else if (class == H5T_ENUM)
        snprintf(d->type_name, sizeof d->type_name, "enum of %sint%zu", sign, bits);
    else if (class == H5T_COMPOUND && is_complex(type))
        snprintf(d->type_name, sizeof d->type_name, "complex%zu", bits);
    else
        snprintf(d->type_name, sizeof d->type_name, "%s",
                 class >= 0 && class < H5T_NCLASSES && names[class] ? names[class] : "an unknown type");
    if (base >= 0) H5Tclose(base);
}

static int describe_space(hid_t space, struct ch5_description *d) {
    hsize_t shape[H5S_MAX_RANK];
    d->rank = H5Sget_simple_extent_ndims(space);
    if (d->rank < 0) return -1;
    H5Sget_simple_extent_dims(space, shape, NULL);
    for (int i = 0; i < d->rank && i < 8; i++) d->shape[i] = shape[i];
    if (H5Sget_simple_extent_type(space) == H5S_NULL) d->values = CH5_NO_VALUES;
    return 0;
}

static int describe(hid_t type, hid_t space, struct ch5_description *d) {
    memset(d, 0, sizeof *d);
    int status = type < 0 || space < 0 ? -1 : describe_space(space, d);
    if (status >= 0) describe_type(type, d);
    if (type >= 0) H5Tclose(type);
    if (space >= 0) H5Sclose(space);
    return status;
}

// How many chunks a dataset has in the file, and how many it would have with all of its values. (H5Dget_space_status
// compares sizes in bytes, and takes packed datasets for incomplete ones.)
static int count_chunks(hid_t dataset, hid_t creation, const struct ch5_description *d, hsize_t *found, uint64_t *all) {
    hsize_t chunk[H5S_MAX_RANK];
    const int rank = H5Pget_chunk(creation, H5S_MAX_RANK, chunk);
    const hid_t space = H5Dget_space(dataset);
    int status = rank != d->rank || rank > 8 || space < 0 ? -1 : H5Dget_num_chunks(dataset, space, found);
    *all = 1;
    for (int i = 0; status >= 0 && i < rank; i++)
        *all *= chunk[i] ? d->shape[i] / chunk[i] + (d->shape[i] % chunk[i] != 0) : 0;
    if (space >= 0) H5Sclose(space);
    return status;
}

// Where the values of a dataset are, which has some.
static int describe_values(hid_t dataset, struct ch5_description *d) {
    const hid_t creation = H5Dget_create_plist(dataset);
    const H5D_layout_t layout = creation < 0 ? H5D_LAYOUT_ERROR : H5Pget_layout(creation);
    H5D_space_status_t space = H5D_SPACE_STATUS_ERROR;
    hsize_t found = 0;
    uint64_t all = 0;
    int status = layout < 0 ? -1 : 0;
    if (layout == H5D_VIRTUAL) {
        d->values = CH5_VIRTUAL;
    } else if (status >= 0 && H5Pget_external_count(creation) != 0) {
        d->values = CH5_EXTERNAL_FILE;
    } else if (layout == H5D_CHUNKED) {
        status = count_chunks(dataset, creation, d, &found, &all);
        if (found != all) d->values = found == 0 ? CH5_NEVER_WRITTEN : CH5_PARTLY_WRITTEN;
    } else if (status >= 0) {
        status = H5Dget_space_status(dataset, &space);
        if (space == H5D_SPACE_STATUS_NOT_ALLOCATED) d->values = CH5_NEVER_WRITTEN;
    }
    if (creation >= 0) H5Pclose(creation);
    return status;
}

static int has_elements(const struct ch5_description *d) {
    for (int i = 0; i < d->rank && i < 8; i++)
        if (d->shape[i] == 0) return 0;
    return d->values != CH5_NO_VALUES;
}

int ch5_describe_dataset(struct ch5_storage *storage, int64_t dataset, struct ch5_description *d) {
    GUARDED(storage, int, status, {
        status = describe(H5Dget_type(dataset), H5Dget_space(dataset), d);
        if (status >= 0 && has_elements(d)) status = describe_values(dataset, d);
        d->stored_bytes = H5Dget_storage_size(dataset);
    });
}

int ch5_describe_attribute(struct ch5_storage *storage, int64_t object, const char *name, struct ch5_description *d) {
    GUARDED(storage, int, status, {
        const hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
        if (attribute < 0) break;
        status = describe(H5Aget_type(attribute), H5Aget_space(attribute), d);
        H5Aclose(attribute);
    });
}
