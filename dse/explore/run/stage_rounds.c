/* Rounds of two fidelities: the proxy's front is solved for, a few designs on and near it are
 * measured, the proxy learns from them, and the front is solved for again, until it stops moving.
 *
 * The gap between prediction and measurement is taken from the designs that are new in a round,
 * before the proxy learns from them. Every number depends on the campaign alone: a run that was
 * killed repeats the solving and finds its measurements in the database. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/file.h"
#include "dse/memory.h"
#include "eval/rank.h"
#include "exploration.h"
#include "explore/additivity.h"
#include "results/reference_point.h"
#include "results/round.h"
#include "rounds.h"
#include "session_private.h"

/* A front has stopped when its designs, judged anew, still cover this much of the new one. */
static const double STILL = 0.999;
/* Rounds that are run in any case: the second tells what the first taught. */
enum { FIRST = 2 };

typedef struct gap {
    size_t n;
    double mean, worst, tau; /* points; tau NAN below three designs */
    asx_additivity where;
} gap;

/* ---- the front by the present proxy ---- */

static asx_status take_front(asx_rounds_front *out, const asx_archive *archive, asx_error *err)
{
    const size_t n_genes = asx_archive_n_genes(archive), d = asx_archive_n_objectives(archive);
    asx_rounds_front f = {0};
    const size_t *row = asx_archive_front(archive, &f.n);
    f.point = asx_array_new(f.n, n_genes * sizeof *f.point);
    f.value = asx_array_new(f.n, d * sizeof *f.value);
    if (!f.point || !f.value) {
        asx_rounds_front_fini(&f);
        return asx_fail(err, ASX_ENOMEM, "no memory for a front of %zu", f.n);
    }
    for (size_t i = 0; i < f.n; i++) {
        memcpy(f.point + i * n_genes, asx_archive_point(archive, row[i]),
               n_genes * sizeof *f.point);
        memcpy(f.value + i * d, asx_archive_objective(archive, row[i]), d * sizeof *f.value);
    }
    asx_rounds_front_fini(out);
    *out = f;
    return ASX_OK;
}

static asx_status solve(asx_rounds_front *out, bool *interrupted, asx_exploration *x, size_t round,
                        asx_error *err)
{
    asx_tier_context context = {0};
    asx_search_outcome outcome = {0};
    char stage[40];
    snprintf(stage, sizeof stage, "round %zu, solving", round);
    asx_status status = asx_tier_context_predict(&context, x, err);
    if (status == ASX_OK)
        status = asx_stage_solve(&outcome, x, &context, stage, err);
    if (status == ASX_OK)
        status = take_front(out, outcome.archive, err);
    if (status == ASX_OK)
        *interrupted = outcome.end == ASX_END_INTERRUPTED;
    asx_search_outcome_fini(&outcome);
    asx_tier_context_fini(&context);
    return status;
}

static asx_status make_reference(asx_reference_point *out, asx_exploration *x, asx_error *err)
{
    asx_tier_context context = {0};
    const asx_status status = asx_tier_context_predict(&context, x, err);
    if (status == ASX_OK)
        *out = context.reference;
    asx_tier_context_fini(&context);
    return status;
}

/* Hypervolume of a front's designs as the present proxy sees them. */
static asx_status judge(double *volume, asx_exploration *x, const asx_rounds_front *f,
                        const asx_reference_point *ref, asx_error *err)
{
    const size_t n_genes = asx_space_n_genes(x->session->space);
    asx_tier_context context = {0};
    double *value = asx_array_new(f->n, ref->n * sizeof *value);
    asx_status status = value ? asx_tier_context_predict(&context, x, err)
                              : asx_fail(err, ASX_ENOMEM, "no memory for a prediction");
    for (size_t i = 0; status == ASX_OK && i < f->n; i++) {
        asx_design design = {0};
        asx_evaluation e;
        status = asx_space_decode(&design, x->session->space, f->point + i * n_genes, err);
        if (status == ASX_OK)
            status = asx_evaluator_run(&context.evaluator, &design, &e, err);
        for (size_t j = 0; status == ASX_OK && j < ref->n; j++)
            value[i * ref->n + j] = asx_evaluation_objective(&e, ref->objective[j]);
        asx_design_fini(&design);
    }
    if (status == ASX_OK)
        status = asx_reference_point_hypervolume(volume, ref, value, f->n, err);
    free(value);
    asx_tier_context_fini(&context);
    return status;
}

