/* Running evaluators, and joining two of them into one. */
#include "dse/evaluator.h"

#include <math.h>
#include <stdlib.h>

#include "dse/memory.h"

asx_status asx_evaluator_run(const asx_evaluator *evaluator, const asx_design *design,
                             asx_evaluation *out, asx_error *err)
{
    asx_evaluation result = {0};
    const asx_status status = evaluator->type->evaluate(evaluator->state, design, &result, err);
    if (status != ASX_OK)
        return status;
    for (size_t i = 0; i < ASX_N_OBJECTIVES; i++) {
        const double value = asx_evaluation_objective(&result, (asx_objective)i);
        if (!isfinite(value))
            return asx_fail(err, ASX_EINVAL, "evaluator '%s': %s is %g, not a finite number",
                            evaluator->type->name, asx_objective_field((asx_objective)i), value);
    }
    *out = result;
    return ASX_OK;
}

void asx_evaluator_fini(asx_evaluator *evaluator)
{
    if (!evaluator)
        return;
    if (evaluator->type && evaluator->type->free)
        evaluator->type->free(evaluator->state);
    *evaluator = (asx_evaluator){0};
}

typedef struct join_state {
    asx_evaluator part[2];
} join_state;

static asx_status join_evaluate(void *state, const asx_design *design, asx_evaluation *inout,
                                asx_error *err)
{
    const join_state *join = state;
    const asx_evaluator *first = &join->part[0], *second = &join->part[1];
    const asx_status status = first->type->evaluate(first->state, design, inout, err);
    if (status != ASX_OK)
        return status;
    return second->type->evaluate(second->state, design, inout, err);
}

static void join_free(void *state)
{
    join_state *join = state;
    asx_evaluator_fini(&join->part[1]);
    asx_evaluator_fini(&join->part[0]);
    free(join);
}

static const asx_evaluator_type join_type = {"join", join_evaluate, join_free};

asx_status asx_evaluator_join(asx_evaluator *out, asx_evaluator *first, asx_evaluator *second,
                              asx_error *err)
{
    join_state *join = asx_array_new(1, sizeof *join);
    if (!join) {
        asx_evaluator_fini(first);
        asx_evaluator_fini(second);
        return asx_fail(err, ASX_ENOMEM, "out of memory to join two evaluators");
    }
    *join = (join_state){{*first, *second}};
    *first = *second = (asx_evaluator){0};
    *out = (asx_evaluator){&join_type, join};
    return ASX_OK;
}
