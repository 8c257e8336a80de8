#include "trained.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "dse/file.h"
#include "exploration.h"

asx_train_options trained_with_epochs(const asx_train_options *options, size_t epochs)
{
    asx_train_options o = *options;
    for (size_t i = 0; o.number.spec[i].name; i++)
        if (strcmp(o.number.spec[i].name, "epochs") == 0)
            o.number.value[i] = (double)epochs;
    return o;
}

uint64_t trained_key(const asx_dataset *data, asx_range images, const asx_train_options *options)
{
    const uint64_t part[] = {asx_dataset_hash(data),
                             images.first,
                             images.end,
                             (uint64_t)options->optimiser,
                             (uint64_t)options->schedule,
                             (uint64_t)options->surrogate,
                             options->seed};
    const asx_train_options o = trained_with_epochs(options, 1);
    asx_text text = {0};
    asx_params_print(&text, &o.number);
    for (size_t l = 0; o.via && l < o.via->n_layers; l++) {
        asx_text_add(&text, " ");
        asx_format_print(&text, &o.via->format[l]);
    }
    const uint64_t hash = asx_hash(text.s ? text.s : "", text.n, asx_hash(part, sizeof part, 0));
    asx_text_fini(&text);
    return hash;
}

asx_store_inputs trained_inputs(const workbench *w, workbench_subset subset, uint64_t key)
{
    const uint64_t measured = workbench_accuracy_key(w, ASX_TIER_TRAINED, subset);
    return (asx_store_inputs){.tier = ASX_TIER_TRAINED,
                              .subset = workbench_subset_text(subset),
                              .accuracy_key = asx_hash(&key, sizeof key, measured),
                              .cost_key = workbench_cost_key(w),
                              .about = asx_tier_text(ASX_TIER_TRAINED)};
}

asx_status trained_path(asx_text *out, const char *database, const workbench *w,
                        const asx_design *design, asx_error *err)
{
    asx_text formats = {0}, folder = {0};
    asx_design_print_formats(&formats, design, workbench_workload(w));
    asx_text_add(&folder, "%s.train", database);
    asx_status st = ASX_OK;
    if (formats.failed || folder.failed)
        st = asx_fail(err, ASX_ENOMEM, "no memory for a path");
    else if (mkdir(folder.s, 0777) != 0 && errno != EEXIST)
        st = asx_fail(err, ASX_EIO, "cannot make the folder '%s': %s", folder.s, strerror(errno));
    else
        asx_text_add(
            out, "%s/%016llx.onnx", folder.s,
            (unsigned long long)asx_hash(formats.s, formats.n, asx_network_hash(w->network)));
    if (st == ASX_OK && out->failed)
        st = asx_fail(err, ASX_ENOMEM, "no memory for a path");
    asx_text_fini(&folder);
    asx_text_fini(&formats);
    return st;
}

asx_status trained_measure(asx_accuracy *out, workbench *w, const asx_network *network,
                           const asx_design *design, workbench_subset subset, asx_error *err)
{
    asx_calibration *calibration = NULL;
    asx_measure *measure = NULL;
    asx_status st = workbench_need_measure(w, subset, err);
    if (st == ASX_OK)
        st = asx_calibration_new(&calibration, network, w->data, w->calibrate,
                                 &w->campaign->calibration, err);
    if (st == ASX_OK)
        st = asx_measure_new(&measure, calibration, w->data, w->subset[subset], err);
    if (st == ASX_OK)
        st = asx_measure_refer(measure, w->measure[subset], err);
    if (st == ASX_OK)
        st = asx_measure_design(out, measure, design, err);
    if (st == ASX_OK)
        out->tier = ASX_TIER_TRAINED;
    asx_measure_free(measure);
    asx_calibration_free(calibration);
    return st;
}

asx_status trained_book(asx_store *store, int64_t id, workbench *w, const asx_store_inputs *inputs,
                        const asx_design *design, const asx_accuracy *accuracy, asx_error *err)
{
    asx_ledger ledger;
    asx_evaluator hardware = {0};
    asx_evaluation e = {0};
    asx_text text = {0};
    asx_design_print(&text, design, workbench_workload(w));
    asx_status st = text.failed ? asx_fail(err, ASX_ENOMEM, "no memory for a design's text")
                                : asx_machine_evaluator(&hardware, w->machine, err);
    if (st == ASX_OK)
        st = asx_evaluator_run(&hardware, design, &e, err);
    e.accuracy = *accuracy;
    if (st == ASX_OK)
        st = asx_store_ledger(&ledger, store, id, inputs, 1, err);
    if (st == ASX_OK)
        st = ledger.book(ledger.state, text.s, design, &e, err);
    asx_evaluator_fini(&hardware);
    asx_text_fini(&text);
    return st;
}

asx_status trained_keep(const char *database, workbench *w, const trained_result *result,
                        asx_error *err)
{
    asx_store *store = NULL;
    asx_text path = {0};
    int64_t id = 0;
    asx_status st = asx_store_open(&store, database, ASX_STORE_CREATE, err);
    if (st == ASX_OK)
        st = exploration_campaign(&id, store, w, err);
    if (st == ASX_OK)
        st = trained_path(&path, database, w, result->design, err);
    if (st == ASX_OK)
        st = asx_network_save(result->network, path.s, err);
    for (int i = 0; i < N_SUBSETS && st == ASX_OK; i++) {
        const asx_store_inputs inputs = trained_inputs(w, (workbench_subset)i, result->key);
        if (i == SUBSET_SELECT || w->has_subset[i])
            st = trained_book(store, id, w, &inputs, result->design, &result->accuracy[i], err);
    }
    asx_text_fini(&path);
    asx_store_free(store);
    return st;
}
