/* Answers from confirmations that were kept. */
#include "results/answer.h"

#include <math.h>
#include <stdlib.h>

#include "dse/memory.h"

static const double SHOWN = 0.05;         /* percent: less of a difference is not seen */
static const double MEAN = 50, SURE = 95; /* the confidences that campaigns confirm at */

static asx_accuracy accuracy_of(const asx_confirmed_step *s)
{
    return asx_accuracy_from_paired(s->tier, &s->trial.seen, 0);
}

static asx_answer_design design_of(const asx_front *f, const asx_confirmed *c, size_t i,
                                   double sureness)
{
    const asx_row *row = i < c->n ? asx_rows_find(&f->rows, c->step[i].design) : NULL;
    if (!row)
        return (asx_answer_design){0};
    return (asx_answer_design){row, accuracy_of(&c->step[i]), sureness};
}

static size_t count_tried(const asx_confirmed *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++)
        n += c->step[i].trial.seen.images > 0;
    return n;
}

/* All that was seen of a step, whatever is asked for. */
static asx_status look_again(asx_paired *seen, void *state, size_t step, size_t upto,
                             asx_error *err)
{
    const asx_confirmed *c = state;
    const asx_paired *known = &c->step[step].trial.seen;
    if (known->images < upto)
        return asx_fail(err, ASX_ENOTFOUND, "no more than %zu images were looked at",
                        known->images);
    *seen = *known;
    return ASX_OK;
}

/* The same walk at another confidence, as far as it was seen. */
static asx_status replay(asx_confirmed *c, bool *complete, double confidence, asx_error *err)
{
    asx_confirm_step *step = asx_array_new(c->n + 1, sizeof *step);
    asx_confirm_outcome o = {0};
    if (!step)
        return asx_fail(err, ASX_ENOMEM, "no memory for an answer");
    for (size_t i = 0; i < c->n; i++)
        step[i] = (asx_confirm_step){i, c->rule.limit, c->step[i].believed};
    c->rule.confidence = confidence;
    const asx_status status = asx_confirm_walk(&o, &c->rule, step, c->n, look_again, c, err);
    if (status == ASX_OK) {
        c->answer = o.answer < o.n_tried ? o.answer : c->n;
        c->sureness = o.sureness;
        *complete = o.complete;
    }
    free(o.trial);
    free(step);
    return status;
}

/* Before the answer in the order from the surest down: the next one that is surer by itself. */
static asx_answer_design surer_of(const asx_front *f, const asx_confirmed *c)
{
    for (size_t i = c->answer < c->n ? c->answer : 0; i-- > 0;) {
        const double sureness = asx_paired_sureness(&c->step[i].trial.seen, c->rule.limit);
        if (sureness > c->sureness)
            return design_of(f, c, i, sureness);
    }
    return (asx_answer_design){0};
}

/* By itself, not among all that were tested. */
static asx_answer_design surest_of(const asx_front *f, const asx_confirmed *c)
{
    asx_answer_design surest = {0};
    for (size_t i = 0; i < c->n; i++) {
        const asx_paired *seen = &c->step[i].trial.seen;
        const double sureness = seen->images ? asx_paired_sureness(seen, c->rule.limit) : 0;
        if (sureness > surest.sureness)
            surest = design_of(f, c, i, sureness);
    }
    return surest;
}

static double cost_of(const asx_front *f, const asx_answer_design *d)
{
    return d->row ? asx_evaluation_objective(&d->row->evaluation, asx_front_cost(f)) : INFINITY;
}

/* At 50 percent the answer is the cheaper of what the mean allows and of what is sure. */
static void choose(asx_answer *a, const asx_front *f, const asx_confirmed *mean,
                   const asx_confirmed *sure)
{
    const asx_answer_design by_mean = design_of(f, mean, mean->answer, mean->sureness);
    const asx_answer_design by_test = design_of(f, sure, sure->answer, sure->sureness);
    const bool tested = cost_of(f, &by_test) <= cost_of(f, &by_mean);
    a->tried = count_tried(mean);
    a->images = mean->rule.images;
    if (tested && by_test.row) {
        a->best = by_test;
        a->surer = surer_of(f, sure);
    } else {
        a->best = by_mean;
        a->surer = by_test;
    }
}

