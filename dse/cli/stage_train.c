/* Promotion to the trained tier: a few designs are trained, one after the other, and measured by
 * the integer engine.
 *
 * They are taken by rising drop, so that a harder one can begin with the network of an easier one:
 * with that of the nearest trained before, where the layers in which the two differ have less than
 * half of the multiplications; else with the campaign's own network.
 *
 * A budget of time buys whole epochs: before a design is trained, some steps are timed, and it gets
 * as many epochs as fit its even share of the time left, with a schedule made for so many. That
 * number goes into the database first, so that a run that was killed goes on with it, and so that
 * the training can be repeated to the bit without a clock. If the time is up all the same, because
 * the machine became slower, training ends with the epoch, and the database says so. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dse/memory.h"
#include "promote.h"
#include "promotion.h"
#include "train_steps.h"
#include "trained.h"

static const double NEAR = 0.5; /* promote_distance up to which a trained network is a start */

/* ---- deciding ---- */

/* Seconds of an epoch, from some steps of a trainer that is thrown away. */
static asx_status time_epoch(double *out, const promotion *p, const candidate *c, asx_error *err)
{
    enum { WARM = 2, TIMED = 6 };
    const asx_train_options o = trained_with_epochs(&p->options, 1);
    asx_trainer *trainer = NULL;
    double start = 0;
    asx_status st =
        asx_trainer_new(&trainer, p->x->w->network, p->data, p->images, &c->design, &o, err);
    const size_t n_steps = st == ASX_OK ? asx_trainer_progress(trainer).n_steps : 0;
    size_t i = 0;
    for (; st == ASX_OK && i < WARM + TIMED && i < n_steps; i++) {
        if (i == WARM)
            start = train_seconds();
        st = asx_trainer_step(trainer, err);
    }
    if (st == ASX_OK)
        *out = i > WARM ? (train_seconds() - start) / (double)(i - WARM) * (double)n_steps : 0;
    asx_trainer_free(trainer);
    return st;
}

/* 0 epochs: the time is up. */
static asx_status decide(decision *out, const promotion *p, size_t number, asx_error *err)
{
    const campaign *c = p->x->w->campaign;
    const size_t wanted = (size_t)asx_params_get(&p->options.number, "epochs");
    const candidate *self = &p->candidate[number];
    double nearest = NEAR, epoch_s = 0;
    decision d = {.epochs = wanted};
    const candidate *start = NULL;
    for (size_t i = 0; i < number; i++) {
        const double far =
            promote_distance(&self->design, &p->candidate[i].design, workbench_workload(p->x->w));
        if (p->candidate[i].trained && far < nearest) {
            nearest = far;
            start = &p->candidate[i];
        }
    }
    if (c->train_minutes > 0) {
        const asx_status st = time_epoch(&epoch_s, p, self, err);
        if (st < 0)
            return st;
        const double left = 60 * c->train_minutes - p->spent_s;
        const double share = left / (double)(p->n - number) / fmax(epoch_s, 1e-9);
        d.epochs = share >= (double)wanted ? wanted
                   : share >= 1            ? (size_t)share
                   : left >= epoch_s       ? 1
                                           : 0;
    }
    if (start && !(d.start = asx_string_copy(start->text)))
        return asx_fail(err, ASX_ENOMEM, "no memory for a design's text");
    *out = d;
    return ASX_OK;
}

/* ---- training one ---- */

static asx_status load_start(asx_network **out, const promotion *p, const char *text,
                             asx_error *err)
{
    asx_design design = {0};
    asx_text path = {0};
    asx_status st = asx_design_parse(&design, text, workbench_workload(p->x->w), err);
    if (st == ASX_OK)
        st = trained_path(&path, asx_store_path(p->x->store), p->x->w, &design, err);
    if (st == ASX_OK)
        st = asx_network_load(out, path.s, err);
    asx_text_fini(&path);
    asx_design_fini(&design);
    return st;
}

/* A file that was cut short counts as none. */
static bool has_network(const char *path)
{
    asx_network *network = NULL;
    const bool there = access(path, F_OK) == 0 && asx_network_load(&network, path, NULL) == ASX_OK;
    asx_network_free(network);
    return there;
}

