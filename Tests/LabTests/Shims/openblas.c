// An OpenBLAS that misjudges the processor, for LD_PRELOAD: without OPENBLAS_CORETYPE it says that it uses its
// Prescott kernels. Each start of a program adds a line to the file that NTKLAB_TEST_STARTS names.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

__attribute__((constructor)) static void count_start(void) {
    const char *path = getenv("NTKLAB_TEST_STARTS");
    const int file = path ? open(path, O_WRONLY | O_CREAT | O_APPEND, 0644) : -1;
    if (file < 0) return;
    if (write(file, "start\n", 6) != 6) abort();
    close(file);
}

char *openblas_get_corename(void) {
    const char *wanted = getenv("OPENBLAS_CORETYPE");
    if (getenv("NTKLAB_TEST_MISJUDGED") && !(wanted && *wanted)) return "Prescott";
    return ((char *(*)(void))dlsym(RTLD_NEXT, "openblas_get_corename"))();
}
