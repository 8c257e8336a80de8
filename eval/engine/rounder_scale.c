/* The scale of least squared error. */
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "rounder_private.h"

/* The values q that a scale rounds x to tell two sums: <x, q> and <q, q>. */
typedef struct moments {
    double xq, qq;
} moments;

/* Four chains of sums, element i in chain i % 4, side by side in a vector. */
enum { CHAINS = 4, SCALES = 4 };
typedef float floats __attribute__((vector_size(CHAINS * sizeof(float))));
typedef double doubles __attribute__((vector_size(CHAINS * sizeof(double))));

/* Adds a block under several scales; what each has to wait for is hidden behind the others. */
ASX_VECTORISED static void add_block(moments *m, const float *x, size_t n,
                                     float q[SCALES][ASX_ROUNDER_BLOCK])
{
    doubles xq[SCALES] = {0}, qq[SCALES] = {0};
    const size_t whole = n - n % CHAINS;
    for (size_t i = 0; i < whole; i += CHAINS) {
        floats four;
        memcpy(&four, x + i, sizeof four);
        const doubles v = __builtin_convertvector(four, doubles);
        for (size_t s = 0; s < SCALES; s++) {
            memcpy(&four, q[s] + i, sizeof four);
            const doubles w = __builtin_convertvector(four, doubles);
            xq[s] += v * w;
            qq[s] += w * w;
        }
    }
    for (size_t s = 0; s < SCALES; s++) {
        for (size_t i = whole; i < n; i++) {
            xq[s][i % CHAINS] += (double)x[i] * (double)q[s][i];
            qq[s][i % CHAINS] += (double)q[s][i] * (double)q[s][i];
        }
        m[s].xq += xq[s][0] + xq[s][1] + xq[s][2] + xq[s][3];
        m[s].qq += qq[s][0] + qq[s][1] + qq[s][2] + qq[s][3];
    }
}

/* @param m, scale [n_scales], at most SCALES */
static void measure_word(moments *m, const float *x, size_t n, const asx_rounder *rounder,
                         const double *scale, size_t n_scales)
{
    float q[SCALES][ASX_ROUNDER_BLOCK] = {{0}};
    moments sum[SCALES] = {{0}};
    for (size_t first = 0; first < n; first += ASX_ROUNDER_BLOCK) {
        const size_t count = n - first < ASX_ROUNDER_BLOCK ? n - first : ASX_ROUNDER_BLOCK;
        for (size_t s = 0; s < n_scales; s++)
            asx_rounder_nearest(q[s], x + first, count, rounder, (float)(1 / scale[s]));
        add_block(sum, x + first, count, q);
    }
    memcpy(m, sum, n_scales * sizeof *m);
}

/* What a scale leaves of the squares, but for <x, x>. */
static double left(moments m, double scale)
{
    return scale * (scale * m.qq - 2 * m.xq);
}

/* Of a menu every group takes the word that leaves least at each scale. */
static void measure(moments *m, const float *x, size_t n, const asx_rounder *rounder,
                    const double *scale, size_t n_scales)
{
    if (rounder->n_members == 0) {
        measure_word(m, x, n, rounder, scale, n_scales);
        return;
    }
    memset(m, 0, n_scales * sizeof *m);
    const size_t together = asx_rounder_together(rounder, n);
    for (size_t first = 0; first < n; first += together) {
        const size_t count = n - first < together ? n - first : together;
        moments best[SCALES] = {{0}}, some[SCALES];
        for (size_t w = 0; w < rounder->n_members; w++) {
            measure_word(some, x + first, count, rounder->member[w], scale, n_scales);
            for (size_t s = 0; s < n_scales; s++)
                if (w == 0 || left(some[s], scale[s]) < left(best[s], scale[s]))
                    best[s] = some[s];
        }
        for (size_t s = 0; s < n_scales; s++) {
            m[s].xq += best[s].xq;
            m[s].qq += best[s].qq;
        }
    }
}

/* How much of <x, x> the values explain at their best scale, <x, q> / <q, q>. */
static double explained(moments m)
{
    return m.qq > 0 && m.xq > 0 ? m.xq * m.xq / m.qq : 0;
}

typedef struct candidate {
    moments m;
    double explained;
} candidate;

/* Improves candidates, side by side, until they stand still. */
static void settle(candidate *c, size_t n_candidates, const float *x, size_t n,
                   const asx_rounder *rounder)
{
    size_t moving[SCALES];
    size_t n_moving = 0;
    for (size_t k = 0; k < n_candidates; k++)
        if (c[k].explained > 0)
            moving[n_moving++] = k;
    for (int i = 0; i < 12 && n_moving > 0; i++) {
        double scale[SCALES];
        moments next[SCALES];
        size_t still_moving = 0;
        for (size_t k = 0; k < n_moving; k++)
            scale[k] = c[moving[k]].m.xq / c[moving[k]].m.qq;
        measure(next, x, n, rounder, scale, n_moving);
        for (size_t k = 0; k < n_moving; k++)
            if (explained(next[k]) > c[moving[k]].explained) {
                c[moving[k]] = (candidate){next[k], explained(next[k])};
                moving[still_moving++] = moving[k];
            }
        n_moving = still_moving;
    }
}

/* From scales that clip most of x (right for words of 2 or 3 bits) to scales that leave the upper
 * part of the set unused (right for sets with a wide gap there). */
static const double SCALE_LOW = 0.12, SCALE_HIGH = 2.2;
enum { N_SCALES = 64, N_BEST = 3 };

