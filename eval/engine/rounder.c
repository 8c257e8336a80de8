#include "rounder_private.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "dse/grid.h"
#include "dse/memory.h"

static asx_status menu_new(asx_rounder **out, const asx_word *menu, asx_error *err)
{
    asx_word word[ASX_MENU_WORDS_MAX];
    asx_rounder *r = NULL;
    asx_status status = asx_word_check(menu, err);
    if (status == ASX_OK && !(r = asx_array_new(1, sizeof *r)))
        status = asx_fail(err, ASX_ENOMEM, "no memory for the rounding tables of a menu");
    if (status != ASX_OK)
        return status;
    const size_t n = asx_menu_words(word, menu);
    r->group = asx_menu_together(menu, SIZE_MAX);
    for (; status == ASX_OK && r->n_members < n; r->n_members += status == ASX_OK) {
        status = asx_rounder_new(&r->member[r->n_members], &word[r->n_members], err);
        if (status != ASX_OK)
            break;
        const asx_rounder *m = r->member[r->n_members];
        r->low = m->low < r->low ? m->low : r->low;
        r->high = m->high > r->high ? m->high : r->high;
    }
    if (status != ASX_OK) {
        asx_rounder_free(r);
        return status;
    }
    *out = r;
    return ASX_OK;
}