/* ---- measuring ---- */

static asx_status measure(bool *complete, asx_exploration *x, asx_rounds *r, size_t from,
                          size_t round, asx_error *err)
{
    size_t done = 0;
    char stage[40];
    snprintf(stage, sizeof stage, "round %zu, measuring", round);
    const asx_status status = asx_stage_measure_designs(
        r->accuracy + from, &done, x, stage, ASX_SUBSET_SELECT, r->design + from, r->n - from, err);
    *complete = true;
    for (size_t i = from; status == ASX_OK && i < r->n; i++)
        *complete = *complete && r->accuracy[i].images > 0;
    return status;
}

static asx_status find_gap(gap *out, const asx_exploration *x, const asx_rounds *r, size_t from,
                           asx_error *err)
{
    const size_t n = r->n - from;
    double *v = asx_array_new(2 * n, sizeof *v);
    asx_status status = v ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    gap g = {.n = n, .tau = NAN};
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        asx_accuracy predicted;
        status = asx_proxy_design(&predicted, x->session->proxy, &r->design[from + i], err);
        if (status != ASX_OK)
            break;
        v[i] = predicted.drop;
        v[n + i] = r->accuracy[from + i].drop;
        const double off = fabs(v[i] - v[n + i]);
        g.mean += off / (double)n;
        g.worst = fmax(g.worst, off);
    }
    if (status == ASX_OK && n > 2)
        g.tau = asx_rank_tau(v, v + n, n);
    if (status == ASX_OK)
        status = asx_additivity_find(&g.where, v, v + n, n, err);
    if (status == ASX_OK)
        *out = g;
    free(v);
    return status;
}

/* ---- learning ---- */

/* From the proxy as it was built, and all that was measured. */
static asx_status learn(asx_exploration *x, const asx_rounds *r, const void *built, size_t n_built,
                        asx_error *err)
{
    asx_proxy *proxy = NULL;
    const asx_design **design = asx_array_new(r->n, sizeof(const asx_design *));
    if (!design)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", r->n);
    for (size_t i = 0; i < r->n; i++)
        design[i] = &r->design[i];
    asx_status status = asx_proxy_load(&proxy, x->session->network, built, n_built, err);
    if (status == ASX_OK)
        status = asx_proxy_refit(proxy, design, r->accuracy, r->n, err);
    if (status == ASX_OK)
        status = asx_session_set_proxy(x->session, proxy, err);
    else
        asx_proxy_free(proxy);
    free(design);
    return status;
}

static asx_status report(asx_exploration *x, size_t round, const asx_rounds_front *f, double volume,
                         const asx_reference_point *ref, const gap *g, asx_error *err)
{
    const asx_round row = {.number = round,
                           .front = f->n,
                           .hypervolume = volume,
                           .measured = g->n,
                           .mean_gap = g->mean,
                           .worst_gap = g->worst,
                           .tau = g->tau};
    const asx_score *score = &x->session->campaign->score;
    const char *unit = asx_score_drop_unit(score);
    const int decimals = asx_score_decimals(score);
    asx_text point = {0}, text = {0};
    asx_reference_point_print(&point, ref);
    const asx_status status = point.failed ? asx_fail(err, ASX_ENOMEM, "no memory for a report")
                                           : asx_round_keep(x->store, x->campaign, &row, err);
    char tau[32] = "";
    if (!isnan(g->tau)) /* it takes three designs */
        snprintf(tau, sizeof tau, ", tau %.2f", g->tau);
    if (round == 1 && status == ASX_OK)
        asx_watcher_say(x->options->watcher, ASX_SAY_REMARK, "hypervolume against %s", point.s);
    asx_watcher_say(x->options->watcher, ASX_SAY_REMARK,
                    "round %zu: front %zu, hypervolume %.4f; %zu new designs measured, prediction "
                    "off by %.*f%s%s on average, %.*f at worst%s",
                    round, f->n, volume, g->n, decimals, g->mean, *unit ? " " : "", unit, decimals,
                    g->worst, tau);
    asx_additivity_say(&text, &g->where);
    if (text.n && !text.failed)
        asx_watcher_say(x->options->watcher, ASX_SAY_REMARK, "round %zu: it %s", round, text.s);
    asx_text_fini(&text);
    asx_text_fini(&point);
    return status;
}

