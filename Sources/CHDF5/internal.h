// Shared by the files of this target: the lock, the error stack, the memory types.
#ifndef CHDF5_INTERNAL_H
#define CHDF5_INTERNAL_H
#include "CHDF5.h"
#include <hdf5.h>

void ch5_lock(void);
/// Releases the lock; where `failed`, HDF5's error stack becomes the error text first.
void ch5_unlock(int failed);
hid_t ch5_memory_type(int memory);
/// A new type of UTF-8 strings of any length; negative on failure.
hid_t ch5_text_type(void);

/// Closes an id that was opened: a failure is one of the call that it belongs to, too.
#define CLOSE(status, close, id)                                                                             \
    do                                                                                                       \
        if ((id) >= 0 && close(id) < 0) status = -1;                                                         \
    while (0)

/// Runs the statements between under the lock; `status` (negative: failed) decides about the text.
#define LOCKED(type, status, ...)                                                                            \
    ch5_lock();                                                                                              \
    type status = -1;                                                                                        \
    do __VA_ARGS__ while (0);                                                                                \
    ch5_unlock(status < 0);                                                                                  \
    return status

#endif
