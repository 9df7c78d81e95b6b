// A guard around libhdf5 while it reads. Files that are damaged, or made to harm, let it loop, take memory without end,
// or crash; the process then says so and ends, as the program has asked for. It is too late for an error: what libhdf5
// was doing is left half done.
//
// Time is that of the processor, and counts from the last bytes that were read for the first time: neither a slow disk
// nor a large file is taken for a loop. Handlers of signals are in place only while libhdf5 works, for its thread alone.
#include "internal.h"
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
    seconds_allowed = 3,
    megabytes_allowed = 256,
    unpacked_a_second = 64 << 20,
    filled_a_nanosecond = 16,
    polls_a_second = 100,
};
static const uint64_t refused = UINT64_MAX;

// The call that runs; one at a time, since libhdf5 has one lock.
static _Atomic uint64_t running;  // its number, 0 for none, or `refused` for good
static _Atomic uint64_t start;    // its thread's time in ns when it began,
static _Atomic uint64_t progress; // and when it last got on
static _Atomic uint64_t needed, patience;
static _Atomic clockid_t thread_clock;
static _Atomic pid_t thread_number;
static const char *_Atomic file_path;

static sem_t work;
static atomic_int sleeps;
static int memory_file = -1;

static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGABRT};
enum { signal_count = sizeof signals / sizeof *signals };
static struct sigaction previous[signal_count];
static stack_t previous_stack;
static char stack[1 << 16];

static uint64_t now(clockid_t clock) {
    struct timespec time = {0, 0};
    clock_gettime(clock, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

// How the program wants to end; by abort where it has not said.
static void (*_Atomic ending)(void);

void ch5_end_by(void (*end)(void)) {
    ending = end;
}

// Safe in a handler: no memory, no locks, one write.
static _Noreturn void refuse(const char *what) {
    static char text[8192];
    const char *const parts[] = {"error: ", file_path, ": libhdf5 ", what, ": the file is damaged, or made to harm\n"};
    size_t length = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        for (const char *c = parts[i]; *c && length < sizeof text; c++) text[length++] = *c;
    const ssize_t written = write(STDERR_FILENO, text, length);
    (void)written;
    void (*const end)(void) = ending;
    if (end) end();
    signal(SIGABRT, SIG_DFL);
    abort();
}

// Of the process, which another thread is about to end.
static _Noreturn void await_end(void) {
    for (;;) pause();
}

static void crashed(int number, siginfo_t *info, void *context) {
    (void)info, (void)context;
    if (syscall(SYS_gettid) != thread_number) {
        // Another thread's fault, which is ours: it comes again, and finds no guard.
        for (int i = 0; i < signal_count; i++)
            if (signals[i] == number) sigaction(number, &previous[i], NULL);
        return;
    }
    if (atomic_exchange(&running, refused) == refused) await_end();
    refuse("crashed while it read");
}

static uint64_t resident(void) {
    char text[64];
    unsigned long all = 0, in_memory = 0;
    const ssize_t got = memory_file < 0 ? -1 : pread(memory_file, text, sizeof text - 1, 0);
    if (got <= 0) return 0;
    text[got] = 0;
    return sscanf(text, "%lu %lu", &all, &in_memory) == 2 ? in_memory * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

static void check(uint64_t call, uint64_t first_resident) {
    const uint64_t begun = start, last = progress, time = now(thread_clock), memory = resident();
    const int is_slow = time > last && time - last > patience;
    const uint64_t grown = memory > first_resident ? memory - first_resident : 0;
    // Other threads take memory too: no more counts than one can fill in the time.
    const int is_large = grown > needed && time > begun && (time - begun) * filled_a_nanosecond > needed;
    if ((is_slow || is_large) && atomic_compare_exchange_strong(&running, &call, refused))
        refuse(is_slow ? "found no end while it read" : "took far more memory than the data while it read");
}

static void *watch(void *context) {
    (void)context;
    const struct timespec pause = {0, 1000000000 / polls_a_second};
    uint64_t seen = 0, first_resident = 0;
    for (;;) {
        const uint64_t call = running;
        if (call && call != refused) {
            if (call != seen) first_resident = resident();
            seen = call;
            check(call, first_resident);
            nanosleep(&pause, NULL);
        } else {
            sleeps = 1;
            // What began just before would not wake us.
            if (running == 0 || !atomic_exchange(&sleeps, 0))
                while (sem_wait(&work) != 0) {}
        }
    }
    return NULL;
}

static int failure;

static void begin_watch(void) {
    pthread_t thread;
    sigset_t all, before;
    memory_file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    failure = memory_file < 0 || sem_init(&work, 0, 0) != 0;
    if (failure) return;
    // Signals are for the other threads.
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    failure = pthread_create(&thread, NULL, watch, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!failure) pthread_detach(thread);
}

int ch5_guard_is_ready(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, begin_watch);
    return failure == 0;
}

void ch5_guard_begin(const struct ch5_storage *file, uint64_t memory, uint64_t unpacked) {
    if (file->is_written) return;
    static uint64_t calls;
    clockid_t clock = CLOCK_THREAD_CPUTIME_ID;
    pthread_getcpuclockid(pthread_self(), &clock);
    thread_clock = clock;
    thread_number = (pid_t)syscall(SYS_gettid);
    file_path = file->path;
    needed = memory + unpacked + ((uint64_t)megabytes_allowed << 20);
    patience = (seconds_allowed + unpacked / unpacked_a_second) * 1000000000;
    start = progress = now(CLOCK_THREAD_CPUTIME_ID);
    const stack_t own = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&own, &previous_stack);
    struct sigaction action = {.sa_sigaction = crashed, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < signal_count; i++) sigaction(signals[i], &action, &previous[i]);
    running = ++calls;
    if (atomic_exchange(&sleeps, 0)) sem_post(&work);
}

void ch5_guard_progress(void) {
    if (running) progress = now(CLOCK_THREAD_CPUTIME_ID);
}

void ch5_guard_end(const struct ch5_storage *file) {
    if (file->is_written) return;
    // Where the watch has just refused, the process is about to end.
    if (atomic_exchange(&running, 0) == refused) await_end();
    for (int i = 0; i < signal_count; i++) sigaction(signals[i], &previous[i], NULL);
    sigaltstack(&previous_stack, NULL);
}
