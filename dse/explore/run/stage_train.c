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

#include "campaign_private.h"
#include "dse/memory.h"
#include "explore/trained.h"
#include "promote.h"
#include "promoting.h"
#include "results/query.h"
#include "train_steps.h"

/* ---- deciding ---- */

/* Seconds of an epoch, from some steps of a trainer that is thrown away. */
static asx_status time_epoch(double *out, const asx_promotion *p, const asx_promotion_candidate *c,
                             asx_error *err)
{
    enum { WARM = 2, TIMED = 6 };
    const asx_train_options o = asx_trained_with_epochs(&p->options, 1);
    asx_trainer *trainer = NULL;
    double start = 0;
    asx_status status =
        asx_trainer_new(&trainer, p->x->session->network, p->data, p->images, &c->design, &o, err);
    const size_t n_steps = status == ASX_OK ? asx_trainer_progress(trainer).n_steps : 0;
    size_t i = 0;
    for (; status == ASX_OK && i < WARM + TIMED && i < n_steps; i++) {
        if (i == WARM)
            start = asx_seconds();
        status = asx_trainer_step(trainer, err);
    }
    if (status == ASX_OK)
        *out = i > WARM ? (asx_seconds() - start) / (double)(i - WARM) * (double)n_steps : 0;
    asx_trainer_free(trainer);
    return status;
}

