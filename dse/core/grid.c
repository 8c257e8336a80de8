/* The representable set of a word, and projection onto it. */
#include "dse/grid.h"

#include <assert.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "dse/menu.h"
#include "word_type.h"

struct asx_grid {
    asx_word word;
    int32_t low, high; /* the ends of the word's range */
    int32_t *value;    /* [n], ascending */
    size_t n;
    /* nearest[i] is the value nearest to every x with trunc(2 x) = i + 2 low. Midpoints of integers
     * are multiples of 1/2, and trunc puts a multiple with what lies behind it as seen from 0: so
     * ties go away from zero. No tie has 0 inside, because 0 is always representable. */
    int32_t *nearest; /* [2 (high - low) + 1] */
    /* nearest value of a low and of the top digit d = 0 .. 2^q, carry into it included; a low digit
     * may also become 2^q + v with a supported v <= 0: a carry out of it */
    int16_t low_digit[257], top_digit[257];
    bool by_digits; /* rounding a digit at a time means something */
};

/* Marks every sum of digits in [low, high]; mark[x - low]. From the least significant digit up, all
 * partial sums lie in the range too: the digits that are left can be 0. */
static asx_status mark_sums(bool *mark, const asx_grid *grid, asx_error *err)
{
    const asx_word *word = &grid->word;
    const unsigned n_digits = asx_word_n_digits(word);
    int32_t *sum = asx_array_new((size_t)(grid->high - grid->low) + 1, sizeof *sum);
    if (!sum)
        return asx_fail(err, ASX_ENOMEM, "no memory for a grid of %u bits", word->bits);
    size_t n = 1;
    mark[-grid->low] = true; /* sum[0] = 0 */
    for (unsigned i = 0; i < n_digits; i++) {
        int32_t digit[ASX_DIGIT_VALUES_MAX];
        const size_t n_values = asx_word_digit_values(digit, word, i), n_lower = n;
        const int32_t place = (int32_t)1 << (i * word->digit_width);
        for (size_t k = 0; k < n_values; k++) {
            for (size_t j = 0; j < n_lower; j++) {
                int32_t x = sum[j] + digit[k] * place;
                if (x < grid->low || x > grid->high || mark[x - grid->low])
                    continue;
                mark[x - grid->low] = true;
                sum[n++] = x;
            }
        }
    }
    free(sum);
    return ASX_OK;
}

/* What the codes of a word that is stored as a whole stand for. */
static void mark_codes(bool *mark, const asx_grid *grid, const asx_word_type *type)
{
    const uint32_t n = (uint32_t)1 << asx_word_code_bits(&grid->word);
    for (uint32_t code = 0; code < n; code++) {
        int64_t value = 0;
        if (type->decode(&value, &grid->word, code))
            mark[value - grid->low] = true;
    }
}

/* Unsigned digits make magnitudes; the sign doubles them. */
static void mirror(bool *mark, const asx_grid *grid)
{
    if (grid->word.digits == ASX_DIGITS_SIGNED)
        return;
    for (int32_t x = grid->low; x < 0; x++)
        mark[x - grid->low] = mark[-x - grid->low];
}

/* What any of a menu's words can represent; no group can have all of it. */
static asx_status mark_menu(bool *mark, const asx_grid *grid, asx_error *err)
{
    asx_word word[ASX_MENU_WORDS_MAX];
    const size_t n = asx_menu_words(word, &grid->word);
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        asx_grid *one = NULL;
        status = asx_grid_new(&one, &word[i], err);
        for (size_t k = 0; status == ASX_OK && k < one->n; k++)
            mark[one->value[k] - grid->low] = true;
        asx_grid_free(one);
    }
    return status;
}

static asx_status fill_values(asx_grid *grid, asx_error *err)
{
    const size_t span = (size_t)(grid->high - grid->low) + 1;
    bool *mark = asx_array_new(span, sizeof *mark);
    asx_status status = ASX_OK;
    if (!mark)
        return asx_fail(err, ASX_ENOMEM, "no memory for a grid of %u bits", grid->word.bits);
    for (size_t i = 0; i < span && asx_word_is_plain(&grid->word); i++)
        mark[i] = true;
    const asx_word_type *type = asx_word_type_of(&grid->word);
    if (asx_word_is_menu(&grid->word)) {
        status = mark_menu(mark, grid, err);
    } else if (type && type->decode) {
        mark_codes(mark, grid, type);
    } else if (!asx_word_is_plain(&grid->word)) {
        status = mark_sums(mark, grid, err);
        mirror(mark, grid);
    }
    if (status != ASX_OK)
        goto done;
    for (size_t i = 0; i < span; i++)
        grid->n += mark[i];
    grid->value = asx_array_new(grid->n, sizeof *grid->value);
    if (!grid->value) {
        status = asx_fail(err, ASX_ENOMEM, "no memory for a grid of %u bits", grid->word.bits);
        goto done;
    }
    for (size_t i = 0, k = 0; i < span; i++) {
        if (mark[i])
            grid->value[k++] = grid->low + (int32_t)i;
    }
done:
    free(mark);
    return status;
}

