/* Splits, ranges and bits of tables, against counts by hand. */
#include <string.h>

#include "check.h"
#include "dse/seed.h"
#include "eval/bespoke_table.h"

enum { ROWS = 503, FEATURES = 3 };

/* Classes 2, 5 and 9 of very different frequency; feature 2 is constant. */
static asx_dataset *make_data(unsigned char *byte, uint16_t *class)
{
    asx_error err;
    asx_dataset *data = NULL;
    for (size_t i = 0; i < ROWS; i++) {
        byte[i * FEATURES] = (unsigned char)asx_seed_below(1, 0, i, 200);
        byte[i * FEATURES + 1] = (unsigned char)asx_seed_below(1, 1, i, 7);
        byte[i * FEATURES + 2] = 77;
        class[i] = (uint16_t)(i % 10 == 3 ? 5 : i % 50 == 7 ? 9 : 2);
    }
    CHECK_OK(asx_dataset_new(&data, byte, class, ROWS, FEATURES, 0.5, &err), err);
    return data;
}

static void splits_by_class(void **state)
{
    (void)state;
    asx_error err;
    unsigned char byte[ROWS * FEATURES];
    uint16_t class[ROWS];
    bool seen[ROWS] = {false};
    asx_dataset *data = make_data(byte, class);
    const asx_bespoke_split split = {{0.5, 0.2, 0.3}, 4, 4};
    asx_bespoke_table *t = NULL;
    static const uint16_t names[] = {2, 5, 9};
    size_t n[3][ASX_BESPOKE_N_PARTS] = {{0}}, all[3] = {0};
    CHECK_OK(asx_bespoke_table_new(&t, data, &split, &err), err);
    assert_int_equal(t->classes, 3);
    assert_int_equal(t->part[ASX_BESPOKE_TEST].end, ROWS);
    for (int p = 0; p < ASX_BESPOKE_N_PARTS; p++)
        for (size_t i = t->part[p].first; i < t->part[p].end; i++) {
            assert_false(seen[t->origin[i]]); /* every row is in one part, once */
            seen[t->origin[i]] = true;
            assert_int_equal(names[t->label[i]], class[t->origin[i]]);
            n[t->label[i]][p]++;
            all[t->label[i]]++;
        }
    for (int k = 0; k < 3; k++)
        for (int p = 0; p < ASX_BESPOKE_N_PARTS; p++)
            assert_true((double)n[k][p] + 1 >= split.share[p] * (double)all[k] &&
                        (double)n[k][p] - 1 <= split.share[p] * (double)all[k]);
    assert_int_equal(asx_bespoke_table_commonest(t, ASX_BESPOKE_TEST), n[0][ASX_BESPOKE_TEST]);
    asx_bespoke_table_free(t);
    asx_dataset_free(data);
}

/* Few values, so that most rows occur several times: never in two parts. */
static void keeps_equal_rows_together(void **state)
{
    (void)state;
    asx_error err;
    unsigned char byte[ROWS * FEATURES];
    uint16_t class[ROWS];
    asx_dataset *data = NULL;
    asx_bespoke_table *t = NULL;
    size_t equal = 0;
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t f = 0; f < FEATURES; f++)
            byte[i * FEATURES + f] = (unsigned char)asx_seed_below(2, f, i, 6);
        class[i] = (uint16_t)asx_seed_below(2, 9, i, 2);
    }
    const asx_bespoke_split split = {{0.5, 0.2, 0.3}, 4, 4};
    CHECK_OK(asx_dataset_new(&data, byte, class, ROWS, FEATURES, 1, &err), err);
    CHECK_OK(asx_bespoke_table_new(&t, data, &split, &err), err);
    for (int p = 0; p < ASX_BESPOKE_N_PARTS; p++) {
        const double share = (double)asx_bespoke_table_size(t, (asx_bespoke_part_kind)p) / ROWS;
        assert_true(share > split.share[p] - 0.02 && share < split.share[p] + 0.02);
        for (size_t i = t->part[p].first; i < t->part[p].end; i++)
            for (size_t k = 0; k < ROWS; k++) {
                const size_t a = t->origin[i], b = t->origin[k];
                if (k == i || class[a] != class[b] ||
                    memcmp(byte + a * FEATURES, byte + b * FEATURES, FEATURES) != 0)
                    continue;
                equal++;
                assert_true(k >= t->part[p].first && k < t->part[p].end);
            }
    }
    assert_true(equal > ROWS / 2);
    asx_bespoke_table_free(t);
    asx_dataset_free(data);
}

