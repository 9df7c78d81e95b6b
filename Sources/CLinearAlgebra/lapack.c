// LAPACK as it stands in OpenBLAS: Debian ships no LAPACKE and no header, so each Fortran
// routine is declared here once, with its hidden string lengths.
#include "CLinearAlgebra.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

extern void dsteqr_(const char *compz, const int *n, double *d, double *e, double *z, const int *ldz,
                    double *work, int *info, size_t compz_length);

int la_tridiagonal_eigen_f64(long n, double *diagonal, double *off_diagonal, double *z) {
    int order = (int)n, info = 0;
    double *work = malloc(sizeof(double) * (size_t)(n > 1 ? 2 * n - 2 : 1));
    if (!work) return -1000;
    // Fortran's columns are our rows: row i of z is the i-th eigenvector.
    dsteqr_("I", &order, diagonal, off_diagonal, z, &order, work, &info, 1);
    free(work);
    return info;
}
