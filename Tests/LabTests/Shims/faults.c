// Lets one call that changes files fail, for LD_PRELOAD: the k-th below a folder, once, as a bad or full disk would.
//   NTKLAB_FAULT_ROOT   the folder            NTKLAB_FAULT_AT      k from 1; 0 counts only
//   NTKLAB_FAULT_ERRNO  its error number, 0 to kill the process
//   NTKLAB_FAULT_COUNT  file to which each call adds its name
// A failed close has closed its file, as Linux does.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static atomic_long calls;

static int fails(const char *name, const char *path) {
    const char *root = getenv("NTKLAB_FAULT_ROOT"), *log = getenv("NTKLAB_FAULT_COUNT");
    if (!root || !path || strncmp(path, root, strlen(root)) != 0) return 0;
    const long call = atomic_fetch_add(&calls, 1) + 1;
    if (log) {
        char line[4200];
        const int length = snprintf(line, sizeof line, "%s %s\n", name, path);
        const long file = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
        if (file < 0 || syscall(SYS_write, file, line, length) != length) abort();
        syscall(SYS_close, file);
    }
    const char *at = getenv("NTKLAB_FAULT_AT"), *number = getenv("NTKLAB_FAULT_ERRNO");
    if (!at || atol(at) != call) return 0;
    errno = number ? atoi(number) : EIO;
    if (errno == 0) kill(getpid(), SIGKILL);
    return 1;
}

static int fails_at(const char *name, const char *path) {
    char whole[8192], here[4096];
    if (!path) return 0;
    if (*path == '/') return fails(name, path);
    if (!getcwd(here, sizeof here)) return 0;
    snprintf(whole, sizeof whole, "%s/%s", here, path);
    return fails(name, whole);
}

static int fails_on(const char *name, int descriptor) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    const ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return fails(name, path);
}

ssize_t write(int fd, const void *data, size_t size) { return fails_on("write", fd) ? -1 : NEXT(write)(fd, data, size); }
ssize_t writev(int fd, const struct iovec *parts, int n) { return fails_on("write", fd) ? -1 : NEXT(writev)(fd, parts, n); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
    return fails_on("pwrite", fd) ? -1 : NEXT(pwrite)(fd, data, size, at);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    return fails_on("pwrite", fd) ? -1 : NEXT(pwrite64)(fd, data, size, at);
}
int futimens(int fd, const struct timespec times[2]) { return fails_on("futimens", fd) ? -1 : NEXT(futimens)(fd, times); }
int fsync(int fd) { return fails_on("fsync", fd) ? -1 : NEXT(fsync)(fd); }
int ftruncate(int fd, off_t size) { return fails_on("ftruncate", fd) ? -1 : NEXT(ftruncate)(fd, size); }
int ftruncate64(int fd, off64_t size) { return fails_on("ftruncate", fd) ? -1 : NEXT(ftruncate64)(fd, size); }
int close(int fd) {
    const int failed = fails_on("close", fd), number = errno;
    const int status = NEXT(close)(fd);
    if (failed) errno = number;
    return failed ? -1 : status;
}
int rename(const char *from, const char *to) { return fails_at("rename", to) ? -1 : NEXT(rename)(from, to); }
int unlink(const char *path) { return fails_at("unlink", path) ? -1 : NEXT(unlink)(path); }
int rmdir(const char *path) { return fails_at("rmdir", path) ? -1 : NEXT(rmdir)(path); }
int symlink(const char *target, const char *path) { return fails_at("symlink", path) ? -1 : NEXT(symlink)(target, path); }
int link(const char *from, const char *to) { return fails_at("link", to) ? -1 : NEXT(link)(from, to); }
int mkdir(const char *path, mode_t mode) { return fails_at("mkdir", path) ? -1 : NEXT(mkdir)(path, mode); }

#define OPEN(name)                                                                                           \
    int name(const char *path, int flags, ...) {                                                             \
        va_list rest;                                                                                        \
        va_start(rest, flags);                                                                               \
        const mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;                         \
        va_end(rest);                                                                                        \
        if (flags & O_CREAT && fails_at("open", path)) return -1;                                            \
        return NEXT(name)(path, flags, mode);                                                                \
    }
OPEN(open)
OPEN(open64)
