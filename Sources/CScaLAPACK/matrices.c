// Grids of processes and matrices in blocks, by BLACS.
#include "CScaLAPACK.h"

extern void Cblacs_get(int context, int what, int *value);
extern void Cblacs_gridinit(int *context, const char *order, int rows, int columns);
extern void Cblacs_gridinfo(int context, int *rows, int *columns, int *row, int *column);
extern int numroc_(const int *n, const int *block, const int *place, const int *source, const int *places);
extern void descinit_(int *descriptor, const int *m, const int *n, const int *mb, const int *nb, const int *row_source,
                      const int *column_source, const int *context, const int *leading, int *info);
extern void Cpdgemr2d(int m, int n, double *a, int ia, int ja, const int *a_descriptor, double *b, int ib, int jb,
                      const int *b_descriptor, int context);

int sl_grid(int rows, int columns, int *row, int *column) {
    int context = -1, found_rows, found_columns;
    *row = *column = -1;
    Cblacs_get(-1, 0, &context);
    Cblacs_gridinit(&context, "Row", rows, columns);
    if (context >= 0) Cblacs_gridinfo(context, &found_rows, &found_columns, row, column);
    return context;
}

int sl_local_count(int count, int block, int place, int places) {
    const int first = 0;
    return place < 0 ? 0 : numroc_(&count, &block, &place, &first, &places);
}

int sl_describe(int *descriptor, int rows, int columns, int row_block, int column_block, int context, int local_rows) {
    // How ScaLAPACK knows a process that is outside of the grid.
    descriptor[0] = 1;
    descriptor[1] = -1;
    if (context < 0) return 0;
    const int first = 0, leading = local_rows > 1 ? local_rows : 1;
    int info;
    descinit_(descriptor, &rows, &columns, &row_block, &column_block, &first, &first, &context, &leading, &info);
    return info;
}

void sl_copy(int rows, int columns, double *from, int from_column, const int *from_descriptor, double *to, int to_column,
             const int *to_descriptor, int context) {
    Cpdgemr2d(rows, columns, from, 1, from_column + 1, from_descriptor, to, 1, to_column + 1, to_descriptor, context);
}
