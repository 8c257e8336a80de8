/* Confirming answers: for every limit of the drop that a user may ask for, the walk of dse/confirm.h
 * along designs of the front, on images that no choice has seen.
 *
 * What is decided is kept before it is acted upon: first the designs to measure because they may be
 * an answer, then the orders of the tests, then their looks and outcomes. So a run that was killed
 * goes on to the same answers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "confirming.h"
#include "dse/memory.h"
#include "results/query.h"

enum { N_CONFIDENCES = 2, ROUNDS = 2, EACH = 4 /* designs to measure per question and round */ };

static const double confidences[N_CONFIDENCES] = {50, 95};

/* ---- what is believed ---- */

/* The front as the search and training left it; all rows where they are measured anyway. */
static asx_status load(asx_front *f, asx_beliefs *b, const asx_looking *l, asx_error *err)
{
    const asx_exploration *x = l->x;
    const asx_front_options options = {.id = x->campaign,
                                       .few = x->session->campaign->search_tier == ASX_TIER_PROXY};
    asx_status status = asx_front_load(f, x->store, &options, err);
    if (status == ASX_OK)
        status = asx_beliefs_find(b, f, l->images, err);
    return status;
}

static asx_confirm_rule rule_of(const asx_looking *l, double limit, double confidence)
{
    const asx_score *score = asx_dataset_score(l->x->session->data);
    return (asx_confirm_rule){.limit = limit,
                              .confidence = confidence,
                              .images = l->images,
                              .block = l->block,
                              .scored = !asx_score_counts(score)};
}

/* ---- predicted designs that may be an answer ---- */

typedef struct nearness {
    double distance; /* of the believed drop from the limit */
    const char *design;
} nearness;

static int by_distance(const void *a, const void *b)
{
    const nearness *x = a, *y = b;
    if (x->distance < y->distance || x->distance > y->distance)
        return x->distance < y->distance ? -1 : 1;
    return strcmp(x->design, y->design);
}

static asx_status add_contender(asx_contenders *c, size_t *room, const char *design, asx_error *err)
{
    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->design[i], design) == 0)
            return ASX_OK;
    char **grown = asx_array_grow(c->design, room, c->n + 1, sizeof *c->design);
    if (grown)
        c->design = grown;
    char *copy = grown ? asx_string_copy(design) : NULL;
    if (!copy)
        return asx_fail(err, ASX_ENOMEM, "no memory for a list of designs");
    c->design[c->n++] = copy;
    return ASX_OK;
}

/* Of the designs that a question would test, those predicted and nearest to its limit. */
static asx_status choose_for(asx_contenders *c, size_t *room, const asx_beliefs *b,
                             const asx_confirm_rule *rule, asx_error *err)
{
    asx_confirm_step *step = asx_array_new(b->n + 1, sizeof *step);
    nearness *near = asx_array_new(b->n + 1, sizeof *near);
    size_t n = 0, n_near = 0;
    asx_status status = step && near ? asx_confirm_order(step, &n, b->candidate, b->n, rule, err)
                                     : asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", b->n);
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        if (b->predicted[step[i].candidate])
            near[n_near++] = (nearness){fabs(step[i].believed.drop - rule->limit),
                                        b->row[step[i].candidate]->design};
    if (n_near > 0)
        qsort(near, n_near, sizeof *near, by_distance);
    for (size_t i = 0; status == ASX_OK && i < n_near && i < EACH; i++)
        status = add_contender(c, room, near[i].design, err);
    free(near);
    free(step);
    return status;
}

static asx_status choose(asx_contenders *c, const asx_looking *l, asx_error *err)
{
    const asx_campaign *campaign = l->x->session->campaign;
    asx_front f = {0};
    asx_beliefs b = {0};
    size_t room = 0;
    asx_status status = load(&f, &b, l, err);
    for (size_t i = 0; status == ASX_OK && i < campaign->n_confirm_drops; i++)
        for (size_t k = 0; status == ASX_OK && k < N_CONFIDENCES; k++) {
            const asx_confirm_rule rule = rule_of(l, campaign->confirm_drop[i], confidences[k]);
            status = choose_for(c, &room, &b, &rule, err);
        }
    asx_beliefs_fini(&b);
    asx_front_fini(&f);
    return status;
}

