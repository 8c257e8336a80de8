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

#include "additivity.h"
#include "dse/file.h"
#include "dse/memory.h"
#include "eval/rank.h"
#include "exploration.h"
#include "reference.h"
#include "rounds.h"

/* A front has stopped when its designs, judged anew, still cover this much of the new one. */
static const double STILL = 0.999;
/* Rounds that are run in any case: the second tells what the first taught. */
enum { FIRST = 2 };

typedef struct gap {
    size_t n;
    double mean, worst, tau; /* points; tau NAN below three designs */
    additivity where;
} gap;

/* ---- the front by the present proxy ---- */

static asx_status take_front(rounds_front *out, const asx_archive *archive, asx_error *err)
{
    const size_t n_genes = asx_archive_n_genes(archive), d = asx_archive_n_objectives(archive);
    rounds_front f = {0};
    const size_t *row = asx_archive_front(archive, &f.n);
    f.point = asx_array_new(f.n, n_genes * sizeof *f.point);
    f.value = asx_array_new(f.n, d * sizeof *f.value);
    if (!f.point || !f.value) {
        rounds_front_fini(&f);
        return asx_fail(err, ASX_ENOMEM, "no memory for a front of %zu", f.n);
    }
    for (size_t i = 0; i < f.n; i++) {
        memcpy(f.point + i * n_genes, asx_archive_point(archive, row[i]),
               n_genes * sizeof *f.point);
        memcpy(f.value + i * d, asx_archive_objective(archive, row[i]), d * sizeof *f.value);
    }
    rounds_front_fini(out);
    *out = f;
    return ASX_OK;
}

static asx_status solve(rounds_front *out, bool *interrupted, exploration *x, size_t round,
                        asx_error *err)
{
    exploration_desk desk = {0};
    asx_search_outcome outcome = {0};
    char label[40];
    snprintf(label, sizeof label, "round %zu, solving", round);
    asx_status st = exploration_desk_predict(&desk, x, err);
    if (st == ASX_OK)
        st = stage_solve(&outcome, x, &desk, label, err);
    if (st == ASX_OK)
        st = take_front(out, outcome.archive, err);
    if (st == ASX_OK)
        *interrupted = outcome.end == ASX_END_INTERRUPTED;
    asx_search_outcome_fini(&outcome);
    exploration_desk_fini(&desk);
    return st;
}

static asx_status make_reference(reference *out, exploration *x, asx_error *err)
{
    exploration_desk desk = {0};
    const asx_status st = exploration_desk_predict(&desk, x, err);
    if (st == ASX_OK)
        *out = desk.reference;
    exploration_desk_fini(&desk);
    return st;
}

/* Hypervolume of a front's designs as the present proxy sees them. */
static asx_status judge(double *volume, exploration *x, const rounds_front *f, const reference *ref,
                        asx_error *err)
{
    const size_t n_genes = asx_space_n_genes(x->w->space);
    exploration_desk desk = {0};
    double *value = asx_array_new(f->n, ref->n * sizeof *value);
    asx_status st =
        value ? exploration_desk_predict(&desk, x, err) : asx_fail(err, ASX_ENOMEM, "no memory");
    for (size_t i = 0; st == ASX_OK && i < f->n; i++) {
        asx_design design = {0};
        asx_evaluation e;
        st = asx_space_decode(&design, x->w->space, f->point + i * n_genes, err);
        if (st == ASX_OK)
            st = asx_evaluator_run(&desk.evaluator, &design, &e, err);
        for (size_t j = 0; st == ASX_OK && j < ref->n; j++)
            value[i * ref->n + j] = asx_evaluation_objective(&e, ref->objective[j]);
        asx_design_fini(&design);
    }
    if (st == ASX_OK)
        st = reference_hypervolume(volume, ref, value, f->n, err);
    free(value);
    exploration_desk_fini(&desk);
    return st;
}

/* ---- measuring ---- */

static void free_texts(char **text, size_t n)
{
    for (size_t i = 0; text && i < n; i++)
        free(text[i]);
    free(text);
}

