// Files, groups and objects.
#include "internal.h"
#include <stdlib.h>
#include <string.h>

int ch5_close_file(struct ch5_storage *storage, int64_t file) {
    GUARDED(storage, herr_t, status, { status = H5Fclose(file); });
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

int64_t ch5_open_object(struct ch5_storage *storage, int64_t parent, const char *path) {
    GUARDED(storage, hid_t, object, { object = H5Oopen(parent, path, H5P_DEFAULT); });
}

int ch5_close_object(struct ch5_storage *storage, int64_t object) {
    GUARDED(storage, herr_t, status, { status = H5Oclose(object); });
}

int ch5_object_kind(struct ch5_storage *storage, int64_t object) {
    GUARDED(storage, int, kind, {
        const H5I_type_t type = H5Iget_type(object);
        kind = type == H5I_GROUP      ? CH5_GROUP
               : type == H5I_DATASET  ? CH5_DATASET
               : type == H5I_DATATYPE ? CH5_NAMED_TYPE
                                      : CH5_UNKNOWN;
    });
}

int64_t ch5_object_address(struct ch5_storage *storage, int64_t object) {
    GUARDED(storage, int64_t, address, {
        H5O_info_t info;
        if (H5Oget_info2(object, &info, H5O_INFO_BASIC) >= 0) address = (int64_t)info.addr;
    });
}

int ch5_exists(struct ch5_storage *storage, int64_t parent, const char *name) {
    GUARDED(storage, int, exists, {
        exists = H5Lexists(parent, name, H5P_DEFAULT) > 0 && H5Oexists_by_name(parent, name, H5P_DEFAULT) > 0;
    });
}
