// A template, included once for each element type.
// Adam for one element type; s is the gradient with its ridge.
//   T        element type             NAME(x)   exported name        LOCAL(x)   local name
// n entries; i runs within a piece [first, last).

struct LOCAL(adam_job) {
    long n;
    const struct la_adam *step;
    const T *g;
    T *m, *v, *w;
};

VECTORIZED static void LOCAL(adam_loop)(long n, const struct la_adam *a, const T *restrict g, T *restrict m,
                                        T *restrict v, T *restrict w) {
    const T beta1 = a->beta1, rest1 = 1 - a->beta1, beta2 = a->beta2, rest2 = 1 - a->beta2;
    const T ridge = a->ridge, keep = a->keep, rate = a->rate, root = a->root, epsilon = a->epsilon;
    for (long i = 0; i < n; i++) {
        const T s = g[i] + ridge * w[i];
        m[i] = beta1 * m[i] + rest1 * s;
        v[i] = beta2 * v[i] + rest2 * s * s;
        // The C library's sqrt sets errno, which would keep the loop from being vectorized.
        w[i] = keep * w[i] - rate * m[i] / (root * __builtin_elementwise_sqrt(v[i]) + epsilon);
    }
}
static void LOCAL(adam_piece)(void *context, long index) {
    const struct LOCAL(adam_job) *j = context;
    const long first = index * piece, last = minimum(first + piece, j->n);
    LOCAL(adam_loop)(last - first, j->step, j->g + first, j->m + first, j->v + first, j->w + first);
}
void NAME(adam)(long n, const struct la_adam *step, const T *g, T *m, T *v, T *w) {
    struct LOCAL(adam_job) job = {.n = n, .step = step, .g = g, .m = m, .v = v, .w = w};
    la_parallel(divided_up(n, piece), &job, LOCAL(adam_piece));
}
