/* Blocks of rows in vector code against the definition, digit by digit, on random networks of every kind. */
#include <string.h>

#include "bespoke_terms.h"
#include "check.h"
#include "dse/seed.h"
#include "eval/bespoke_runner.h"

enum { ROWS = 1300 }; /* two blocks and a part of one */

static uint64_t next(uint64_t *index, uint64_t n)
{
    return asx_seed_below(7, 3, (*index)++, n);
}

/* @param wide  bits of the greatest weights and biases */
static void fill_layer(asx_bespoke_layer *l, uint64_t *at, unsigned wide, bool last)
{
    for (size_t i = 0; i < l->inputs * l->outputs; i++) {
        const int64_t limit = (int64_t)1 << next(at, wide);
        l->weight[i] = (int32_t)((int64_t)next(at, (uint64_t)(2 * limit - 1)) - limit + 1);
        l->mask[i] = next(at, 3) ? UINT32_MAX : (uint32_t)next(at, 256);
        if (next(at, 4) == 0)
            l->weight[i] = 0;
    }
    for (size_t j = 0; j < l->outputs; j++) {
        l->bias[j] = (int64_t)next(at, (uint64_t)1 << wide) - ((int64_t)1 << (wide - 1));
        l->cut[j] = (unsigned char)(next(at, 2) ? 0 : next(at, wide));
    }
    l->activation = last && next(at, 2) ? ASX_BESPOKE_LINEAR
                    : next(at, 2)       ? ASX_BESPOKE_RELU
                                        : ASX_BESPOKE_SATURATING;
    l->drop = l->activation == ASX_BESPOKE_SATURATING ? (unsigned)next(at, wide + 2) : 0;
    l->max = ((int64_t)1 << (1 + next(at, 10))) - 1;
}

/* Whoever compares parts of the outputs does so on any of their bits, also of negative ones. */
static asx_bespoke *random_network(uint64_t *at, size_t n_layers, unsigned wide)
{
    asx_error err;
    asx_bespoke *b = NULL;
    size_t width[4];
    for (size_t i = 0; i <= n_layers; i++)
        width[i] = 1 + next(at, i == n_layers ? 12 : 9);
    CHECK_OK(asx_bespoke_new(&b, width, n_layers, &err), err);
    for (size_t i = 0; i < width[0]; i++)
        b->input_bits[i] = (unsigned char)next(at, 9);
    for (size_t i = 0; i < n_layers; i++)
        fill_layer(&b->layer[i], at, wide, i + 1 == n_layers);
    for (size_t i = 0; i + 1 < width[n_layers]; i++)
        b->compare[i].bits = next(at, 2) ? 0 : next(at, (uint64_t)1 << (wide + 16));
    return b;
}

static unsigned check_network(const asx_bespoke *b, asx_bespoke_runner *runner, uint64_t *at)
{
    asx_error err;
    const size_t features = b->layer[0].inputs;
    uint16_t *value = calloc(features * ROWS, sizeof *value), class[ROWS], label[ROWS];
    uint32_t *row = calloc(features, sizeof *row);
    int64_t *work = calloc(asx_bespoke_work(b), sizeof *work);
    const asx_bespoke_rows rows = {ROWS, features, value};
    const asx_bespoke_span part = {3, ROWS - 5};
    size_t correct = 0;
    for (size_t i = 0; i < features * ROWS; i++)
        value[i] = (uint16_t)next(at, 300);
    for (size_t i = 0; i < ROWS; i++)
        label[i] = (uint16_t)next(at, 4);
    CHECK_OK(asx_bespoke_runner_load(runner, b, &err), err);
    asx_bespoke_runner_classes(class, runner, &rows, part);
    for (size_t i = part.first; i < part.end; i++) {
        for (size_t f = 0; f < features; f++)
            row[f] = value[f * ROWS + i];
        assert_int_equal(class[i - part.first], asx_bespoke_run(b, row, work));
        correct += class[i - part.first] == label[i];
    }
    assert_int_equal(asx_bespoke_runner_correct(runner, &rows, part, label), correct);
    free(value);
    free(row);
    free(work);
    return asx_bespoke_runner_width(runner);
}

static void equals_the_definition(void **state)
{
    (void)state;
    asx_error err;
    asx_bespoke_runner *runner = NULL;
    uint64_t at = 0;
    size_t checked = 0, n_64 = 0;
    CHECK_OK(asx_bespoke_runner_new(&runner, &err), err);
    for (unsigned i = 0; i < 400; i++) {
        asx_bespoke *b = random_network(&at, 1 + i % 3, 3 + i % 17);
        if (asx_bespoke_check(b, &err) == ASX_OK) { /* hidden outputs may be too wide for it */
            n_64 += check_network(b, runner, &at) == 64;
            checked++;
        }
        asx_bespoke_free(b);
    }
    printf("%zu networks, %zu of them in 64 bits\n", checked, n_64);
    assert_true(checked > 250);
    assert_true(n_64 > checked / 10 && checked - n_64 > checked / 10); /* both widths were there */

    asx_bespoke_runner_free(runner);
}

/* The narrow sums are used up to their very end, and not beyond. */
static void chooses_the_width(void **state)
{
    (void)state;
    asx_error err;
    asx_bespoke_runner *runner = NULL;
    asx_bespoke *b = NULL;
    const size_t width[] = {1, 2};
    uint64_t at = 0;
    CHECK_OK(asx_bespoke_runner_new(&runner, &err), err);
    CHECK_OK(asx_bespoke_new(&b, width, 1, &err), err);
    b->input_bits[0] = 8;
    b->layer[0].weight[0] = 1;
    b->layer[0].weight[1] = -1;
    b->layer[0].bias[0] = INT32_MAX - 255;
    b->layer[0].bias[1] = INT32_MAX - 255;
    assert_int_equal(check_network(b, runner, &at), 32);
    b->layer[0].bias[0]++;
    assert_int_equal(check_network(b, runner, &at), 64);
    asx_bespoke_free(b);
    asx_bespoke_runner_free(runner);
}

/* Those that are not there to fill up. */
static size_t count_terms(asx_bespoke_terms *t, const asx_bespoke *b)
{
    asx_error err;
    size_t n = 0;
    CHECK_OK(asx_bespoke_terms_make(t, b, &err), err);
    for (size_t i = 0; i < t->n; i++)
        n += t->term[i].weight != 0;
    return n;
}

static void counts_terms(void **state)
{
    (void)state;
    asx_error err;
    asx_bespoke_terms terms = {0};
    asx_bespoke *b = NULL;
    const size_t width[] = {3, 1};
    CHECK_OK(asx_bespoke_new(&b, width, 1, &err), err);
    b->layer[0].weight[0] = 5; /* 4 + 1: alike, as nothing is cut */
    b->layer[0].weight[1] = 7; /* masked: nothing */
    b->layer[0].mask[1] = 0xf0;
    assert_int_equal(count_terms(&terms, b), 1);
    b->layer[0].cut[0] = 1; /* the lowest bit of one copy goes, of the other none */
    assert_int_equal(count_terms(&terms, b), 2);
    asx_bespoke_free(b);
    asx_bespoke_terms_fini(&terms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(equals_the_definition),
                                       cmocka_unit_test(chooses_the_width),
                                       cmocka_unit_test(counts_terms)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
