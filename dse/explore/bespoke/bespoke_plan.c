/* The run: training, baseline, evolution, choice. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/file.h"
#include "explore/version.h"
#include "judge.h"
#include "keep.h"
#include "results/bespoke.h"
#include "run_lock.h"
#include "watcher_private.h"

/* What is open while a plan runs. */
typedef struct work {
    const asx_bespoke_plan *plan;
    int lock;
    asx_store *store;
    asx_bespoke_mlp mlp;
    asx_bespoke_result result;
    judge judge;
    hunt hunt;
} work;

static asx_status check(const asx_bespoke_plan *p, asx_error *err)
{
    if (p->digits < 1 || p->digits > 4)
        return asx_fail(err, ASX_EINVAL, "weights of %u signed digits, not 1 to 4", p->digits);
    if (p->population < 4 || p->population > 100000)
        return asx_fail(err, ASX_EINVAL, "a population of %zu, not 4 to 100000", p->population);
    if (p->evaluations < p->population)
        return asx_fail(err, ASX_EINVAL, "%llu designs, fewer than the population of %zu",
                        (unsigned long long)p->evaluations, p->population);
    if (!(p->worst >= 0 && p->worst <= 100))
        return asx_fail(err, ASX_EINVAL, "%g points lost at worst, not 0 to 100", p->worst);
    return ASX_OK;
}

/* ---- keys: a hash of all that an outcome depends on ---- */

/* The program's version stands for the code. */
static uint64_t begin_key(void)
{
    const char *version = asx_version();
    return asx_hash(version, strlen(version), 0);
}

static uint64_t training_key(const asx_bespoke_plan *p)
{
    const asx_bespoke_training *o = &p->training;
    const uint64_t number[] = {asx_bespoke_table_hash(p->table),
                               o->hidden[0],
                               o->hidden[1],
                               o->epochs,
                               o->batch,
                               o->restarts,
                               o->seed};
    return asx_hash(&o->rate, sizeof o->rate, asx_hash(number, sizeof number, begin_key()));
}

static asx_status evolution_key(uint64_t *out, const asx_bespoke_plan *p, const work *w,
                                asx_error *err)
{
    asx_text mlp = {0};
    asx_bespoke_mlp_print(&mlp, &w->mlp);
    const uint64_t number[] = {asx_bespoke_table_hash(p->table),
                               mlp.failed ? 0 : asx_hash(mlp.s, mlp.n, 0),
                               p->digits,
                               p->population,
                               p->children,
                               p->evaluations,
                               w->hunt.most_errors,
                               p->seed};
    const asx_status status =
        mlp.failed ? asx_fail(err, ASX_ENOMEM, "no memory for a network's bytes") : ASX_OK;
    asx_text_fini(&mlp);
    if (status == ASX_OK)
        *out = asx_hash(number, sizeof number, begin_key());
    return status;
}

/* ---- the trained network ---- */

static asx_status keep_trained(const work *w, const char *key, asx_error *err)
{
    asx_text bytes = {0};
    asx_text_add_bytes(&bytes, (const char *)&w->result.training_s, sizeof w->result.training_s);
    asx_bespoke_mlp_print(&bytes, &w->mlp);
    const asx_status status = bytes.failed
                                  ? asx_fail(err, ASX_ENOMEM, "no memory to keep a network")
                              : w->store ? asx_store_cache_put(w->store, key, bytes.s, bytes.n, err)
                                         : ASX_OK;
    asx_text_fini(&bytes);
    return status;
}

static asx_status train(work *w, const char *key, asx_error *err)
{
    const double began_s = asx_processor_seconds();
    asx_bespoke_training options = w->plan->training;
    options.stop = asx_watcher_poll;
    options.stop_state = asx_watcher_state(w->plan->watcher);
    asx_watcher_say(w->plan->watcher, ASX_SAY_STAGE, "training in real numbers");
    asx_status status = asx_bespoke_mlp_train(&w->mlp, w->plan->table, &options, err);
    w->result.training_s = asx_processor_seconds() - began_s;
    return status == ASX_OK ? keep_trained(w, key, err) : status;
}

/* Of the same command a run was stopped behind its training, which is not known: files are not those they were, or the
 * program is not. */
static asx_status say_changed(const work *w, asx_error *err)
{
    asx_bespoke_kept *kept = NULL;
    size_t n = 0, stopped = 0;
    const asx_status status = asx_bespoke_list(&kept, &n, w->store, err);
    for (size_t i = 0; i < n; i++)
        if (w->plan->about && kept[i].n == 0 && kept[i].evaluated > 0 &&
            strcmp(kept[i].about, w->plan->about) == 0)
            stopped = (size_t)kept[i].id;
    if (stopped > 0)
        asx_watcher_say(
            w->plan->watcher, ASX_SAY_WARNING,
            "bespoke %zu, of the same settings, was stopped on other rows of the table or "
            "by another program: this begins anew",
            stopped);
    asx_bespoke_list_free(kept, n);
    return status;
}

