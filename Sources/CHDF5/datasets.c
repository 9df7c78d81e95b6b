// Datasets: written whole and contiguous; converted by HDF5 between the file's type and ours.
#include "internal.h"
#include <hdf5_hl.h>
#include <stdlib.h>
#include <string.h>

static hid_t create(hid_t parent, const char *path, hid_t type, hid_t space, int early) {
    const hid_t links = H5Pcreate(H5P_LINK_CREATE), creation = H5Pcreate(H5P_DATASET_CREATE);
    herr_t status = type < 0 || space < 0 || links < 0 || creation < 0 ? -1 : 0;
    if (status >= 0) status = H5Pset_create_intermediate_group(links, 1);
    if (status >= 0) status = H5Pset_obj_track_times(creation, 0);
    // HDF5 refuses it for strings of any length, which live elsewhere in the file.
    if (status >= 0 && H5Tis_variable_str(type) <= 0) status = H5Pset_fill_time(creation, H5D_FILL_TIME_NEVER);
    if (status >= 0 && early) status = H5Pset_alloc_time(creation, H5D_ALLOC_TIME_EARLY);
    const hid_t dataset = status < 0 ? -1 : H5Dcreate2(parent, path, type, space, links, creation, H5P_DEFAULT);
    CLOSE(status, H5Pclose, creation);
    CLOSE(status, H5Pclose, links);
    return dataset;
}

// A new dataset with its values, where there are any; open, or negative.
static hid_t create_filled(hid_t parent, const char *path, hid_t type, hid_t space, int early, const void *values) {
    hid_t dataset = create(parent, path, type, space, early);
    if (dataset >= 0 && values && H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0) {
        H5Dclose(dataset);
        dataset = -1;
    }
    return dataset;
}

int64_t ch5_write_dataset(int64_t parent, const char *path, int memory, int rank, const uint64_t *shape,
                          const void *data) {
    LOCKED(hid_t, dataset, {
        hsize_t dimensions[8];
        uint64_t count = 1;
        for (int i = 0; i < rank; i++) count *= dimensions[i] = shape[i];
        const hid_t space = rank ? H5Screate_simple(rank, dimensions, NULL) : H5Screate(H5S_SCALAR);
        dataset = create_filled(parent, path, ch5_memory_type(memory), space, 0, count > 0 ? data : NULL);
        if (space >= 0) H5Sclose(space);
    });
}

int64_t ch5_create_matrix(int64_t parent, const char *path, int memory, uint64_t rows, uint64_t columns) {
    LOCKED(hid_t, dataset, {
        const hsize_t dimensions[2] = {rows, columns};
        const hid_t space = H5Screate_simple(2, dimensions, NULL);
        dataset = create(parent, path, ch5_memory_type(memory), space, 0);
        if (space >= 0) H5Sclose(space);
    });
}

int ch5_write_rows(int64_t dataset, int memory, uint64_t first, uint64_t count, uint64_t columns, const void *data) {
    LOCKED(herr_t, status, {
        const hsize_t start[2] = {first, 0};
        const hsize_t shape[2] = {count, columns};
        const hid_t space = H5Dget_space(dataset), part = H5Screate_simple(2, shape, NULL);
        status = space < 0 || part < 0 ? -1 : H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, shape, NULL);
        if (status >= 0) status = H5Dwrite(dataset, ch5_memory_type(memory), part, space, H5P_DEFAULT, data);
        CLOSE(status, H5Sclose, part);
        CLOSE(status, H5Sclose, space);
    });
}

int64_t ch5_write_strings(int64_t parent, const char *path, uint64_t count, const char *const *texts) {
    LOCKED(hid_t, dataset, {
        const hsize_t size = count;
        const hid_t type = ch5_text_type(), space = H5Screate_simple(1, &size, NULL);
        dataset = create_filled(parent, path, type, space, 0, count > 0 ? texts : NULL);
        if (space >= 0) H5Sclose(space);
        if (type >= 0) H5Tclose(type);
    });
}

int64_t ch5_write_fixed_string(int64_t parent, const char *path, const char *text) {
    LOCKED(hid_t, dataset, {
        const hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
        if (type >= 0 && H5Tset_size(type, strlen(text)) >= 0 && H5Tset_strpad(type, H5T_STR_NULLPAD) >= 0)
            dataset = create_filled(parent, path, type, space, 1, text);
        if (space >= 0) H5Sclose(space);
        if (type >= 0) H5Tclose(type);
    });
}

int64_t ch5_dataset_offset(int64_t dataset) {
    LOCKED(int64_t, offset, {
        const haddr_t address = H5Dget_offset(dataset);
        offset = address == HADDR_UNDEF ? -1 : (int64_t)address;
    });
}

