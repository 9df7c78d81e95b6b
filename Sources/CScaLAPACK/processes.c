// Processes of one job, by MPI, whose calls do not return where they fail: they end the job.
#define _GNU_SOURCE
#include "CScaLAPACK.h"
#include <limits.h>
#include <mpi.h>
#include <sched.h>
#include <sys/resource.h>

extern void openblas_set_num_threads(int);

int sl_begin(void) {
    return MPI_Init(NULL, NULL);
}

void sl_end(void) {
    MPI_Finalize();
}

void sl_abort(int code) {
    MPI_Abort(MPI_COMM_WORLD, code);
}

int sl_rank(void) {
    int rank;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    return rank;
}

int sl_process_count(void) {
    int count;
    MPI_Comm_size(MPI_COMM_WORLD, &count);
    return count;
}

void sl_broadcast(void *bytes, int count, int from) {
    MPI_Bcast(bytes, count, MPI_BYTE, from, MPI_COMM_WORLD);
}

void sl_sum(double *values, int count) {
    MPI_Allreduce(MPI_IN_PLACE, values, count, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
}

double sl_largest(double value) {
    MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
    return value;
}

int sl_least(int value) {
    MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
    return value;
}

void sl_machine(int *processes, int *cores) {
    MPI_Comm here;
    cpu_set_t set;
    CPU_ZERO(&set);
    // It fails where there are more cores than a set has room for.
    int is_known = sched_getaffinity(0, sizeof set, &set) == 0;
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &here);
    MPI_Comm_size(here, processes);
    MPI_Allreduce(MPI_IN_PLACE, &set, sizeof set, MPI_BYTE, MPI_BOR, here);
    MPI_Allreduce(MPI_IN_PLACE, &is_known, 1, MPI_INT, MPI_MIN, here);
    MPI_Comm_free(&here);
    *cores = is_known ? CPU_COUNT(&set) : INT_MAX;
}

const char *sl_machine_name(void) {
    static char name[MPI_MAX_PROCESSOR_NAME + 1];
    int length;
    if (MPI_Get_processor_name(name, &length) != MPI_SUCCESS) return "?";
    return name;
}

double sl_peak_memory(void) {
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? 1024.0 * (double)usage.ru_maxrss : 0;
}

void sl_use_threads(int count) {
    openblas_set_num_threads(count);
}
