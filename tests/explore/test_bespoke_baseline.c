/* The exact classifier that evolved ones are held against has nothing that they are rid of for nothing. */
#include "check.h"
#include "dse/seed.h"
#include "explore/bespoke.h"

/* Of three columns one never changes: it costs the exact classifier nothing. */
static void constants_are_free(void **state)
{
    (void)state;
    enum { N = 100, FEATURES = 3 };
    asx_error err;
    unsigned char byte[N * FEATURES];
    uint16_t class[N];
    asx_dataset *data = NULL;
    asx_bespoke_table *t = NULL;
    asx_cell_library *library = NULL;
    asx_bespoke_result r = {0};
    asx_bespoke_circuit *circuit = NULL;
    const asx_bespoke_split split = {{0.56, 0.14, 0.3}, 1, 4};
    for (size_t i = 0; i < N; i++) {
        byte[i * FEATURES] = (unsigned char)asx_seed_below(1, 0, i, 200);
        byte[i * FEATURES + 1] = 77;
        byte[i * FEATURES + 2] = (unsigned char)asx_seed_below(1, 2, i, 200);
        class[i] = byte[i * FEATURES] > byte[i * FEATURES + 2];
    }
    CHECK_OK(asx_dataset_new(&data, byte, class, N, FEATURES, 1, &err), err);
    CHECK_OK(asx_bespoke_table_new(&t, data, &split, &err), err);
    CHECK_OK(asx_cell_library_load(&library, asx_cell_library_embedded(0), &err), err);
    asx_params params;
    asx_bespoke_plan plan = {.table = t, .library = library, .evaluations = 40, .seed = 1};
    asx_params_init(&params, asx_bespoke_params);
    asx_bespoke_plan_set(&plan, &params);
    plan.training = (asx_bespoke_training){
        .hidden = {3}, .epochs = 5, .batch = 16, .rate = 0.02, .restarts = 1, .seed = 1};
    plan.population = 40;
    plan.children = 10;
    CHECK_OK(asx_bespoke_run_plan(&r, &plan, &err), err);
    asx_bespoke *b = r.baseline.network;
    assert_int_equal(b->input_bits[1], 0);
    assert_true(b->input_bits[0] == 4 && b->input_bits[2] == 4);
    for (size_t j = 0; j < b->layer[0].outputs; j++)
        assert_int_equal(b->layer[0].weight[j * FEATURES + 1], 0);
    b->input_bits[1] = 4; /* with it, as it was trained: dearer */
    for (size_t j = 0; j < b->layer[0].outputs; j++) {
        b->layer[0].weight[j * FEATURES + 1] = 85;
        b->layer[0].mask[j * FEATURES + 1] = UINT32_MAX;
    }
    CHECK_OK(asx_bespoke_circuit_new(&circuit, b, library, &plan.build, &err), err);
    assert_true(asx_bespoke_circuit_price(circuit).area_cm2 > r.baseline.price.area_cm2);
    asx_bespoke_circuit_free(circuit);
    asx_bespoke_result_fini(&r);
    asx_cell_library_free(library);
    asx_bespoke_table_free(t);
    asx_dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(constants_are_free)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
