#include "dse/confirm.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>

#include "dse/memory.h"

/* Probability of the outcome on all images from which on it counts as certain: 1 - 1/1000. */
static const double CERTAIN_Z = 3.090232306167813;

const char *asx_verdict_text(asx_verdict verdict)
{
    static const char *const text[] = {"open", "keeps", "breaks"};
    return text[verdict];
}

asx_verdict asx_confirm_judge(const asx_confirm_rule *rule, const asx_paired *seen)
{
    assert(seen->images > 0 && seen->images <= rule->images);
    const double all = (double)rule->images, left = all - (double)seen->images;
    const double z = gsl_cdf_ugaussian_Pinv(rule->confidence / 100);
    const double limit = rule->limit / (seen->scored ? 1 : 100); /* per image */
    const double lost =
        seen->scored ? seen->lost : (double)seen->only_float - (double)seen->only_design;
    double deviation;
    const double score = asx_paired_score(seen, rule->limit, &deviation);
    if (left == 0)
        return score <= -z ? ASX_VERDICT_KEEPS : ASX_VERDICT_BREAKS;
    if (deviation == 0)
        return ASX_VERDICT_OPEN;
    /* images that may be lost in the end; what the rest may bring is normal */
    const double allowed = all * limit - z * sqrt(all) * deviation;
    const double spread = sqrt(left) * deviation;
    if (allowed - lost - left * limit >= CERTAIN_Z * spread)
        return ASX_VERDICT_KEEPS; /* even if the rest loses as much as a design at the limit */
    if (allowed - lost - left * fmin(limit, 0) <= -CERTAIN_Z * spread)
        return ASX_VERDICT_BREAKS; /* even if the rest loses nothing */
    return ASX_VERDICT_OPEN;
}

/* At 50 percent a design stays in until so many cheaper ones are as sure as it is: beliefs err.
 * Simulation, tests/dse/test_coverage.c: 1 costs 8 % of the energy, 6 saves 1 % for a fifth
 * more images. */
enum { DEPTH = 3 };

/* A candidate and its number. */
typedef struct entry {
    asx_shrunk believed;
    double cost, test_error, margin;
    size_t number;
} entry;

/* By cost, equal ones the surest first, then by number. */
static int by_cost(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    if (x->cost < y->cost || x->cost > y->cost)
        return x->cost < y->cost ? -1 : 1;
    if (x->margin < y->margin || x->margin > y->margin)
        return x->margin > y->margin ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

/* Of `e` by cost, leaves those that fewer than `depth` of the cheaper ones are as sure as. */
static size_t band(entry *e, size_t n, size_t depth)
{
    double most[DEPTH] = {0}; /* of the margins so far, descending */
    size_t kept = 0, n_most = 0;
    for (size_t i = 0; i < n; i++) {
        const double m = e[i].margin;
        size_t at = n_most;
        while (at > 0 && most[at - 1] < m)
            at--;
        if (at == depth)
            continue;
        n_most += n_most < depth;
        for (size_t k = n_most - 1; k > at; k--)
            most[k] = most[k - 1];
        most[at] = m;
        e[kept++] = e[i];
    }
    return kept;
}

/* The mean of belief and test keeps the limit if the test's drop keeps this one. */
static double held_against(const entry *e, const asx_confirm_rule *rule)
{
    const double limit = rule->limit, weight = e->test_error / e->believed.error;
    return fmax(limit + fmin((limit - e->believed.drop) * weight * weight, 0),
                rule->scored ? -DBL_MAX : -99);
}

/* From the cheapest of `e` upwards; the surest is always there. Of designs that cost the same but for
 * half a percent, the surest: a dense front would have hundreds tested that are as good as one. */
static size_t upwards(asx_confirm_step *step, const entry *e, size_t n,
                      const asx_confirm_rule *rule)
{
    static const double LEAST = -1 /* margin */, ALIKE = 1.005;
    double surest = -INFINITY, from = 0, best = 0;
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        surest = fmax(surest, e[i].margin);
    for (size_t i = 0; i < n; i++) {
        if (e[i].margin < fmin(LEAST, surest))
            continue;
        const bool alike = kept && e[i].cost <= from * ALIKE;
        if (alike && e[i].margin <= best)
            continue;
        if (!alike) {
            from = e[i].cost;
            kept++;
        }
        best = e[i].margin;
        step[kept - 1] = (asx_confirm_step){e[i].number, held_against(&e[i], rule), e[i].believed};
    }
    return kept;
}

/* From the surest of `e` downwards; the steps were chosen by simulation, see test_coverage.c. */
static size_t downwards(asx_confirm_step *step, const entry *e, size_t n, double limit)
{
    static const double FINEST = 0.25, GROWTH = 0.25, LEAST = -2; /* margins */
    double before = INFINITY;
    size_t kept = 0;
    for (size_t i = n; i-- > 0;) {
        const double m = e[i].margin;
        if (kept && (before - m < fmax(FINEST, GROWTH * fabs(m)) || m < LEAST))
            continue;
        step[kept++] = (asx_confirm_step){e[i].number, limit, e[i].believed};
        before = m;
    }
    return kept;
}

asx_status asx_confirm_order(asx_confirm_step *step, size_t *n_steps,
                             const asx_confirm_candidate *candidate, size_t n,
                             const asx_confirm_rule *rule, asx_error *err)
{
    entry *e = asx_array_new(n ? n : 1, sizeof *e);
    if (!e)
        return asx_fail(err, ASX_ENOMEM, "no memory for the order of %zu candidates", n);
    for (size_t i = 0; i < n; i++) {
        const asx_confirm_candidate *c = &candidate[i];
        /* in deviations of what the test will show: how far the believed drop is below the limit */
        const double margin =
            (rule->limit - c->believed.drop) / hypot(c->believed.error, c->test_error);
        e[i] = (entry){c->believed, c->cost, c->test_error, margin, i};
    }
    if (n)
        qsort(e, n, sizeof *e, by_cost);
    *n_steps = rule->confidence > 50 ? downwards(step, e, band(e, n, 1), rule->limit)
                                     : upwards(step, e, band(e, n, DEPTH), rule);
    free(e);
    return ASX_OK;
}
