/* How fast evaluations are stored and found again: one and two processes writing to one database,
 * the rate as the database grows, and what a front and a filtered, sorted query cost then. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "dse/seed.h"
#include "results/campaign.h"
#include "results/query.h"

enum { SMALL = 50000, GROWTH = 4, BATCH = 1000 };

static asx_status open_ledger(asx_store **store, asx_ledger *ledger, const char *path,
                              int64_t *campaign, asx_error *err)
{
    asx_workload work = {0};
    const asx_campaign_record record = {
        .name = "bench", .objectives = "drop energy", .baseline = "vn: w8a8"};
    const asx_store_inputs inputs = {.tier = ASX_TIER_PROXY, .subset = "select", .about = "bench"};
    asx_status st = asx_store_open(store, path, ASX_STORE_CREATE, err);
    if (st == ASX_OK)
        st = asx_workload_init(&work, "bench", err);
    if (st == ASX_OK)
        st = asx_campaign_add(campaign, *store, &record, &work, err);
    if (st == ASX_OK)
        st = asx_store_ledger(ledger, *store, *campaign, &inputs, BATCH, err);
    asx_workload_fini(&work);
    return st;
}

/* A design as a layer-wise search would have it, and numbers spread like a trade-off's. */
static void make(char *text, size_t size, asx_evaluation *e, uint64_t stream, uint64_t i)
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

static asx_status write_rows(const char *path, uint64_t stream, size_t n, asx_error *err)
{
    asx_store *store = NULL;
    asx_ledger ledger;
    int64_t campaign = 0;
    char text[160];
    asx_status st = open_ledger(&store, &ledger, path, &campaign, err);
    for (size_t i = 0; i < n && st == ASX_OK; i++) {
        asx_evaluation e;
        bool found = false;
        make(text, sizeof text, &e, stream, i);
        st = ledger.find(ledger.state, text, &e, &found, err); /* as a search does */
        if (st == ASX_OK && !found)
            st = ledger.book(ledger.state, text, NULL, &e, err);
    }
    if (st == ASX_OK)
        st = asx_store_flush(store, err);
    asx_store_free(store);
    return st;
}

/* Seconds that `writers` processes take for `n` rows together. */
static asx_status race(double *seconds, const char *path, uint64_t stream, int writers, size_t n,
                       asx_error *err)
{
    const double start = bench_seconds();
    int failed = 0, code = 0;
    fflush(NULL);
    for (int w = 0; w < writers; w++) {
        const pid_t pid = fork();
        if (pid < 0)
            failed++;
        if (pid != 0)
            continue;
        const asx_status st = write_rows(path, stream + (uint64_t)w, n / (size_t)writers, err);
        if (st != ASX_OK)
            fprintf(stderr, "asx: %s\n", err->message);
        _exit(st == ASX_OK ? 0 : 1);
    }
    while (wait(&code) > 0)
        failed += code != 0;
    *seconds = bench_seconds() - start;
    return failed ? asx_fail(err, ASX_EDB, "%d of %d writers failed", failed, writers) : ASX_OK;
}

static asx_status count(void *state, const asx_row *row, asx_error *err)
{
    (void)row, (void)err;
    ++*(size_t *)state;
    return ASX_OK;
}

static asx_status question(double *seconds, const char *path, asx_error *err)
{
    asx_store *store = NULL;
    size_t n = 0;
    asx_query query = {.where = "drop < 1 and energy_pj < 2e6", .sort = "energy_pj", .limit = 20};
    const double start = bench_seconds();
    asx_status st = asx_store_open(&store, path, ASX_STORE_READ, err);
    if (st == ASX_OK)
        st = asx_campaign_find(&query.campaign, store, NULL, err);
    if (st == ASX_OK)
        st = asx_query_each(store, &query, count, &n, err);
    *seconds = bench_seconds() - start;
    asx_store_free(store);
    return st;
}

asx_status bench_store(bench_report *report, asx_error *err)
{
    char folder[] = "asx-bench-XXXXXX", path[64], command[64];
    double one = 0, two = 0, grow = 0, late = 0, asked = 0;
    if (!mkdtemp(folder))
        return asx_fail(err, ASX_EIO, "cannot make a folder here for the benchmark");
    snprintf(path, sizeof path, "%s/a.db", folder);
    asx_status st = race(&one, path, 100, 1, SMALL, err);
    snprintf(path, sizeof path, "%s/b.db", folder);
    if (st == ASX_OK)
        st = race(&two, path, 200, 2, SMALL, err);
    if (st == ASX_OK)
        st = race(&grow, path, 300, 2, (size_t)SMALL * GROWTH, err);
    if (st == ASX_OK)
        st = race(&late, path, 400, 2, SMALL, err);
    if (st == ASX_OK)
        st = question(&asked, path, err);
    if (st == ASX_OK) {
        bench_figure(report, "stored_per_s_1_writer", SMALL / one, "1/s");
        bench_ratio(report, "stored_per_s_2_writers", SMALL / two, "1/s", "1 writer", SMALL / one);
        bench_ratio(report, "stored_per_s_at_250000", SMALL / late, "1/s", "empty", SMALL / two);
        bench_figure(report, "filtered_sorted_query_at_300000", asked, "s");
    }
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command) == 0 || st != ASX_OK
               ? st
               : asx_fail(err, ASX_EIO, "cannot remove '%s'", folder);
}