static asx_status fill_nearest(asx_grid *grid, asx_error *err)
{
    const size_t n = 2 * (size_t)(grid->high - grid->low) + 1;
    grid->nearest = asx_array_new(n, sizeof *grid->nearest);
    if (!grid->nearest)
        return asx_fail(err, ASX_ENOMEM, "no memory for a grid of %u bits", grid->word.bits);
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        const int32_t twice = 2 * grid->low + (int32_t)i;
        /* on to the next value where it is nearer, or as near and farther from zero */
        while (k + 1 < grid->n) {
            int32_t sum = grid->value[k] + grid->value[k + 1];
            if (twice < sum || (twice == sum && twice < 0))
                break;
            k++;
        }
        grid->nearest[i] = grid->value[k];
    }
    return ASX_OK;
}

/* nearest[d] for d = 0 .. 2^q over the digit's values, and over 2^q + v for v <= 0 if it may carry
 * out. Ties go up: digits are those of a magnitude. */
static void fill_digit(int16_t *nearest, const asx_word *word, unsigned i, bool carries)
{
    int32_t value[ASX_DIGIT_VALUES_MAX];
    const size_t n = asx_word_digit_values(value, word, i);
    const int radix = 1 << word->digit_width;
    for (int d = 0; d <= radix; d++) {
        int best = 0;
        for (size_t k = 0; k < n; k++) {
            if (value[k] >= 0 && abs(d - value[k]) <= abs(d - best))
                best = value[k];
        }
        for (size_t k = 0; carries && k < n && value[k] <= 0; k++) {
            int v = radix + value[k];
            if (abs(d - v) < abs(d - best) || (abs(d - v) == abs(d - best) && v > best))
                best = v;
        }
        nearest[d] = (int16_t)best;
    }
}

asx_status asx_grid_new(asx_grid **out, const asx_word *word, asx_error *err)
{
    asx_status status = asx_word_check(word, err);
    if (status != ASX_OK)
        return status;
    asx_grid *grid = asx_array_new(1, sizeof *grid);
    if (!grid)
        return asx_fail(err, ASX_ENOMEM, "no memory for a grid of %u bits", word->bits);
    grid->word = *word;
    grid->low = asx_word_min(word);
    grid->high = asx_word_max(word);
    status = fill_values(grid, err);
    if (status == ASX_OK)
        status = fill_nearest(grid, err);
    if (status != ASX_OK) {
        asx_grid_free(grid);
        return status;
    }
    grid->by_digits = !asx_word_is_plain(word) && word->kind == ASX_WORD_DIGITS;
    if (grid->by_digits) {
        fill_digit(grid->low_digit, word, 0, true);
        fill_digit(grid->top_digit, word, asx_word_n_digits(word) - 1, false);
    }
    *out = grid;
    return ASX_OK;
}

void asx_grid_free(asx_grid *grid)
{
    if (!grid)
        return;
    free(grid->value);
    free(grid->nearest);
    free(grid);
}

size_t asx_grid_size(const asx_grid *grid)
{
    return grid->n;
}

const int32_t *asx_grid_values(const asx_grid *grid)
{
    return grid->value;
}

bool asx_grid_has(const asx_grid *grid, int32_t value)
{
    return value >= grid->low && value <= grid->high &&
           grid->nearest[2 * (value - grid->low)] == value;
}

bool asx_grid_equal(const asx_grid *a, const asx_grid *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++) {
        if (a->value[i] != b->value[i])
            return false;
    }
    return true;
}

int32_t asx_grid_nearest(const asx_grid *grid, double x)
{
    /* as minimum and maximum instructions, no branches */
    x = x > grid->low ? x : grid->low;
    x = x < grid->high ? x : grid->high;
    return grid->nearest[(int32_t)(2 * x) - 2 * grid->low];
}

int32_t asx_grid_nearest_even(const asx_grid *grid, int32_t value)
{
    size_t below = 0, above = grid->n - 1, zero = 0;
    while (grid->value[zero] < 0)
        zero++;
    while (above - below > 1) {
        const size_t middle = below + (above - below) / 2;
        *(grid->value[middle] <= value ? &below : &above) = middle;
    }
    const int32_t down = value - grid->value[below], up = grid->value[above] - value;
    const bool even = (below > zero ? below - zero : zero - below) % 2 == 0;
    return grid->value[down < up || (down == up && even) ? below : above];
}

int32_t asx_grid_round_digits(const asx_grid *grid, int32_t value)
{
    assert(value >= grid->low && value <= grid->high);
    /* Also settles which of its two forms a signed digit of +-2^(q-1) takes: the one that lets the
     * rest be exact. */
    if (asx_grid_has(grid, value))
        return value;
    if (!grid->by_digits)
        return asx_grid_nearest(grid, value);
    const bool is_signed = grid->word.digits == ASX_DIGITS_SIGNED;
    const unsigned n = asx_word_n_digits(&grid->word);
    const int32_t radix = (int32_t)1 << grid->word.digit_width;
    const int32_t limit = value < 0 ? -grid->low : grid->high;
    int32_t rest = abs(value), place = 1, sum = 0;
    for (unsigned i = 0; i + 1 < n; i++, place *= radix) {
        const int32_t rounded = grid->low_digit[rest % radix];
        const int32_t carry = rounded > (is_signed ? radix / 2 : radix - 1);
        sum += (rounded - carry * radix) * place;
        rest = rest / radix + carry;
    }
    /* the top digit saturates: down to the next supported value while the sum leaves the range */
    while (sum + grid->top_digit[rest] * place > limit)
        rest--;
    sum += grid->top_digit[rest] * place;
    return value < 0 ? -sum : sum;
}
