/* The walk along the candidates: blocks of images, trials, and the answer. */
#include <math.h>
#include <stdlib.h>

#include "dse/confirm.h"
#include "dse/memory.h"

typedef struct walk {
    const asx_confirm_rule *rule;
    const asx_confirm_step *step;
    size_t n;
    asx_confirm_look look;
    void *state;
} walk;

static asx_confirm_rule rule_of(const walk *w, size_t i)
{
    asx_confirm_rule rule = *w->rule;
    rule.limit = w->step[i].limit;
    return rule;
}

/* One more block. */
static asx_status look_on(asx_confirm_trial *trial, const walk *w, size_t i, asx_error *err)
{
    const size_t seen = trial->seen.images, left = w->rule->images - seen;
    const size_t upto = left > w->rule->block ? seen + w->rule->block : w->rule->images;
    return w->look(&trial->seen, w->state, w->step[i].candidate, upto, err);
}

/* Block by block until the verdict is clear, or (`all`) to the last image, which then decides. */
static asx_status test(asx_confirm_trial *trial, const walk *w, size_t i, bool all, asx_error *err)
{
    const asx_confirm_rule rule = rule_of(w, i);
    asx_status status = ASX_OK;
    while (status == ASX_OK && trial->seen.images < rule.images &&
           (all || trial->verdict == ASX_VERDICT_OPEN)) {
        status = look_on(trial, w, i, err);
        if (status == ASX_OK)
            trial->verdict = asx_confirm_judge(&rule, &trial->seen);
    }
    return status;
}

static asx_status check(const asx_confirm_rule *rule, asx_error *err)
{
    if (!(rule->confidence >= 50 && rule->confidence < 100))
        return asx_fail(err, ASX_EINVAL, "confidence %g is outside [50, 100)", rule->confidence);
    if (rule->scored ? !isfinite(rule->limit) : !(rule->limit > -100 && rule->limit < 100))
        return asx_fail(err, ASX_EINVAL, "limit of the drop %g is outside (-100, 100)",
                        rule->limit);
    if (rule->images == 0 || rule->block == 0)
        return asx_fail(err, ASX_EINVAL, "confirmation on no images");
    return ASX_OK;
}

/* Until one keeps its limit on all images. */
static asx_status ascend(asx_confirm_outcome *o, const walk *w, asx_error *err)
{
    asx_status status = ASX_OK;
    while (status == ASX_OK && o->n_tried < w->n) {
        asx_confirm_trial *trial = &o->trial[o->n_tried];
        status = test(trial, w, o->n_tried, false, err);
        if (status == ASX_OK && trial->verdict == ASX_VERDICT_KEEPS)
            status = test(trial, w, o->n_tried, true, err);
        if (trial->seen.images > 0)
            o->n_tried++;
        if (trial->verdict == ASX_VERDICT_KEEPS) {
            o->answer = o->n_tried - 1;
            return status;
        }
    }
    o->answer = o->n_tried;
    return status;
}

/* Until one breaks the limit; then back to the last that keeps it on all images. */
static asx_status descend(asx_confirm_outcome *o, const walk *w, asx_error *err)
{
    asx_status status = ASX_OK;
    bool broken = false;
    while (status == ASX_OK && o->n_tried < w->n && !broken) {
        asx_confirm_trial *trial = &o->trial[o->n_tried];
        status = test(trial, w, o->n_tried, false, err);
        broken = trial->verdict == ASX_VERDICT_BREAKS;
        if (trial->seen.images > 0)
            o->n_tried++;
    }
    o->answer = o->n_tried;
    for (size_t i = o->n_tried; i-- > 0 && o->answer == o->n_tried;) {
        asx_confirm_trial *trial = &o->trial[i];
        if (trial->verdict == ASX_VERDICT_KEEPS && (status == ASX_OK || status == ASX_ENOTFOUND)) {
            const asx_status more = test(trial, w, i, true, err);
            status = more != ASX_OK ? more : status;
        }
        if (trial->verdict == ASX_VERDICT_KEEPS)
            o->answer = i;
    }
    return status;
}

/* The mean of belief and fresh images, weighted by their variances, against the limit. */
static double joint_sureness(const asx_shrunk *believed, const asx_paired *seen, double limit)
{
    const double s = asx_paired_error(seen), a = 1 / (s * s);
    const double b = 1 / (believed->error * believed->error);
    const double mean = (a * asx_paired_drop(seen) + b * believed->drop) / (a + b);
    return 50 * erfc((mean - limit) * sqrt((a + b) / 2));
}

double asx_confirm_mean_sureness(const asx_shrunk *believed, const asx_paired *seen, double limit)
{
    return fmin(asx_paired_sureness(seen, limit), joint_sureness(believed, seen, limit));
}

static double sureness(const asx_confirm_outcome *o, const walk *w)
{
    const double limit = w->rule->limit;
    double least = 100;
    if (o->answer == o->n_tried)
        return 0;
    if (w->rule->confidence <= 50)
        least = asx_confirm_mean_sureness(&w->step[o->answer].believed, &o->trial[o->answer].seen,
                                          limit);
    for (size_t i = 0; w->rule->confidence > 50 && i <= o->answer; i++)
        least = fmin(least, asx_paired_sureness(&o->trial[i].seen, limit));
    /* a test that stopped early vouches for what it tested, whatever its few images say */
    return fmax(least, w->rule->confidence);
}

asx_status asx_confirm_walk(asx_confirm_outcome *out, const asx_confirm_rule *rule,
                            const asx_confirm_step *step, size_t n, asx_confirm_look look,
                            void *state, asx_error *err)
{
    const walk w = {rule, step, n, look, state};
    asx_confirm_outcome o = {.complete = true};
    asx_error why = {.status = ASX_OK};
    asx_status status = check(rule, &why);
    if (status == ASX_OK) {
        o.trial = asx_array_new(n ? n : 1, sizeof *o.trial);
        if (!o.trial)
            status = asx_fail(&why, ASX_ENOMEM, "no memory for trials of %zu designs", n);
    }
    if (status == ASX_OK)
        status = rule->confidence > 50 ? descend(&o, &w, &why) : ascend(&o, &w, &why);
    if (status == ASX_ENOTFOUND) {
        o.complete = false;
        status = ASX_OK;
    }
    if (status != ASX_OK) {
        free(o.trial);
        if (err)
            *err = why;
        return status;
    }
    o.sureness = sureness(&o, &w);
    *out = o;
    return ASX_OK;
}
