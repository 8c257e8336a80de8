#include "hunt.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "keep.h"
#include "start.h"
#include "watcher_private.h"

/* Parents are looked at for the archive after so many generations, and the state is kept after so many seconds. */
enum { LOOK_EVERY = 50, KEEP_EVERY_S = 5 };

/* ---- state ---- */

static void name_state(char out[64], const hunt *h)
{
    snprintf(out, 64, "bespoke-evolution-%016" PRIx64, h->key);
}

/* Processor time, the evolution's bytes behind their number, the archive's; and how far it is, for who asks. */
static asx_status keep(const hunt *h, asx_error *err)
{
    char key[64];
    asx_text all = {0}, evolution = {0};
    if (!h->store)
        return ASX_OK;
    name_state(key, h);
    asx_evolution_print(&evolution, h->evolution);
    const uint64_t n = evolution.n;
    asx_text_add_bytes(&all, (const char *)&h->result->evolution_s, sizeof h->result->evolution_s);
    asx_text_add_bytes(&all, (const char *)&n, sizeof n);
    asx_text_add_bytes(&all, evolution.s, evolution.n);
    archive_print(&all, &h->archive);
    const asx_status status = all.failed || evolution.failed
                                  ? asx_fail(err, ASX_ENOMEM, "no memory to keep an evolution")
                                  : asx_store_cache_put(h->store, key, all.s, all.n, err);
    asx_text_fini(&all);
    asx_text_fini(&evolution);
    return status == ASX_OK ? keep_work(h->store, h->result, h->plan, h->key, err) : status;
}

static asx_status parse(hunt *h, const char *bytes, size_t n, asx_error *err)
{
    uint64_t n_evolution = 0;
    double *spent_s = &h->result->evolution_s;
    const size_t head = sizeof *spent_s + sizeof n_evolution;
    if (n >= head)
        memcpy(&n_evolution, bytes + sizeof *spent_s, sizeof n_evolution);
    if (n < head || n_evolution > n - head)
        return asx_fail(err, ASX_EPARSE, "the state of an evolution is cut off");
    memcpy(spent_s, bytes, sizeof *spent_s);
    bytes += head;
    asx_status status = asx_evolution_parse(h->evolution, bytes, (size_t)n_evolution, err);
    if (status == ASX_OK)
        status =
            archive_parse(&h->archive, bytes + n_evolution, n - head - (size_t)n_evolution, err);
    h->result->resumed = h->result->evaluated = asx_evolution_told(h->evolution);
    return status;
}

static asx_status recall(hunt *h, asx_error *err)
{
    char key[64];
    void *bytes = NULL;
    size_t n = 0;
    if (!h->store)
        return ASX_OK;
    name_state(key, h);
    asx_status status = asx_store_cache_get(&bytes, &n, h->store, key, err);
    if (status == ASX_OK && bytes)
        status = parse(h, bytes, n, err);
    free(bytes);
    return status;
}

/* ---- beginning and end ---- */

static asx_evolution_spec spec_of(const hunt *h)
{
    const asx_bespoke_plan *p = h->plan;
    return (asx_evolution_spec){.trait = h->genome.trait,
                                .n_genes = h->genome.n_genes,
                                .n_objectives = FITNESS_N,
                                .population = p->population,
                                .children = p->children,
                                .crossover = 0.7,
                                .whole = 0.5,
                                .mutations = 2,
                                .resting = 0.15,
                                .seed = p->seed,
                                .start = h->start,
                                .n_start = p->population};
}

asx_status hunt_open(hunt *h, asx_error *err)
{
    const asx_bespoke_plan *p = h->plan;
    asx_status status = genome_init(&h->genome, h->mlp, p->table->bits, p->digits, err);
    if (status != ASX_OK)
        return status;
    h->archive.n_genes = h->genome.n_genes;
    h->start = asx_array_new(p->population, h->genome.n_genes * sizeof *h->start);
    h->objective = asx_array_new(p->population, FITNESS_N * sizeof *h->objective);
    h->violation = asx_array_new(p->population, sizeof *h->violation);
    if (!h->start || !h->objective || !h->violation)
        return asx_fail(err, ASX_ENOMEM, "no memory for a population of %zu", p->population);
    status =
        start_fill(h->start, p->population, &h->genome, h->mlp, p->table, p->seed, p->watcher, err);
    if (status == ASX_OK)
        status = fitness_init(&h->fitness, &h->genome, p->table, h->most_errors, p->threads, err);
    if (status == ASX_OK) {
        const asx_evolution_spec spec = spec_of(h);
        status = asx_evolution_new(&h->evolution, &spec, err);
    }
    return status == ASX_OK ? recall(h, err) : status;
}

