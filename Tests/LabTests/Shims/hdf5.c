// A libhdf5 that fails at reading values, for LD_PRELOAD, in the way that NTKLAB_HDF5_FAULT names.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <hdf5.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile int zero;
static volatile char *volatile nowhere;

static int recurse(volatile char *above) {
    volatile char here[4096];
    here[0] = above[0];
    return recurse(here) + here[0];
}

static void *crash(void *context) {
    *nowhere = 1;
    return context;
}

static void fail(const char *fault) {
    if (strcmp(fault, "loop") == 0)
        while (!zero) {}
    if (strcmp(fault, "crash") == 0) crash(NULL);
    if (strcmp(fault, "abort") == 0) abort();
    if (strcmp(fault, "divide") == 0) raise(SIGFPE);
    if (strcmp(fault, "recursion") == 0) recurse("");
    if (strcmp(fault, "memory") == 0)
        for (size_t i = 0; i < 1 << 14; i++) memset(malloc(1 << 20), 1, 1 << 20);
    if (strcmp(fault, "waiting") == 0) sleep(5);
    if (strcmp(fault, "another thread") == 0) {
        pthread_t thread;
        pthread_create(&thread, NULL, crash, NULL);
        pthread_join(thread, NULL);
    }
}

herr_t H5Dread(hid_t dataset, hid_t memory, hid_t to, hid_t from, hid_t transfer, void *values) {
    const char *fault = getenv("NTKLAB_HDF5_FAULT");
    if (fault) fail(fault);
    return ((__typeof__(&H5Dread))dlsym(RTLD_NEXT, "H5Dread"))(dataset, memory, to, from, transfer, values);
}

// Our own fault: none of libhdf5's work is under way.
int rename(const char *from, const char *to) {
    const char *fault = getenv("NTKLAB_HDF5_FAULT");
    if (fault && strcmp(fault, "outside") == 0) crash(NULL);
    return ((__typeof__(&rename))dlsym(RTLD_NEXT, "rename"))(from, to);
}