/* Looks up what stage_measure_designs left in the database. */
static asx_status look_up(bool *complete, exploration *x, rounds *r, size_t from, asx_error *err)
{
    const asx_store_inputs inputs = exploration_inputs(x->w, ASX_TIER_MEASURED, SUBSET_SELECT);
    asx_status st = ASX_OK;
    *complete = true;
    for (size_t i = from; st == ASX_OK && i < r->n; i++) {
        asx_text formats = {0};
        bool found = false;
        asx_design_print_formats(&formats, &r->design[i], workbench_workload(x->w));
        st = formats.failed ? asx_fail(err, ASX_ENOMEM, "no memory for a design's text")
                            : asx_store_find_accuracy(&r->accuracy[i], &found, x->store, formats.s,
                                                      &inputs, err);
        asx_text_fini(&formats);
        *complete = *complete && found;
    }
    return st;
}

static asx_status measure(bool *complete, exploration *x, rounds *r, size_t from, size_t round,
                          asx_error *err)
{
    const size_t n = r->n - from;
    size_t done = 0;
    char label[40], **text = asx_array_new(n, sizeof *text);
    asx_status st = text ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    for (size_t i = 0; st == ASX_OK && i < n; i++) {
        asx_text design = {0};
        asx_design_print(&design, &r->design[from + i], workbench_workload(x->w));
        st = asx_text_take(&text[i], &design, err);
    }
    snprintf(label, sizeof label, "round %zu, measuring", round);
    if (st == ASX_OK)
        st = stage_measure_designs(&done, x, label, SUBSET_SELECT, (const char *const *)text, n,
                                   err);
    if (st == ASX_OK)
        st = look_up(complete, x, r, from, err);
    free_texts(text, n);
    return st;
}

static asx_status find_gap(gap *out, const exploration *x, const rounds *r, size_t from,
                           asx_error *err)
{
    const size_t n = r->n - from;
    double *v = asx_array_new(2 * n, sizeof *v);
    asx_status st = v ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    gap g = {.n = n, .tau = NAN};
    for (size_t i = 0; st == ASX_OK && i < n; i++) {
        asx_accuracy predicted;
        st = asx_proxy_design(&predicted, x->w->proxy, &r->design[from + i], err);
        if (st < 0)
            break;
        v[i] = predicted.drop;
        v[n + i] = r->accuracy[from + i].drop;
        const double off = fabs(v[i] - v[n + i]);
        g.mean += off / (double)n;
        g.worst = fmax(g.worst, off);
    }
    if (st == ASX_OK && n > 2)
        g.tau = asx_rank_tau(v, v + n, n);
    if (st == ASX_OK)
        st = additivity_find(&g.where, v, v + n, n, err);
    if (st == ASX_OK)
        *out = g;
    free(v);
    return st;
}

/* ---- learning ---- */

/* From the proxy as it was built, and all that was measured. */
static asx_status learn(exploration *x, const rounds *r, const void *built, size_t n_built,
                        asx_error *err)
{
    asx_proxy *proxy = NULL;
    const asx_design **design = asx_array_new(r->n, sizeof(const asx_design *));
    if (!design)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", r->n);
    for (size_t i = 0; i < r->n; i++)
        design[i] = &r->design[i];
    asx_status st = asx_proxy_load(&proxy, x->w->network, built, n_built, err);
    if (st == ASX_OK)
        st = asx_proxy_refit(proxy, design, r->accuracy, r->n, err);
    if (st == ASX_OK)
        st = workbench_set_proxy(x->w, proxy, err);
    else
        asx_proxy_free(proxy);
    free(design);
    return st;
}

static asx_status report(exploration *x, size_t round, const rounds_front *f, double volume,
                         const reference *ref, const gap *g, asx_error *err)
{
    char key[64];
    asx_text point = {0}, text = {0};
    reference_print(&point, ref);
    asx_text_add(&text,
                 "round=%zu front=%zu hypervolume=%.6f reference='%s' measured=%zu "
                 "mean_gap=%.4f worst_gap=%.4f tau=%.4f",
                 round, f->n, volume, point.s ? point.s : "", g->n, g->mean, g->worst, g->tau);
    snprintf(key, sizeof key, "round/%lld/%zu", (long long)x->campaign, round);
    const asx_status st = text.failed || point.failed
                              ? asx_fail(err, ASX_ENOMEM, "no memory for a report")
                              : asx_store_cache_put(x->store, key, text.s, text.n, err);
    if (round == 1 && st == ASX_OK)
        fprintf(stderr, "hypervolume against %s\n", point.s);
    fprintf(stderr,
            "round %zu: front %zu, hypervolume %.4f; %zu new designs measured, prediction off by "
            "%.2f points on average, %.2f at worst, tau %.2f\n",
            round, f->n, volume, g->n, g->mean, g->worst, g->tau);
    asx_text_clear(&text);
    additivity_say(&text, &g->where);
    if (text.n && !text.failed)
        fprintf(stderr, "round %zu: it %s\n", round, text.s);
    asx_text_fini(&text);
    asx_text_fini(&point);
    return st;
}

