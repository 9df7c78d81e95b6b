// The lock, the error text and the types.
#include "internal.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t lock;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static char error_text[2048];
static char version_text[32];
static int is_ready;

static void prepare(void) {
    pthread_mutexattr_t recursive;
    pthread_mutexattr_init(&recursive);
    pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&lock, &recursive);
    unsigned major = 0, minor = 0, release = 0;
    // Files are closed by who opened them; what is left of a damaged one is not touched again.
    H5dont_atexit();
    is_ready = H5open() >= 0 && ch5_follow_no_external_links();
    H5get_libversion(&major, &minor, &release);
    snprintf(version_text, sizeof version_text, "%u.%u.%u", major, minor, release);
}

int ch5_is_ready(void) {
    pthread_once(&once, prepare);
    return is_ready;
}

static herr_t add_message(unsigned depth, const H5E_error2_t *error, void *context) {
    (void)depth, (void)context;
    // The innermost message says what happened, but for a filter that is missing, which no plugin has either.
    if (error_text[0] || error->maj_num == H5E_PLUGIN || !error->desc) return 0;
    // HDF5 puts times and flags behind its first line.
    snprintf(error_text, sizeof error_text, "%s", error->desc);
    error_text[strcspn(error_text, "\n")] = 0;
    return 0;
}

// HDF5 calls it where it would print errors; the next call clears them.
static herr_t keep_message(hid_t stack, void *context) {
    error_text[0] = 0;
    return H5Ewalk2(stack, H5E_WALK_UPWARD, add_message, context);
}

void ch5_lock(void) {
    pthread_once(&once, prepare);
    pthread_mutex_lock(&lock);
    error_text[0] = 0;
    H5Eset_auto2(H5E_DEFAULT, keep_message, NULL);
}

void ch5_set_error_text(const char *text) {
    pthread_once(&once, prepare);
    pthread_mutex_lock(&lock);
    snprintf(error_text, sizeof error_text, "%s", text);
    pthread_mutex_unlock(&lock);
}

void ch5_unlock(void) { pthread_mutex_unlock(&lock); }

const char *ch5_error_text(void) { return error_text[0] ? error_text : "no details"; }
const char *ch5_version(void) {
    pthread_once(&once, prepare);
    return version_text;
}
void ch5_free(void *memory) { free(memory); }

hid_t ch5_memory_type(int memory) {
    switch (memory) {
    case CH5_F32: return H5T_NATIVE_FLOAT;
    case CH5_F64: return H5T_NATIVE_DOUBLE;
    case CH5_I64: return H5T_NATIVE_INT64;
    default: return H5T_NATIVE_UINT8;
    }
}

hid_t ch5_text_type(void) {
    hid_t type = H5Tcopy(H5T_C_S1);
    if (type >= 0 && (H5Tset_size(type, H5T_VARIABLE) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0)) {
        H5Tclose(type);
        type = -1;
    }
    return type;
}