/* Whether all of x lie on the set at a scale, but for the rounding of floats. */
static bool word_fits(const float *x, size_t n, const asx_rounder *rounder, double scale)
{
    for (size_t i = 0; i < n; i++) {
        const float u = (float)((double)x[i] / scale);
        float q;
        asx_rounder_apply(&q, &u, 1, rounder, 1);
        if (!(fabsf(u - q) <= 1e-6f * fabsf(q)))
            return false;
    }
    return true;
}

static bool fits(const float *x, size_t n, const asx_rounder *rounder, double scale)
{
    if (rounder->n_members == 0)
        return word_fits(x, n, rounder, scale);
    const size_t together = asx_rounder_together(rounder, n);
    for (size_t first = 0; first < n; first += together) {
        const size_t count = n - first < together ? n - first : together;
        size_t w = 0;
        while (w < rounder->n_members && !word_fits(x + first, count, rounder->member[w], scale))
            w++;
        if (w == rounder->n_members)
            return false;
    }
    return true;
}

static double peak_of(const float *x, size_t n)
{
    float peak = 0;
    for (size_t i = 0; i < n; i++)
        peak = fabsf(x[i]) > peak ? fabsf(x[i]) : peak;
    return (double)peak;
}

/* Weights that were trained for the word, or imported from integers, lie on its set at some scale,
 * which no grid of candidates may hit: then the smallest of them is one of the set's small values. */
double asx_rounder_exact_scale(const float *x, size_t n, const asx_rounder *rounder)
{
    const double peak = peak_of(x, n);
    double least = peak;
    if (!(peak >= (double)FLT_MIN))
        return 1;
    for (size_t i = 0; i < n; i++)
        if (fabsf(x[i]) > 0 && (double)fabsf(x[i]) < least)
            least = (double)fabsf(x[i]);
    const double last = (double)fmaxf(-rounder->low, rounder->high) * least / peak * (1 + 1e-6);
    for (int k = 1; k <= last; k++)
        if (fits(x, n, rounder, least / k))
            return least / k;
    return 0;
}

static double sum_of_squares(const float *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)x[i] * (double)x[i];
    return sum;
}

/* The reach of a menu's longest word as a multiple of its shortest's: all groups may choose that. */
static double span_of(const asx_rounder *rounder)
{
    const double most = (double)fmaxf(-rounder->low, rounder->high);
    double span = 1;
    for (size_t w = 0; w < rounder->n_members; w++) {
        const asx_rounder *m = rounder->member[w];
        span = fmax(span, most / (double)fmaxf(-m->low, m->high));
    }
    return span;
}

/* The best few of the scales over the whole range, the best first. */
static void try_scales(candidate *best, const float *x, size_t n, const asx_rounder *rounder,
                       double full)
{
    const double span = span_of(rounder);
    const int n_scales = span > 1 ? 2 * N_SCALES : N_SCALES;
    const double step = pow(SCALE_HIGH * span / SCALE_LOW, 1.0 / (n_scales - 1));
    double scale = full * SCALE_LOW;
    for (int i = 0; i < n_scales; i += SCALES) {
        double some[SCALES];
        moments m[SCALES];
        for (size_t s = 0; s < SCALES; s++, scale *= step)
            some[s] = scale;
        measure(m, x, n, rounder, some, SCALES);
        for (size_t s = 0; s < SCALES; s++) {
            const candidate c = {m[s], explained(m[s])};
            int at = N_BEST;
            for (; at > 0 && best[at - 1].explained < c.explained; at--)
                best[at] = best[at - 1];
            best[at] = c;
        }
    }
}

/* All values have one word of a menu: the best of what each alone can do. */
static asx_scale best_of_words(const float *x, size_t n, const asx_rounder *rounder)
{
    asx_scale best = asx_rounder_best_scale(x, n, rounder->member[0]);
    for (size_t w = 1; w < rounder->n_members; w++) {
        const asx_scale s = asx_rounder_best_scale(x, n, rounder->member[w]);
        if (s.error < best.error)
            best = s;
    }
    return (asx_scale){best.scale, asx_rounder_error(x, n, rounder, best.scale)};
}

asx_scale asx_rounder_best_scale(const float *x, size_t n, const asx_rounder *rounder)
{
    if (rounder->n_members > 0 && asx_rounder_together(rounder, n) == n)
        return best_of_words(x, n, rounder);
    const double peak = peak_of(x, n);
    if (!(peak >= (double)FLT_MIN)) /* zeros, as far as floats can tell: every scale will do */
        return (asx_scale){1, sum_of_squares(x, n)};

    const double full = peak / (double)fmaxf(-rounder->low, rounder->high);
    const double exact = asx_rounder_exact_scale(x, n, rounder);
    candidate best[N_BEST + 1] = {{{0}, 0}}, top = {{0}, 0};
    if (exact > 0) {
        measure(&top.m, x, n, rounder, &exact, 1);
        top.explained = explained(top.m);
    } else {
        try_scales(best, x, n, rounder, full);
        settle(best, N_BEST, x, n, rounder);
        for (int i = 0; i < N_BEST; i++)
            if (best[i].explained > top.explained)
                top = best[i];
    }
    if (!(top.explained > 0)) /* a word that cannot follow x's sign: all becomes zero */
        return (asx_scale){full, sum_of_squares(x, n)};
    const double final = top.m.xq / top.m.qq;
    return (asx_scale){final, asx_rounder_error(x, n, rounder, final)};
}
