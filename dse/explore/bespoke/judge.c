#include "judge.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/pareto.h"
#include "watcher_private.h"

/* A design of the archive on its way to the front. */
typedef struct candidate {
    size_t index;
    double lost, size;
    asx_bespoke_price price;
} candidate;

static double points(size_t rows, const judge *j, asx_bespoke_part_kind part)
{
    return 100 * (double)rows / (double)asx_bespoke_table_size(j->plan->table, part);
}

static double lost_of(const judge *j, const size_t *correct)
{
    double most = -100;
    for (int p = ASX_BESPOKE_TRAIN; p <= ASX_BESPOKE_CHOOSE; p++) {
        const double lost = points(j->baseline->correct[p], j, (asx_bespoke_part_kind)p) -
                            points(correct[p], j, (asx_bespoke_part_kind)p);
        most = lost > most ? lost : most;
    }
    return most;
}

/* Rows of the part to report on, one by one against the baseline. */
static asx_accuracy compare(const judge *j, const uint16_t *class)
{
    const asx_bespoke_table *t = j->plan->table;
    const asx_bespoke_span part = t->part[ASX_BESPOKE_TEST];
    size_t both = 0, only[2] = {0};
    for (size_t i = part.first; i < part.end; i++) {
        const bool a = j->of_baseline[i - part.first] == t->label[i];
        const bool b = class[i - part.first] == t->label[i];
        both += a && b;
        only[0] += a && !b;
        only[1] += b && !a;
    }
    return asx_accuracy_from_counts(ASX_TIER_MEASURED, part.end - part.first, both, only[0],
                                    only[1]);
}

/* @param class  [rows to report on]: what it answers, of the baseline for those that follow */
static asx_status run_all(asx_bespoke_found *f, judge *j, uint16_t *class, asx_error *err)
{
    const asx_bespoke_table *t = j->plan->table;
    const asx_bespoke_rows rows = asx_bespoke_table_rows(t);
    const asx_status status = asx_bespoke_runner_load(j->runner, f->network, err);
    if (status != ASX_OK)
        return status;
    for (int p = 0; p < ASX_BESPOKE_N_PARTS; p++)
        f->correct[p] = asx_bespoke_runner_correct(j->runner, &rows, t->part[p], t->label);
    asx_bespoke_runner_classes(class, j->runner, &rows, t->part[ASX_BESPOKE_TEST]);
    f->lost = lost_of(j, f->correct);
    f->test = compare(j, class);
    return ASX_OK;
}

static asx_status price(asx_bespoke_price *out, const asx_bespoke *network,
                        const asx_bespoke_plan *plan, asx_error *err)
{
    asx_bespoke_circuit *circuit = NULL;
    asx_bespoke_build how = plan->build;
    how.stop = asx_watcher_poll;
    how.stop_state = asx_watcher_state(plan->watcher);
    const asx_status status = asx_bespoke_circuit_new(&circuit, network, plan->library, &how, err);
    if (status == ASX_OK)
        *out = asx_bespoke_circuit_price(circuit);
    asx_bespoke_circuit_free(circuit);
    return status;
}

asx_status judge_init(judge *out, asx_bespoke_found *baseline, const asx_bespoke_plan *plan,
                      asx_error *err)
{
    const size_t n = asx_bespoke_table_size(plan->table, ASX_BESPOKE_TEST);
    *out = (judge){.plan = plan, .baseline = baseline};
    out->of_baseline = asx_array_new(n, sizeof *out->of_baseline);
    out->of_design = asx_array_new(n, sizeof *out->of_design);
    if (!out->of_baseline || !out->of_design)
        return asx_fail(err, ASX_ENOMEM, "no memory for the classes of %zu rows", n);
    asx_status status = asx_bespoke_runner_new(&out->runner, err);
    if (status == ASX_OK)
        status = run_all(baseline, out, out->of_baseline, err);
    return status == ASX_OK ? price(&baseline->price, baseline->network, plan, err) : status;
}

void judge_fini(judge *j)
{
    asx_bespoke_runner_free(j->runner);
    free(j->of_baseline);
    free(j->of_design);
    *j = (judge){0};
}

/* ---- the front ---- */