/* One round; `*over` when the front stands still or nothing is left to measure. */
static asx_status one_round(bool *over, bool *interrupted, asx_exploration *x, asx_rounds *r,
                            size_t round, const asx_reference_point *ref, asx_error *err)
{
    double before = 0, volume = 0;
    gap g = {0};
    bool complete = true;
    const size_t from = r->n;
    asx_status status = round > FIRST ? judge(&before, x, &r->front, ref, err) : ASX_OK;
    if (status == ASX_OK)
        status = solve(&r->front, interrupted, x, round, err);
    if (status != ASX_OK || *interrupted)
        return status;
    status = asx_reference_point_hypervolume(&volume, ref, r->front.value, r->front.n, err);
    if (status == ASX_OK && round > FIRST && before >= STILL * volume) {
        asx_watcher_say(x->options->watcher, ASX_SAY_REMARK,
                        "round %zu: front %zu, hypervolume %.4f; it stopped moving", round,
                        r->front.n, volume);
        *over = true;
        return ASX_OK;
    }
    if (status == ASX_OK)
        status = asx_rounds_choose(r, ref, round, x->session->campaign->per_round, err);
    *over = r->n == from;
    if (status == ASX_OK && !*over)
        status = measure(&complete, x, r, from, round, err);
    *interrupted = !complete;
    if (status != ASX_OK || *interrupted || *over)
        return status;
    status = find_gap(&g, x, r, from, err);
    return status == ASX_OK ? report(x, round, &r->front, volume, ref, &g, err) : status;
}

static asx_status run_rounds(bool *interrupted, asx_exploration *x, asx_error *err)
{
    const asx_session *s = x->session;
    asx_rounds r = {
        .space = s->space, .seed = s->campaign->seed, .n_genes = asx_space_n_genes(s->space)};
    asx_reference_point ref;
    void *built = NULL;
    size_t n_built = 0;
    bool over = false;
    asx_status status = asx_proxy_save(&built, &n_built, s->proxy, err);
    if (status == ASX_OK)
        status = make_reference(&ref, x, err);
    if (status == ASX_OK)
        status = asx_reference_point_keep(x->store, x->campaign, &ref, err);
    for (size_t i = 1; status == ASX_OK && !over && !*interrupted && i <= s->campaign->rounds;
         i++) {
        status = one_round(&over, interrupted, x, &r, i, &ref, err);
        if (status == ASX_OK && !over && !*interrupted)
            status = learn(x, &r, built, n_built, err);
    }
    free(built);
    asx_rounds_fini(&r);
    return status;
}

asx_status asx_stage_rounds(bool *interrupted, asx_exploration *x, asx_error *err)
{
    asx_session *s = x->session;
    const uint64_t key = asx_session_accuracy_key(s, ASX_TIER_PROXY, ASX_SUBSET_SELECT);
    void *bytes = NULL;
    size_t n = 0;
    asx_proxy *proxy = NULL;
    *interrupted = false;
    if (key == ASX_NO_KEY)
        return asx_fail(err, ASX_ENOMEM, "no memory for the key of a proxy");
    asx_status status = asx_refit_read(&bytes, &n, x->store, x->campaign, key, err);
    if (status != ASX_OK)
        return status;
    /* what all rounds came to, if they are over; damaged, they are repeated */
    if (bytes && asx_proxy_load(&proxy, s->network, bytes, n, NULL) == ASX_OK) {
        free(bytes);
        return asx_session_set_proxy(s, proxy, err);
    }
    free(bytes);
    bytes = NULL;
    status = run_rounds(interrupted, x, err);
    if (status == ASX_OK && !*interrupted)
        status = asx_proxy_save(&bytes, &n, s->proxy, err);
    if (status == ASX_OK && bytes)
        status = asx_refit_keep(x->store, x->campaign, key, bytes, n, err);
    free(bytes);
    return status;
}
