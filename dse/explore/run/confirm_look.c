/* Looks at designs on the confirm images, block by block. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "confirming.h"
#include "dse/estimate.h"
#include "dse/memory.h"
#include "explore/trained.h"
#include "results/query.h"

asx_status asx_looking_init(asx_looking *l, asx_exploration *x, asx_error *err)
{
    enum { BLOCKS = 8, LEAST = 64 };
    const asx_range *r = &x->session->subset[ASX_SUBSET_CONFIRM];
    const size_t images = r->end - r->first, eighth = (images + BLOCKS - 1) / BLOCKS;
    const bool parts = asx_score_adds_up(asx_dataset_score(x->session->data));
    const size_t block = !parts ? images : eighth > LEAST ? eighth : LEAST;
    *l = (asx_looking){.x = x, .images = images, .block = block};
    l->key = asx_session_inputs(x->session, ASX_TIER_MEASURED, ASX_SUBSET_CONFIRM).accuracy_key;
    if (l->key == ASX_NO_KEY)
        return asx_fail(err, ASX_ENOMEM, "no memory for the key of the confirm images");
    l->n_blocks = (images + l->block - 1) / l->block;
    l->measure = asx_array_new(l->n_blocks, sizeof *l->measure);
    return l->measure ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for %zu blocks", l->n_blocks);
}

void asx_looking_fini(asx_looking *l)
{
    if (!l)
        return;
    for (size_t i = 0; l->measure && i < l->n_blocks; i++)
        asx_measure_free(l->measure[i]);
    free(l->measure);
    *l = (asx_looking){0};
}

static asx_status need_block(asx_looking *l, size_t block, asx_error *err)
{
    asx_session *s = l->x->session;
    const size_t first = s->subset[ASX_SUBSET_CONFIRM].first + block * l->block;
    const size_t left = l->images - block * l->block;
    asx_status status = asx_session_need_calibration(s, err);
    if (status == ASX_OK && !l->measure[block])
        status =
            asx_measure_new(&l->measure[block], s->calibration, s->data,
                            (asx_range){first, first + (left < l->block ? left : l->block)}, err);
    return status;
}

/* Of a measure that does not count. */
static void add_value(asx_look *known, const asx_accuracy *a)
{
    const double n = (double)a->images;
    const double error = (a->accuracy_high - a->accuracy_low) / (2 * asx_estimate_reach(a->images));
    known->value += n * a->accuracy;
    known->square += n * n * error * error;
}

/* What was seen on all images. */
static asx_accuracy accuracy_of(const asx_look *look)
{
    const asx_paired *seen = &look->seen;
    asx_accuracy a =
        asx_accuracy_from_paired(ASX_TIER_MEASURED, seen, look->correct - seen->only_design);
    if (!seen->scored)
        return a;
    const double n = (double)seen->images, reach = asx_estimate_reach(seen->images);
    a.accuracy = look->value / n;
    a.accuracy_low = a.accuracy - reach * sqrt(look->square) / n;
    a.accuracy_high = a.accuracy + reach * sqrt(look->square) / n;
    return a;
}

/* One more block, into the database. @param known  what is known of the images before it */
static asx_status look_on(asx_look *known, asx_looking *l, const asx_design *design,
                          const char *formats, asx_error *err)
{
    asx_accuracy a;
    asx_paired more = {0};
    const size_t block = known->seen.images / l->block;
    asx_status status = need_block(l, block, err);
    if (status == ASX_OK)
        status = asx_measure_design(&a, l->measure[block], design, err);
    if (status == ASX_OK && !asx_paired_of(&more, &a))
        status =
            asx_fail(err, ASX_EINVAL, "confirming '%s': %zu images are too few", formats, a.images);
    if (status != ASX_OK)
        return status;
    asx_paired_add(&known->seen, &more);
    if (more.scored)
        add_value(known, &a);
    else
        known->correct += a.correct;
    return asx_look_keep(l->x->store, l->key, formats, known, err);
}