/* The file is there as a whole or not at all, whenever the process ends. */
static asx_status save(const asx_trainer *trainer, const char *path, asx_error *err)
{
    asx_network *network = NULL;
    asx_text part = {0};
    asx_text_add(&part, "%s.part", path);
    asx_status st = part.failed ? asx_fail(err, ASX_ENOMEM, "no memory for a path")
                                : asx_trainer_network(&network, trainer, err);
    if (st == ASX_OK)
        st = asx_network_save(network, part.s, err);
    if (st == ASX_OK && rename(part.s, path) != 0)
        st = asx_fail(err, ASX_EIO, "cannot write '%s': %s", path, strerror(errno));
    asx_network_free(network);
    asx_text_fini(&part);
    return st;
}

/* The machine may have become slower than it was timed. */
static bool time_is_up(void *state)
{
    const promotion *p = state;
    const double most = 60 * p->x->w->campaign->train_minutes;
    return most > 0 && p->spent_s + (train_seconds() - p->told_s) > most;
}

/* From the decision to the file. A checkpoint of other work is not this design's: it is begun anew.
 */
static asx_status train(promotion *p, const candidate *c, decision *d, const char *path,
                        const char *label, asx_error *err)
{
    asx_network *start = NULL;
    asx_trainer *trainer = NULL;
    asx_text checkpoint = {0};
    const asx_train_options o = trained_with_epochs(&p->options, d->epochs);
    const train_steps steps = {
        .label = label,
        .stop = p->x->options->stop,
        .enough = time_is_up,
        .saved = promotion_add_spent,
        .state = p,
        .checkpoint = (asx_text_add(&checkpoint, "%s.checkpoint", path), checkpoint.s)};
    asx_status st = checkpoint.failed ? asx_fail(err, ASX_ENOMEM, "no memory for a path") : ASX_OK;
    if (st == ASX_OK && d->start)
        st = load_start(&start, p, d->start, err);
    if (st == ASX_OK)
        st = asx_trainer_new(&trainer, start ? start : p->x->w->network, p->data, p->images,
                             &c->design, &o, err);
    p->told_s = train_seconds();
    if (st == ASX_OK) {
        st = train_steps_run(trainer, &steps, true, err);
        if (st == ASX_EPARSE || (st == ASX_EINVAL && asx_trainer_progress(trainer).step == 0))
            st = train_steps_run(trainer, &steps, false, err);
    }
    if (st == ASX_OK &&
        asx_trainer_progress(trainer).step < asx_trainer_progress(trainer).n_steps) {
        d->done = asx_trainer_progress(trainer).epoch;
        st = promotion_write_decision(p, c->text, d, err);
    }
    if (st == ASX_OK)
        st = save(trainer, path, err);
    if (st == ASX_OK)
        (void)remove(checkpoint.s);
    asx_trainer_free(trainer);
    asx_network_free(start);
    asx_text_fini(&checkpoint);
    return st;
}

/* Measures what the file holds on every part of the images, and books it. */
static asx_status measure(const promotion *p, const candidate *c, const char *path, asx_error *err)
{
    workbench *w = p->x->w;
    asx_network *network = NULL;
    asx_status st = asx_network_load(&network, path, err);
    for (int i = 0; i < N_SUBSETS && st == ASX_OK; i++) {
        asx_accuracy a;
        const asx_store_inputs inputs = trained_inputs(w, (workbench_subset)i, p->key);
        if (i == SUBSET_REPORT && !w->has_subset[i])
            continue;
        st = trained_measure(&a, w, network, &c->design, (workbench_subset)i, err);
        if (st == ASX_OK)
            st = trained_book(p->x->store, p->x->campaign, w, &inputs, &c->design, &a, err);
    }
    asx_network_free(network);
    return st;
}

static asx_status is_booked(bool *out, const promotion *p, const candidate *c, asx_error *err)
{
    *out = true;
    for (int i = 0; i < N_SUBSETS && *out; i++) {
        const asx_store_inputs inputs = trained_inputs(p->x->w, (workbench_subset)i, p->key);
        asx_ledger ledger;
        asx_evaluation e;
        if (i == SUBSET_REPORT && !p->x->w->has_subset[i])
            continue;
        asx_status st = asx_store_ledger(&ledger, p->x->store, p->x->campaign, &inputs, 1, err);
        if (st == ASX_OK)
            st = ledger.find(ledger.state, c->text, &e, out, err);
        if (st < 0)
            return st;
    }
    return ASX_OK;
}

