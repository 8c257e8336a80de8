#include "rounder.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "dse/grid.h"
#include "dse/memory.h"
#include "vector.h"

/* The boundaries between neighbouring representable integers are integers or lie half-way between
 * two. So nearest(v) depends on trunc(2 v) alone, v >= 0 and v < 0 apart, and ties, which go away
 * from zero, come out right by themselves: `table[trunc(2 v)]`. Plain words are rounded directly,
 * which compilers turn into vector code. */
struct asx_rounder {
    float low, high;     /* ends of the representable set */
    unsigned plain_bits; /* 0: not plain */
    float *memory;       /* NULL: plain */
    const float *table;
};

asx_status asx_rounder_new(asx_rounder **out, const asx_word *word, asx_error *err)
{
    asx_rounder *r = NULL;
    asx_grid *grid = NULL;
    asx_status status = asx_grid_new(&grid, word, err);
    if (status != ASX_OK)
        return status;
    const int32_t *value = asx_grid_values(grid);
    const int32_t low = value[0], high = value[asx_grid_size(grid) - 1];

    r = asx_array_new(1, sizeof *r);
    if (r && !asx_word_is_plain(word))
        r->memory = asx_array_new(2 * (size_t)(high - low) + 1, sizeof *r->memory);
    if (!r || (!asx_word_is_plain(word) && !r->memory)) {
        status = asx_fail(err, ASX_ENOMEM, "no memory for a rounding table of %u bits", word->bits);
        asx_rounder_free(r);
        goto done;
    }
    r->plain_bits = r->memory ? 0 : word->bits;
    r->low = (float)low;
    r->high = (float)high;
    if (r->memory) {
        for (int32_t i = 2 * low; i <= 2 * high; i++)
            r->memory[i - 2 * low] = (float)asx_grid_nearest(grid, i / 2.0);
        r->table = r->memory - 2 * low;
    }
    *out = r;
done:
    asx_grid_free(grid);
    return status;
}

void asx_rounder_free(asx_rounder *rounder)
{
    if (!rounder)
        return;
    free(rounder->memory);
    free(rounder);
}

unsigned asx_rounder_plain_bits(const asx_rounder *rounder)
{
    return rounder->plain_bits;
}

double asx_rounder_low(const asx_rounder *rounder)
{
    return (double)rounder->low;
}

double asx_rounder_high(const asx_rounder *rounder)
{
    return (double)rounder->high;
}

/* The comparisons are written so that NaN becomes `low`. */
static inline float clamp(float v, float low, float high)
{
    v = v > low ? v : low;
    return v < high ? v : high;
}

static inline float nearest_plain(float v, float low, float high)
{
    v = clamp(v, low, high);
    return (float)(int)(v + (v < 0 ? -0.5f : 0.5f));
}

static inline float nearest_table(float v, float low, float high, const float *table)
{
    return table[(int)(2 * clamp(v, low, high))];
}

ASX_VECTORISED void asx_rounder_apply(float *out, const float *x, size_t n,
                                      const asx_rounder *rounder, double scale)
{
    const float s = (float)scale, inverse = (float)(1 / scale);
    const float low = rounder->low, high = rounder->high, *table = rounder->table;
    if (!table)
        for (size_t i = 0; i < n; i++)
            out[i] = s * nearest_plain(x[i] * inverse, low, high);
    else
        for (size_t i = 0; i < n; i++)
            out[i] = s * nearest_table(x[i] * inverse, low, high, table);
}

void asx_rounder_words(int16_t *out, const float *x, size_t n, const asx_rounder *rounder,
                       double scale)
{
    const float inverse = (float)(1 / scale), low = rounder->low, high = rounder->high;
    if (!rounder->table)
        for (size_t i = 0; i < n; i++)
            out[i] = (int16_t)nearest_plain(x[i] * inverse, low, high);
    else
        for (size_t i = 0; i < n; i++)
            out[i] = (int16_t)nearest_table(x[i] * inverse, low, high, rounder->table);
}

