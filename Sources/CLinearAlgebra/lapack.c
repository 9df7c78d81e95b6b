// LAPACK as it stands in OpenBLAS: Debian ships no LAPACKE and no header, so each Fortran
// routine is declared here once, with its hidden string lengths.
#include "CLinearAlgebra.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

extern void dsteqr_(const char *compz, const int *n, double *d, double *e, double *z, const int *ldz,
                    double *work, int *info, size_t compz_length);

extern void dsyevd_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w,
                    double *work, const int *lwork, int *iwork, const int *liwork, int *info, size_t jobz_length,
                    size_t uplo_length);
extern void openblas_set_num_threads(int);

enum { threaded_order = 800 };

int la_symmetric_eigen_f64(long n, int vectors, double *matrix, double *values) {
    int order = (int)n, info = 0, work_size = -1, integer_size = -1, integers_wanted = 1;
    double wanted = 1;
    const char *job = vectors ? "V" : "N";
    dsyevd_(job, "L", &order, matrix, &order, values, &wanted, &work_size, &integers_wanted, &integer_size, &info, 1, 1);
    if (info != 0) return info;
    work_size = (int)wanted;
    integer_size = integers_wanted;
    double *work = malloc(sizeof(double) * (size_t)work_size);
    int *integers = malloc(sizeof(int) * (size_t)integer_size);
    if (!work || !integers) {
        free(work);
        free(integers);
        return -1000;
    }
    // The pool is idle here: OpenBLAS's own threads may have the cores for the time of this call. They wait awake for
    // a while after it, so a small matrix is not worth waking them for.
    if (n >= threaded_order) openblas_set_num_threads(la_thread_count());
    dsyevd_(job, "L", &order, matrix, &order, values, work, &work_size, integers, &integer_size, &info, 1, 1);
    openblas_set_num_threads(1);
    free(work);
    free(integers);
    return info;
}

int la_tridiagonal_eigen_f64(long n, double *diagonal, double *off_diagonal, double *z) {
    int order = (int)n, info = 0;
    double *work = malloc(sizeof(double) * (size_t)(n > 1 ? 2 * n - 2 : 1));
    if (!work) return -1000;
    // Fortran's columns are our rows: row i of z is the i-th eigenvector.
    dsteqr_("I", &order, diagonal, off_diagonal, z, &order, work, &info, 1);
    free(work);
    return info;
}
