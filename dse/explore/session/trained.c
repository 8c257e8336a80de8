#include "explore/trained.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "dse/design.h"
#include "dse/evaluator.h"
#include "dse/file.h"
#include "session_private.h"

asx_train_options asx_trained_with_epochs(const asx_train_options *options, size_t epochs)
{
    asx_train_options o = *options;
    for (size_t i = 0; o.number.spec[i].name; i++)
        if (strcmp(o.number.spec[i].name, "epochs") == 0)
            o.number.value[i] = (double)epochs;
    return o;
}

uint64_t asx_trained_key(const asx_dataset *data, asx_range images,
                         const asx_train_options *options)
{
    const uint64_t part[] = {asx_dataset_hash(data),
                             images.first,
                             images.end,
                             (uint64_t)options->optimiser,
                             (uint64_t)options->schedule,
                             (uint64_t)options->surrogate,
                             options->seed};
    const asx_train_options o = asx_trained_with_epochs(options, 1);
    asx_text text = {0};
    asx_params_print(&text, &o.number);
    for (size_t l = 0; o.via && l < o.via->n_layers; l++) {
        asx_text_add(&text, " ");
        asx_format_print(&text, &o.via->format[l]);
    }
    if (asx_faults_any(&options->faults)) {
        asx_text_add(&text, " faults ");
        asx_faults_print(&text, &options->faults);
    }
    const uint64_t hash = asx_hash(text.s ? text.s : "", text.n, asx_hash(part, sizeof part, 0));
    const bool failed = text.failed;
    asx_text_fini(&text);
    return failed ? ASX_NO_KEY : hash;
}

asx_store_inputs asx_trained_inputs(const asx_session *s, asx_subset subset, uint64_t key)
{
    const uint64_t measured = asx_session_accuracy_key(s, ASX_TIER_TRAINED, subset);
    return (asx_store_inputs){.tier = ASX_TIER_TRAINED,
                              .subset = asx_subset_text(subset),
                              .accuracy_key = key == ASX_NO_KEY || measured == ASX_NO_KEY
                                                  ? ASX_NO_KEY
                                                  : asx_hash(&key, sizeof key, measured),
                              .cost_key = asx_session_cost_key(s),
                              .about = asx_tier_text(ASX_TIER_TRAINED)};
}

asx_status asx_trained_path(asx_text *out, const char *database, const asx_session *s,
                            const asx_design *design, asx_error *err)
{
    asx_text formats = {0}, folder = {0};
    asx_design_print_formats(&formats, design, asx_session_workload(s));
    asx_text_add(&folder, "%s.train", database);
    asx_status status = ASX_OK;
    if (formats.failed || folder.failed)
        status = asx_fail(err, ASX_ENOMEM, "no memory for a path");
    else if (mkdir(folder.s, 0777) != 0 && errno != EEXIST)
        status =
            asx_fail(err, ASX_EIO, "cannot make the folder '%s': %s", folder.s, strerror(errno));
    else
        asx_text_add(
            out, "%s/%016llx.onnx", folder.s,
            (unsigned long long)asx_hash(formats.s, formats.n, asx_network_hash(s->network)));
    if (status == ASX_OK && out->failed)
        status = asx_fail(err, ASX_ENOMEM, "no memory for a path");
    asx_text_fini(&folder);
    asx_text_fini(&formats);
    return status;
}

asx_status asx_trained_measure(asx_accuracy *out, asx_session *s, const asx_network *network,
                               const asx_design *design, asx_subset subset, asx_error *err)
{
    asx_calibration *calibration = NULL;
    asx_measure *measure = NULL;
    asx_status status = asx_session_need_measure(s, subset, err);
    if (status == ASX_OK)
        status = asx_calibration_new(&calibration, network, s->data, s->calibrate,
                                     &s->campaign->calibration, err);
    if (status == ASX_OK)
        status = asx_measure_new(&measure, calibration, s->data, s->subset[subset], err);
    if (status == ASX_OK)
        status = asx_measure_refer(measure, s->measure[subset], err);
    if (status == ASX_OK)
        status = asx_measure_design(out, measure, design, err);
    if (status == ASX_OK)
        out->tier = ASX_TIER_TRAINED;
    asx_measure_free(measure);
    asx_calibration_free(calibration);
    return status;
}

asx_status asx_trained_book(asx_store *store, int64_t id, asx_session *s,
                            const asx_store_inputs *inputs, const asx_design *design,
                            const asx_accuracy *accuracy, asx_error *err)
{
    asx_ledger ledger;
    asx_evaluator hardware = {0};
    asx_evaluation e = {0};
    asx_text text = {0};
    asx_design_print(&text, design, asx_session_workload(s));
    asx_status status = text.failed ? asx_fail(err, ASX_ENOMEM, "no memory for a design's text")
                                    : asx_machine_evaluator(&hardware, s->machine, err);
    if (status == ASX_OK)
        status = asx_evaluator_run(&hardware, design, &e, err);
    e.accuracy = *accuracy;
    if (status == ASX_OK)
        status = asx_store_ledger(&ledger, store, id, inputs, 1, err);
    if (status == ASX_OK)
        status = ledger.book(ledger.state, text.s, design, &e, err);
    asx_evaluator_fini(&hardware);
    asx_text_fini(&text);
    return status;
}

asx_status asx_trained_keep(const char *database, asx_session *s, const asx_trained_result *result,
                            asx_error *err)
{
    asx_store *store = NULL;
    asx_text path = {0};
    int64_t id = 0;
    asx_status status = asx_store_open(&store, database, ASX_STORE_CREATE, err);
    if (status == ASX_OK)
        status = asx_session_record(&id, store, s, err);
    if (status == ASX_OK)
        status = asx_trained_path(&path, database, s, result->design, err);
    if (status == ASX_OK)
        status = asx_network_save(result->network, path.s, err);
    for (int i = 0; i < ASX_N_SUBSETS && status == ASX_OK; i++) {
        const asx_store_inputs inputs = asx_trained_inputs(s, (asx_subset)i, result->key);
        if (i == ASX_SUBSET_SELECT || s->has_subset[i])
            status =
                asx_trained_book(store, id, s, &inputs, result->design, &result->accuracy[i], err);
    }
    asx_text_fini(&path);
    asx_store_free(store);
    return status;
}