/* One round; `*over` when the front stands still or nothing is left to measure. */
static asx_status one_round(bool *over, bool *interrupted, exploration *x, rounds *r, size_t round,
                            const reference *ref, asx_error *err)
{
    double before = 0, volume = 0;
    gap g = {0};
    bool complete = true;
    const size_t from = r->n;
    asx_status st = round > FIRST ? judge(&before, x, &r->front, ref, err) : ASX_OK;
    if (st == ASX_OK)
        st = solve(&r->front, interrupted, x, round, err);
    if (st < 0 || *interrupted)
        return st;
    st = reference_hypervolume(&volume, ref, r->front.value, r->front.n, err);
    if (st == ASX_OK && round > FIRST && before >= STILL * volume) {
        fprintf(stderr, "round %zu: front %zu, hypervolume %.4f; it stopped moving\n", round,
                r->front.n, volume);
        *over = true;
        return ASX_OK;
    }
    if (st == ASX_OK)
        st = rounds_choose(r, ref, round, x->w->campaign->per_round, err);
    *over = r->n == from;
    if (st == ASX_OK && !*over)
        st = measure(&complete, x, r, from, round, err);
    *interrupted = !complete;
    if (st < 0 || *interrupted || *over)
        return st;
    st = find_gap(&g, x, r, from, err);
    return st == ASX_OK ? report(x, round, &r->front, volume, ref, &g, err) : st;
}

static asx_status run_rounds(bool *interrupted, exploration *x, asx_error *err)
{
    const workbench *w = x->w;
    rounds r = {
        .space = w->space, .seed = w->campaign->seed, .n_genes = asx_space_n_genes(w->space)};
    reference ref;
    void *built = NULL;
    size_t n_built = 0;
    bool over = false;
    asx_status st = asx_proxy_save(&built, &n_built, w->proxy, err);
    if (st == ASX_OK)
        st = make_reference(&ref, x, err);
    for (size_t i = 1; st == ASX_OK && !over && !*interrupted && i <= w->campaign->rounds; i++) {
        st = one_round(&over, interrupted, x, &r, i, &ref, err);
        if (st == ASX_OK && !over && !*interrupted)
            st = learn(x, &r, built, n_built, err);
    }
    free(built);
    rounds_fini(&r);
    return st;
}

asx_status stage_rounds(bool *interrupted, exploration *x, asx_error *err)
{
    workbench *w = x->w;
    char key[80];
    void *bytes = NULL;
    size_t n = 0;
    asx_proxy *proxy = NULL;
    *interrupted = false;
    snprintf(key, sizeof key, "refit/%lld/%016llx", (long long)x->campaign,
             (unsigned long long)workbench_accuracy_key(w, ASX_TIER_PROXY, SUBSET_SELECT));
    asx_status st = asx_store_cache_get(&bytes, &n, x->store, key, err);
    if (st < 0)
        return st;
    /* what all rounds came to, if they are over; damaged, they are repeated */
    if (bytes && asx_proxy_load(&proxy, w->network, bytes, n, NULL) == ASX_OK) {
        free(bytes);
        return workbench_set_proxy(w, proxy, err);
    }
    free(bytes);
    bytes = NULL;
    st = run_rounds(interrupted, x, err);
    if (st == ASX_OK && !*interrupted)
        st = asx_proxy_save(&bytes, &n, w->proxy, err);
    if (st == ASX_OK && bytes)
        st = asx_store_cache_put(x->store, key, bytes, n, err);
    free(bytes);
    return st;
}
