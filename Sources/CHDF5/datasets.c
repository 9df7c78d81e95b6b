// Datasets: whole, contiguous, converted by HDF5 between the file's type and ours.
#include "internal.h"
#include <hdf5_hl.h>
#include <stdlib.h>
#include <string.h>

static void describe_type(hid_t type, struct ch5_description *d) {
    H5T_class_t class = H5Tget_class(type);
    d->type_class = class == H5T_INTEGER    ? CH5_INTEGER
                    : class == H5T_FLOAT    ? CH5_FLOAT
                    : class == H5T_STRING   ? CH5_STRING
                    : class == H5T_COMPOUND ? CH5_COMPOUND
                                            : CH5_OTHER;
    d->type_size = H5Tget_size(type);
    d->is_signed = class == H5T_INTEGER && H5Tget_sign(type) == H5T_SGN_2;
    d->is_variable_length = class == H5T_STRING && H5Tis_variable_str(type) > 0;
}

static int describe_space(hid_t space, struct ch5_description *d) {
    hsize_t shape[H5S_MAX_RANK];
    d->rank = H5Sget_simple_extent_ndims(space);
    if (d->rank < 0) return -1;
    H5Sget_simple_extent_dims(space, shape, NULL);
    for (int i = 0; i < d->rank && i < 8; i++) d->shape[i] = shape[i];
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

int ch5_describe_dataset(int64_t dataset, struct ch5_description *d) {
    LOCKED(int, status, { status = describe(H5Dget_type(dataset), H5Dget_space(dataset), d); });
}

int ch5_describe_attribute(int64_t object, const char *name, struct ch5_description *d) {
    LOCKED(int, status, {
        hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
        if (attribute < 0) break;
        status = describe(H5Aget_type(attribute), H5Aget_space(attribute), d);
        H5Aclose(attribute);
    });
}

static hid_t create(hid_t parent, const char *path, hid_t type, hid_t space, int early) {
    hid_t links = H5Pcreate(H5P_LINK_CREATE), creation = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_create_intermediate_group(links, 1);
    H5Pset_obj_track_times(creation, 0);
    // HDF5 refuses it for strings of any length, which live elsewhere in the file.
    if (H5Tis_variable_str(type) <= 0) H5Pset_fill_time(creation, H5D_FILL_TIME_NEVER);
    if (early) H5Pset_alloc_time(creation, H5D_ALLOC_TIME_EARLY);
    hid_t dataset = H5Dcreate2(parent, path, type, space, links, creation, H5P_DEFAULT);
    H5Pclose(creation);
    H5Pclose(links);
    return dataset;
}

int64_t ch5_write_dataset(int64_t parent, const char *path, int memory, int rank, const uint64_t *shape,
                          const void *data) {
    LOCKED(hid_t, dataset, {
        hsize_t dimensions[8];
        uint64_t count = 1;
        for (int i = 0; i < rank; i++) count *= dimensions[i] = shape[i];
        hid_t type = ch5_memory_type(memory);
        hid_t space = rank ? H5Screate_simple(rank, dimensions, NULL) : H5Screate(H5S_SCALAR);
        dataset = create(parent, path, type, space, 0);
        if (dataset >= 0 && count > 0 && H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0) {
            H5Dclose(dataset);
            dataset = -1;
        }
        H5Sclose(space);
    });
}

int64_t ch5_create_matrix(int64_t parent, const char *path, int memory, uint64_t rows, uint64_t columns) {
    LOCKED(hid_t, dataset, {
        const hsize_t dimensions[2] = {rows, columns};
        hid_t space = H5Screate_simple(2, dimensions, NULL);
        dataset = create(parent, path, ch5_memory_type(memory), space, 0);
        H5Sclose(space);
    });
}

int ch5_write_rows(int64_t dataset, int memory, uint64_t first, uint64_t count, uint64_t columns, const void *data) {
    LOCKED(herr_t, status, {
        const hsize_t start[2] = {first, 0};
        const hsize_t shape[2] = {count, columns};
        hid_t space = H5Dget_space(dataset), part = H5Screate_simple(2, shape, NULL);
        status = H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, shape, NULL);
        if (status >= 0) status = H5Dwrite(dataset, ch5_memory_type(memory), part, space, H5P_DEFAULT, data);
        H5Sclose(part);
        H5Sclose(space);
    });
}

int ch5_write_strings(int64_t parent, const char *path, uint64_t count, const char *const *texts) {
    LOCKED(herr_t, status, {
        hsize_t size = count;
        hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate_simple(1, &size, NULL);
        H5Tset_size(type, H5T_VARIABLE);
        H5Tset_cset(type, H5T_CSET_UTF8);
        hid_t dataset = create(parent, path, type, space, 0);
        status = dataset < 0 ? -1 : H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts);
        if (dataset >= 0) H5Dclose(dataset);
        H5Sclose(space);
        H5Tclose(type);
    });
}

int ch5_write_fixed_string(int64_t parent, const char *path, const char *text, uint64_t *offset) {
    LOCKED(herr_t, status, {
        hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
        H5Tset_size(type, strlen(text));
        H5Tset_strpad(type, H5T_STR_NULLPAD);
        hid_t dataset = create(parent, path, type, space, 1);
        status = dataset < 0 ? -1 : H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text);
        if (status >= 0) {
            haddr_t address = H5Dget_offset(dataset);
            *offset = (uint64_t)address;
            if (address == HADDR_UNDEF) status = -1;
        }
        if (dataset >= 0) H5Dclose(dataset);
        H5Sclose(space);
        H5Tclose(type);
    });
}

int ch5_read_dataset(int64_t dataset, int memory, uint64_t count, void *data) {
    LOCKED(herr_t, status, {
        hid_t space = H5Dget_space(dataset);
        if (space < 0) break;
        // The buffer's size is what decides, not what the file says.
        if (H5Sget_simple_extent_npoints(space) == (hssize_t)count)
            status = count ? H5Dread(dataset, ch5_memory_type(memory), H5S_ALL, H5S_ALL, H5P_DEFAULT, data) : 0;
        H5Sclose(space);
    });
}

int ch5_make_scale(int64_t dataset, const char *name) {
    LOCKED(herr_t, status, { status = H5DSset_scale(dataset, name); });
}

int ch5_attach_scale(int64_t dataset, int64_t scale, unsigned axis) {
    LOCKED(herr_t, status, { status = H5DSattach_scale(dataset, scale, axis); });
}

int ch5_write_table(int64_t parent, const char *path, uint64_t rows, uint64_t columns, const char *const *names,
                    const double *values) {
    LOCKED(herr_t, status, {
        hsize_t count = rows;
        hid_t space = H5Screate_simple(1, &count, NULL);
        hid_t type = H5Tcreate(H5T_COMPOUND, columns * sizeof(double));
        for (uint64_t i = 0; i < columns; i++) H5Tinsert(type, names[i], i * sizeof(double), H5T_NATIVE_DOUBLE);
        hid_t dataset = create(parent, path, type, space, 0);
        status = dataset < 0 ? -1 : rows ? H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) : 0;
        if (dataset >= 0) H5Dclose(dataset);
        H5Tclose(type);
        H5Sclose(space);
    });
}
