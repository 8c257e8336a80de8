/* One training, as 'asx train' wants it. */
#include "explore/training.h"

#include <math.h>
#include <stdio.h>

#include "campaign_private.h"
#include "dse/text.h"
#include "explore/trained.h"
#include "train_steps.h"

typedef struct work {
    asx_session *session;
    const asx_training *wanted;
    asx_dataset *data;
    asx_range images;
    asx_training_result result;
    asx_accuracy accuracy[ASX_N_SUBSETS]; /* after training */
} work;

static asx_status train(const work *k, asx_error *err)
{
    const asx_training *t = k->wanted;
    asx_trainer *trainer = NULL;
    asx_network *network = NULL;
    asx_text path = {0};
    asx_text_add(&path, "%s.checkpoint", t->output);
    asx_status status = path.failed ? asx_fail(err, ASX_ENOMEM, "no memory for a path") : ASX_OK;
    asx_train_options options = t->options;
    if (t->shared)
        options.space = k->session->space;
    if (status == ASX_OK)
        status = asx_trainer_new(&trainer, k->session->network, k->data, k->images, t->design,
                                 &options, err);
    const asx_train_steps steps = {.checkpoint = path.s, .watcher = t->watcher};
    if (status == ASX_OK)
        status = asx_train_steps_run(trainer, &steps, !t->restart, err);
    if (status == ASX_OK)
        status = asx_trainer_network(&network, trainer, err);
    if (status == ASX_OK)
        status = asx_network_save(network, t->output, err);
    if (status == ASX_OK)
        (void)remove(path.s);
    asx_network_free(network);
    asx_trainer_free(trainer);
    asx_text_fini(&path);
    return status;
}

static void add_row(work *k, bool trained, const asx_design *design, asx_subset subset,
                    const asx_accuracy *a)
{
    k->result.row[k->result.n++] = (asx_training_row){trained, design, subset, *a};
}

/* A design before and after. */
static asx_status judge(work *k, const asx_design *design, const asx_measure *before,
                        const asx_measure *after, asx_subset subset, asx_error *err)
{
    asx_accuracy a;
    asx_status status = asx_measure_design(&a, before, design, err);
    if (status == ASX_OK) {
        add_row(k, false, design, subset, &a);
        status = asx_measure_design(&a, after, design, err);
    }
    if (status != ASX_OK)
        return status;
    a.tier = k->wanted->shared ? a.tier : ASX_TIER_TRAINED;
    add_row(k, true, design, subset, &a);
    k->accuracy[subset] = a;
    return ASX_OK;
}

/* The rows of one part of the images: before and after. */
static asx_status measure(work *k, asx_calibration *trained, asx_subset subset, asx_error *err)
{
    const asx_session *s = k->session;
    const asx_measure *before = s->measure[subset];
    const asx_training *t = k->wanted;
    asx_measure *after = NULL;
    asx_accuracy a = asx_measure_float(before);
    add_row(k, false, NULL, subset, &a);
    asx_status status = asx_measure_new(&after, trained, s->data, s->subset[subset], err);
    if (status == ASX_OK && (t->shared || !t->design)) {
        a = asx_measure_float(after);
        a.drop = asx_measure_float(before).accuracy - a.accuracy;
        a.drop_low = a.drop_high = NAN; /* answers of two float networks are not held by image */
        add_row(k, true, NULL, subset, &a);
    }
    if (status == ASX_OK && t->n_judged > 0)
        status = asx_measure_refer(after, before, err);
    for (size_t i = 0; i < t->n_judged && status == ASX_OK; i++)
        status = judge(k, &t->judged[i], before, after, subset, err);
    asx_measure_free(after);
    return status;
}

static asx_status keep(const work *k, const asx_network *network, asx_error *err)
{
    const asx_trained_result result = {
        .network = network,
        .design = k->wanted->design,
        .accuracy = k->accuracy,
        .key = asx_trained_key(k->data, k->images, &k->wanted->options)};
    return asx_trained_keep(k->wanted->database, k->session, &result, err);
}

/* What was written is what is measured. */
static asx_status report(work *k, asx_error *err)
{
    const asx_session *s = k->session;
    asx_network *network = NULL;
    asx_calibration *calibration = NULL;
    asx_status status = asx_network_load(&network, k->wanted->output, err);
    if (status == ASX_OK)
        status = asx_calibration_new(&calibration, network, s->data, s->calibrate,
                                     &s->campaign->calibration, err);
    for (int i = 0; i < ASX_N_SUBSETS && status == ASX_OK; i++)
        if (i == ASX_SUBSET_SELECT || s->has_subset[i])
            status = measure(k, calibration, (asx_subset)i, err);
    if (status == ASX_OK && k->wanted->database && k->wanted->design)
        status = keep(k, network, err);
    asx_calibration_free(calibration);
    asx_network_free(network);
    return status;
}

asx_status asx_training_run(asx_training_result *out, asx_session *s, const asx_training *training,
                            asx_error *err)
{
    work k = {.session = s, .wanted = training};
    const asx_campaign *c = s->campaign;
    asx_status status =
        c->own_classes
            ? asx_campaign_fail(c, err, ASX_EUNSUPPORTED, c->spec->data->classes,
                                "data.classes: network: training learns what labels say, "
                                "not the classes of the network")
            : ASX_OK;
    for (int i = 0; i < ASX_N_SUBSETS && status == ASX_OK; i++)
        if (i == ASX_SUBSET_SELECT || s->has_subset[i])
            status = asx_session_need_measure(s, (asx_subset)i, err);
    if (status == ASX_OK)
        status = asx_campaign_train_data(&k.data, &k.images, s->campaign, err);
    if (status == ASX_OK)
        status = train(&k, err);
    if (status == ASX_OK)
        status = report(&k, err);
    if (status == ASX_OK)
        *out = k.result;
    asx_dataset_free(k.data);
    return status;
}
