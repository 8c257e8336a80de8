/* Running evaluators, and joining two of them into one. */
#include "dse/evaluator.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

static asx_status check(const asx_evaluator *evaluator, const asx_evaluation *e, asx_error *err)
{
    for (size_t i = 0; i < ASX_N_OBJECTIVES; i++) {
        const double value = asx_evaluation_objective(e, (asx_objective)i);
        const bool unknown = i == ASX_DROP && e->accuracy.tier == ASX_TIER_COSTS;
        if (!isfinite(value) && !unknown)
            return asx_fail(err, ASX_EINVAL, "evaluator '%s': %s is %g, not a finite number",
                            evaluator->type->name, asx_objective_field((asx_objective)i), value);
    }
    return ASX_OK;
}

asx_status asx_evaluator_run(const asx_evaluator *evaluator, const asx_design *design,
                             asx_evaluation *out, asx_error *err)
{
    asx_evaluation result = {0};
    asx_status status = evaluator->type->evaluate(evaluator->state, design, &result, err);
    if (status == ASX_OK)
        status = check(evaluator, &result, err);
    if (status == ASX_OK)
        *out = result;
    return status;
}

/* What the designs' evaluations are so far is in `inout`. */
static asx_status evaluate_many(const asx_evaluator *evaluator, const asx_design *const *design,
                                size_t n, asx_evaluation *inout, asx_error *err)
{
    const asx_evaluator_type *type = evaluator->type;
    if (type->evaluate_many)
        return type->evaluate_many(evaluator->state, design, n, inout, err);
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        status = type->evaluate(evaluator->state, design[i], &inout[i], err);
    return status;
}

asx_status asx_evaluator_run_many(const asx_evaluator *evaluator, const asx_design *const *design,
                                  size_t n, asx_evaluation *out, asx_error *err)
{
    asx_evaluation *result = asx_array_new(n, sizeof *result);
    if (!result)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu evaluations", n);
    asx_status status = evaluate_many(evaluator, design, n, result, err);
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        status = check(evaluator, &result[i], err);
    if (status == ASX_OK)
        memcpy(out, result, n * sizeof *out);
    free(result);
    return status;
}

/* Between an evaluator and who wants its evaluations. */
typedef struct checking {
    const asx_evaluator *evaluator;
    const asx_evaluator_sink *sink;
    size_t *culprit;
} checking;

static asx_status take_checked(void *state, size_t i, const asx_evaluation *e, double seconds,
                               asx_error *err)
{
    const checking *c = state;
    const asx_status status = check(c->evaluator, e, err);
    if (status != ASX_OK)
        *c->culprit = i;
    return status == ASX_OK ? c->sink->take(c->sink->state, i, e, seconds, err) : status;
}

static bool stop_checked(void *state)
{
    const checking *c = state;
    return c->sink->stop && c->sink->stop(c->sink->state);
}

asx_status asx_evaluator_run_each(const asx_evaluator *evaluator, const asx_design *const *design,
                                  size_t n, const asx_evaluator_sink *sink, size_t *culprit,
                                  asx_error *err)
{
    checking c = {evaluator, sink, culprit};
    const asx_evaluator_sink checked = {take_checked, stop_checked, &c};
    asx_evaluation *nothing = asx_array_new(n, sizeof *nothing);
    *culprit = n;
    if (!nothing)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu evaluations", n);
    const asx_status status = evaluator->type->evaluate_each(evaluator->state, design, n, nothing,
                                                             &checked, culprit, err);
    free(nothing);
    return status;
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

static asx_status join_evaluate_many(void *state, const asx_design *const *design, size_t n,
                                     asx_evaluation *inout, asx_error *err)
{
    const join_state *join = state;
    const asx_status status = evaluate_many(&join->part[0], design, n, inout, err);
    return status != ASX_OK ? status : evaluate_many(&join->part[1], design, n, inout, err);
}

/* The first part's evaluations on their way through the second. */
typedef struct passing {
    const asx_evaluator *second;
    const asx_design *const *design;
    const asx_evaluator_sink *sink;
    size_t *culprit;
} passing;

static asx_status take_passing(void *state, size_t i, const asx_evaluation *e, double seconds,
                               asx_error *err)
{
    const passing *p = state;
    asx_evaluation both = *e;
    const asx_status status = p->second->type->evaluate(p->second->state, p->design[i], &both, err);
    if (status != ASX_OK)
        *p->culprit = i;
    return status == ASX_OK ? p->sink->take(p->sink->state, i, &both, seconds, err) : status;
}

static bool stop_passing(void *state)
{
    const passing *p = state;
    return p->sink->stop && p->sink->stop(p->sink->state);
}

static asx_status join_evaluate_each(void *state, const asx_design *const *design, size_t n,
                                     const asx_evaluation *known, const asx_evaluator_sink *sink,
                                     size_t *culprit, asx_error *err)
{
    const join_state *join = state;
    passing p = {&join->part[1], design, sink, culprit};
    const asx_evaluator_sink between = {take_passing, stop_passing, &p};
    return join->part[0].type->evaluate_each(join->part[0].state, design, n, known, &between,
                                             culprit, err);
}

/* Many together are cheaper if they are to one of the parts; the second is quick where others work
 * for the first. */
static const asx_evaluator_type join_type = {
    .name = "join", .evaluate = join_evaluate, .free = join_free};
static const asx_evaluator_type join_many_type = {.name = "join",
                                                  .evaluate = join_evaluate,
                                                  .free = join_free,
                                                  .evaluate_many = join_evaluate_many};
static const asx_evaluator_type join_each_type = {.name = "join",
                                                  .evaluate = join_evaluate,
                                                  .free = join_free,
                                                  .evaluate_many = join_evaluate_many,
                                                  .evaluate_each = join_evaluate_each};

asx_status asx_evaluator_join(asx_evaluator *out, asx_evaluator *first, asx_evaluator *second,
                              asx_error *err)
{
    join_state *join = asx_array_new(1, sizeof *join);
    if (!join) {
        asx_evaluator_fini(first);
        asx_evaluator_fini(second);
        return asx_fail(err, ASX_ENOMEM, "no memory to join two evaluators");
    }
    *join = (join_state){{*first, *second}};
    const bool many = first->type->evaluate_many || second->type->evaluate_many;
    const bool each = first->type->evaluate_each && !second->type->evaluate_many;
    *first = *second = (asx_evaluator){0};
    *out = (asx_evaluator){each ? &join_each_type : many ? &join_many_type : &join_type, join};
    return ASX_OK;
}
