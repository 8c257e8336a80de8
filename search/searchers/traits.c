#include "traits.h"

#include <math.h>
#include <stdlib.h>

#include "dse/grid.h"
#include "dse/memory.h"

enum { ERROR_BITS_MAX = 12 }; /* of longer words rounding is of no account */

/* Squared error of rounding normal values, three standard deviations of which the word holds, relative to their squares. */
static asx_status rounding_error(double *out, const asx_word *word, asx_error *err)
{
    asx_grid *grid = NULL;
    double error = 0, power = 0;
    *out = 0;
    if (word->bits > ERROR_BITS_MAX)
        return ASX_OK;
    const asx_status status = asx_grid_new(&grid, word, err);
    if (status != ASX_OK)
        return status;
    const double top = asx_word_max(word), sigma = top / 3;
    enum { POINTS = 256 };
    for (int i = 0; i < POINTS; i++) {
        const double x = top * (i + 0.5) / POINTS, p = exp(-x * x / (2 * sigma * sigma));
        const double off = x - asx_grid_nearest(grid, x);
        error += p * off * off;
        power += p * x * x;
    }
    asx_grid_free(grid);
    *out = power > 0 ? error / power : 0;
    return ASX_OK;
}

static asx_status describe(double *out, const asx_word *word, asx_error *err)
{
    enum { ALPHABETS = 7 };
    double error = 0;
    const asx_status status = rounding_error(&error, word, err);
    const bool plain = asx_word_is_plain(word);
    out[0] = word->bits;
    out[1] = plain;
    out[2] = !plain && word->digits == ASX_DIGITS_SIGNED;
    out[3] = plain ? 0 : asx_alphabet_set_count(word->set);
    out[4] = asx_word_joint_bits(word);
    out[5] = error;
    out[6] = sqrt(error);
    for (unsigned i = 0; i < ALPHABETS; i++) /* 3, 5, ... 15; that of 1 follows from the count */
        out[7 + i] = !plain && (word->set.odd[0] >> (i + 1) & 1);
    return status;
}

/* To [0, 1]. */
static void scale(double *trait, size_t n, size_t k)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        low = fmin(low, trait[i * ASX_TRAITS + k]);
        high = fmax(high, trait[i * ASX_TRAITS + k]);
    }
    for (size_t i = 0; i < n; i++) {
        double *t = &trait[i * ASX_TRAITS + k];
        *t = high > low ? (*t - low) / (high - low) : 0;
    }
}

asx_status asx_traits_new(double **out, const asx_space *space, asx_error *err)
{
    size_t n = 0;
    const asx_format *format = asx_space_formats(space, &n);
    double *trait = asx_array_new(n, ASX_TRAITS * sizeof *trait);
    asx_status status =
        trait ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for traits of %zu formats", n);
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        status = describe(trait + i * ASX_TRAITS, &format[i].weight, err);
        if (status == ASX_OK)
            status =
                describe(trait + i * ASX_TRAITS + ASX_TRAITS_OF_WORD, &format[i].activation, err);
    }
    for (size_t k = 0; status == ASX_OK && k < ASX_TRAITS; k++)
        scale(trait, n, k);
    if (status == ASX_OK)
        *out = trait;
    else
        free(trait);
    return status;
}

bool asx_format_richer(const asx_format *a, const asx_format *b)
{
    const unsigned plain = 1u << ASX_DIGIT_WIDTH_MAX;
    const asx_word *x[] = {&a->weight, &a->activation}, *y[] = {&b->weight, &b->activation};
    for (int k = 0; k < 2; k++) {
        if (x[k]->bits != y[k]->bits)
            return x[k]->bits > y[k]->bits;
        const unsigned p = asx_word_is_plain(x[k]) ? plain : asx_alphabet_set_count(x[k]->set);
        const unsigned q = asx_word_is_plain(y[k]) ? plain : asx_alphabet_set_count(y[k]->set);
        if (p != q)
            return p > q;
    }
    return false;
}
