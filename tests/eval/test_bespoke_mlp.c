/* Small perceptrons: they learn what can be learnt, lie in integers near what they are in real numbers, and come back from
 * their bytes. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "eval/bespoke_mlp.h"

static asx_bespoke_table *drawn(void)
{
    asx_error err;
    asx_dataset *data = NULL;
    asx_bespoke_table *t = NULL;
    const asx_bespoke_split split = {{0.56, 0.14, 0.3}, 1, 4};
    CHECK_OK(asx_bespoke_draw(&data, 600, 1, &err), err);
    CHECK_OK(asx_bespoke_table_new(&t, data, &split, &err), err);
    asx_dataset_free(data);
    return t;
}

static const asx_bespoke_training quick = {
    .hidden = {4}, .epochs = 40, .batch = 16, .rate = 0.02, .restarts = 2, .seed = 1};

static void learns(void **state)
{
    (void)state;
    asx_error err;
    asx_bespoke_table *t = drawn();
    const asx_bespoke_rows rows = asx_bespoke_table_rows(t);
    const asx_bespoke_span test = t->part[ASX_BESPOKE_TEST];
    asx_bespoke_mlp mlp = {0};
    asx_bespoke *b = NULL;
    asx_bespoke_runner *runner = NULL;
    size_t right = 0;
    CHECK_OK(asx_bespoke_mlp_train(&mlp, t, &quick, &err), err);
    CHECK_OK(asx_bespoke_mlp_count(&right, &mlp, t, ASX_BESPOKE_TEST, &err), err);
    assert_true(right > asx_bespoke_table_commonest(t, ASX_BESPOKE_TEST) + 20);
    CHECK_OK(asx_bespoke_runner_new(&runner, &err), err);
    for (unsigned bits = 8; bits <= 16;
         bits += 8) { /* of the rows few are as near to two classes */
        CHECK_OK(asx_bespoke_mlp_project(&b, &mlp, 4, bits, &err), err);
        CHECK_OK(asx_bespoke_runner_load(runner, b, &err), err);
        const double n = (double)asx_bespoke_runner_correct(runner, &rows, test, t->label);
        assert_true(fabs(n - (double)right) <= (bits == 8 ? 4 : 1));
        asx_bespoke_free(b);
    }
    CHECK_FAIL(asx_bespoke_mlp_project(&b, &mlp, 4, 1, &err), ASX_EINVAL, err);
    asx_bespoke_runner_free(runner);
    asx_bespoke_mlp_fini(&mlp);
    asx_bespoke_table_free(t);
}

/* Two hidden layers, and the same network whoever trains it again. */
static void comes_back(void **state)
{
    (void)state;
    asx_error err;
    asx_bespoke_table *t = drawn();
    asx_bespoke_mlp mlp = {0}, again = {0}, back = {0};
    asx_text a = {0}, b = {0}, c = {0};
    asx_bespoke_training options = quick;
    options.hidden[1] = 3;
    options.epochs = 3;
    CHECK_OK(asx_bespoke_mlp_train(&mlp, t, &options, &err), err);
    CHECK_OK(asx_bespoke_mlp_train(&again, t, &options, &err), err);
    asx_bespoke_mlp_print(&a, &mlp);
    asx_bespoke_mlp_print(&b, &again);
    assert_int_equal(a.n, b.n);
    assert_memory_equal(a.s, b.s, a.n);
    CHECK_OK(asx_bespoke_mlp_parse(&back, a.s, a.n, &err), err);
    assert_int_equal(back.n_layers, 3);
    asx_bespoke_mlp_print(&c, &back);
    assert_memory_equal(a.s, c.s, a.n);
    asx_bespoke_mlp_fini(&back);
    CHECK_FAIL(asx_bespoke_mlp_parse(&back, a.s, a.n - 1, &err), ASX_EPARSE, err);
    CHECK_FAIL(asx_bespoke_mlp_parse(&back, "", 0, &err), ASX_EPARSE, err);
    assert_int_equal(back.n_layers, 0);
    asx_text_fini(&a);
    asx_text_fini(&b);
    asx_text_fini(&c);
    asx_bespoke_mlp_fini(&mlp);
    asx_bespoke_mlp_fini(&again);
    asx_bespoke_table_free(t);
}

static bool at_once(void *state)
{
    (void)state;
    return true;
}

static void refuses(void **state)
{
    (void)state;
    asx_error err;
    asx_bespoke_table *t = drawn();
    asx_bespoke_mlp mlp = {0};
    asx_bespoke_training bad[4] = {quick, quick, quick, quick};
    bad[0].hidden[0] = 0;
    bad[1].restarts = 0;
    bad[2].batch = 100000;
    bad[3].stop = at_once;
    for (int i = 0; i < 3; i++)
        CHECK_FAIL(asx_bespoke_mlp_train(&mlp, t, &bad[i], &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_bespoke_mlp_train(&mlp, t, &bad[3], &err), ASX_EINTERRUPTED, err);
    assert_int_equal(mlp.n_layers, 0);
    asx_bespoke_table_free(t);
}

/* Of a network by hand: |a - b| as two rectifiers, then what is left of 1/2, and its negative, which is never above 0 there. */
static void reaches(void **state)
{
    (void)state;
    asx_error err;
    float first[] = {1, -1, -1, 1}, none[] = {0, 0}, second[] = {1, 1, -1, -1}, half[] = {0.5f, 0};
    uint16_t value[] = {0, 3, 6, 12, 15, 15, 5, 6, 9, 12, 0, 15}; /* [features][rows] */
    uint16_t label[6] = {0};
    asx_bespoke_table t = {
        .n = 6, .features = 2, .classes = 2, .bits = 4, .value = value, .label = label};
    const asx_bespoke_mlp mlp = {
        .n_layers = 2,
        .layer = {{.inputs = 2, .outputs = 2, .weight = first, .bias = none},
                  {.inputs = 2, .outputs = 2, .weight = second, .bias = half}}};
    t.part[ASX_BESPOKE_TRAIN] = (asx_bespoke_span){0, 4};
    t.part[ASX_BESPOKE_CHOOSE] = (asx_bespoke_span){4, 5};
    t.part[ASX_BESPOKE_TEST] = (asx_bespoke_span){5, 6};
    const double want[ASX_BESPOKE_N_PARTS][2] = {{5.0 / 15, 0.5 + 5.0 / 15}, {1, 1.5}, {0, 0.5}};
    for (int p = 0; p < ASX_BESPOKE_N_PARTS; p++) {
        double reach[2] = {-1, 77};
        CHECK_OK(asx_bespoke_mlp_reach(reach, &mlp, &t, (asx_bespoke_part_kind)p, &err), err);
        for (int i = 0; i < 2; i++)
            assert_true(fabs(reach[i] - want[p][i]) < 1e-12);
    }
    assert_true(fabs(asx_bespoke_dense_largest(&mlp.layer[0]) - 1) < 1e-12);
    second[2] = -7;
    assert_true(fabs(asx_bespoke_dense_largest(&mlp.layer[1]) - 7) < 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(learns), cmocka_unit_test(comes_back),
                                       cmocka_unit_test(reaches), cmocka_unit_test(refuses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
