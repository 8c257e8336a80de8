/* Every allocation of adder graphs, circuits and libraries fails once: ASX_ENOMEM each time, outputs untouched, nothing leaked
 * (the sanitizer looks). */
#include "alloc_fail.h"
#include "check.h"

#include <string.h>

#include "hwmodel/adders.h"
#include "hwmodel/bespoke.h"

static int mark; /* what outputs point to before a call */
static asx_bespoke *network;
static asx_cell_library *library;
static unsigned pipeline;

static asx_status new_graph(asx_error *err)
{
    static const int32_t w[] = {45, -7, 23, 11, 90, 0, -45, 77, 13, 6, 99, -3};
    const asx_adder_options how = {.effort = 20000};
    void *const before = &mark;
    asx_adder_graph *g = before;
    const asx_status status = asx_adder_graph_new(&g, w, 4, 3, &how, err);
    if (status == ASX_OK)
        asx_adder_graph_free(g);
    else
        assert_ptr_equal(g, before);
    return status;
}

static asx_status new_circuit(asx_error *err)
{
    const asx_bespoke_build how = {.effort = 0, .pipeline = pipeline};
    void *const before = &mark;
    asx_bespoke_circuit *c = before;
    uint32_t label = 0;
    const uint32_t row[] = {1, 2, 3};
    asx_status status = asx_bespoke_circuit_new(&c, network, library, &how, err);
    if (status != ASX_OK) {
        assert_ptr_equal(c, before);
        return status;
    }
    status = asx_bespoke_circuit_run(&label, c, row, 1, err);
    asx_bespoke_circuit_free(c);
    return status;
}

static asx_status load_library(asx_error *err)
{
    void *const before = &mark;
    asx_cell_library *l = before;
    const asx_status status = asx_cell_library_load(&l, "egt", err);
    if (status == ASX_OK)
        asx_cell_library_free(l);
    else
        assert_ptr_equal(l, before);
    return status;
}

static asx_status load_sources(asx_error *err)
{
    asx_power_source *s = NULL;
    size_t n = 0;
    const asx_status status = asx_power_sources_load(&s, &n, err);
    if (status == ASX_OK)
        asx_power_sources_free(s, n);
    return status;
}

static asx_status copy_network(asx_error *err)
{
    void *const before = &mark;
    asx_bespoke *b = before;
    const asx_status status = asx_bespoke_copy(&b, network, err);
    if (status == ASX_OK)
        asx_bespoke_free(b);
    else
        assert_ptr_equal(b, before);
    return status;
}

static void every_one(void **state)
{
    (void)state;
    static const char text[] =
        "{\"input_bits\": 3, \"layers\": [{\"weights\": [[5, -3, 11], [1, 7, -2]], \"biases\": [1, -2],"
        "\"activation\": {\"kind\": \"saturating_relu\", \"drop_lsb\": 1, \"max\": 15}}, {\"weights\": "
        "[[3, -1], [-5, 2], [1, 1]], \"masks\": [[15, 7], [15, 15], [3, 15]], \"biases\": [0, 9, 4], "
        "\"cuts\": [0, 1, 0], \"activation\": {\"kind\": \"linear\"}}]}";
    asx_error err = {0};
    if (!alloc_fail_works())
        exit(77);
    CHECK_OK(asx_bespoke_parse(&network, "t.json", text, strlen(text), &err), err);
    CHECK_OK(asx_cell_library_load(&library, "egt", &err), err);
    assert_true(alloc_fail_sweep("adder graphs", new_graph, false) > 20);
    assert_true(alloc_fail_sweep("circuits", new_circuit, false) > 20);
    asx_cell_library_free(library);
    CHECK_OK(asx_cell_library_load(&library, "nangate45", &err), err);
    pipeline = 1; /* registers, and what switches */
    assert_true(alloc_fail_sweep("circuits of silicon", new_circuit, false) > 25);
    assert_true(alloc_fail_sweep("libraries", load_library, true) > 5);
    assert_true(alloc_fail_sweep("power sources", load_sources, true) > 3);
    assert_true(alloc_fail_sweep("copies", copy_network, false) > 5);
    asx_cell_library_free(library);
    asx_bespoke_free(network);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_one)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
