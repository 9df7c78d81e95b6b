// The part of MPI and ScaLAPACK that a distributed spectrum needs, over plain types.
//
// All calls are collective: every process makes them, in the same order. MPI ends the job itself where a process or the
// network is lost. Matrices are Fortran's, column after column, in blocks dealt out cyclically over a grid of processes;
// rows and columns are counted from 0. A call that needs scratch memory writes to `work[0]` how many numbers that is
// where `work_size` is -1, and does nothing else.
#ifndef CSCALAPACK_H
#define CSCALAPACK_H

// --- processes ---

/// Joins the other processes of the job: those that mpirun or srun started; alone where neither did. 0 where that worked.
int sl_begin(void);
/// Leaves them; the last call.
void sl_end(void);
/// Ends all of them at once.
void sl_abort(int code);
int sl_rank(void);
int sl_process_count(void);
/// Copies bytes of one process to all.
void sl_broadcast(void *bytes, int count, int from);
/// Entry by entry, over all processes.
void sl_sum(double *values, int count);
double sl_largest(double value);
int sl_least(int value);
/// The processes of this machine, and the cores on which at least one of them may run; INT_MAX
/// where the system does not tell.
void sl_machine(int *processes, int *cores);
/// The machine's name; valid until the next call.
const char *sl_machine_name(void);
/// Most memory that this process has held, in bytes.
double sl_peak_memory(void);
/// Threads of OpenBLAS in each process.
void sl_use_threads(int count);

// --- matrices in blocks ---

enum { SL_DESCRIPTOR = 9 };

/// A grid of processes, ranks in it row after row; its context, and where this process stands: -1 outside of the grid.
int sl_grid(int rows, int columns, int *row, int *column);
/// Of `count` rows in blocks, how many the process at a place among `places` holds.
int sl_local_count(int count, int block, int place, int places);
/// Describes a matrix to the calls below; `local_rows` is what one of its columns takes here. 0 where it is well.
int sl_describe(int *descriptor, int rows, int columns, int row_block, int column_block, int context, int local_rows);
/// Copies `rows` by `columns` entries, from the given column of one matrix on to that of another. Both begin at row 0.
/// `context` has all processes of both.
void sl_copy(int rows, int columns, double *from, int from_column, const int *from_descriptor, double *to, int to_column,
             const int *to_descriptor, int context);

// --- eigenvalues; answers are LAPACK's `info`, 0 for success ---

/// A = Q T Qᵀ of a symmetric A, of which the lower triangle counts: reflectors of Q in its place and in `tau`. Each
/// process gets the entries of T that belong to its columns of A.
int sl_tridiagonalize(int n, double *a, const int *descriptor, double *diagonal, double *off_diagonal, double *tau,
                      double *work, int work_size);
/// All eigenvalues of T, ascending, in place of its diagonal; `off_diagonal` is destroyed. Each process does the same.
int sl_tridiagonal_values(int n, double *diagonal, double *off_diagonal);
/// The unit eigenvector of T at a place in ascending order; T is kept. Each process does the same.
int sl_tridiagonal_vector(int n, const double *diagonal, const double *off_diagonal, int place, double *vector);
/// All eigenpairs of T by divide and conquer: values in place of its diagonal, vectors in the columns of `z`,
/// which has to be zero: only blocks on its diagonal are set at first.
int sl_tridiagonal_vectors(int n, double *diagonal, double *off_diagonal, double *z, const int *descriptor,
                           int local_rows, int local_columns, double *work, int work_size);
/// Z ← Q Z, with Q from `sl_tridiagonalize` and Z of `columns` columns.
int sl_apply_reflectors(int n, int columns, double *a, const int *descriptor, const double *tau, double *z,
                        const int *z_descriptor, double *work, int work_size);
/// C ← A B, all [n, n] with one descriptor.
void sl_multiply(int n, const double *a, const double *b, double *c, const int *descriptor);

#endif
