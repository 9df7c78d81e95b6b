// Eigenvalues of a symmetric matrix in blocks, by the routines of which ScaLAPACK's pdsyevd is made.
#include "CScaLAPACK.h"
#include <float.h>
#include <stdlib.h>

extern void pdsytrd_(const char *uplo, const int *n, double *a, const int *ia, const int *ja, const int *descriptor,
                     double *d, double *e, double *tau, double *work, const int *work_size, int *info, size_t);
extern void pdstedc_(const char *vectors, const int *n, double *d, double *e, double *q, const int *iq, const int *jq,
                     const int *descriptor, double *work, const int *work_size, int *integers, const int *integer_size,
                     int *info, size_t);
extern void pdormtr_(const char *side, const char *uplo, const char *transpose, const int *m, const int *n,
                     const double *a, const int *ia, const int *ja, const int *descriptor, const double *tau, double *c,
                     const int *ic, const int *jc, const int *c_descriptor, double *work, const int *work_size, int *info,
                     size_t, size_t, size_t);
extern void pdgemm_(const char *transpose_a, const char *transpose_b, const int *m, const int *n, const int *k,
                    const double *alpha, const double *a, const int *ia, const int *ja, const int *a_descriptor,
                    const double *b, const int *ib, const int *jb, const int *b_descriptor, const double *beta, double *c,
                    const int *ic, const int *jc, const int *c_descriptor, size_t, size_t);
extern void dsterf_(const int *n, double *d, double *e, int *info);
extern void dstemr_(const char *vectors, const char *range, const int *n, double *d, double *e, const double *low,
                    const double *high, const int *first, const int *last, int *found, double *values, double *z,
                    const int *leading, const int *vectors_wanted, int *support, int *wants_accuracy, double *work,
                    const int *work_size, int *integers, const int *integer_size, int *info, size_t, size_t);

static const int one = 1;

static double largest(double a, double b) {
    return a > b ? a : b;
}

int sl_tridiagonalize(int n, double *a, const int *descriptor, double *diagonal, double *off_diagonal, double *tau,
                      double *work, int work_size) {
    int info = 0;
    pdsytrd_("L", &n, a, &one, &one, descriptor, diagonal, off_diagonal, tau, work, &work_size, &info, 1);
    return info;
}

int sl_tridiagonal_values(int n, double *diagonal, double *off_diagonal) {
    int info = 0;
    dsterf_(&n, diagonal, off_diagonal, &info);
    return info;
}

int sl_tridiagonal_vector(int n, const double *diagonal, const double *off_diagonal, int place, double *vector) {
    const size_t count = (size_t)n;
    const int wanted = place + 1, work_size = 18 * n, integer_size = 10 * n;
    const double unused = 0;
    int found = 0, support[2], wants_accuracy = 1, info = -1000;
    // dstemr destroys T, and wants room for n values.
    double *d = malloc(sizeof(double) * 21 * count);
    int *integers = malloc(sizeof(int) * 10 * count);
    if (d && integers) {
        double *e = d + count, *values = e + count, *work = values + count;
        for (size_t i = 0; i < count; i++) d[i] = diagonal[i];
        for (size_t i = 0; i + 1 < count; i++) e[i] = off_diagonal[i];
        dstemr_("V", "I", &n, d, e, &unused, &unused, &wanted, &wanted, &found, values, vector, &n, &one, support,
                &wants_accuracy, work, &work_size, integers, &integer_size, &info, 1, 1);
        if (info == 0 && found != 1) info = 1;
    }
    free(integers);
    free(d);
    return info;
}

int sl_tridiagonal_vectors(int n, double *diagonal, double *off_diagonal, double *z, const int *descriptor,
                           int local_rows, int local_columns, double *work, int work_size) {
    int info = 0, integer_size = -1, integers_wanted = 1;
    const int query = -1;
    double wanted;
    pdstedc_("I", &n, diagonal, off_diagonal, z, &one, &one, descriptor, &wanted, &query, &integers_wanted,
             &integer_size, &info, 1);
    // What pdstedc asks for forgets pdlasrt, which it calls at its end: a process with less than a block of columns would
    // refuse there, and the others wait for it (2.2.1).
    const double sorting = largest(n, (double)local_rows * (descriptor[5] + local_columns));
    if (work_size == -1) *work = largest(wanted, sorting);
    if (info != 0 || work_size == -1) return info;
    integer_size = integers_wanted;
    int *integers = malloc(sizeof(int) * (size_t)integer_size);
    if (!integers) return -1000;
    pdstedc_("I", &n, diagonal, off_diagonal, z, &one, &one, descriptor, work, &work_size, integers, &integer_size,
             &info, 1);
    free(integers);
    return info;
}

int sl_apply_reflectors(int n, int columns, double *a, const int *descriptor, const double *tau, double *z,
                        const int *z_descriptor, double *work, int work_size) {
    int info = 0;
    pdormtr_("L", "L", "N", &n, &columns, a, &one, &one, descriptor, tau, z, &one, &one, z_descriptor, work, &work_size,
             &info, 1, 1, 1);
    return info;
}

void sl_multiply(int n, const double *a, const double *b, double *c, const int *descriptor) {
    const double alpha = 1, beta = 0;
    pdgemm_("N", "N", &n, &n, &n, &alpha, a, &one, &one, descriptor, b, &one, &one, descriptor, &beta, c, &one, &one,
            descriptor, 1, 1);
}
