/* Databases: checked and looked at as commands do, repaired, or merged. A mutated page is damage that no test thought of.
 * Which of these is done a byte of the header says that SQLite leaves alone, so that a corpus can hold all of them. */
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dse/file.h"
#include "fuzz.h"
#include "results/answer.h"
#include "results/certificate.h"
#include "results/check.h"
#include "results/confirmed.h"
#include "results/front.h"
#include "results/merge.h"
#include "results/overview.h"
#include "results/query.h"
#include "results/record.h"
#include "results/round.h"
#include "results/scan.h"
#include "results/sql.h"
#include "results/standing.h"
#include "results/store.h"
#include "sqlite_memory.h"

enum { DEED = 72, FILE_MAX = 1 << 24 };

/* ---- looking ---- */

static asx_status ignore_finding(void *state, const char *what, int64_t n_wrong,
                                 const char *example, asx_error *err)
{
    (void)state, (void)what, (void)n_wrong, (void)example, (void)err;
    return ASX_OK;
}

static asx_status ignore_row(void *state, size_t n, const char *const *name,
                             const asx_sql_value *value, asx_error *err)
{
    (void)state, (void)n, (void)name, (void)value, (void)err;
    return ASX_OK;
}

static void look_at_front(asx_store *store, const asx_front_options *options)
{
    asx_error err;
    asx_front front = {0};
    asx_answer answer;
    asx_cost cost;
    double hypervolume;
    if (asx_front_load(&front, store, options, &err) != ASX_OK)
        return;
    (void)!asx_front_answer(&answer, &front, store, 2, 95, &err);
    (void)!asx_front_hypervolume(&hypervolume, &front, &err);
    (void)asx_front_knee(&front);
    if (front.n > 0)
        (void)!asx_scan_parts(&cost, store, asx_front_row(&front, 0), &err);
    asx_front_fini(&front);
}

static void look_at_record(asx_store *store, int64_t campaign)
{
    asx_error err;
    asx_record record = {0};
    asx_workload work = {0};
    asx_certificate certificate = {0};
    asx_confirmed confirmed = {0};
    asx_round *round = NULL;
    size_t n = 0;
    bool found = false;
    if (asx_record_read(&record, &work, store, campaign, &err) == ASX_OK) {
        asx_record_fini(&record);
        asx_workload_fini(&work);
    }
    if (asx_certificate_read(&certificate, store, campaign, &err) == ASX_OK)
        asx_certificate_fini(&certificate);
    if (asx_confirmed_read(&confirmed, &found, store, campaign, 0, 2, 95, &err) == ASX_OK && found)
        asx_confirmed_fini(&confirmed);
    if (asx_round_read(&round, &n, store, campaign, &err) == ASX_OK)
        free(round);
}

static void look_at_runs(asx_store *store)
{
    asx_error err;
    asx_overview *overview = NULL;
    asx_run_entry *run = NULL;
    asx_run_proof *proof = NULL;
    size_t n = 0, n_proof = 0;
    if (asx_overview_read(&overview, &n, store, &err) == ASX_OK) {
        for (size_t i = 0; i < n; i++) {
            asx_standing standing = {0};
            if (asx_standing_read(&standing, store, overview[i].campaign, overview[i].run.id,
                                  &err) == ASX_OK)
                asx_standing_fini(&standing);
            if (asx_run_proven(&proof, &n_proof, store, overview[i].campaign, &err) == ASX_OK)
                free(proof);
        }
        asx_overview_free(overview, n);
    }
    if (asx_run_list(&run, &n, store, 0, &err) == ASX_OK)
        asx_run_list_free(run, n);
}