/* Measures designs given as texts. */
static asx_status measure(size_t *done, asx_exploration *x, const char *stage, asx_subset subset,
                          char *const *text, size_t n, asx_error *err)
{
    asx_design *design = asx_array_new(n + 1, sizeof *design);
    asx_accuracy *accuracy = asx_array_new(n + 1, sizeof *accuracy);
    size_t parsed = 0;
    asx_status status =
        design && accuracy ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    for (; status == ASX_OK && parsed < n; parsed += status == ASX_OK)
        status =
            asx_design_parse(&design[parsed], text[parsed], asx_session_workload(x->session), err);
    if (status == ASX_OK && n > 0)
        status = asx_stage_measure_designs(accuracy, done, x, stage, subset, design, n, err);
    for (size_t i = 0; i < parsed; i++)
        asx_design_fini(&design[i]);
    free(accuracy);
    free(design);
    return status;
}

static asx_status measure_contenders(const asx_looking *l, size_t round, asx_error *err)
{
    asx_exploration *x = l->x;
    asx_contenders c = {0};
    bool found = false;
    size_t done = 0;
    asx_status status = asx_contenders_read(&c, &found, x->store, x->campaign, l->key, round, err);
    if (status == ASX_OK && !found)
        status = choose(&c, l, err);
    if (status == ASX_OK && !found)
        status = asx_contenders_keep(x->store, x->campaign, l->key, round, &c, err);
    if (status == ASX_OK)
        status = measure(&done, x, "measuring what may be an answer", ASX_SUBSET_SELECT, c.design,
                         c.n, err);
    /* what comes next is decided by all of them, and for good */
    if (status == ASX_OK && asx_watcher_stops(x->options->watcher))
        status = asx_fail(err, ASX_EINTERRUPTED, "stopped while contenders are measured");
    asx_contenders_fini(&c);
    return status;
}

/* ---- the tests ---- */

/* The order of a test, as it will be kept. */
static asx_status plan(asx_confirmed *out, const asx_beliefs *b, const asx_confirm_rule *rule,
                       asx_objective minimised, asx_error *err)
{
    asx_confirm_step *step = asx_array_new(b->n + 1, sizeof *step);
    asx_confirmed c = {.rule = *rule, .minimised = minimised, .answer = SIZE_MAX};
    size_t n = 0;
    asx_status status = step ? asx_confirm_order(step, &n, b->candidate, b->n, rule, err)
                             : asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", b->n);
    if (status == ASX_OK) {
        c.step = asx_array_new(n + 1, sizeof *c.step);
        if (!c.step)
            status = asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    }
    for (; status == ASX_OK && c.n < n; c.n++) {
        const asx_row *row = b->row[step[c.n].candidate];
        const asx_tier tier = row->evaluation.accuracy.tier;
        c.step[c.n] =
            (asx_confirmed_step){.design = asx_string_copy(row->design),
                                 .tier = tier == ASX_TIER_TRAINED ? tier : ASX_TIER_MEASURED,
                                 .believed = step[c.n].believed,
                                 .limit = step[c.n].limit};
        if (!c.step[c.n].design)
            status = asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    }
    free(step);
    if (status == ASX_OK)
        *out = c;
    else
        asx_confirmed_fini(&c);
    return status;
}

/* Fixes the orders of all tests that have none yet. */
static asx_status plan_all(const asx_looking *l, asx_error *err)
{
    asx_exploration *x = l->x;
    const asx_campaign *campaign = x->session->campaign;
    asx_front f = {0};
    asx_beliefs b = {0};
    asx_status status = load(&f, &b, l, err);
    for (size_t i = 0; status == ASX_OK && i < campaign->n_confirm_drops; i++)
        for (size_t k = 0; status == ASX_OK && k < N_CONFIDENCES; k++) {
            const asx_confirm_rule rule = rule_of(l, campaign->confirm_drop[i], confidences[k]);
            asx_confirmed c = {0};
            bool found = false;
            status = asx_confirmed_read(&c, &found, x->store, x->campaign, l->key, rule.limit,
                                        rule.confidence, err);
            if (status == ASX_OK && !found)
                status = plan(&c, &b, &rule, asx_front_cost(&f), err);
            if (status == ASX_OK && !found)
                status = asx_confirmed_keep(x->store, x->campaign, l->key, &c, err);
            asx_confirmed_fini(&c);
        }
    asx_beliefs_fini(&b);
    asx_front_fini(&f);
    return status;
}