static asx_status look_measured(asx_paired *seen, asx_looking *l, const char *text, size_t upto,
                                asx_error *err)
{
    asx_design design = {0};
    asx_text formats = {0};
    asx_look look = {.seen = {0}};
    const asx_workload *work = asx_session_workload(l->x->session);
    asx_status status = asx_design_parse(&design, text, work, err);
    if (status == ASX_OK)
        asx_design_print_formats(&formats, &design, work);
    if (status == ASX_OK && formats.failed)
        status = asx_fail(err, ASX_ENOMEM, "no memory for a design's text");
    while (status == ASX_OK && look.seen.images < upto) {
        const size_t left = l->images - look.seen.images;
        bool found = false;
        status = asx_look_find(&look, &found, l->x->store, l->key, formats.s,
                               look.seen.images + (left < l->block ? left : l->block), err);
        if (status == ASX_OK && !found && asx_watcher_stops(l->x->options->watcher))
            status = asx_fail(err, ASX_EINTERRUPTED, "confirming: interrupted");
        if (status == ASX_OK && !found)
            status = look_on(&look, l, &design, formats.s, err);
    }
    if (status == ASX_OK)
        *seen = look.seen;
    asx_text_fini(&formats);
    asx_design_fini(&design);
    return status;
}

/* Training has measured the network on all of them. */
static asx_status look_trained(asx_paired *seen, asx_looking *l, const char *text, asx_error *err)
{
    const asx_query query = {.campaign = l->x->campaign,
                             .tier = asx_tier_text(ASX_TIER_TRAINED),
                             .subset = asx_subset_text(ASX_SUBSET_CONFIRM),
                             .design = text,
                             .sort = "evaluation"};
    asx_rows rows = {0};
    asx_paired p;
    asx_status status = asx_query_rows(&rows, l->x->store, &query, err);
    if (status == ASX_OK &&
        (rows.n == 0 || !asx_paired_of(&p, &rows.row[rows.n - 1].evaluation.accuracy) ||
         p.images != l->images))
        status = asx_fail(err, ASX_ENOTFOUND, "'%.200s' was trained before there were such images",
                          text);
    if (status == ASX_OK)
        *seen = p;
    asx_rows_fini(&rows);
    return status;
}

asx_status asx_looking_at(asx_paired *seen, void *state, size_t step, size_t upto, asx_error *err)
{
    asx_looking *l = state;
    const asx_confirmed_step *s = &l->now->step[step];
    return s->tier == ASX_TIER_TRAINED ? look_trained(seen, l, s->design, err)
                                       : look_measured(seen, l, s->design, upto, err);
}

asx_status asx_looking_book(asx_looking *l, const asx_confirmed_step *step, asx_error *err)
{
    asx_session *s = l->x->session;
    const asx_store_inputs inputs = asx_session_inputs(s, ASX_TIER_MEASURED, ASX_SUBSET_CONFIRM);
    const asx_paired *seen = &step->trial.seen;
    asx_design design = {0};
    asx_text formats = {0};
    asx_ledger ledger;
    asx_evaluation e;
    asx_look look = {0};
    bool known = true, found = false;
    if (step->tier != ASX_TIER_MEASURED || seen->images < l->images)
        return ASX_OK;
    asx_status status = asx_store_ledger(&ledger, l->x->store, l->x->campaign, &inputs, 1, err);
    if (status == ASX_OK)
        status = ledger.find(ledger.state, step->design, &e, &known, err);
    if (status != ASX_OK || known)
        return status;
    status = asx_design_parse(&design, step->design, asx_session_workload(s), err);
    if (status == ASX_OK)
        asx_design_print_formats(&formats, &design, asx_session_workload(s));
    if (status == ASX_OK && formats.failed)
        status = asx_fail(err, ASX_ENOMEM, "no memory for a list of formats");
    if (status == ASX_OK)
        status = asx_look_find(&look, &found, l->x->store, l->key, formats.s, l->images, err);
    if (status == ASX_OK && found) {
        const asx_accuracy a = accuracy_of(&look);
        status = asx_trained_book(l->x->store, l->x->campaign, s, &inputs, &design, &a, err);
    }
    asx_text_fini(&formats);
    asx_design_fini(&design);
    return status;
}