static void look(const char *path)
{
    asx_error err = {0};
    asx_store *store = NULL;
    asx_rows rows = {0};
    int64_t campaign = 0;
    if (asx_store_open(&store, path, ASX_STORE_CHECK, &err) != ASX_OK) {
        if (!err.message[0])
            abort();
        return;
    }
    (void)!asx_store_check(store, ignore_finding, NULL, &err);
    look_at_front(store, &(asx_front_options){0});
    look_at_front(store, &(asx_front_options){.few = true, .on = "report"});
    look_at_runs(store);
    (void)!asx_sql_each(
        store,
        "SELECT set_size(set_of(layer_format(formats, 'conv1'))), bits_of(formats), "
        "* FROM design_tiers",
        ignore_row, NULL, &err);
    if (asx_record_find(&campaign, store, NULL, &err) == ASX_OK) {
        const asx_query query = {.campaign = campaign, .parts = true, .where = "drop < 9"};
        look_at_record(store, campaign);
        if (asx_query_rows(&rows, store, &query, &err) == ASX_OK)
            asx_rows_fini(&rows);
    }
    asx_store_free(store);
}

/* ---- repairing and merging ---- */

static asx_status count_wrong(void *state, const char *what, int64_t n_wrong, const char *example,
                              asx_error *err)
{
    if (n_wrong > 0 && strcmp(what, "structure of the file") == 0)
        return asx_fail(err, ASX_EDB, "a torn tree is beyond repair: %s", example);
    *(int64_t *)state += n_wrong;
    return ASX_OK;
}

/* What a repair leaves behind is nothing that another would take out, but for what a torn tree hides. */
static void repair(const char *path)
{
    asx_error err = {0};
    asx_store *store = NULL;
    asx_repaired n = {0};
    int64_t n_wrong = 0;
    asx_status status = asx_store_open(&store, path, ASX_STORE_REPAIR, &err);
    if (status == ASX_OK)
        status = asx_store_repair(&n, store, &err);
    if (status == ASX_OK)
        status = asx_store_check(store, count_wrong, &n_wrong, &err);
    if (status == ASX_OK && n_wrong > 0)
        status = asx_store_repair(&n, store, &err);
    if (status == ASX_OK && n_wrong > 0 && n.evaluations > 0) {
        fprintf(stderr, "%" PRId64 " wrong after a repair, and another took out %" PRId64 "\n",
                n_wrong, n);
        abort();
    }
    asx_store_free(store);
}

/* A database that holds nothing yet: copying one is quicker than making it. */
static const char *make_empty(void)
{
    static char *bytes;
    static size_t n;
    asx_error err = {0};
    asx_store *store = NULL;
    const char *path = fuzz_file(1, ".db", (const uint8_t *)bytes, n);
    if (bytes)
        return path;
    asx_status status = asx_store_open(&store, path, ASX_STORE_CREATE, &err);
    asx_store_free(store);
    if (status == ASX_OK)
        status = asx_file_read(&bytes, &n, path, FILE_MAX, &err);
    if (status != ASX_OK) {
        fprintf(stderr, "fuzz: %s\n", err.message);
        exit(2);
    }
    return path;
}

static void merge(const char *path)
{
    asx_error err = {0};
    asx_store *store = NULL;
    asx_merge_result result;
    if (asx_store_open(&store, make_empty(), ASX_STORE_WRITE, &err) != ASX_OK)
        abort();
    (void)!asx_store_merge(&result, store, &path, 1, true, &err);
    asx_store_free(store);
}

/* ---- the harness ---- */

/* Whoever finds a page torn waits for its writer: here there is none. */
static int do_not_wait(sqlite3_vfs *vfs, int us)
{
    (void)vfs;
    return us;
}

static void remove_beside(const char *path)
{
    static const char *const ending[] = {"-wal", "-shm", "-journal"};
    char name[256];
    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
        snprintf(name, sizeof name, "%s%s", path, ending[i]);
        (void)!unlink(name);
    }
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static sqlite3_vfs hasty;
    (void)argc, (void)argv;
    if (fuzz_sqlite_memory() != SQLITE_OK || sqlite3_initialize() != SQLITE_OK)
        return 1;
    hasty = *sqlite3_vfs_find(NULL);
    hasty.zName = "hasty";
    hasty.xSleep = do_not_wait;
    return sqlite3_vfs_register(&hasty, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const deed[])(const char *path) = {look, repair, merge};
    const char *path = fuzz_file(0, ".db", data, size);
    deed[size > DEED ? data[DEED] % (sizeof deed / sizeof *deed) : 0](path);
    remove_beside(path);
    return 0;
}
