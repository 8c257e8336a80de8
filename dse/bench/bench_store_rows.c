#include "bench_store.h"

#include <stdio.h>
#include <time.h>

#include "dse/design.h"
#include "dse/seed.h"
#include "results/record.h"

enum { BATCH = 1000 }; /* as a run has them */

asx_status bench_store_open(asx_store **store, asx_ledger *ledger, const char *path,
                            int64_t *campaign, asx_error *err)
{
    asx_workload work = {0};
    const asx_record record = {
        .name = "bench", .objectives = "drop energy", .baseline = ASX_BASELINE};
    const asx_store_inputs inputs = {.tier = ASX_TIER_PROXY,
                                     .subset = asx_subset_text(ASX_SUBSET_SELECT),
                                     .accuracy_key = 1,
                                     .cost_key = 2,
                                     .about = "bench"};
    asx_status status = asx_store_open(store, path, ASX_STORE_CREATE, err);
    if (status == ASX_OK)
        status = asx_workload_init(&work, "bench", err);
    if (status == ASX_OK)
        status = asx_record_add(campaign, *store, &record, &work, err);
    if (status == ASX_OK)
        status = asx_store_ledger(ledger, *store, *campaign, &inputs, BATCH, err);
    asx_workload_fini(&work);
    return status;
}

void bench_store_row(char *text, size_t size, asx_evaluation *e, uint64_t stream, uint64_t i)
{
    const double u = (double)asx_seed_below(7, stream, i, 1000003) / 1000003.0;
    const double v = (double)asx_seed_below(8, stream, i, 1000003) / 1000003.0;
    snprintf(text, size,
             "near: w4{1,3}a8 conv1=w8a8 b%llu=w6{1}a8 b%llu=w4{1,3,5}a8 fc%llu=w6{1,%llu}a8",
             (unsigned long long)asx_seed_below(1, stream, i, 1 << 20), (unsigned long long)i,
             (unsigned long long)stream, (unsigned long long)asx_seed_below(2, stream, i, 16));
    *e = (asx_evaluation){.accuracy = {.tier = ASX_TIER_PROXY, .drop = 40 * u * u + 2 * v}};
    e->cost = (asx_cost){.energy_pj = 1e6 / (0.05 + u) + 1e5 * v,
                         .latency_ns = 1e5,
                         .cycles = 1e5,
                         .area_um2 = 1e6 + 1e3 * v,
                         .weight_bits = 1e6};
    for (int p = 0; p < ASX_N_PARTS; p++)
        e->cost.energy_part_pj[p] = e->cost.energy_pj / ASX_N_PARTS;
}

asx_status bench_store_write(asx_store *store, const asx_ledger *ledger, uint64_t stream, size_t n,
                             asx_error *err)
{
    char text[160];
    asx_status status = ASX_OK;
    for (size_t i = 0; i < n && status == ASX_OK; i++) {
        asx_evaluation e;
        bool found = false;
        bench_store_row(text, sizeof text, &e, stream, i);
        status = ledger->find(ledger->state, text, &e, &found, err); /* as a search does */
        if (status == ASX_OK && !found)
            status = ledger->book(ledger->state, text, NULL, &e, err);
    }
    return status == ASX_OK ? asx_store_flush(store, err) : status;
}

double bench_cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static asx_status count(void *state, const asx_row *row, asx_error *err)
{
    (void)row, (void)err;
    ++*(size_t *)state;
    return ASX_OK;
}

asx_status bench_store_ask(const char *path, asx_query query, asx_error *err)
{
    asx_store *store = NULL;
    size_t n = 0;
    asx_status status = asx_store_open(&store, path, ASX_STORE_READ, err);
    if (status == ASX_OK)
        status = asx_record_find(&query.campaign, store, NULL, err);
    if (status == ASX_OK)
        status = asx_query_each(store, &query, count, &n, err);
    if (status == ASX_OK && n == 0)
        status = asx_fail(err, ASX_ENOTFOUND, "the benchmark's question has no answer");
    asx_store_free(store);
    return status;
}