/* One design. `*over`: the time is up. */
static asx_status promote(bool *over, promotion *p, size_t number, asx_error *err)
{
    candidate *c = &p->candidate[number];
    decision d = {0};
    asx_text path = {0};
    char label[64];
    bool booked = false;
    snprintf(label, sizeof label, "training design %zu of %zu", number + 1, p->n);
    asx_status st = trained_path(&path, asx_store_path(p->x->store), p->x->w, &c->design, err);
    if (st == ASX_OK)
        st = is_booked(&booked, p, c, err);
    if (st == ASX_OK && !booked)
        st = promotion_read_decision(&d, p, c->text, err);
    if (st == ASX_OK && !booked && d.epochs == 0) {
        st = decide(&d, p, number, err);
        *over = st == ASX_OK && d.epochs == 0;
        if (st == ASX_OK && !*over) {
            (void)remove(path.s); /* of another campaign or other options */
            st = promotion_write_decision(p, c->text, &d, err);
        }
    }
    if (st == ASX_OK && !booked && !*over && !has_network(path.s))
        st = watch_stage(&p->x->watch, label, 0, err);
    if (st == ASX_OK && !booked && !*over && !has_network(path.s))
        st = train(p, c, &d, path.s, label, err);
    if (st < 0 && st != ASX_EINTERRUPTED)
        st = asx_fail_context(err, st, "training '%.200s'", c->text);
    if (st == ASX_OK && !booked && !*over)
        st = measure(p, c, path.s, err);
    c->trained = st == ASX_OK && !*over && has_network(path.s);
    free(d.start);
    asx_text_fini(&path);
    return st;
}

/* ---- the stage ---- */

static int by_drop(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    if (x->drop != y->drop)
        return x->drop < y->drop ? -1 : 1;
    return strcmp(x->text, y->text);
}

static asx_status choose(promotion *p, asx_error *err)
{
    const campaign *c = p->x->w->campaign;
    const asx_query query = {.campaign = p->x->campaign,
                             .tier = asx_tier_text(ASX_TIER_MEASURED),
                             .subset = workbench_subset_text(SUBSET_SELECT),
                             .sort = "design"};
    asx_status st = asx_query_rows(&p->rows, p->x->store, &query, err);
    size_t *index = asx_array_new(c->trained, sizeof *index), n = 0;
    p->candidate = asx_array_new(c->trained, sizeof *p->candidate);
    if (st == ASX_OK && (!index || !p->candidate))
        st = asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", c->trained);
    const asx_row *base = NULL;
    for (size_t i = 0; st == ASX_OK && i < p->rows.n; i++)
        if (strcmp(p->rows.row[i].design, exploration_baseline) == 0)
            base = &p->rows.row[i];
    if (st == ASX_OK && base) {
        const reference ref =
            reference_of(c->objective, c->n_objectives, &c->limits, &base->evaluation);
        st = promote_choose(index, &n, &p->rows, &ref, &c->limits, c->trained, err);
    }
    for (size_t i = 0; st == ASX_OK && i < n; i++) {
        const asx_row *row = &p->rows.row[index[i]];
        candidate *k = &p->candidate[i];
        *k = (candidate){.text = row->design, .drop = row->evaluation.accuracy.drop};
        st = asx_design_parse(&k->design, row->design, workbench_workload(p->x->w), err);
        p->n = i + 1;
    }
    if (st == ASX_OK && n > 0)
        qsort(p->candidate, n, sizeof *p->candidate, by_drop);
    free(index);
    return st;
}

static void promotion_fini(promotion *p)
{
    for (size_t i = 0; i < p->n; i++)
        asx_design_fini(&p->candidate[i].design);
    free(p->candidate);
    asx_rows_fini(&p->rows);
    asx_dataset_free(p->data);
}

asx_status stage_train(explore_result *result, exploration *x, asx_error *err)
{
    promotion p = {.x = x};
    bool over = false;
    if (x->w->campaign->trained == 0)
        return ASX_OK;
    asx_status st = workbench_need_data(x->w, err);
    if (st == ASX_OK)
        st = campaign_train_options(&p.options, x->w->campaign, err);
    if (st == ASX_OK)
        st = campaign_train_data(&p.data, &p.images, x->w->campaign, err);
    if (st == ASX_OK)
        st = choose(&p, err);
    if (st == ASX_OK)
        st = promotion_read_spent(&p, err);
    if (st == ASX_OK)
        p.key = trained_key(p.data, p.images, &p.options);
    for (size_t i = 0; st == ASX_OK && !over && i < p.n && !x->options->stop(NULL); i++) {
        st = promote(&over, &p, i, err);
        result->trained += st == ASX_OK && !over;
    }
    if (st == ASX_EINTERRUPTED)
        st = ASX_OK; /* the run ends as interrupted; the checkpoint is there */
    if (over)
        fprintf(stderr, "the time for training is up: %zu of %zu designs trained\n",
                result->trained, p.n);
    promotion_fini(&p);
    return st;
}
