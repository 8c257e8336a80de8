/* Objectives by name, and limits on them. */
#include "dse/evaluation.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const struct {
    const char *field, *text, *unit, *help;
} objectives[] = {
#define OBJECTIVE(name, field, text, unit, help) [name] = {field, text, unit, help},
    ASX_OBJECTIVE_LIST(OBJECTIVE)
#undef OBJECTIVE
};

const char *asx_objective_text(asx_objective objective)
{
    assert(objective < ASX_N_OBJECTIVES);
    return objectives[objective].text;
}

const char *asx_objective_field(asx_objective objective)
{
    assert(objective < ASX_N_OBJECTIVES);
    return objectives[objective].field;
}

const char *asx_objective_unit(asx_objective objective)
{
    assert(objective < ASX_N_OBJECTIVES);
    return objectives[objective].unit;
}

const char *asx_objective_help(asx_objective objective)
{
    assert(objective < ASX_N_OBJECTIVES);
    return objectives[objective].help;
}

asx_status asx_objective_parse(asx_objective *out, const char *text, asx_error *err)
{
    for (size_t i = 0; i < ASX_N_OBJECTIVES; i++) {
        if (strcmp(text, objectives[i].text) == 0 || strcmp(text, objectives[i].field) == 0) {
            *out = (asx_objective)i;
            return ASX_OK;
        }
    }
    if (strcmp(text, "inferences_per_s") == 0) {
        *out = ASX_LATENCY;
        return ASX_OK;
    }
#define NAME(name, field, text, unit, help) " " text
    return asx_fail(
        err, ASX_ENOTFOUND,
        "there is no objective '%s'; there are:" ASX_OBJECTIVE_LIST(NAME) " inferences_per_s",
        text);
#undef NAME
}

/* pJ / ns = mW; 0 where nothing was said of time. */
static double power_mw(const asx_cost *cost)
{
    return cost->latency_ns > 0 ? cost->energy_pj / cost->latency_ns : 0;
}

double asx_evaluation_objective(const asx_evaluation *evaluation, asx_objective objective)
{
    assert(objective < ASX_N_OBJECTIVES);
    switch (objective) {
    case ASX_DROP:
        return evaluation->accuracy.drop;
    case ASX_ENERGY:
        return evaluation->cost.energy_pj;
    case ASX_LATENCY:
        return evaluation->cost.latency_ns;
    case ASX_AREA:
        return evaluation->cost.area_um2;
    case ASX_STORAGE:
        return evaluation->cost.weight_bits;
    case ASX_ENERGY_DELAY:
        return 1e-12 * evaluation->cost.energy_pj * evaluation->cost.latency_ns;
    case ASX_POWER:
        return power_mw(&evaluation->cost);
    case ASX_N_OBJECTIVES:
        break;
    }
    return NAN;
}

asx_limits asx_limits_none(void)
{
    asx_limits limits;
    for (size_t i = 0; i < ASX_N_OBJECTIVES; i++)
        limits.max[i] = INFINITY;
    return limits;
}

double asx_limits_violation(const asx_limits *limits, const asx_evaluation *evaluation)
{
    double sum = 0;
    for (size_t i = 0; i < ASX_N_OBJECTIVES; i++) {
        const double excess =
            asx_evaluation_objective(evaluation, (asx_objective)i) - limits->max[i];
        if (excess > 0)
            sum += excess / fmax(fabs(limits->max[i]), 1);
    }
    return sum;
}
