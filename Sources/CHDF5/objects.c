// Files, groups and the links in them.
#include "internal.h"
#include <string.h>

int ch5_close_file(int64_t file) {
    LOCKED(herr_t, status, { status = H5Fclose(file); });
}

int64_t ch5_create_group(int64_t parent, const char *path) {
    LOCKED(hid_t, group, {
        const hid_t links = H5Pcreate(H5P_LINK_CREATE), creation = H5Pcreate(H5P_GROUP_CREATE);
        if (links >= 0 && creation >= 0 && H5Pset_create_intermediate_group(links, 1) >= 0
            && H5Pset_obj_track_times(creation, 0) >= 0)
            group = H5Gcreate2(parent, path, links, creation, H5P_DEFAULT);
        if (creation >= 0) H5Pclose(creation);
        if (links >= 0) H5Pclose(links);
    });
}

int64_t ch5_open_object(int64_t parent, const char *path) {
    LOCKED(hid_t, object, { object = H5Oopen(parent, path, H5P_DEFAULT); });
}

int ch5_close_object(int64_t object) {
    LOCKED(herr_t, status, { status = H5Oclose(object); });
}

int ch5_object_kind(int64_t object) {
    LOCKED(int, kind, {
        H5I_type_t type = H5Iget_type(object);
        kind = type == H5I_GROUP ? CH5_GROUP : type == H5I_DATASET ? CH5_DATASET : CH5_UNKNOWN;
    });
}

int ch5_exists(int64_t parent, const char *name) {
    LOCKED(int, exists, {
        exists = H5Lexists(parent, name, H5P_DEFAULT) > 0 && H5Oexists_by_name(parent, name, H5P_DEFAULT) > 0;
    });
}

int64_t ch5_link_count(int64_t group) {
    LOCKED(int64_t, count, {
        H5G_info_t info;
        count = H5Gget_info(group, &info) < 0 ? -1 : (int64_t)info.nlinks;
    });
}

int64_t ch5_link_name(int64_t group, int64_t index, char *name, size_t size) {
    LOCKED(ssize_t, length, {
        length = H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, (hsize_t)index, name, size,
                                    H5P_DEFAULT);
    });
}
