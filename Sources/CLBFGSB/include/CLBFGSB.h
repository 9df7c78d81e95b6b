// The least value of a smooth function in a box by L-BFGS-B 3.0 (Zhu, Byrd, Lu, Nocedal 1997; Morales, Nocedal 2011),
// the Fortran library, step by step.
//
// The caller computes the function; all that is kept between two of its values is in the search, so that several can
// run side by side.
#ifndef CLBFGSB_H
#define CLBFGSB_H

#include <stdint.h>

typedef struct lbfgsb_search lbfgsb_search;

/// What a search asks for: f and its gradient at x; nothing, since x is the end of an iteration; or nothing any more.
enum { LBFGSB_EVALUATE, LBFGSB_ITERATED, LBFGSB_ENDED };

/// The most variables that 32-bit places in the workspace of a search with so many corrections can count.
int64_t lbfgsb_most_variables(int32_t corrections);

/// A search in n variables, all with bounds, that remembers so many corrections m; NULL where it has no memory for
/// (2 m + 5) n doubles.
lbfgsb_search *lbfgsb_create(int32_t n, int32_t corrections);
void lbfgsb_free(lbfgsb_search *search);

/// Goes on. x, lower, upper and gradient are [n]; f and the gradient are those at x where the last call asked for them,
/// and are not read otherwise. No tolerance ends the search: it ends where nothing is left to gain, or by the caller.
int32_t lbfgsb_advance(
    lbfgsb_search *search, double *x, const double *lower, const double *upper, double f, double *gradient);

/// The library's own words for where a search is, such as `CONVERGENCE: NORM_OF_PROJECTED_GRADIENT_<=_PGTOL`.
const char *lbfgsb_words(lbfgsb_search *search);

#endif
