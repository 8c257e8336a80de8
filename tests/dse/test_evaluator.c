/* Running and joining evaluators, with made-up ones that count what happens to them. */
#include "dse/evaluator.h"

#include <math.h>
#include <string.h>

#include "check.h"

typedef struct probe {
    int calls, frees;
    double drop, energy_pj; /* what it books; NAN energy: leaves it alone */
    asx_status status;
    double seen_drop; /* what an earlier evaluator left */
} probe;

static asx_status probe_evaluate(void *state, const asx_design *design, asx_evaluation *inout,
                                 asx_error *err)
{
    probe *p = state;
    (void)design;
    p->calls++;
    p->seen_drop = inout->accuracy.drop;
    if (p->status != ASX_OK)
        return asx_fail(err, p->status, "the probe fails");
    if (p->energy_pj != 0)
        inout->cost.energy_pj = p->energy_pj;
    if (p->drop != 0)
        inout->accuracy.drop = p->drop;
    return ASX_OK;
}

static void probe_free(void *state)
{
    ((probe *)state)->frees++;
}

static const asx_evaluator_type probe_type = {
    .name = "probe", .evaluate = probe_evaluate, .free = probe_free};

static const asx_design design = {0};

static void test_run(void **state)
{
    (void)state;
    asx_error err;
    probe p = {.drop = 2, .energy_pj = 30};
    asx_evaluator evaluator = {&probe_type, &p};
    asx_evaluation out;
    memset(&out, 0x55, sizeof out);
    CHECK_OK(asx_evaluator_run(&evaluator, &design, &out, &err), err);
    assert_true(out.accuracy.drop == 2 && out.cost.energy_pj == 30 && out.cost.area_um2 == 0);

    const asx_evaluation before = out;
    p.energy_pj = INFINITY;
    CHECK_FAIL(asx_evaluator_run(&evaluator, &design, &out, &err), ASX_EINVAL, err);
    assert_string_equal(err.message, "evaluator 'probe': energy_pj is inf, not a finite number");
    p = (probe){.drop = NAN};
    CHECK_FAIL(asx_evaluator_run(&evaluator, &design, &out, &err), ASX_EINVAL, err);
    p = (probe){.status = ASX_EINTERRUPTED};
    CHECK_FAIL(asx_evaluator_run(&evaluator, &design, &out, &err), ASX_EINTERRUPTED, err);
    assert_string_equal(err.message, "the probe fails");
    assert_memory_equal(&out, &before, sizeof out);

    asx_evaluator_fini(&evaluator);
    asx_evaluator_fini(&evaluator);
    asx_evaluator_fini(NULL);
    assert_int_equal(p.frees, 1);
}

static void test_join(void **state)
{
    (void)state;
    asx_error err;
    probe a = {.drop = 2}, b = {.energy_pj = 30}, c = {.drop = 5};
    asx_evaluator ea = {&probe_type, &a}, eb = {&probe_type, &b}, ec = {&probe_type, &c};
    asx_evaluator inner, outer;
    CHECK_OK(asx_evaluator_join(&inner, &ea, &eb, &err), err);
    assert_null(ea.type);
    assert_null(eb.state);
    CHECK_OK(asx_evaluator_join(&outer, &inner, &ec, &err), err);
    assert_null(inner.type);

    asx_evaluation out;
    CHECK_OK(asx_evaluator_run(&outer, &design, &out, &err), err);
    assert_true(out.accuracy.drop == 5 && out.cost.energy_pj == 30); /* in order: c came last */
    assert_true(a.seen_drop == 0 && b.seen_drop == 2 && c.seen_drop == 2);

    b.status = ASX_EIO; /* what follows a failure is not asked */
    CHECK_FAIL(asx_evaluator_run(&outer, &design, &out, &err), ASX_EIO, err);
    assert_true(out.accuracy.drop == 5);
    assert_int_equal(a.calls, 2);
    assert_int_equal(b.calls, 2);
    assert_int_equal(c.calls, 1);
    asx_evaluator_fini(&outer);
    assert_int_equal(a.frees + b.frees + c.frees, 3);
    assert_true(a.frees == 1 && b.frees == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_run),
        cmocka_unit_test(test_join),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