void hunt_close(hunt *h)
{
    asx_evolution_free(h->evolution);
    fitness_fini(&h->fitness);
    archive_fini(&h->archive);
    genome_fini(&h->genome);
    free(h->start);
    free(h->objective);
    free(h->violation);
}

/* ---- generations ---- */

static asx_status take(hunt *h, const asx_evolution *e, size_t i, asx_error *err)
{
    const asx_bespoke_table *t = h->plan->table;
    const asx_bespoke_span part = t->part[ASX_BESPOKE_CHOOSE];
    const asx_bespoke_rows rows = asx_bespoke_table_rows(t);
    const double *objective = asx_evolution_objective(e, i);
    double value[ARCHIVE_N] = {
        [ARCHIVE_LEARNED] = objective[FITNESS_ERRORS], [ARCHIVE_SIZE] = objective[FITNESS_SIZE]};
    genome_decode(h->fitness.network[0], &h->genome, asx_evolution_point(e, i));
    const asx_status status =
        asx_bespoke_runner_load(h->fitness.runner[0], h->fitness.network[0], err);
    if (status != ASX_OK)
        return status;
    value[ARCHIVE_CHOSEN] =
        (double)(part.end - part.first -
                 asx_bespoke_runner_correct(h->fitness.runner[0], &rows, part, t->label));
    return archive_add(&h->archive, asx_evolution_point(e, i), value)
               ? ASX_OK
               : asx_fail(err, ASX_ENOMEM, "no memory for an archive");
}

static asx_status look(hunt *h, asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < asx_evolution_size(h->evolution); i++)
        if (asx_evolution_violation(h->evolution, i) <= 0)
            status = take(h, h->evolution, i, err);
    return status;
}

static asx_status generation(hunt *h, asx_error *err)
{
    const asx_gene **point = NULL;
    size_t n = 0;
    asx_evolution_ask(h->evolution, &point, &n);
    asx_status status = fitness_measure(h->objective, h->violation, &h->fitness, point, n, err);
    if (status == ASX_OK)
        status = asx_evolution_tell(h->evolution, h->objective, h->violation, err);
    const uint64_t told = asx_evolution_told(h->evolution);
    const uint64_t every = (uint64_t)LOOK_EVERY * h->plan->children;
    const bool last = told >= h->plan->evaluations;
    if (status == ASX_OK && (last || (told - h->plan->population) % every == 0))
        status = look(h, err);
    return status;
}

static asx_status tell_progress(const hunt *h, double began_s, asx_error *err)
{
    const asx_watcher *w = h->plan->watcher;
    const uint64_t told = asx_evolution_told(h->evolution);
    const asx_progress progress = {.asked = (size_t)told,
                                   .evaluated = (size_t)(told - h->result->resumed),
                                   .recalled = (size_t)h->result->resumed,
                                   .budget = (size_t)h->plan->evaluations,
                                   .front = h->archive.n,
                                   .elapsed_s = asx_seconds() - began_s};
    return w && w->progress ? w->progress(w->state, &progress, err) : ASX_OK;
}

asx_status hunt_run(hunt *h, asx_error *err)
{
    asx_bespoke_result *r = h->result;
    const uint64_t wanted = h->plan->evaluations;
    const double began_s = asx_seconds(), before_s = r->evolution_s,
                 processor_s = asx_processor_seconds();
    double kept_s = began_s;
    bool stopped = false;
    asx_status status =
        h->store && r->evaluated < wanted ? keep_work(h->store, r, h->plan, h->key, err) : ASX_OK;
    while (status == ASX_OK && !stopped && r->evaluated < wanted) {
        status = generation(h, err);
        r->evaluated = asx_evolution_told(h->evolution);
        r->evolution_s = before_s + asx_processor_seconds() - processor_s;
        stopped = asx_watcher_stops(h->plan->watcher);
        if (status == ASX_OK && asx_seconds() - kept_s > KEEP_EVERY_S) {
            status = keep(h, err);
            kept_s = asx_seconds();
        }
        if (status == ASX_OK)
            status = tell_progress(h, began_s, err);
    }
    if (status == ASX_OK && r->evaluated > r->resumed)
        status = keep(h, err);
    return status == ASX_OK && r->evaluated < wanted
               ? asx_fail(err, ASX_EINTERRUPTED, "stopped after %llu of %llu designs",
                          (unsigned long long)r->evaluated, (unsigned long long)wanted)
               : status;
}