static void quantises_by_the_rows_to_learn_from(void **state)
{
    (void)state;
    asx_error err;
    unsigned char byte[ROWS * FEATURES];
    uint16_t class[ROWS];
    asx_dataset *data = make_data(byte, class);
    for (unsigned bits = 1; bits <= 8; bits++) {
        const asx_bespoke_split split = {{0.05, 0.05, 0.9}, 1, bits};
        const int top = (1 << bits) - 1;
        asx_bespoke_table *t = NULL;
        int low = 255, high = 0, beyond = 0;
        CHECK_OK(asx_bespoke_table_new(&t, data, &split, &err), err);
        for (size_t i = 0; i < t->part[ASX_BESPOKE_TRAIN].end; i++) {
            const int x = byte[t->origin[i] * FEATURES];
            low = x < low ? x : low;
            high = x > high ? x : high;
        }
        for (size_t i = 0; i < ROWS; i++) {
            const int x = byte[t->origin[i] * FEATURES];
            const int cut = x < low ? low : x > high ? high : x;
            /* the nearest of the levels, of two as near the upper one */
            const int want = (2 * (cut - low) * top + (high - low)) / (2 * (high - low));
            assert_int_equal(t->value[i], want);
            assert_int_equal(t->value[2 * ROWS + i], 0);
            beyond += cut != x;
        }
        assert_true(beyond > 0); /* a twentieth of the rows has not all there is */
        asx_bespoke_table_free(t);
    }
    asx_dataset_free(data);
}

static void seeds_decide(void **state)
{
    (void)state;
    asx_error err;
    asx_dataset *data = NULL;
    uint64_t hash[3];
    CHECK_OK(asx_bespoke_draw(&data, 300, 9, &err), err);
    for (int i = 0; i < 3; i++) {
        const asx_bespoke_split split = {{0.56, 0.14, 0.3}, i == 2 ? 2 : 1, 4};
        asx_bespoke_table *t = NULL;
        CHECK_OK(asx_bespoke_table_new(&t, data, &split, &err), err);
        hash[i] = asx_bespoke_table_hash(t);
        asx_bespoke_table_free(t);
    }
    assert_true(hash[0] == hash[1] && hash[0] != hash[2]);
    asx_dataset_free(data);
}

static void refuses(void **state)
{
    (void)state;
    asx_error err;
    unsigned char byte[ROWS * FEATURES];
    uint16_t class[ROWS];
    asx_dataset *data = make_data(byte, class), *few = NULL, *none = NULL;
    asx_bespoke_table *t = NULL;
    const asx_bespoke_split bad[] = {{{0.5, 0.2, 0.2}, 1, 4},
                                     {{1, 0, 0}, 1, 4},
                                     {{0.5, 0.2, 0.3}, 1, 0},
                                     {{0.5, 0.2, 0.3}, 1, 9}};
    const asx_bespoke_split good = {{0.5, 0.2, 0.3}, 1, 4};
    for (int i = 0; i < 4; i++)
        CHECK_FAIL(asx_bespoke_table_new(&t, data, &bad[i], &err), ASX_EINVAL, err);
    CHECK_OK(asx_dataset_new(&few, byte, class + 8, 2, FEATURES, 1, &err), err); /* one class */
    CHECK_FAIL(asx_bespoke_table_new(&t, few, &good, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_dataset_new(&none, byte, class, 0, FEATURES, 1, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_dataset_new(&none, byte, class, 2, FEATURES, 0, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_bespoke_draw(&none, 29, 1, &err), ASX_EINVAL, err);
    assert_null(t);
    assert_null(none);
    asx_dataset_free(few);
    asx_dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(splits_by_class),
                                       cmocka_unit_test(keeps_equal_rows_together),
                                       cmocka_unit_test(quantises_by_the_rows_to_learn_from),
                                       cmocka_unit_test(seeds_decide), cmocka_unit_test(refuses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
