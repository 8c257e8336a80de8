/* How fast evaluations are stored and found again: one and two processes writing to one database,
 * the rate as the database grows, and what a front, a filtered, sorted query and a single design
 * cost then. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "dse/design.h"
#include "dse/seed.h"
#include "results/front.h"
#include "results/query.h"
#include "results/record.h"

enum { BATCH = 1000 }; /* as a run has them */

static asx_status open_ledger(asx_store **store, asx_ledger *ledger, const char *path,
                              int64_t *campaign, asx_error *err)
{
    asx_workload work = {0};
    const asx_record record = {
        .name = "bench", .objectives = "drop energy", .baseline = ASX_BASELINE};
    const asx_store_inputs inputs = {
        .tier = ASX_TIER_PROXY, .subset = asx_subset_text(ASX_SUBSET_SELECT), .about = "bench"};
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

static asx_status write_rows(asx_store *store, const asx_ledger *ledger, uint64_t stream, size_t n,
                             asx_error *err)
{
    char text[160];
    asx_status status = ASX_OK;
    for (size_t i = 0; i < n && status == ASX_OK; i++) {
        asx_evaluation e;
        bool found = false;
        make(text, sizeof text, &e, stream, i);
        status = ledger->find(ledger->state, text, &e, &found, err); /* as a search does */
        if (status == ASX_OK && !found)
            status = ledger->book(ledger->state, text, NULL, &e, err);
    }
    return status == ASX_OK ? asx_store_flush(store, err) : status;
}

/* Of this process: what other work on the machine does not lengthen. */
static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* A writer's process: opens the database, says so, waits for the word and writes. */
static int writer(const char *path, uint64_t stream, size_t n, int ready, int go)
{
    asx_store *store = NULL;
    asx_ledger ledger;
    asx_error err = {0};
    asx_evaluation e;
    bool found;
    int64_t campaign = 0;
    char byte = 0;
    asx_status status = open_ledger(&store, &ledger, path, &campaign, &err);
    if (status == ASX_OK) /* makes it read the designs there are */
        status = ledger.find(ledger.state, ASX_BASELINE, &e, &found, &err);
    if (status == ASX_OK) {
        if (write(ready, &byte, 1) != 1 || read(go, &byte, 1) != 1)
            status = asx_fail(&err, ASX_EIO, "a writer lost its parent");
    }
    const double begin = cpu_seconds();
    if (status == ASX_OK)
        status = write_rows(store, &ledger, stream, n, &err);
    const double used = cpu_seconds() - begin;
    asx_store_free(store);
    if (status == ASX_OK && write(ready, &used, sizeof used) != (ssize_t)sizeof used)
        status = asx_fail(&err, ASX_EIO, "a writer lost its parent");
    if (status != ASX_OK)
        fprintf(stderr, "asx: %s\n", err.message);
    return status == ASX_OK ? 0 : 1;
}

typedef struct lap {
    double open_s, write_s;
    double cpu_s; /* of all writers, while they wrote */
} lap;

/* What `writers` processes take to open the database, and for `n` rows together. */
static asx_status race(lap *out, const char *path, uint64_t stream, int writers, size_t n,
                       asx_error *err)
{
    int ready[2], go[2], failed = 0, code = 0;
    char byte = 0;
    if (pipe(ready) != 0 || pipe(go) != 0)
        return asx_fail(err, ASX_EIO, "cannot make pipes for the writers");
    fflush(NULL);
    const double start = bench_seconds();
    for (int w = 0; w < writers; w++) {
        const pid_t pid = fork();
        if (pid == 0)
            _exit(writer(path, stream + (uint64_t)w, n / (size_t)writers, ready[1], go[0]));
        failed += pid < 0;
    }
    close(ready[1]); /* a writer that fails closes the other end */
    for (int w = 0; w < writers; w++)
        failed += read(ready[0], &byte, 1) != 1;
    const double begin = bench_seconds();
    for (int w = 0; w < writers; w++)
        failed += write(go[1], &byte, 1) != 1;
    double cpu = 0, used = 0;
    while (read(ready[0], &used, sizeof used) == (ssize_t)sizeof used)
        cpu += used;
    while (wait(&code) > 0)
        failed += code != 0;
    *out = (lap){begin - start, bench_seconds() - begin, cpu};
    close(ready[0]);
    close(go[0]);
    close(go[1]);
    return failed ? asx_fail(err, ASX_EDB, "%d of %d writers failed", failed, writers) : ASX_OK;
}

static asx_status count(void *state, const asx_row *row, asx_error *err)
{
    (void)row, (void)err;
    ++*(size_t *)state;
    return ASX_OK;
}

static asx_status question(double *seconds, const char *path, asx_query query, asx_error *err)
{
    asx_store *store = NULL;
    size_t n = 0;
    const double start = bench_seconds();
    asx_status status = asx_store_open(&store, path, ASX_STORE_READ, err);
    if (status == ASX_OK)
        status = asx_record_find(&query.campaign, store, NULL, err);
    if (status == ASX_OK)
        status = asx_query_each(store, &query, count, &n, err);
    *seconds = bench_seconds() - start;
    if (status == ASX_OK && n == 0)
        status = asx_fail(err, ASX_ENOTFOUND, "the benchmark's question has no answer");
    asx_store_free(store);
    return status;
}

static asx_status ask_front(double *seconds, const char *path, asx_error *err)
{
    asx_store *store = NULL;
    asx_front f = {0};
    const double start = bench_seconds();
    asx_status status = asx_store_open(&store, path, ASX_STORE_READ, err);
    if (status == ASX_OK)
        status = asx_front_load(&f, store, &(asx_front_options){.few = true}, err);
    *seconds = bench_seconds() - start;
    asx_front_fini(&f);
    asx_store_free(store);
    return status;
}

static asx_status report_questions(bench_report *report, const char *path, size_t rows,
                                   asx_error *err)
{
    const asx_query filtered = {
        .where = "drop < 10 and energy_pj < 2e6", .sort = "energy_pj", .limit = 20};
    char one[160];
    asx_evaluation e;
    struct stat file = {0};
    double f = 0, q = 0, d = 0;
    make(one, sizeof one, &e, 300, 7);
    asx_status status = ask_front(&f, path, err);
    if (status == ASX_OK)
        status = question(&q, path, filtered, err);
    if (status == ASX_OK)
        status = question(&d, path, (asx_query){.design = one}, err);
    if (status == ASX_OK && stat(path, &file) != 0)
        status = asx_fail(err, ASX_EIO, "cannot look at '%s'", path);
    if (status == ASX_OK) {
        bench_figure(report, "front", f, "s");
        bench_figure(report, "filtered_sorted_query", q, "s");
        bench_figure(report, "one_design", d, "s");
        bench_figure(report, "stored_size", (double)file.st_size / (double)rows, "bytes");
    }
    return status;
}

/* Rates over `step` rows: into an empty database, at `early` rows, and at `late` rows. */
static asx_status measure(bench_report *report, const char *folder, size_t step, size_t early,
                          size_t late, asx_error *err)
{
    char path[64];
    lap one = {0}, two = {0}, first = {0}, grow = {0}, last = {0};
    const double n = (double)step;
    snprintf(path, sizeof path, "%s/one.db", folder);
    asx_status status = race(&one, path, 100, 1, step, err);
    unlink(path);
    snprintf(path, sizeof path, "%s/two.db", folder);
    if (status == ASX_OK)
        status = race(&two, path, 200, 2, early > step ? early : step, err);
    if (status == ASX_OK)
        status = race(&first, path, 250, 2, step, err);
    if (status == ASX_OK)
        status = race(&grow, path, 300, 2, late - early - step, err);
    if (status == ASX_OK)
        status = race(&last, path, 400, 2, step, err);
    if (status != ASX_OK)
        return status;
    bench_figure(report, "rows_early", (double)early, "rows");
    bench_figure(report, "rows_late", (double)late, "rows");
    bench_figure(report, "stored_per_s_1_writer", n / one.write_s, "1/s");
    bench_ratio(report, "stored_per_s_2_writers", n / first.write_s, "1/s", "1 writer",
                n / one.write_s);
    bench_ratio(report, "stored_per_s_late", n / last.write_s, "1/s", "early", n / first.write_s);
    bench_ratio(report, "cpu_per_stored_late", 1e6 * last.cpu_s / n, "us", "early",
                1e6 * first.cpu_s / n);
    bench_figure(report, "opened_late", last.open_s, "s");
    return report_questions(report, path, late + step, err);
}

static asx_status in_folder(bench_report *report, size_t step, size_t early, size_t late,
                            asx_error *err)
{
    char folder[] = "asx-bench-XXXXXX", command[64];
    if (!mkdtemp(folder))
        return asx_fail(err, ASX_EIO, "cannot make a folder here for the benchmark");
    const asx_status status = measure(report, folder, step, early, late, err);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command) == 0 || status != ASX_OK
               ? status
               : asx_fail(err, ASX_EIO, "cannot remove '%s'", folder);
}

asx_status bench_store(bench_report *report, asx_error *err)
{
    return in_folder(report, 50000, 50000, 300000, err);
}

asx_status bench_store_scale(bench_report *report, asx_error *err)
{
    return in_folder(report, 200000, 200000, 10000000, err);
}
