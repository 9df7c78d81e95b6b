#include "CLBFGSB.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT = 60 };

// The Fortran routine; gfortran passes the lengths of its texts at the end.
void setulb_(
    const int *n, const int *m, double *x, const double *lower, const double *upper, const int *bounds, double *f,
    double *gradient, const double *factr, const double *pgtol, double *wa, int *iwa, char *task, const int *iprint,
    char *csave, int *lsave, int *isave, double *dsave, size_t task_length, size_t csave_length);

struct lbfgsb_search {
    int n, m;
    double *wa;
    int *iwa, *bounds;
    char task[TEXT], csave[TEXT];
    int lsave[4], isave[44];
    double dsave[29];
    char words[TEXT + 1];
};

// Doubles that do not grow with n.
static int64_t fixed_count(int64_t m) { return 11 * m * m + 8 * m; }

int64_t lbfgsb_most_variables(int32_t corrections) {
    return (INT_MAX - fixed_count(corrections)) / (2 * (int64_t)corrections + 5);
}

static void set_task(lbfgsb_search *search, const char *text) {
    memset(search->task, ' ', TEXT);
    memcpy(search->task, text, strlen(text));
}

static int is_task(const lbfgsb_search *search, const char *text) {
    return strncmp(search->task, text, strlen(text)) == 0;
}

lbfgsb_search *lbfgsb_create(int32_t n, int32_t corrections) {
    lbfgsb_search *search = calloc(1, sizeof *search);
    if (!search) return NULL;
    search->n = n;
    search->m = corrections;
    search->wa = calloc((size_t)((2 * (int64_t)corrections + 5) * n + fixed_count(corrections)), sizeof(double));
    search->iwa = calloc(3 * (size_t)n, sizeof(int));
    search->bounds = malloc((size_t)n * sizeof(int));
    if (!search->wa || !search->iwa || !search->bounds) {
        lbfgsb_free(search);
        return NULL;
    }
    for (int i = 0; i < n; i++) search->bounds[i] = 2;  // both
    set_task(search, "START");
    memset(search->csave, ' ', TEXT);
    return search;
}

void lbfgsb_free(lbfgsb_search *search) {
    if (!search) return;
    free(search->wa);
    free(search->iwa);
    free(search->bounds);
    free(search);
}

int32_t lbfgsb_advance(
    lbfgsb_search *search, double *x, const double *lower, const double *upper, double f, double *gradient) {
    const double none = 0;
    const int silent = -1;
    setulb_(
        &search->n, &search->m, x, lower, upper, search->bounds, &f, gradient, &none, &none, search->wa, search->iwa,
        search->task, &silent, search->csave, search->lsave, search->isave, search->dsave, TEXT, TEXT);
    if (is_task(search, "FG")) return LBFGSB_EVALUATE;
    return is_task(search, "NEW_X") ? LBFGSB_ITERATED : LBFGSB_ENDED;
}

const char *lbfgsb_words(lbfgsb_search *search) {
    int length = TEXT;
    while (length > 0 && search->task[length - 1] == ' ') length--;
    memcpy(search->words, search->task, (size_t)length);
    search->words[length] = 0;
    return search->words;
}
