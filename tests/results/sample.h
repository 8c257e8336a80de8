/* Databases in a scratch folder, and evaluations whose every field differs. */
#ifndef ASX_TESTS_RESULTS_SAMPLE_H
#define ASX_TESTS_RESULTS_SAMPLE_H

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "results/query.h"
#include "results/record.h"
#include "results/run.h"
#include "results/store.h"

/* Path of a file in a fresh folder; sample_remove deletes the folder. */
static inline void sample_path(char *path, size_t n, const char *name)
{
    char folder[] = "/tmp/asx-results-XXXXXX";
    assert_non_null(mkdtemp(folder));
    snprintf(path, n, "%s/%s", folder, name);
}

static inline void sample_remove(const char *path)
{
    char command[512];
    snprintf(command, sizeof command, "rm -rf \"$(dirname '%s')\"", path);
    assert_int_equal(system(command), 0);
}

/* Numbers without short decimal forms, so that any loss on the way shows. */
static inline asx_evaluation sample_evaluation(asx_tier tier, unsigned salt)
{
    asx_evaluation e = {.accuracy = {.tier = tier, .images = 512 + salt, .correct = 400 + salt}};
    double *real[] = {&e.accuracy.accuracy, &e.accuracy.accuracy_low, &e.accuracy.accuracy_high,
                      &e.accuracy.drop,     &e.accuracy.drop_low,     &e.accuracy.drop_high,
                      &e.cost.energy_pj,    &e.cost.latency_ns,       &e.cost.cycles,
                      &e.cost.area_um2,     &e.cost.weight_bits};
    for (size_t i = 0; i < sizeof real / sizeof *real; i++)
        *real[i] = (double)(i + 1) * 1e3 / 7 + (double)salt / 3;
    if (tier == ASX_TIER_COSTS)
        e.accuracy = asx_accuracy_unknown();
    for (int p = 0; p < ASX_N_PARTS; p++) {
        e.cost.energy_part_pj[p] = (p + 1) / 11.0 + (double)salt;
        e.cost.area_part_um2[p] = (p + 1) / 13.0 - (double)salt;
    }
    return e;
}

/* Field by field, bit for bit: memcmp would see padding. */
static inline void sample_equal(const asx_evaluation *a, const asx_evaluation *b)
{
    assert_int_equal(a->accuracy.tier, b->accuracy.tier);
    assert_int_equal(a->accuracy.images, b->accuracy.images);
    assert_int_equal(a->accuracy.correct, b->accuracy.correct);
    assert_memory_equal(&a->accuracy.accuracy, &b->accuracy.accuracy, 6 * sizeof(double));
    assert_memory_equal(&a->cost, &b->cost, sizeof a->cost);
}

static inline int64_t sample_campaign(asx_store *store, const char *name)
{
    asx_error err = {0};
    asx_workload work = {0};
    int64_t id = 0;
    asx_record record = {.name = name,
                         .text = "name: x\n",
                         .objectives = "drop energy",
                         .seed = UINT64_MAX - 5,
                         .baseline = "vn: w8a8",
                         .version = "0.1.0",
                         .created = "now"};
    asx_layer layer = {
        "conv1", ASX_LAYER_CONV,      3,   32, 30, 16, 16, 15, 3, 5, 2, 2, 1, true, 0,
        0,       {.weight_sigma = 0}, {0}, 1};
    CHECK_OK(asx_workload_init(&work, "net", &err), err);
    CHECK_OK(asx_workload_add(&work, &layer, &err), err);
    layer.name = "fc";
    layer.kind = ASX_LAYER_DENSE;
    layer.input_non_negative = false;
    CHECK_OK(asx_workload_add(&work, &layer, &err), err);
    CHECK_OK(asx_record_add(&id, store, &record, &work, &err), err);
    asx_workload_fini(&work);
    return id;
}

static inline asx_store_inputs sample_inputs(asx_tier tier)
{
    return (asx_store_inputs){tier, "select", 0xfedcba9876543210u, 42, "images 0:512"};
}

static inline asx_ledger sample_ledger(asx_store *store, int64_t campaign, asx_tier tier,
                                       size_t batch)
{
    asx_error err = {0};
    asx_ledger ledger = {0};
    asx_store_inputs inputs = sample_inputs(tier);
    CHECK_OK(asx_store_ledger(&ledger, store, campaign, &inputs, batch, &err), err);
    return ledger;
}

#endif
