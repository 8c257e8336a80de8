/* Runs of bespoke classifiers: kept, read back bit for bit; one that is at work is one row, and left as it is once it came to its
 * end. */
#include "sample.h"

#include "results/bespoke.h"

/* Every number without a short decimal form, so that any loss on the way shows. */
static asx_bespoke_row sample_row(unsigned i)
{
    return (asx_bespoke_row){.lost = -i / 3.0,
                             .correct = {3 * i, 3 * i + 1, 3 * i + 2},
                             .drop = i / 7.0,
                             .drop_low = i / 7.0 - 1,
                             .drop_high = i / 7.0 + 1,
                             .area_cm2 = i / 11.0,
                             .power_mw = i / 13.0,
                             .delay_ms = i / 17.0,
                             .network = "{}"};
}

static void check_row(const asx_bespoke_row *have, unsigned i)
{
    asx_bespoke_row want = sample_row(i);
    assert_memory_equal(have->correct, want.correct, sizeof want.correct);
    assert_memory_equal(&have->lost, &want.lost, sizeof want.lost);
    assert_memory_equal(&have->drop, &want.drop, 6 * sizeof want.drop); /* to delay_ms */
    assert_null(have->network);
}

static void keep(asx_store *store, uint64_t identity, const char *about, unsigned first, size_t n)
{
    asx_error err = {0};
    asx_bespoke_row row[5];
    for (unsigned i = 0; i < n; i++)
        row[i] = sample_row(first + i);
    const asx_bespoke_record r = {.identity = identity,
                                  .about = about,
                                  .technology = "egt",
                                  .features = 21,
                                  .classes = 3,
                                  .rows = {56, 14, 30},
                                  .evaluated = 1000 + n,
                                  .training_s = 1 / 3.0,
                                  .evolution_s = 2 / 3.0,
                                  .design = row,
                                  .n = n};
    CHECK_OK(asx_bespoke_keep(store, &r, &err), err);
}

static void check_kept(const asx_bespoke_kept *k, const char *about, unsigned first, size_t n)
{
    const size_t rows[] = {56, 14, 30};
    const double third = 1 / 3.0, thirds = 2 / 3.0;
    assert_string_equal(k->about, about);
    assert_string_equal(k->technology, "egt");
    assert_int_equal(strlen(k->finished), n > 0 ? 20 : 0);
    assert_int_equal(k->features, 21);
    assert_int_equal(k->classes, 3);
    assert_memory_equal(k->rows, rows, sizeof rows);
    assert_int_equal(k->evaluated, 1000 + n);
    assert_memory_equal(&k->training_s, &third, sizeof third);
    assert_memory_equal(&k->evolution_s, &thirds, sizeof thirds);
    assert_int_equal(k->n, n);
    for (unsigned i = 0; i < n; i++)
        check_row(&k->design[i], first + i);
}

static void test_list(void **state)
{
    char path[256];
    asx_error err = {0};
    asx_store *store = NULL;
    asx_bespoke_kept *kept = NULL;
    size_t n = 77;
    (void)state;
    sample_path(path, sizeof path, "x.db");
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_CREATE, &err), err);
    CHECK_OK(asx_bespoke_list(&kept, &n, store, &err), err);
    assert_int_equal(n, 0);
    assert_null(kept);
    asx_bespoke_list_free(kept, n);
    keep(store, 7, "one", 0, 5);
    keep(store, 8, "two's", 10, 1);
    keep(store, 7, "one again", 20, 3);
    keep(store, 7, "one at work again", 20, 0);
    keep(store, 9, "three", 0, 0);
    CHECK_OK(asx_bespoke_list(&kept, &n, store, &err), err);
    assert_int_equal(n, 3);
    check_kept(&kept[0], "one", 0, 5);
    check_kept(&kept[1], "two's", 10, 1);
    check_kept(&kept[2], "three", 0, 0);
    const int64_t id[] = {kept[0].id, kept[1].id, kept[2].id};
    asx_bespoke_list_free(kept, n);
    keep(store, 9, "three once more", 0, 0);
    keep(store, 9, "three at its end", 30, 4);
    CHECK_OK(asx_bespoke_list(&kept, &n, store, &err), err);
    assert_int_equal(n, 3);
    check_kept(&kept[2], "three", 30, 4);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(kept[i].id, id[i]);
    asx_bespoke_list_free(kept, n);
    asx_store_free(store);
    sample_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_list)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
