// Shared by the files of this target: the lock, the error stack, the memory types.
#ifndef CHDF5_INTERNAL_H
#define CHDF5_INTERNAL_H
#include "CHDF5.h"
#define H5_USE_110_API
#include <hdf5.h>

/// Whether libhdf5 could be set up.
int ch5_is_ready(void);
void ch5_lock(void);
/// What ch5_error_text says of a call that did not reach libhdf5.
void ch5_set_error_text(const char *text);
void ch5_unlock(void);
/// Puts libhdf5 under guard until it ends, where it reads a file: `memory` bytes may be taken for the caller, besides
/// `unpacked` ones for what it unpacks at once (guard.c).
void ch5_guard_begin(const struct ch5_storage *file, uint64_t memory, uint64_t unpacked);
void ch5_guard_end(const struct ch5_storage *file);
/// It gets on.
void ch5_guard_progress(void);
/// Whether its thread runs.
int ch5_guard_is_ready(void);
hid_t ch5_memory_type(int memory);
int ch5_follow_no_external_links(void);
/// A new type of UTF-8 strings of any length; negative on failure.
hid_t ch5_text_type(void);

/// Closes an id that was opened: a failure is one of the call that it belongs to, too.
#define CLOSE(status, close, id)                                                                             \
    do                                                                                                       \
        if ((id) >= 0 && close(id) < 0) status = -1;                                                         \
    while (0)

/// Runs the statements between under the lock and returns the status that they leave, negative where they failed.
#define LOCKED(type, status, ...)                                                                            \
    ch5_lock();                                                                                              \
    type status = -1;                                                                                        \
    do __VA_ARGS__ while (0);                                                                                \
    ch5_unlock();                                                                                            \
    return status

/// The same for a call on a file that may be one that is read: under guard then.
#define GUARDED(file, type, status, ...) GUARDED_FOR(file, 0, 0, type, status, __VA_ARGS__)
#define GUARDED_FOR(file, memory, unpacked, type, status, ...)                                               \
    ch5_lock();                                                                                              \
    ch5_guard_begin(file, memory, unpacked);                                                                 \
    type status = -1;                                                                                        \
    do __VA_ARGS__ while (0);                                                                                \
    ch5_guard_end(file);                                                                                     \
    ch5_unlock();                                                                                            \
    return status

#endif