/* Where the factor is 1, as it mostly is, floats hold the product too. */
ASX_VECTORISED static void scale_integers(float *out, const float *x, size_t n,
                                          const asx_rounder *rounder, double factor)
{
    const float low = rounder->low, high = rounder->high;
    if (factor == 1)
        for (size_t i = 0; i < n; i++)
            out[i] = clamp(x[i], low, high);
    else
        for (size_t i = 0; i < n; i++)
            out[i] = (float)asx_to_integer_wide(
                asx_clamp_wide((double)x[i] * factor, (double)low, (double)high));
}

ASX_VECTORISED void asx_rounder_requantise(float *out, const float *x, size_t n,
                                           const asx_rounder *rounder, double factor)
{
    const float *table = rounder->table;
    scale_integers(out, x, n, rounder, factor);
    if (table)
        for (size_t i = 0; i < n; i++)
            out[i] = table[2 * (int)out[i]];
}

ASX_VECTORISED static void scale_to_bytes(uint8_t *out, const float *x, size_t n,
                                          const asx_rounder *rounder, double factor)
{
    const float low = rounder->low, high = rounder->high;
    if (factor == 1)
        for (size_t i = 0; i < n; i++)
            out[i] = (uint8_t)(int)clamp(x[i], low, high);
    else
        for (size_t i = 0; i < n; i++)
            out[i] = (uint8_t)(int)asx_to_integer_wide(
                asx_clamp_wide((double)x[i] * factor, (double)low, (double)high));
}

void asx_rounder_bytes(uint8_t *out, const float *x, size_t n, const asx_rounder *rounder,
                       double factor)
{
    uint8_t nearest[256] = {0}; /* of every integer between the ends, by its lowest 8 bits */
    scale_to_bytes(out, x, n, rounder, factor);
    if (!rounder->table)
        return;
    for (int v = (int)rounder->low; v <= (int)rounder->high; v++)
        nearest[v & 255] = (uint8_t)(int)rounder->table[2 * v];
    for (size_t i = 0; i < n; i++)
        out[i] = nearest[out[i]];
}

enum { BLOCK = 256 };

double asx_rounder_error(const float *x, size_t n, const asx_rounder *rounder, double scale)
{
    double sum = 0;
    for (size_t first = 0; first < n; first += BLOCK) {
        const size_t count = n - first < BLOCK ? n - first : BLOCK;
        float y[BLOCK];
        asx_rounder_apply(y, x + first, count, rounder, scale);
        for (size_t i = 0; i < count; i++) {
            const double d = (double)x[first + i] - (double)y[i];
            sum += d * d;
        }
    }
    return sum;
}

/* The values q that a scale rounds x to tell two sums: <x, q> and <q, q>. */
typedef struct moments {
    double xq, qq;
} moments;

/* Four chains of sums, element i in chain i % 4, so that they fit a vector whichever it is. */
enum { CHAINS = 4 };

static inline void add_products(double *xq, double *qq, double x, double q)
{
    *xq += x * q;
    *qq += q * q;
}

