// A clock on the wall that is set at every look at it, an hour forth and an hour back, for LD_PRELOAD; with CLOCK_HOURS in
// the environment one that is ahead by so many hours, with NO_CLOCK none at all.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static atomic_long looks;

static long jump(void) {
    const char *hours = getenv("CLOCK_HOURS");
    if (hours) return 3600 * atol(hours);
    return atomic_fetch_add(&looks, 1) % 2 ? -3600 : 3600;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    static int (*next)(clockid_t, struct timespec *);
    if (!next) next = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    if (getenv("NO_CLOCK")) {
        errno = EINVAL;
        return -1;
    }
    const int status = next(clock, now);
    if (status == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += jump();
    return status;
}

int timespec_get(struct timespec *now, int base) { return clock_gettime(CLOCK_REALTIME, now) == 0 ? base : 0; }

int gettimeofday(struct timeval *now, void *zone) {
    (void)zone;
    struct timespec time;
    const int status = clock_gettime(CLOCK_REALTIME, &time);
    *now = (struct timeval){time.tv_sec, time.tv_nsec / 1000};
    return status;
}

time_t time(time_t *now) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    if (now) *now = time.tv_sec;
    return time.tv_sec;
}