static asx_status get_trained(work *w, asx_error *err)
{
    char key[64];
    void *bytes = NULL;
    size_t n = 0;
    const size_t head = sizeof w->result.training_s;
    asx_status status = ASX_OK;
    snprintf(key, sizeof key, "bespoke-float-%016" PRIx64, training_key(w->plan));
    if (w->store)
        status = asx_store_cache_get(&bytes, &n, w->store, key, err);
    if (status == ASX_OK && bytes && n > head) {
        w->result.training_s = *(double *)bytes;
        status = asx_bespoke_mlp_parse(&w->mlp, (const char *)bytes + head, n - head, err);
    } else if (status == ASX_OK) {
        if (w->store)
            status = say_changed(w, err);
        if (status == ASX_OK)
            status = train(w, key, err);
    }
    free(bytes);
    return status;
}

/* ---- stages ---- */

static asx_status measure_float(work *w, asx_error *err)
{
    asx_bespoke_result *r = &w->result;
    asx_status status = ASX_OK;
    for (int p = 0; status == ASX_OK && p < ASX_BESPOKE_N_PARTS; p++) {
        r->rows[p] = asx_bespoke_table_size(w->plan->table, (asx_bespoke_part_kind)p);
        status = asx_bespoke_mlp_count(&r->in_float[p], &w->mlp, w->plan->table,
                                       (asx_bespoke_part_kind)p, err);
    }
    return status;
}

/* A feature that never changes in the rows to learn from is 0 in every row (eval/bespoke_table.h): evolved designs are rid of
 * it for nothing, so the baseline is, too. No answer changes. */
static void drop_constants(asx_bespoke *network, const asx_bespoke_table *t)
{
    asx_bespoke_layer *l = &network->layer[0];
    for (size_t f = 0; f < t->features; f++)
        for (size_t j = 0; !(t->low[f] < t->high[f]) && j < l->outputs; j++)
            l->weight[j * l->inputs + f] = 0;
}

static asx_status make_baseline(work *w, asx_error *err)
{
    const asx_bespoke_plan *p = w->plan;
    asx_bespoke_found *b = &w->result.baseline;
    asx_status status =
        asx_bespoke_mlp_project(&b->network, &w->mlp, p->table->bits, p->weight_bits, err);
    if (status == ASX_OK) {
        drop_constants(b->network, p->table);
        genome_tidy(b->network);
    }
    return status == ASX_OK ? judge_init(&w->judge, b, p, err) : status;
}

static asx_status evolve(work *w, asx_error *err)
{
    const asx_bespoke_plan *p = w->plan;
    const size_t n = w->result.rows[ASX_BESPOKE_TRAIN];
    const double most =
        (double)(n - w->result.baseline.correct[ASX_BESPOKE_TRAIN]) + p->worst / 100 * (double)n;
    hunt *h = &w->hunt;
    h->plan = p;
    h->mlp = &w->mlp;
    h->store = w->store;
    h->result = &w->result;
    h->most_errors = most < (double)n ? (size_t)most : n;
    asx_watcher_say(p->watcher, ASX_SAY_STAGE, "evolving");
    asx_status status = evolution_key(&h->key, p, w, err);
    if (status == ASX_OK)
        status = hunt_open(h, err);
    return status == ASX_OK ? hunt_run(h, err) : status;
}

static void finish(work *w)
{
    judge_fini(&w->judge);
    hunt_close(&w->hunt);
    asx_bespoke_mlp_fini(&w->mlp);
    asx_store_free(w->store);
    asx_run_lock_release(w->lock);
}

asx_status asx_bespoke_run_plan(asx_bespoke_result *out, const asx_bespoke_plan *plan,
                                asx_error *err)
{
    work w = {.plan = plan, .lock = ASX_RUN_LOCK_NONE};
    asx_status status = check(plan, err);
    if (status == ASX_OK && plan->database)
        status = asx_run_open_store(&w.store, &w.lock, plan->database, plan->watcher, err);
    if (status == ASX_OK)
        status = get_trained(&w, err);
    if (status == ASX_OK)
        status = measure_float(&w, err);
    if (status == ASX_OK)
        status = make_baseline(&w, err);
    if (status == ASX_OK)
        status = evolve(&w, err);
    if (status == ASX_OK) {
        asx_watcher_say(plan->watcher, ASX_SAY_STAGE, "pricing the front");
        status = judge_front(&w.result, &w.judge, &w.hunt, err);
    }
    if (status == ASX_OK && w.store)
        status = keep_result(w.store, &w.result, plan, w.hunt.key, err);
    finish(&w);
    if (status == ASX_OK)
        *out = w.result;
    else
        asx_bespoke_result_fini(&w.result);
    return status;
}

void asx_bespoke_result_fini(asx_bespoke_result *r)
{
    if (!r)
        return;
    asx_bespoke_free(r->baseline.network);
    for (size_t i = 0; i < r->n; i++)
        asx_bespoke_free(r->front[i].network);
    free(r->front);
    *r = (asx_bespoke_result){0};
}
