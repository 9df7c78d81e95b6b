// The links in groups. Those to other files are shown and never followed, and neither are those of other programs' kinds.
#include "internal.h"
#include <stdlib.h>
#include <string.h>

static hid_t follow_nothing(const char *name, hid_t group, const void *value, size_t size, hid_t access, hid_t transfer) {
    (void)name, (void)group, (void)value, (void)size, (void)access, (void)transfer;
    return -1;
}

static ssize_t copy_value(const char *name, const void *value, size_t size, void *to, size_t room) {
    (void)name;
    if (to) memcpy(to, value, size < room ? size : room);
    return (ssize_t)size;
}

int ch5_follow_no_external_links(void) {
    static const H5L_class_t shown_only = {
        .version = H5L_LINK_CLASS_T_VERS,
        .id = H5L_TYPE_EXTERNAL,
        .comment = "external, not followed",
        .trav_func = follow_nothing,
        .query_func = copy_value,
    };
    return H5Lregister(&shown_only) >= 0;
}

// "file:path" of an external link's value: a byte of flags and two strings.
static char *external_target(const char *value, size_t size) {
    const char *file = value + 1, *end = value + size;
    const size_t file_length = size > 1 ? strnlen(file, (size_t)(end - file)) : 0;
    const char *path = file + file_length + 1;
    const size_t path_length = size > 1 && path < end ? strnlen(path, (size_t)(end - path)) : 0;
    char *target = calloc(file_length + path_length + 2, 1);
    if (!target) return NULL;
    if (file_length) memcpy(target, file, file_length);
    target[file_length] = ':';
    if (path_length) memcpy(target + file_length + 1, path, path_length);
    return target;
}

static char *target_of(hid_t parent, const char *path, const H5L_info_t *info) {
    const size_t size = info->u.val_size;
    if (size == 0 || size > (size_t)1 << 20) return NULL;
    char *value = calloc(size + 1, 1), *target = NULL;
    if (value && H5Lget_val(parent, path, value, size, H5P_DEFAULT) >= 0)
        target = info->type == H5L_TYPE_SOFT ? strdup(value) : external_target(value, size);
    free(value);
    return target;
}

int ch5_link_kind(struct ch5_storage *storage, int64_t parent, const char *path, char **target) {
    *target = NULL;
    GUARDED(storage, int, kind, {
        H5L_info_t info;
        if (H5Lget_info(parent, path, &info, H5P_DEFAULT) < 0) break;
        kind = info.type == H5L_TYPE_HARD       ? CH5_HARD
               : info.type == H5L_TYPE_SOFT     ? CH5_SOFT
               : info.type == H5L_TYPE_EXTERNAL ? CH5_EXTERNAL_LINK
                                                : CH5_USER_LINK;
        if (kind == CH5_SOFT || kind == CH5_EXTERNAL_LINK) *target = target_of(parent, path, &info);
    });
}

struct names {
    char **names;
    uint64_t count, limit;
};

static herr_t add_name(hid_t group, const char *name, const H5L_info_t *info, void *context) {
    (void)group, (void)info;
    struct names *found = context;
    char *copy = strdup(name);
    if (!copy) return -1;
    found->names[found->count++] = copy;
    return found->count == found->limit;
}

int64_t ch5_link_names(struct ch5_storage *storage, int64_t group, uint64_t limit, char **names) {
    struct names found = {names, 0, limit};
    GUARDED(storage, int64_t, count, {
        hsize_t next = 0;
        if (H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, &next, add_name, &found) >= 0) count = (int64_t)found.count;
    });
}