/* 0 epochs: the time is up. */
static asx_status decide(asx_promotion_plan *out, const asx_promotion *p, size_t number,
                         asx_error *err)
{
    const asx_campaign *c = p->x->session->campaign;
    const size_t wanted = (size_t)asx_params_get(&p->options.number, "epochs");
    const asx_promotion_candidate *self = &p->candidate[number];
    const size_t nearest = asx_promotion_nearest(p, number);
    double epoch_s = 0;
    asx_promotion_plan d = {.epochs = wanted};
    const asx_promotion_candidate *start = nearest < p->n ? &p->candidate[nearest] : NULL;
    if (c->train_minutes > 0) {
        const asx_status status = time_epoch(&epoch_s, p, self, err);
        if (status != ASX_OK)
            return status;
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

/* The file is there as a whole or not at all, whenever the process ends. */
static asx_status save(const asx_trainer *trainer, const char *path, asx_error *err)
{
    asx_network *network = NULL;
    asx_text part = {0};
    asx_text_add(&part, "%s.part", path);
    asx_status status = part.failed ? asx_fail(err, ASX_ENOMEM, "no memory for a path")
                                    : asx_trainer_network(&network, trainer, err);
    if (status == ASX_OK)
        status = asx_network_save(network, part.s, err);
    if (status == ASX_OK && rename(part.s, path) != 0)
        status = asx_fail(err, ASX_EIO, "cannot write '%s': %s", path, strerror(errno));
    asx_network_free(network);
    asx_text_fini(&part);
    return status;
}

/* The machine may have become slower than it was timed. */
static bool time_is_up(void *state)
{
    const asx_promotion *p = state;
    const double most = 60 * p->x->session->campaign->train_minutes;
    return most > 0 && p->spent_s + (asx_seconds() - p->told_s) > most;
}

/* From the decision to the file. A checkpoint of other work is not this design's: it is begun anew.
 */
static asx_status train(asx_promotion *p, const asx_promotion_candidate *c, asx_promotion_plan *d,
                        const char *path, asx_error *err)
{
    asx_network *start = NULL;
    asx_trainer *trainer = NULL;
    asx_text checkpoint = {0};
    const asx_train_options o = asx_trained_with_epochs(&p->options, d->epochs);
    const asx_train_steps steps = {
        .watcher = p->x->options->watcher,
        .enough = time_is_up,
        .saved = asx_promotion_add_spent,
        .state = p,
        .checkpoint = (asx_text_add(&checkpoint, "%s.checkpoint", path), checkpoint.s)};
    asx_status status =
        checkpoint.failed ? asx_fail(err, ASX_ENOMEM, "no memory for a path") : ASX_OK;
    if (status == ASX_OK && d->start)
        status = asx_promotion_load(&start, p, d->start, err);
    if (status == ASX_OK)
        status = asx_trainer_new(&trainer, start ? start : p->x->session->network, p->data,
                                 p->images, &c->design, &o, err);
    p->told_s = asx_seconds();
    if (status == ASX_OK) {
        status = asx_train_steps_run(trainer, &steps, true, err);
        if (status == ASX_EPARSE ||
            (status == ASX_EINVAL && asx_trainer_progress(trainer).step == 0))
            status = asx_train_steps_run(trainer, &steps, false, err);
    }
    if (status == ASX_OK &&
        asx_trainer_progress(trainer).step < asx_trainer_progress(trainer).n_steps) {
        d->stopped_after = asx_trainer_progress(trainer).epoch;
        status = asx_promotion_write_plan(p, c->text, d, err);
    }
    if (status == ASX_OK)
        status = save(trainer, path, err);
    if (status == ASX_OK)
        (void)remove(checkpoint.s);
    asx_trainer_free(trainer);
    asx_network_free(start);
    asx_text_fini(&checkpoint);
    return status;
}

/* One design. `*over`: the time is up. */
static asx_status promote(bool *over, asx_promotion *p, size_t number, asx_error *err)
{
    asx_promotion_candidate *c = &p->candidate[number];
    asx_promotion_plan d = {0};
    asx_text path = {0};
    char label[64];
    bool booked = false;
    snprintf(label, sizeof label, "training design %zu of %zu", number + 1, p->n);
    asx_status status =
        asx_trained_path(&path, asx_store_path(p->x->store), p->x->session, &c->design, err);
    if (status == ASX_OK)
        status = asx_promotion_is_booked(&booked, p, c, err);
    if (status == ASX_OK && !booked)
        status = asx_promotion_plan_read(&d, p->x->store, p->x->campaign, p->key, c->text, err);
    if (status == ASX_OK && !booked && d.epochs == 0) {
        status = decide(&d, p, number, err);
        *over = status == ASX_OK && d.epochs == 0;
        if (status == ASX_OK && !*over) {
            (void)remove(path.s); /* of another campaign or other options */
            status = asx_promotion_write_plan(p, c->text, &d, err);
        }
    }
    if (status == ASX_OK && !booked && !*over && !asx_promotion_has_network(path.s))
        status = asx_monitor_stage(&p->x->monitor, label, 0, err);
    if (status == ASX_OK && !booked && !*over && !asx_promotion_has_network(path.s))
        status = train(p, c, &d, path.s, err);
    if (status != ASX_OK && status != ASX_EINTERRUPTED)
        status = asx_fail_context(err, status, "training '%.200s'", c->text);
    if (status == ASX_OK && !booked && !*over)
        status = asx_promotion_measure(p, c, path.s, err);
    c->trained = status == ASX_OK && !*over && asx_promotion_has_network(path.s);
    free(d.start);
    asx_text_fini(&path);
    return status;
}

/* ---- the stage ---- */

static int by_drop(const void *a, const void *b)
{
    const asx_promotion_candidate *x = a, *y = b;
    if (x->drop != y->drop)
        return x->drop < y->drop ? -1 : 1;
    return strcmp(x->text, y->text);
}

static asx_status choose(asx_promotion *p, asx_error *err)
{
    const asx_campaign *c = p->x->session->campaign;
    const asx_query query = {.campaign = p->x->campaign,
                             .tier = asx_tier_text(ASX_TIER_MEASURED),
                             .subset = asx_subset_text(ASX_SUBSET_SELECT),
                             .sort = "design"};
    asx_status status = asx_query_rows(&p->rows, p->x->store, &query, err);
    size_t *index = asx_array_new(c->trained, sizeof *index), n = 0;
    p->candidate = asx_array_new(c->trained, sizeof *p->candidate);
    if (status == ASX_OK && (!index || !p->candidate))
        status = asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", c->trained);
    const asx_row *base = NULL;
    for (size_t i = 0; status == ASX_OK && i < p->rows.n; i++)
        if (strcmp(p->rows.row[i].design, ASX_BASELINE) == 0)
            base = &p->rows.row[i];
    if (status == ASX_OK && base) {
        const asx_reference_point ref = asx_reference_point_of(
            c->objective, c->n_objectives, &c->limits, c->score.point, &base->evaluation);
        status = asx_promote_choose(index, &n, &p->rows, &ref, &c->limits, c->trained, err);
    }
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        const asx_row *row = &p->rows.row[index[i]];
        asx_promotion_candidate *k = &p->candidate[i];
        *k = (asx_promotion_candidate){.text = row->design, .drop = row->evaluation.accuracy.drop};
        status =
            asx_design_parse(&k->design, row->design, asx_session_workload(p->x->session), err);
        p->n = i + 1;
    }
    if (status == ASX_OK && n > 0)
        qsort(p->candidate, n, sizeof *p->candidate, by_drop);
    free(index);
    return status;
}

static void promotion_fini(asx_promotion *p)
{
    for (size_t i = 0; i < p->n; i++)
        asx_design_fini(&p->candidate[i].design);
    free(p->candidate);
    asx_rows_fini(&p->rows);
    asx_dataset_free(p->data);
}

asx_status asx_stage_train(asx_explore_result *result, asx_exploration *x, asx_error *err)
{
    asx_promotion p = {.x = x};
    bool over = false;
    if (x->session->campaign->trained == 0)
        return ASX_OK;
    asx_status status = asx_session_need_data(x->session, err);
    if (status == ASX_OK)
        status = asx_campaign_train_options(&p.options, x->session->campaign, err);
    if (status == ASX_OK)
        status = asx_campaign_train_data(&p.data, &p.images, x->session->campaign, err);
    if (status == ASX_OK)
        status = choose(&p, err);
    if (status == ASX_OK)
        status = asx_promotion_spent_read(&p.spent_s, x->store, x->campaign, err);
    if (status == ASX_OK)
        p.key = asx_trained_key(p.data, p.images, &p.options);
    const bool shared = x->session->crew && x->session->campaign->train_minutes <= 0;
    if (status == ASX_OK && shared)
        status = asx_promotion_run_away(&result->trained, &p, err);
    if (status == ASX_OK && x->session->crew && !shared && p.n > 1)
        asx_watcher_say(
            x->options->watcher, ASX_SAY_REMARK,
            "rank 0 trains alone: a budget of time (verify.minutes) makes each training "
            "wait for the one before; without it the ranks share them");
    for (size_t i = 0;
         status == ASX_OK && !shared && !over && i < p.n && !asx_watcher_stops(x->options->watcher);
         i++) {
        status = promote(&over, &p, i, err);
        result->trained += status == ASX_OK && !over;
    }
    if (status == ASX_EINTERRUPTED)
        status = ASX_OK; /* the run ends as interrupted; the checkpoint is there */
    if (over)
        asx_watcher_say(x->options->watcher, ASX_SAY_REMARK,
                        "the time for training is up: %zu of %zu designs trained", result->trained,
                        p.n);
    promotion_fini(&p);
    return status;
}