asx_status asx_rounder_new(asx_rounder **out, const asx_word *word, asx_error *err)
{
    if (asx_word_is_menu(word))
        return menu_new(out, word, err);
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
    const bool is_short = !asx_word_is_plain(word) && low >= INT16_MIN && high <= INT16_MAX;
    if (r && is_short)
        r->short_memory = asx_array_new(2 * (size_t)(high - low) + 1, sizeof *r->short_memory);
    if (r && !asx_word_is_plain(word))
        r->even_memory = asx_array_new((size_t)(high - low) + 1, sizeof *r->even_memory);
    if (!r || (!asx_word_is_plain(word) && (!r->memory || !r->even_memory)) ||
        (is_short && !r->short_memory)) {
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
        for (int32_t v = low; v <= high; v++)
            r->even_memory[v - low] = (float)asx_grid_nearest_even(grid, v);
        r->even = r->even_memory - low;
    }
    if (is_short) {
        for (int32_t i = 0; i <= 2 * (high - low); i++)
            r->short_memory[i] = (int16_t)r->memory[i];
        r->short_table = r->short_memory - 2 * low;
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
    for (size_t i = 0; i < rounder->n_members; i++)
        asx_rounder_free(rounder->member[i]);
    free(rounder->memory);
    free(rounder->short_memory);
    free(rounder->even_memory);
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

ASX_VECTORISED static void find_places(int32_t *restrict at, const float *restrict x, size_t n,
                                       float inverse, float low, float high)
{
    for (size_t i = 0; i < n; i++)
        at[i] = (int32_t)(2 * clamp(x[i] * inverse, low, high));
}

/* Loads one by one: where a processor gathers, that takes several times as long. */
static void look_up(int16_t *restrict q, const int32_t *restrict at, size_t n, const int16_t *table)
{
    for (size_t i = 0; i < n; i++)
        q[i] = table[at[i]];
}

ASX_VECTORISED static void widen(float *restrict out, const int16_t *restrict q, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (float)q[i];
}

ASX_VECTORISED static void round_directly(float *q, const float *x, size_t n,
                                          const asx_rounder *rounder, float inverse)
{
    const float low = rounder->low, high = rounder->high, *table = rounder->table;
    if (!table)
        for (size_t i = 0; i < n; i++)
            q[i] = nearest_plain(x[i] * inverse, low, high);
    else
        for (size_t i = 0; i < n; i++)
            q[i] = nearest_table(x[i] * inverse, low, high, table);
}

void asx_rounder_nearest(float *q, const float *x, size_t n, const asx_rounder *rounder,
                         float inverse)
{
    int32_t at[ASX_ROUNDER_BLOCK];
    int16_t word[ASX_ROUNDER_BLOCK];
    if (!rounder->short_table) {
        round_directly(q, x, n, rounder, inverse);
        return;
    }
    find_places(at, x, n, inverse, rounder->low, rounder->high);
    look_up(word, at, n, rounder->short_table);
    widen(q, word, n);
}

ASX_VECTORISED static void scale_by(float *x, size_t n, float s)
{
    for (size_t i = 0; i < n; i++)
        x[i] = s * x[i];
}

/* The word of a menu that leaves a group's values least; of several the first. */
static const asx_rounder *choose(const float *x, size_t n, const asx_rounder *rounder, double scale)
{
    const asx_rounder *best = rounder->member[0];
    double least = INFINITY;
    for (size_t w = 0; w < rounder->n_members; w++) {
        const double error = asx_rounder_error(x, n, rounder->member[w], scale);
        if (error < least) {
            least = error;
            best = rounder->member[w];
        }
    }
    return best;
}

double asx_rounder_error(const float *x, size_t n, const asx_rounder *rounder, double scale)
{
    const size_t most = asx_rounder_together(rounder, n);
    double sum = 0;
    for (size_t first = 0; rounder->n_members > 0 && first < n; first += most) {
        const size_t count = n - first < most ? n - first : most;
        sum += asx_rounder_error(x + first, count, choose(x + first, count, rounder, scale), scale);
    }
    for (size_t first = 0; rounder->n_members == 0 && first < n; first += ASX_ROUNDER_BLOCK) {
        const size_t count = n - first < ASX_ROUNDER_BLOCK ? n - first : ASX_ROUNDER_BLOCK;
        float y[ASX_ROUNDER_BLOCK];
        asx_rounder_apply(y, x + first, count, rounder, scale);
        for (size_t i = 0; i < count; i++) {
            const double d = (double)x[first + i] - (double)y[i];
            sum += d * d;
        }
    }
    return sum;
}

void asx_rounder_apply(float *out, const float *x, size_t n, const asx_rounder *rounder,
                       double scale)
{
    const size_t most = asx_rounder_together(rounder, n);
    for (size_t first = 0; rounder->n_members > 0 && first < n; first += most) {
        const size_t count = n - first < most ? n - first : most;
        asx_rounder_apply(out + first, x + first, count, choose(x + first, count, rounder, scale),
                          scale);
    }
    if (rounder->n_members > 0)
        return;
    for (size_t first = 0; first < n; first += ASX_ROUNDER_BLOCK) {
        const size_t count = n - first < ASX_ROUNDER_BLOCK ? n - first : ASX_ROUNDER_BLOCK;
        asx_rounder_nearest(out + first, x + first, count, rounder, (float)(1 / scale));
        scale_by(out + first, count, (float)scale);
    }
}

void asx_rounder_words(int32_t *out, const float *x, size_t n, const asx_rounder *rounder,
                       double scale)
{
    const float inverse = (float)(1 / scale), low = rounder->low, high = rounder->high;
    const size_t most = asx_rounder_together(rounder, n);
    for (size_t first = 0; rounder->n_members > 0 && first < n; first += most) {
        const size_t count = n - first < most ? n - first : most;
        asx_rounder_words(out + first, x + first, count, choose(x + first, count, rounder, scale),
                          scale);
    }
    if (rounder->n_members > 0)
        return;
    if (!rounder->table)
        for (size_t i = 0; i < n; i++)
            out[i] = (int32_t)nearest_plain(x[i] * inverse, low, high);
    else
        for (size_t i = 0; i < n; i++)
            out[i] = (int32_t)nearest_table(x[i] * inverse, low, high, rounder->table);
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

void asx_rounder_requantise(float *out, const float *x, size_t n, const asx_rounder *rounder,
                            double factor)
{
    const float *even = rounder->even;
    scale_integers(out, x, n, rounder, factor);
    if (even)
        for (size_t i = 0; i < n; i++)
            out[i] = even[(int)out[i]];
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
    if (!rounder->even)
        return;
    for (int v = (int)rounder->low; v <= (int)rounder->high; v++)
        nearest[v & 255] = (uint8_t)(int)rounder->even[v];
    for (size_t i = 0; i < n; i++)
        out[i] = nearest[out[i]];
}