/* Takes what was confirmed at another limit, if it keeps this one and is cheaper. */
static void take(asx_answer *a, const asx_front *f, const asx_confirmed *other, double limit)
{
    if (!other->finished || other->answer >= other->n)
        return;
    const asx_confirmed_step *s = &other->step[other->answer];
    if (s->trial.seen.images < a->images)
        return;
    const double sureness = asx_confirm_mean_sureness(&s->believed, &s->trial.seen, limit);
    const asx_answer_design theirs = design_of(f, other, other->answer, sureness);
    if (sureness < MEAN || !theirs.row || cost_of(f, &theirs) >= cost_of(f, &a->best))
        return;
    if (a->best.row && a->best.sureness > sureness)
        a->surer = a->best;
    a->best = theirs;
}

/* A design that was the answer at another limit may be one here too: beliefs, by which the designs to test were chosen
 * for each limit, err. */
static asx_status look_elsewhere(asx_answer *a, const asx_front *f, asx_store *store, double limit,
                                 asx_error *err)
{
    double *limits = NULL;
    size_t n = 0;
    asx_status status = asx_confirmed_limits(&limits, &n, store, f->campaign, MEAN, err);
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        asx_confirmed other = {0};
        bool found = false;
        status = asx_confirmed_read(&other, &found, store, f->campaign, 0, limits[i], MEAN, err);
        if (status == ASX_OK && found)
            take(a, f, &other, limit);
        asx_confirmed_fini(&other);
    }
    free(limits);
    return status;
}

asx_status asx_front_answer(asx_answer *out, const asx_front *f, asx_store *store,
                            double drop_limit, double confidence, asx_error *err)
{
    asx_confirmed mean = {0}, sure = {0};
    asx_answer a = {.complete = true};
    bool has_mean = false, has_sure = false;
    if (!(confidence >= MEAN && confidence < 100))
        return asx_fail(err, ASX_EINVAL, "confidence %g is outside [50, 100)", confidence);
    asx_status status =
        asx_confirmed_read(&mean, &has_mean, store, f->campaign, 0, drop_limit, MEAN, err);
    if (status == ASX_OK)
        status = asx_confirmed_read(&sure, &has_sure, store, f->campaign, 0, drop_limit, SURE, err);
    a.asked = has_mean && mean.finished && has_sure && sure.finished;
    if (status == ASX_OK && a.asked && confidence > MEAN) {
        a.tried = count_tried(&sure);
        a.images = sure.rule.images;
        if (confidence < SURE || confidence > SURE)
            status = replay(&sure, &a.complete, confidence, err);
        a.best = design_of(f, &sure, sure.answer, sure.sureness);
        a.kept = a.best.row != NULL;
        if (a.kept)
            a.surer = surer_of(f, &sure);
        else
            a.best = surest_of(f, &sure);
    } else if (status == ASX_OK && a.asked) {
        choose(&a, f, &mean, &sure);
        status = look_elsewhere(&a, f, store, drop_limit, err);
        a.kept = a.best.row != NULL;
    }
    if (a.kept && !(a.surer.sureness > a.best.sureness + SHOWN)) /* in what people are told */
        a.surer = (asx_answer_design){0};
    asx_confirmed_fini(&mean);
    asx_confirmed_fini(&sure);
    if (status == ASX_OK)
        *out = a;
    return status;
}

bool asx_front_confirms(const asx_front *f, const asx_limits *limits, asx_objective minimise)
{
    bool drop_alone = limits->max[ASX_DROP] < INFINITY && minimise == asx_front_cost(f);
    for (int o = 0; o < ASX_N_OBJECTIVES; o++)
        drop_alone = drop_alone && (o == ASX_DROP || !(limits->max[o] < INFINITY));
    return drop_alone;
}
