/* How fast evaluations are stored and found again: one and two processes writing to one database,
 * the rate as the database grows, and what a front, a filtered, sorted query and a single design
 * cost then. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench_store.h"
#include "dse/design.h"
#include "results/front.h"

enum { HASHED = 50000, QUICK = 2000 }; /* rows to compare files by */

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
    asx_status status = bench_store_open(&store, &ledger, path, &campaign, &err);
    if (status == ASX_OK) /* makes it read the designs there are */
        status = ledger.find(ledger.state, ASX_BASELINE, &e, &found, &err);
    if (status == ASX_OK) {
        if (write(ready, &byte, 1) != 1 || read(go, &byte, 1) != 1)
            status = asx_fail(&err, ASX_EIO, "a writer lost its parent");
    }
    const double begin = bench_cpu_seconds();
    if (status == ASX_OK)
        status = bench_store_write(store, &ledger, stream, n, &err);
    const double used = bench_cpu_seconds() - begin;
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

static asx_status question(double *seconds, const char *path, asx_query query, asx_error *err)
{
    const double start = bench_seconds();
    const asx_status status = bench_store_ask(path, query, err);
    *seconds = bench_seconds() - start;
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
    bench_store_row(one, sizeof one, &e, 300, 7);
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
    status = report_questions(report, path, late + step, err);
    return status == ASX_OK
               ? bench_page_hashes(report, folder, bench_size(report, HASHED, QUICK), err)
               : status;
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
    return report->quick ? in_folder(report, QUICK, QUICK, 6 * QUICK, err)
                         : in_folder(report, 50000, 50000, 300000, err);
}

asx_status bench_store_scale(bench_report *report, asx_error *err)
{
    return report->quick ? in_folder(report, QUICK, QUICK, 10 * QUICK, err)
                         : in_folder(report, 200000, 200000, 10000000, err);
}