static int compare_sizes(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    if (x->size < y->size || x->size > y->size)
        return x->size < y->size ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

/* Leaves the front, by size, of equal ones the first. */
static asx_status sieve(candidate *c, size_t *n, asx_error *err)
{
    double *row = asx_array_new(2 * *n, sizeof *row);
    size_t *index = asx_array_new(*n, sizeof *index), front = 0, kept = 0;
    for (size_t i = 0; row && i < *n; i++) {
        row[2 * i] = c[i].size;
        row[2 * i + 1] = c[i].lost;
    }
    const asx_status status = row && index
                                  ? asx_pareto_front(index, &front, row, NULL, *n, 2, err)
                                  : asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", *n);
    for (size_t i = 0; status == ASX_OK && i < front; i++)
        c[i] = c[index[i]];
    free(row);
    free(index);
    if (status != ASX_OK)
        return status;
    qsort(c, front, sizeof *c, compare_sizes);
    for (size_t i = 0; i < front; i++)
        if (kept == 0 || c[i].size > c[kept - 1].size)
            c[kept++] = c[i];
    *n = kept;
    return ASX_OK;
}

static void list_candidates(candidate *c, const judge *j, const hunt *h)
{
    for (size_t i = 0; i < h->archive.n; i++) {
        const double *v = h->archive.value + i * ARCHIVE_N;
        size_t correct[ASX_BESPOKE_N_PARTS] = {0};
        correct[ASX_BESPOKE_TRAIN] =
            asx_bespoke_table_size(j->plan->table, ASX_BESPOKE_TRAIN) - (size_t)v[ARCHIVE_LEARNED];
        correct[ASX_BESPOKE_CHOOSE] =
            asx_bespoke_table_size(j->plan->table, ASX_BESPOKE_CHOOSE) - (size_t)v[ARCHIVE_CHOSEN];
        c[i] = (candidate){.index = i, .lost = lost_of(j, correct), .size = v[ARCHIVE_SIZE]};
    }
}

static asx_status price_all(candidate *c, size_t n, const judge *j, const hunt *h, asx_error *err)
{
    asx_bespoke *network = h->fitness.network[0];
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        if (asx_watcher_stops(j->plan->watcher))
            return asx_fail(err, ASX_EINTERRUPTED, "stopped while designs were priced");
        genome_decode(network, &h->genome, h->archive.point + c[i].index * h->genome.n_genes);
        genome_tidy(network);
        status = price(&c[i].price, network, j->plan, err);
        c[i].size = j->plan->aim == ASX_BESPOKE_POWER ? c[i].price.power_mw : c[i].price.area_cm2;
    }
    return status;
}

static asx_status make_found(asx_bespoke_found *f, const candidate *c, judge *j, const hunt *h,
                             asx_error *err)
{
    asx_bespoke *network = h->fitness.network[0];
    genome_decode(network, &h->genome, h->archive.point + c->index * h->genome.n_genes);
    genome_tidy(network);
    f->price = c->price;
    const asx_status status = asx_bespoke_copy(&f->network, network, err);
    return status == ASX_OK ? run_all(f, j, j->of_design, err) : status;
}

static void choose(asx_bespoke_result *r, const asx_bespoke_plan *plan)
{
    for (int k = 0; k < ASX_BESPOKE_LOSSES; k++) {
        r->chosen[k] = ASX_BESPOKE_NONE;
        for (size_t i = r->n; i-- > 0;)
            if (r->front[i].lost <= asx_bespoke_loss[k] &&
                (plan->power_max_mw <= 0 || r->front[i].price.power_mw <= plan->power_max_mw))
                r->chosen[k] = (int)i;
    }
}

asx_status judge_front(asx_bespoke_result *out, judge *j, const hunt *h, asx_error *err)
{
    asx_status status = ASX_OK;
    size_t n = h->archive.n;
    choose(out, j->plan);
    if (n == 0)
        return ASX_OK;
    candidate *c = asx_array_new(n, sizeof *c);
    if (!c)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    list_candidates(c, j, h);
    status = sieve(c, &n, err);
    if (status == ASX_OK)
        status = price_all(c, n, j, h, err);
    if (status == ASX_OK)
        status = sieve(c, &n, err);
    if (status == ASX_OK && !(out->front = asx_array_new(n, sizeof *out->front)))
        status = asx_fail(err, ASX_ENOMEM, "no memory for a front of %zu", n);
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        out->n = i + 1;
        status = make_found(&out->front[i], &c[i], j, h, err);
    }
    free(c);
    if (status == ASX_OK)
        choose(out, j->plan);
    return status;
}
