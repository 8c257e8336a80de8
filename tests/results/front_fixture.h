/* Stored campaigns with many designs, and their fronts. */
#ifndef ASX_TESTS_FRONT_FIXTURE_H
#define ASX_TESTS_FRONT_FIXTURE_H

#include "sample.h"

#include "results/front.h"

enum { DESIGNS = 300 };

static inline int64_t campaign(asx_store *store, const char *name, const char *limits)
{
    asx_error err = {0};
    asx_workload work = {0};
    int64_t id = 0;
    const asx_record record = {.name = name,
                               .objectives = "drop energy",
                               .limits = limits,
                               .baseline = "vn: w0a8",
                               .version = "0.1.0",
                               .created = "now"};
    CHECK_OK(asx_workload_init(&work, "net", &err), err);
    CHECK_OK(asx_record_add(&id, store, &record, &work, &err), err);
    asx_workload_fini(&work);
    return id;
}

static inline asx_store_inputs inputs_of(asx_tier tier, asx_subset subset)
{
    return (asx_store_inputs){tier, asx_subset_text(subset), 1 + (uint64_t)tier + 10 * subset, 42,
                              "images"};
}

/* A coarse grid, so that designs tie. */
static inline asx_evaluation numbers(unsigned design, asx_tier tier)
{
    asx_evaluation e = sample_evaluation(tier, design);
    e.accuracy.drop = (design * 7919u) % 97 * 0.25 - 1 + (tier == ASX_TIER_MEASURED);
    e.cost.energy_pj = 10 + (design * 104729u) % 89;
    e.cost.latency_ns = e.cost.area_um2 = e.cost.weight_bits = 100 + design % 7;
    return e;
}

static inline void book(asx_store *store, int64_t id, asx_tier tier, asx_subset subset,
                        unsigned design, const asx_evaluation *e)
{
    asx_error err = {0};
    asx_ledger ledger;
    const asx_store_inputs inputs = inputs_of(tier, subset);
    char text[64];
    snprintf(text, sizeof text, "vn: w%ua8", design);
    CHECK_OK(asx_store_ledger(&ledger, store, id, &inputs, 1, &err), err);
    CHECK_OK(ledger.book(ledger.state, text, NULL, e, &err), err);
}

static inline asx_store *open_new(char *path, size_t size)
{
    asx_error err = {0};
    asx_store *store = NULL;
    sample_path(path, size, "x.db");
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_CREATE, &err), err);
    return store;
}

static inline void book_many(asx_store *store, int64_t id, unsigned n)
{
    asx_error err = {0};
    asx_ledger ledger;
    const asx_store_inputs inputs = inputs_of(ASX_TIER_PROXY, ASX_SUBSET_SELECT);
    CHECK_OK(asx_store_ledger(&ledger, store, id, &inputs, 64, &err), err);
    for (unsigned i = 0; i < n; i++) {
        char text[64];
        const asx_evaluation e = numbers(i, ASX_TIER_PROXY);
        snprintf(text, sizeof text, "vn: w%ua8", i);
        CHECK_OK(ledger.book(ledger.state, text, NULL, &e, &err), err);
    }
    CHECK_OK(asx_store_flush(store, &err), err);
}

static inline asx_front load(asx_store *store, asx_front_options options)
{
    asx_error err = {0};
    asx_front f = {0};
    CHECK_OK(asx_front_load(&f, store, &options, &err), err);
    return f;
}

#endif
