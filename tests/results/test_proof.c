/* Which questions a certificate answers, each with the reason why not; no database is needed. */
#include "results/proof.h"

#include <math.h>
#include <string.h>

#include "check.h"

typedef struct question {
    asx_proof_question q;
    asx_front f;
    asx_certificate c;
} question;

/* The least energy, of a campaign that minimised drop and energy and proved its front. */
static question plain(void)
{
    static char text[] = "factor 1";
    return (question){.q = {.limits = asx_limits_none(), .minimise = ASX_ENERGY},
                      .f = {.objective = {ASX_DROP, ASX_ENERGY},
                            .n_objectives = 2,
                            .limits = asx_limits_none(),
                            .searched = ASX_TIER_PROXY,
                            .tier = ASX_TIER_PROXY},
                      .c = {.factor = 1, .text = text}};
}

static asx_proof judge(const question *x, bool feasible)
{
    asx_proof p;
    asx_proof_judge(&p, &x->f, &x->q, &x->c, feasible);
    return p;
}

static void check_none(const question *x, const char *why)
{
    const asx_proof p = judge(x, true);
    assert_int_equal(p.verdict, ASX_PROOF_NONE);
    if (!strstr(p.why, why))
        fail_msg("'%s' does not say '%s'", p.why, why);
}

static void test_optimal(void **state)
{
    (void)state;
    question x = plain();
    assert_int_equal(judge(&x, true).verdict, ASX_PROOF_OPTIMAL);
    x.q.limits.max[ASX_DROP] = 1;
    assert_int_equal(judge(&x, true).verdict, ASX_PROOF_OPTIMAL);
    assert_int_equal(judge(&x, false).verdict, ASX_PROOF_OPTIMAL); /* that there is none */
    x.q.knee = true;
    assert_int_equal(judge(&x, true).verdict, ASX_PROOF_OPTIMAL);
}

/* Of designs that drop less than the least found nothing is known. */
static void test_least_drop(void **state)
{
    (void)state;
    question x = plain();
    x.c = (asx_certificate){
        1.2,
        (char[]){
            "factor 1.2: every design has one in the front with at most its drop, or where its "
            "drop is below 0.25, the least found, at most that; 9 points"}};
    assert_true(asx_certificate_least_drop(x.c.text) == 0.25);
    assert_true(asx_certificate_least_drop("factor 1.2: every design") == 0);
    assert_true(asx_certificate_least_drop(NULL) == 0);
    assert_int_equal(judge(&x, true).verdict, ASX_PROOF_WITHIN);
    x.q.limits.max[ASX_DROP] = 0.25;
    assert_int_equal(judge(&x, true).verdict, ASX_PROOF_WITHIN);
    x.q.limits.max[ASX_DROP] = 0.2;
    check_none(&x, "that drop less than 0.25 points");
    x = (question){.q = {.limits = asx_limits_none(), .minimise = ASX_DROP}, .f = x.f, .c = x.c};
    check_none(&x, "that drop less than 0.25 points");
}

/* Drops are never rounded: the factor is about costs. */
static void test_within(void **state)
{
    char text[40];
    (void)state;
    question x = plain();
    x.c.factor = 1.01;
    x.q.limits.max[ASX_DROP] = 1;
    const asx_proof p = judge(&x, true);
    assert_int_equal(p.verdict, ASX_PROOF_WITHIN);
    asx_proof_text(text, sizeof text, &p);
    assert_string_equal(text, "within 1.01");
    x.q.minimise = ASX_DROP;
    assert_int_equal(judge(&x, true).verdict, ASX_PROOF_OPTIMAL);
    x.q.limits.max[ASX_ENERGY] = 1e6;
    check_none(&x, "which the limit does not allow for");
    x = plain();
    x.c.factor = 1.01;
    x.q.knee = true;
    check_none(&x, "within the factor 1.01 only");
}

static void test_none(void **state)
{
    (void)state;
    question x = plain();
    x.c = (asx_certificate){.factor = NAN};
    check_none(&x, "proves nothing");
    x.c = (asx_certificate){.factor = INFINITY};
    check_none(&x, "stopped before");
    x = plain();
    x.q.where = true;
    check_none(&x, "--where");
    x = plain();
    x.f.tier = ASX_TIER_MEASURED;
    check_none(&x, "predicted");
    x = plain();
    x.f.trained.n = 1;
    check_none(&x, "predicted");
    x = plain();
    x.f.predicted.n = 1;
    check_none(&x, "predicted");
    x = plain();
    x.f.searched = x.f.tier = ASX_TIER_MEASURED;
    x.f.trained.n = 1;
    check_none(&x, "measured");
    x = plain();
    x.q.minimise = ASX_AREA;
    check_none(&x, "'area'");
    x = plain();
    x.q.limits.max[ASX_AREA] = 1;
    check_none(&x, "'area'");
    x = plain();
    x.f.limits.max[ASX_DROP] = 2;
    x.q.limits.max[ASX_DROP] = 3;
    check_none(&x, "drop <= 2");
}

static void test_applies(void **state)
{
    (void)state;
    question x = plain();
    assert_true(asx_proof_applies(&x.f, &x.c));
    x.c.factor = NAN;
    assert_false(asx_proof_applies(&x.f, &x.c));
    x = plain();
    x.f.trained.n = 1;
    assert_false(asx_proof_applies(&x.f, &x.c));
    x = plain();
    x.f.tier = ASX_TIER_MEASURED;
    assert_false(asx_proof_applies(&x.f, &x.c));
    x.f.searched = ASX_TIER_MEASURED;
    assert_true(asx_proof_applies(&x.f, &x.c));
    x.f.predicted.n = 1;
    assert_false(asx_proof_applies(&x.f, &x.c));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_optimal), cmocka_unit_test(test_least_drop),
        cmocka_unit_test(test_within),  cmocka_unit_test(test_none),
        cmocka_unit_test(test_applies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
