/* Weights are normal, activations half normal, as 'asx format' has them for its noise: at the scale of least squared error.
 * Changes are in squares of the weights' (or activations') own size, so that formats compare. */
#include "format_faults.h"

#include <math.h>
#include <stdlib.h>

#include "dse/grid.h"
#include "dse/memory.h"
#include "dse/reading.h"

static const table_column bit_columns[] = {{"operand", TABLE_TEXT, 0},
                                           {"code", TABLE_TEXT, 0},
                                           {"bit", TABLE_INTEGER, 0},
                                           {"of", TABLE_TEXT, 0},
                                           {"squared_error", TABLE_NUMBER, TABLE_AUTO},
                                           {"share_percent", TABLE_NUMBER, 1},
                                           {"sign_percent", TABLE_NUMBER, 1},
                                           {"select_percent", TABLE_NUMBER, 1},
                                           {"shift_percent", TABLE_NUMBER, 1},
                                           {"zero_percent", TABLE_NUMBER, 1},
                                           {0}};

static const table_column code_columns[] = {
    {"operand", TABLE_TEXT, 0},
    {"code", TABLE_TEXT, 0},
    {"bits", TABLE_INTEGER, 0},
    {"squared_error_of_a_flip", TABLE_NUMBER, TABLE_AUTO},
    {"squared_error_at_1_percent", TABLE_NUMBER, TABLE_AUTO},
    {0}};

/* How often each value is stored, of numbers of size 1 at a scale. */
typedef struct values {
    double *often; /* [n] */
    double error;  /* of rounding */
    double scale;
} values;

static void count(values *v, const asx_grid *grid, double scale, bool half)
{
    enum { STEPS = 2000 };
    const double span = 6.0;
    const int32_t *value = asx_grid_values(grid);
    double all = 0;
    size_t k = 0;
    v->error = 0;
    v->scale = scale;
    for (size_t i = 0; i < asx_grid_size(grid); i++)
        v->often[i] = 0;
    for (int i = 0; i < STEPS; i++) { /* ascending, as the values are */
        const double x = span * (half ? i + 0.5 : 2 * (i + 0.5) - STEPS) / STEPS;
        const double p = exp(-0.5 * x * x);
        const int32_t q = asx_grid_nearest(grid, x / scale);
        while (value[k] != q)
            k++;
        v->often[k] += p;
        v->error += p * (x - scale * q) * (x - scale * q);
        all += p;
    }
    v->error /= all;
}

/* At the best of finely spaced scales. */
static asx_status spread_values(values *out, const asx_grid *grid, bool half, asx_error *err)
{
    const size_t n = asx_grid_size(grid);
    const int32_t max = asx_grid_values(grid)[n - 1];
    values v = {.often = asx_array_new(n, sizeof *v.often)};
    double best = INFINITY, scale = 1;
    if (!v.often)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu values", n);
    for (int i = 0; i <= 160; i++) {
        count(&v, grid, 0.5 * pow(16.0, i / 160.0) / max, half);
        if (v.error < best) {
            best = v.error;
            scale = v.scale;
        }
    }
    count(&v, grid, scale, half);
    *out = v;
    return ASX_OK;
}

/* What a bit is of. */
static void add_part(table *t, const asx_reading *r, const asx_word *word, const asx_flip_effect *e,
                     unsigned bit, asx_code code)
{
    asx_text text = {0};
    const bool top = bit + 1 == asx_reading_bits(r);
    if (e->digit >= 0)
        asx_text_add(&text, "digit %d", e->digit);
    else
        asx_text_add(&text, code == ASX_CODE_INDEX && top && !word->non_negative ? "sign" : "word");
    table_built(t, &text);
    asx_text_fini(&text);
}

static void add_bits(table *t, const char *operand, const asx_word *word, const asx_reading *r,
                     const values *v, asx_code code)
{
    double all = 0;
    for (unsigned b = 0; b < asx_reading_bits(r); b++)
        all += asx_reading_flip_error(r, v->often, b);
    for (unsigned b = asx_reading_bits(r); b-- > 0;) {
        const asx_flip_effect e = asx_reading_effect(r, v->often, b);
        const double part[] = {e.sign, e.alphabet, e.shift, e.zero};
        table_text(t, operand);
        table_text(t, asx_code_text(code));
        table_integer(t, b);
        add_part(t, r, word, &e, b, code);
        table_number(t, e.error * v->scale * v->scale);
        table_number(t, 100 * e.error / all);
        for (size_t i = 0; i < sizeof part / sizeof *part; i++)
            table_number(t, 100 * part[i]);
    }
}

static asx_status add_code(table *t, const char *operand, const asx_reading *r, const values *v,
                           asx_code code, asx_error *err)
{
    const unsigned bits = asx_reading_bits(r);
    const double unit = v->scale * v->scale;
    double one = 0, many = 0;
    for (unsigned b = 0; b < bits; b++)
        one += asx_reading_flip_error(r, v->often, b) / bits;
    const asx_status status =
        asx_reading_error(&many, r, v->often, &(asx_bit_channel){0.01, 0.01}, err);
    if (status != ASX_OK)
        return status;
    table_text(t, operand);
    table_text(t, asx_code_text(code));
    table_integer(t, bits);
    table_number(t, one * unit);
    table_number(t, many * unit);
    return ASX_OK;
}

static asx_status add_word(table **t, const char *operand, const asx_word *word, asx_error *err)
{
    asx_grid *grid = NULL;
    values v = {0};
    asx_status status = asx_grid_new(&grid, word, err);
    if (status == ASX_OK)
        status = spread_values(&v, grid, word->non_negative, err);
    for (int code = 0; code < ASX_N_CODES && status == ASX_OK; code++) {
        asx_reading *r = NULL;
        if (code == ASX_CODE_ROBUST && asx_word_code_bits(word) > ASX_ROBUST_BITS_MAX)
            break;
        status = asx_reading_new(&r, word, (asx_code)code, v.often, err);
        if (status == ASX_OK)
            add_bits(t[0], operand, word, r, &v, (asx_code)code);
        if (status == ASX_OK)
            status = add_code(t[1], operand, r, &v, (asx_code)code, err);
        asx_reading_free(r);
    }
    free(v.often);
    asx_grid_free(grid);
    return status;
}

asx_status format_faults(table **t, const asx_format *format, asx_error *err)
{
    const asx_word activation = asx_format_activation(format, true);
    asx_status status = table_new(&t[0], "bits", bit_columns, err);
    if (status == ASX_OK)
        status = table_new(&t[1], "flips", code_columns, err);
    if (status == ASX_OK)
        table_for_people(t[0], NULL, "share_percent zero_percent squared_error");
    if (status == ASX_OK)
        status = add_word(t, "weight", &format->weight, err);
    if (status == ASX_OK)
        status = add_word(t, "activation", &activation, err);
    return status;
}