// Bytes that libhdf5 may hold at once for one chunk: packed, unpacked, and as much again to grow into.
static uint64_t chunk_memory(hid_t dataset) {
    hsize_t shape[H5S_MAX_RANK];
    uint64_t bytes = 0;
    const hid_t creation = H5Dget_create_plist(dataset), type = H5Dget_type(dataset), space = H5Dget_space(dataset);
    if (creation >= 0 && type >= 0 && space >= 0 && H5Pget_layout(creation) == H5D_CHUNKED) {
        const int rank = H5Pget_chunk(creation, H5S_MAX_RANK, shape);
        const uint64_t count = (uint64_t)H5Sget_simple_extent_npoints(space);
        uint64_t in_chunk = 1;
        // No more than all of the dataset, whatever the file says.
        for (int i = 0; i < rank && in_chunk < count; i++) in_chunk *= shape[i] < count ? shape[i] : count;
        bytes = 3 * H5Tget_size(type) * (in_chunk < count ? in_chunk : count);
    }
    if (space >= 0) H5Sclose(space);
    if (type >= 0) H5Tclose(type);
    if (creation >= 0) H5Pclose(creation);
    return bytes;
}

static uint64_t guarded_chunk_memory(struct ch5_storage *storage, hid_t dataset) {
    GUARDED(storage, int64_t, bytes, { bytes = (int64_t)chunk_memory(dataset); });
}

int ch5_read_dataset(struct ch5_storage *storage, int64_t dataset, int memory, uint64_t count, void *data) {
    const uint64_t unpacked = guarded_chunk_memory(storage, dataset);
    GUARDED_FOR(storage, count * 8, unpacked, herr_t, status, {
        hid_t space = H5Dget_space(dataset);
        if (space < 0) break;
        // The buffer's size is what decides, not what the file says.
        if (H5Sget_simple_extent_npoints(space) == (hssize_t)count)
            status = count ? H5Dread(dataset, ch5_memory_type(memory), H5S_ALL, H5S_ALL, H5P_DEFAULT, data) : 0;
        H5Sclose(space);
    });
}

int ch5_read_rows(struct ch5_storage *storage, int64_t dataset, int memory, uint64_t first, uint64_t count,
                  uint64_t columns, void *data) {
    const uint64_t unpacked = guarded_chunk_memory(storage, dataset);
    GUARDED_FOR(storage, count * columns * 8, unpacked, herr_t, status, {
        const hsize_t start[2] = {first, 0}, shape[2] = {count, columns};
        hsize_t found[2] = {0, 0};
        const hid_t space = H5Dget_space(dataset), part = H5Screate_simple(2, shape, NULL);
        // The buffer's size is what decides, not what the file says.
        if (space >= 0 && part >= 0 && H5Sget_simple_extent_ndims(space) == 2
            && H5Sget_simple_extent_dims(space, found, NULL) >= 0 && found[1] == columns
            && H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, shape, NULL) >= 0)
            status = H5Dread(dataset, ch5_memory_type(memory), part, space, H5P_DEFAULT, data);
        CLOSE(status, H5Sclose, part);
        CLOSE(status, H5Sclose, space);
    });
}

int ch5_read_strings(struct ch5_storage *storage, int64_t dataset, uint64_t count, char **texts) {
    GUARDED(storage, herr_t, status, {
        const hid_t type = ch5_text_type(), space = H5Dget_space(dataset);
        char **inside = calloc(count ? count : 1, sizeof *inside);
        if (type >= 0 && space >= 0 && inside && H5Sget_simple_extent_npoints(space) == (hssize_t)count)
            status = count ? H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, inside) : 0;
        for (uint64_t i = 0; status >= 0 && i < count; i++) {
            texts[i] = strdup(inside[i] ? inside[i] : "");
            if (!texts[i]) status = -1;
        }
        if (inside && type >= 0 && space >= 0) H5Dvlen_reclaim(type, space, H5P_DEFAULT, inside);
        free(inside);
        CLOSE(status, H5Sclose, space);
        CLOSE(status, H5Tclose, type);
    });
}

int ch5_make_scale(int64_t dataset, const char *name) {
    LOCKED(herr_t, status, { status = H5DSset_scale(dataset, name); });
}

int ch5_attach_scale(int64_t dataset, int64_t scale, unsigned axis) {
    LOCKED(herr_t, status, { status = H5DSattach_scale(dataset, scale, axis); });
}

int64_t ch5_write_table(int64_t parent, const char *path, uint64_t rows, uint64_t columns, const char *const *names,
                        const double *values) {
    LOCKED(hid_t, dataset, {
        const hsize_t count = rows;
        const hid_t space = H5Screate_simple(1, &count, NULL), type = H5Tcreate(H5T_COMPOUND, columns * sizeof(double));
        herr_t status = type < 0 ? -1 : 0;
        for (uint64_t i = 0; status >= 0 && i < columns; i++)
            status = H5Tinsert(type, names[i], i * sizeof(double), H5T_NATIVE_DOUBLE);
        if (status >= 0) dataset = create_filled(parent, path, type, space, 0, rows ? values : NULL);
        if (type >= 0) H5Tclose(type);
        if (space >= 0) H5Sclose(space);
    });
}