static void take_outcome(asx_confirmed *c, const asx_confirm_outcome *o)
{
    c->finished = true;
    c->answer = o->answer < o->n_tried ? o->answer : c->n;
    c->sureness = o->sureness;
    for (size_t i = 0; i < o->n_tried; i++)
        c->step[i].trial = o->trial[i];
}

static asx_status walk(asx_confirmed *c, asx_looking *l, asx_error *err)
{
    asx_confirm_step *step = asx_array_new(c->n + 1, sizeof *step);
    asx_confirm_outcome o = {0};
    if (!step)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", c->n);
    for (size_t i = 0; i < c->n; i++)
        step[i] = (asx_confirm_step){i, c->step[i].limit, c->step[i].believed};
    l->now = c;
    asx_status status = asx_confirm_walk(&o, &c->rule, step, c->n, asx_looking_at, l, err);
    l->now = NULL;
    if (status == ASX_OK)
        take_outcome(c, &o);
    if (status == ASX_OK)
        status = asx_confirmed_keep(l->x->store, l->x->campaign, l->key, c, err);
    free(o.trial);
    free(step);
    return status;
}

/* One question: its walk, and what it found out. @param answers  gets the answer if it is not trained */
static asx_status ask(asx_contenders *answers, size_t *room, asx_looking *l, double limit,
                      double confidence, asx_error *err)
{
    asx_exploration *x = l->x;
    asx_confirmed c = {0};
    bool found = false;
    asx_status status =
        asx_confirmed_read(&c, &found, x->store, x->campaign, l->key, limit, confidence, err);
    if (status == ASX_OK && !found)
        status = asx_fail(err, ASX_EDB, "the plan of a confirmation is missing");
    c.rule.scored = !asx_score_counts(asx_dataset_score(x->session->data));
    if (status == ASX_OK && !c.finished)
        status = walk(&c, l, err);
    for (size_t i = 0; status == ASX_OK && i < c.n; i++)
        status = asx_looking_book(l, &c.step[i], err);
    if (status == ASX_OK && c.answer < c.n && c.step[c.answer].tier == ASX_TIER_MEASURED)
        status = add_contender(answers, room, c.step[c.answer].design, err);
    asx_confirmed_fini(&c);
    return status;
}

/* All questions; then the answers on the images that they are to be judged by. */
static asx_status ask_all(asx_explore_result *result, asx_looking *l, asx_error *err)
{
    asx_exploration *x = l->x;
    const asx_campaign *c = x->session->campaign;
    asx_contenders answers = {0};
    size_t room = 0, done = 0;
    asx_status status = asx_monitor_stage(&x->monitor, "confirming answers", 0, err);
    for (size_t i = 0; status == ASX_OK && i < c->n_confirm_drops; i++) {
        for (size_t k = 0; status == ASX_OK && k < N_CONFIDENCES; k++)
            status = ask(&answers, &room, l, c->confirm_drop[i], confidences[k], err);
        result->confirmed += status == ASX_OK;
    }
    if (status == ASX_OK && x->session->campaign->search_tier == ASX_TIER_PROXY)
        status = measure(&done, x, "measuring the answers", ASX_SUBSET_SELECT, answers.design,
                         answers.n, err);
    if (status == ASX_OK && x->session->has_subset[ASX_SUBSET_REPORT])
        status = measure(&done, x, "reporting the answers", ASX_SUBSET_REPORT, answers.design,
                         answers.n, err);
    asx_contenders_fini(&answers);
    return status;
}

asx_status asx_stage_confirm(asx_explore_result *result, asx_exploration *x, asx_error *err)
{
    asx_looking l = {0};
    if (!x->session->has_subset[ASX_SUBSET_CONFIRM] || !x->session->campaign->confirms)
        return ASX_OK; /* whoever asks for an answer is told that it is not confirmed */
    asx_status status = asx_looking_init(&l, x, err);
    for (size_t round = 0; status == ASX_OK && round < ROUNDS; round++)
        status = measure_contenders(&l, round, err);
    if (status == ASX_OK)
        status = plan_all(&l, err);
    if (status == ASX_OK)
        status = ask_all(result, &l, err);
    asx_looking_fini(&l);
    if (status == ASX_EINTERRUPTED && asx_watcher_stops(x->options->watcher)) {
        result->end = ASX_END_INTERRUPTED;
        status = ASX_OK;
    }
    return status;
}