ASX_VECTORISED static moments measure(const float *x, size_t n, const asx_rounder *rounder,
                                      double scale)
{
    const float inverse = (float)(1 / scale), low = rounder->low, high = rounder->high;
    moments m = {0};
    for (size_t first = 0; first < n; first += BLOCK) {
        const size_t count = n - first < BLOCK ? n - first : BLOCK;
        float q[BLOCK];
        if (!rounder->table)
            for (size_t i = 0; i < count; i++)
                q[i] = nearest_plain(x[first + i] * inverse, low, high);
        else
            for (size_t i = 0; i < count; i++)
                q[i] = nearest_table(x[first + i] * inverse, low, high, rounder->table);
        double xq[CHAINS] = {0}, qq[CHAINS] = {0};
        const size_t whole = count - count % CHAINS;
        for (size_t i = 0; i < whole; i += CHAINS)
            for (size_t k = 0; k < CHAINS; k++)
                add_products(&xq[k], &qq[k], (double)x[first + i + k], (double)q[i + k]);
        for (size_t i = whole; i < count; i++)
            add_products(&xq[i % CHAINS], &qq[i % CHAINS], (double)x[first + i], (double)q[i]);
        m.xq += xq[0] + xq[1] + xq[2] + xq[3];
        m.qq += qq[0] + qq[1] + qq[2] + qq[3];
    }
    return m;
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

/* Improves a candidate until it stands still. */
static candidate settle(candidate best, const float *x, size_t n, const asx_rounder *rounder)
{
    for (int i = 0; i < 12 && best.explained > 0; i++) {
        candidate next = {.m = measure(x, n, rounder, best.m.xq / best.m.qq)};
        next.explained = explained(next.m);
        if (next.explained <= best.explained)
            break;
        best = next;
    }
    return best;
}

/* From scales that clip most of x (right for words of 2 or 3 bits) to scales that leave the upper
 * part of the set unused (right for sets with a wide gap there). */
static const double SCALE_LOW = 0.12, SCALE_HIGH = 2.2;
enum { N_SCALES = 64, N_BEST = 3 };

/* Whether all of x lie on the set at a scale, but for the rounding of floats. */
static bool fits(const float *x, size_t n, const asx_rounder *rounder, double scale)
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

/* Weights that were trained for the word, or imported from integers, lie on its set at some scale,
 * which no grid of candidates may hit: then the smallest of them is one of the set's small values.
 * @return 0 if there is no such scale. Cost: most candidates fail at their first weights. */
static double exact_scale(const float *x, size_t n, const asx_rounder *rounder, double peak)
{
    double least = peak;
    for (size_t i = 0; i < n; i++)
        if (fabsf(x[i]) > 0 && (double)fabsf(x[i]) < least)
            least = (double)fabsf(x[i]);
    const double last = (double)fmaxf(-rounder->low, rounder->high) * least / peak * (1 + 1e-6);
    for (int k = 1; k <= last; k++)
        if (fits(x, n, rounder, least / k))
            return least / k;
    return 0;
}

asx_scale asx_rounder_best_scale(const float *x, size_t n, const asx_rounder *rounder)
{
    double peak = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        peak = fmax(peak, fabs((double)x[i]));
        squares += (double)x[i] * (double)x[i];
    }
    if (!(peak >= (double)FLT_MIN)) /* zeros, as far as floats can tell: every scale will do */
        return (asx_scale){1, squares};

    const double full = peak / (double)fmaxf(-rounder->low, rounder->high);
    const double step = pow(SCALE_HIGH / SCALE_LOW, 1.0 / (N_SCALES - 1));
    candidate best[N_BEST + 1] = {0};
    double scale = full * SCALE_LOW;
    for (int i = 0; i < N_SCALES; i++, scale *= step) {
        candidate c = {.m = measure(x, n, rounder, scale)};
        c.explained = explained(c.m);
        int at = N_BEST;
        for (; at > 0 && best[at - 1].explained < c.explained; at--)
            best[at] = best[at - 1];
        best[at] = c;
    }
    const double exact = exact_scale(x, n, rounder, peak);
    candidate top = {.m = exact > 0 ? measure(x, n, rounder, exact) : (moments){0}};
    top.explained = explained(top.m);
    for (int i = 0; i < N_BEST && !(exact > 0); i++) {
        candidate c = settle(best[i], x, n, rounder);
        if (c.explained > top.explained)
            top = c;
    }
    if (!(top.explained > 0)) /* a word that cannot follow x's sign: all becomes zero */
        return (asx_scale){full, squares};
    const double final = top.m.xq / top.m.qq;
    return (asx_scale){final, asx_rounder_error(x, n, rounder, final)};
}
