// The one owner of parallelism: a pool of threads that take pieces of a job in turn.
//
// OpenBLAS runs single-threaded inside each piece. Pieces are taken dynamically, so a core that
// is slowed by another program does not hold up the rest; which thread takes a piece changes
// nothing in its result. Threads spin briefly between jobs, then sleep.
#include "CLinearAlgebra.h"
#include "internal.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

enum { spin_limit = 20000, max_threads = 256 };

// Index of the next piece in the low half, number of the job in the high half, so that a thread
// that wakes late can't take a piece of a job it did not see.
static _Atomic uint64_t ticket;
static _Atomic long finished;
static _Atomic long job_count;
static void *_Atomic job_context;
static void (*_Atomic job_task)(void *, long);
static _Atomic uint32_t job_number;

static pthread_mutex_t pool_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t pool_wake = PTHREAD_COND_INITIALIZER;
static pthread_mutex_t owner_lock = PTHREAD_MUTEX_INITIALIZER;
static _Atomic int sleepers;
static _Atomic int wanted_threads = 1;
static int started_threads = 1;
static _Thread_local bool inside_task;

static inline void relax(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static void take_pieces(uint32_t number) {
    for (;;) {
        uint64_t seen = atomic_load(&ticket);
        long count = atomic_load(&job_count);
        void (*task)(void *, long) = atomic_load(&job_task);
        void *context = atomic_load(&job_context);
        if ((uint32_t)(seen >> 32) != number || (long)(uint32_t)seen >= count) return;
        if (!atomic_compare_exchange_weak(&ticket, &seen, seen + 1)) continue;
        task(context, (long)(uint32_t)seen);
        atomic_fetch_add(&finished, 1);
    }
}

static void wait_for_job(uint32_t last) {
    for (int spin = 0; spin < spin_limit; spin++) {
        if (atomic_load_explicit(&job_number, memory_order_acquire) != last) return;
        relax();
    }
    pthread_mutex_lock(&pool_lock);
    atomic_fetch_add(&sleepers, 1);
    while (atomic_load(&job_number) == last) pthread_cond_wait(&pool_wake, &pool_lock);
    atomic_fetch_sub(&sleepers, 1);
    pthread_mutex_unlock(&pool_lock);
}

static void *worker(void *argument) {
    int index = (int)(intptr_t)argument;
    uint32_t last = 0;
    inside_task = true;
    for (;;) {
        wait_for_job(last);
        last = atomic_load(&job_number);
        if (index < atomic_load(&wanted_threads)) take_pieces(last);
    }
    return NULL;
}

static void start_threads(void) {
    int wanted = atomic_load(&wanted_threads);
    while (started_threads < wanted) {
        pthread_t thread;
        pthread_attr_t attributes;
        pthread_attr_init(&attributes);
        pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
        if (pthread_create(&thread, &attributes, worker, (void *)(intptr_t)started_threads) != 0) {
            atomic_store(&wanted_threads, started_threads);
            return;
        }
        started_threads++;
    }
}

void la_set_thread_count(int count) {
    if (count < 1) count = 1;
    if (count > max_threads) count = max_threads;
    atomic_store(&wanted_threads, count);
}

int la_start_threads(int count) {
    la_set_thread_count(count);
    pthread_mutex_lock(&owner_lock);
    start_threads();
    pthread_mutex_unlock(&owner_lock);
    return la_thread_count();
}

int la_thread_count(void) { return atomic_load(&wanted_threads); }

int parallel_width(void) { return inside_task ? 1 : la_thread_count(); }

void la_parallel(long count, void *context, void (*task)(void *context, long index)) {
    bool alone = count <= 1 || inside_task || atomic_load(&wanted_threads) == 1;
    // A second thread of the program that calls at the same time works through its job by itself.
    if (alone || pthread_mutex_trylock(&owner_lock) != 0) {
        for (long i = 0; i < count; i++) task(context, i);
        return;
    }
    start_threads();
    inside_task = true;
    uint32_t number = atomic_load(&job_number) + 1;
    if (number == 0) number = 1;
    atomic_store(&finished, 0);
    atomic_store(&ticket, (uint64_t)number << 32 | UINT32_MAX);  // closed while it is being set up
    atomic_store(&job_task, task);
    atomic_store(&job_context, context);
    atomic_store(&job_count, count);
    atomic_store(&ticket, (uint64_t)number << 32);
    atomic_store_explicit(&job_number, number, memory_order_seq_cst);
    if (atomic_load(&sleepers) > 0) {
        pthread_mutex_lock(&pool_lock);
        pthread_cond_broadcast(&pool_wake);
        pthread_mutex_unlock(&pool_lock);
    }
    take_pieces(number);
    while (atomic_load_explicit(&finished, memory_order_acquire) < count) relax();
    inside_task = false;
    pthread_mutex_unlock(&owner_lock);
}
