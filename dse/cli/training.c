#include "training.h"

#include <stdio.h>
#include <stdlib.h>

#include "dse/text.h"
#include "train_steps.h"
#include "trained.h"

static const table_column columns[] = {{"network", TABLE_TEXT, 0},
                                       {"design", TABLE_TEXT, 0},
                                       {"images_of", TABLE_TEXT, 0},
                                       {"images", TABLE_INTEGER, 0},
                                       {"accuracy", TABLE_NUMBER, 2},
                                       {"accuracy_low", TABLE_NUMBER, 2},
                                       {"accuracy_high", TABLE_NUMBER, 2},
                                       {"drop", TABLE_NUMBER, 2},
                                       {"drop_low", TABLE_NUMBER, 2},
                                       {"drop_high", TABLE_NUMBER, 2},
                                       {0}};

static asx_status train(const training *t, asx_error *err)
{
    asx_trainer *trainer = NULL;
    asx_network *network = NULL;
    asx_text path = {0};
    asx_text_add(&path, "%s.checkpoint", t->output);
    asx_status st = path.failed ? asx_fail(err, ASX_ENOMEM, "no memory for a path") : ASX_OK;
    if (st == ASX_OK)
        st = asx_trainer_new(&trainer, t->bench.network, t->data, t->images,
                             t->design.n_layers ? &t->design : NULL, &t->options, err);
    const train_steps steps = {.checkpoint = path.s, .stop = t->stop};
    if (st == ASX_OK)
        st = train_steps_run(trainer, &steps, !t->restart, err);
    if (st == ASX_OK)
        st = asx_trainer_network(&network, trainer, err);
    if (st == ASX_OK)
        st = asx_network_save(network, t->output, err);
    if (st == ASX_OK)
        (void)remove(path.s);
    asx_network_free(network);
    asx_trainer_free(trainer);
    asx_text_fini(&path);
    return st;
}

static void add_row(table *t, const char *network, const char *design, const char *subset,
                    const asx_accuracy *a)
{
    const double v[] = {a->accuracy, a->accuracy_low, a->accuracy_high,
                        a->drop,     a->drop_low,     a->drop_high};
    table_text(t, network);
    table_text(t, design);
    table_text(t, subset);
    table_integer(t, (long long)a->images);
    for (size_t i = 0; i < sizeof v / sizeof *v; i++)
        table_number(t, v[i]);
}

/* The rows of one part of the images: before and after. */
static asx_status measure(table *out, training *t, asx_calibration *trained,
                          workbench_subset subset, const char *design, asx_error *err)
{
    const asx_measure *before = t->bench.measure[subset];
    const char *name = workbench_subset_text(subset);
    asx_measure *after = NULL;
    asx_accuracy a = asx_measure_float(before);
    add_row(out, "given", "float", name, &a);
    asx_status st = asx_measure_new(&after, trained, t->bench.data, t->bench.subset[subset], err);
    if (st == ASX_OK && t->design.n_layers) {
        st = asx_measure_design(&a, before, &t->design, err);
        if (st == ASX_OK)
            add_row(out, "given", design, name, &a);
        if (st == ASX_OK)
            st = asx_measure_refer(after, before, err);
        if (st == ASX_OK)
            st = asx_measure_design(&a, after, &t->design, err);
        a.tier = ASX_TIER_TRAINED;
    } else if (st == ASX_OK) {
        a = asx_measure_float(after);
        a.drop = a.drop_low = a.drop_high = asx_measure_float(before).accuracy - a.accuracy;
    }
    if (st == ASX_OK)
        add_row(out, "trained", design, name, &a);
    t->accuracy[subset] = a;
    asx_measure_free(after);
    return st;
}

static asx_status keep(training *t, const asx_network *network, asx_error *err)
{
    const trained_result result = {.network = network,
                                   .design = &t->design,
                                   .accuracy = t->accuracy,
                                   .key = trained_key(t->data, t->images, &t->options)};
    return trained_keep(t->database, &t->bench, &result, err);
}

static asx_status report(table **out, training *t, asx_error *err)
{
    asx_network *network = NULL;
    asx_calibration *calibration = NULL;
    asx_text design = {0};
    table *rows = NULL;
    asx_status st = table_new(&rows, NULL, columns, err);
    if (t->design.n_layers)
        asx_design_print(&design, &t->design, workbench_workload(&t->bench));
    else
        asx_text_add(&design, "float");
    if (st == ASX_OK && design.failed)
        st = asx_fail(err, ASX_ENOMEM, "no memory for a design's text");
    if (st == ASX_OK)
        st = asx_network_load(&network, t->output, err);
    if (st == ASX_OK)
        st = asx_calibration_new(&calibration, network, t->bench.data, t->bench.calibrate,
                                 &t->bench.campaign->calibration, err);
    for (int i = 0; i < N_SUBSETS && st == ASX_OK; i++)
        if (i == SUBSET_SELECT || t->bench.has_subset[i])
            st = measure(rows, t, calibration, (workbench_subset)i, design.s, err);
    if (st == ASX_OK && t->database && t->design.n_layers)
        st = keep(t, network, err);
    if (st == ASX_OK) {
        *out = rows;
        rows = NULL;
    }
    table_free(rows);
    asx_calibration_free(calibration);
    asx_network_free(network);
    asx_text_fini(&design);
    return st;
}

asx_status training_run(training *t, table **out, asx_error *err)
{
    asx_status st = workbench_need_measure(&t->bench, SUBSET_SELECT, err);
    if (st == ASX_OK && t->bench.has_subset[SUBSET_REPORT])
        st = workbench_need_measure(&t->bench, SUBSET_REPORT, err);
    if (st == ASX_OK)
        st = campaign_train_data(&t->data, &t->images, t->bench.campaign, err);
    if (st == ASX_OK)
        st = train(t, err);
    return st == ASX_OK ? report(out, t, err) : st;
}

void training_close(training *t)
{
    asx_dataset_free(t->data);
    asx_design_fini(&t->design);
    asx_design_fini(&t->via);
    workbench_close(&t->bench);
}
