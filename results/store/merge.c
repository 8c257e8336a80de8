/* Joining databases: the others are attached, and merge.sql moves their rows over. Only designs go
 * through our hands, since their texts have no index on the disk. */
#include "results/merge.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "asx_merge_files.h" /* merge.sql */
#include "candidates.h"
#include "db.h"
#include "dse/text.h"
#include "seal.h"

static const char rule[] = "----\n"; /* between the parts of merge.sql */

/* One of the databases that are added: opened by itself, which checks it, and attached. */
typedef struct source {
    asx_store *store;
    char name[16]; /* that it is attached by */
} source;

/* `sql` up to `end` with the source's name for "other". */
static asx_status run_part(asx_store *out, const source *s, const char *sql, const char *end,
                           asx_error *err)
{
    const char *word = "other.";
    asx_text text = {0};
    while (sql < end) {
        const char *next = strstr(sql, word);
        if (!next || next > end)
            next = end;
        asx_text_add_bytes(&text, sql, (size_t)(next - sql));
        if (next < end)
            asx_text_add(&text, "%s.", s->name);
        sql = next < end ? next + strlen(word) : end;
    }
    const asx_status status = text.failed ? asx_fail(err, ASX_ENOMEM, "no memory to merge")
                                          : asx_db_run(out, text.s, "merge", err);
    asx_text_fini(&text);
    return status;
}

static asx_status map_design(asx_store *out, sqlite3_stmt *add, sqlite3_stmt *read, asx_error *err)
{
    asx_text text = {0};
    int64_t row = 0;
    asx_text_add(&text, "%s: %s", asx_db_text(read, 1), asx_db_text(read, 2));
    asx_status status = text.failed ? asx_fail(err, ASX_ENOMEM, "no memory to merge")
                                    : asx_design_need(&row, out, text.s, err);
    asx_text_fini(&text);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(add, 1, sqlite3_column_int64(read, 0));
    sqlite3_bind_int64(add, 2, row);
    return asx_db_finish(out, add, "merge", err);
}

static asx_status map_designs(asx_store *out, const source *s, asx_error *err)
{
    char sql[96];
    sqlite3_stmt *read = NULL, *add = NULL;
    int rc = SQLITE_DONE;
    sqlite3_snprintf(sizeof sql, sql, "SELECT id, placement, formats FROM %s.design ORDER BY id",
                     s->name);
    asx_status status = asx_db_run(
        out, "CREATE TEMP TABLE design_map (old INTEGER PRIMARY KEY, new INTEGER NOT NULL)",
        "merge", err);
    if (status == ASX_OK)
        status = asx_db_prepare(&read, out, sql, "merge", err);
    if (status == ASX_OK)
        status = asx_db_prepare(&add, out, "INSERT INTO design_map VALUES (?, ?)", "merge", err);
    while (status == ASX_OK && (rc = sqlite3_step(read)) == SQLITE_ROW)
        status = map_design(out, add, read, err);
    if (status == ASX_OK && rc != SQLITE_DONE)
        status = asx_db_fail(out, err, "merge");
    sqlite3_finalize(read);
    sqlite3_finalize(add);
    return status;
}

/* Numbers of one design under one set of inputs here and there. Reals may differ in their last
 * digits, since mathematical libraries do. */
#define DIFFERS(column) "abs(e." column " - m." column ") > 1e-9 * abs(m." column ") + 1e-9"
static const char conflict_sql[] =
    "SELECT count(*), d.text || ' (' || i.tier || ', ' || i.subset || '): drop ' || m.\"drop\" || "
    "' and ' || e.\"drop\" || ', energy ' || m.energy_pj || ' and ' || e.energy_pj || ' pJ' "
    "FROM %s.evaluation AS e CROSS JOIN design_map AS dm ON dm.old = e.design "
    "JOIN inputs_map AS im ON im.old = e.inputs CROSS JOIN main.evaluation AS m "
    "ON m.inputs = im.new AND m.design = dm.new CROSS JOIN main.design AS d ON d.id = m.design "
    "CROSS JOIN main.inputs AS i ON i.id = m.inputs WHERE e.images <> m.images OR e.correct <> "
    "m.correct OR " DIFFERS("accuracy") " OR " DIFFERS("\"drop\"") " OR " DIFFERS(
        "energy_pj") " OR " DIFFERS("latency_ns") " OR " DIFFERS("area_um2") " OR " DIFFERS("weight"
                                                                                            "_"
                                                                                            "bits");

static asx_status find_conflicts(int64_t *n, asx_store *out, const source *s, bool keep_first,
                                 asx_error *err)
{
    sqlite3_stmt *stmt = NULL;
    char *sql = sqlite3_mprintf(conflict_sql, s->name);
    if (!sql)
        return asx_fail(err, ASX_ENOMEM, "no memory to merge");
    asx_status status = asx_db_prepare(&stmt, out, sql, "merge", err);
    if (status == ASX_OK && sqlite3_step(stmt) != SQLITE_ROW)
        status = asx_db_fail(out, err, "merge");
    const int64_t found = status == ASX_OK ? sqlite3_column_int64(stmt, 0) : 0;
    if (found && !keep_first)
        status =
            asx_fail(err, ASX_EDB,
                     "%lld evaluations of '%s' differ from those of '%s' or of a file before, "
                     "e.g. %s",
                     (long long)found, asx_store_path(s->store), out->path, asx_db_text(stmt, 1));
    *n += found;
    sqlite3_finalize(stmt);
    sqlite3_free(sql);
    return status;
}

/* What is not as it was stored would be sealed anew here, and never be found. */
static asx_status check_source(asx_store *out, const source *s, asx_error *err)
{
    asx_status status = ASX_OK;
    for (int which = 0; which < ASX_SEAL_N_CHECKS && status == ASX_OK; which++) {
        sqlite3_stmt *stmt = NULL;
        asx_text sql = {0};
        status = asx_seal_query(&sql, out, (asx_seal_check)which, s->name, err);
        if (status == ASX_OK)
            status = asx_db_prepare(&stmt, out, sql.s, "check", err);
        if (status == ASX_OK && sqlite3_step(stmt) != SQLITE_ROW)
            status = asx_db_fail(out, err, "check");
        if (status == ASX_OK && sqlite3_column_int64(stmt, 0) > 0)
            status = asx_fail(err, ASX_EDB,
                              "'%s' is damaged ('asx fsck' tells more): %s is not as it was stored",
                              asx_store_path(s->store), asx_db_text(stmt, 1));
        sqlite3_finalize(stmt);
        asx_text_fini(&sql);
    }
    return status;
}

static asx_status add_source(asx_merge_result *result, asx_store *out, const source *s,
                             bool keep_first, asx_error *err)
{
    const char *sql = (const char *)asx_merge_files[0].bytes, *end = sql + asx_merge_files[0].size;
    const char *first = strstr(sql, rule), *second = strstr(first + 1, rule);
    asx_status status = check_source(out, s, err);
    if (status == ASX_OK)
        status = map_designs(out, s, err);
    if (status == ASX_OK)
        status = run_part(out, s, sql, first, err);
    if (status == ASX_OK)
        status = find_conflicts(&result->conflicts, out, s, keep_first, err);
    if (status == ASX_OK)
        status = run_part(out, s, first + strlen(rule), second, err);
    if (status == ASX_OK)
        status = run_part(out, s, second + strlen(rule), end, err);
    return status;
}

/* Rows are only ever appended, so the last ids tell how many there are more. */
static asx_status last_ids(asx_merge_result *out, asx_store *store, int sign, asx_error *err)
{
    struct {
        int64_t *sum;
        const char *sql;
    } const last[] = {
        {&out->campaigns, "SELECT coalesce(max(id), 0) FROM main.campaign"},
        {&out->designs, "SELECT coalesce(max(id), 0) FROM main.design"},
        {&out->evaluations, "SELECT coalesce(max(id), 0) FROM main.evaluation"},
        {&out->runs, "SELECT coalesce(max(id), 0) FROM main.run"},
        {&out->bespoke, "SELECT coalesce(max(id), 0) FROM main.bespoke"},
    };
    asx_status status = ASX_OK;
    for (size_t i = 0; i < sizeof last / sizeof *last && status == ASX_OK; i++) {
        int64_t id = 0;
        status = asx_db_integer(&id, store, last[i].sql, "merge", err);
        *last[i].sum += sign * id;
    }
    return status;
}

static asx_status add_all(asx_merge_result *result, asx_store *out, const source *s, size_t n,
                          bool keep_first, asx_error *err)
{
    asx_status status = asx_db_begin(out, err);
    if (status != ASX_OK)
        return status;
    status = last_ids(result, out, -1, err);
    if (status == ASX_OK)
        status = asx_design_catch_up(out, err);
    for (size_t i = 0; i < n && status == ASX_OK; i++)
        status = add_source(result, out, &s[i], keep_first, err);
    if (status == ASX_OK)
        status = asx_seal_evaluations(out, err);
    if (status == ASX_OK)
        status = last_ids(result, out, 1, err);
    status = asx_db_end(out, status, err);
    if (status != ASX_OK)
        asx_design_forget(out);
    return status;
}

static bool same_file(const char *a, const char *b)
{
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* A file that is attached twice waits for itself. */
static asx_status check_once(const char *const *path, size_t i, asx_error *err)
{
    for (size_t k = 0; k < i; k++)
        if (same_file(path[k], path[i]))
            return asx_fail(err, ASX_EINVAL, "'%s' and '%s' are the same file", path[k], path[i]);
    return ASX_OK;
}

static asx_status attach(source *s, asx_store *out, const char *path, size_t number, asx_error *err)
{
    sqlite3_stmt *stmt = NULL;
    if (same_file(path, out->path))
        return asx_fail(err, ASX_EINVAL, "'%s' cannot be merged into itself", path);
    asx_status status = asx_store_open(&s->store, path, ASX_STORE_READ, err);
    if (status == ASX_OK)
        status = asx_db_prepare(&stmt, out, "ATTACH ? AS ?", "attach", err);
    if (status != ASX_OK)
        return status;
    sqlite3_snprintf(sizeof s->name, s->name, "other%d", (int)number);
    asx_db_bind_text(stmt, 1, s->store->uri);
    asx_db_bind_text(stmt, 2, s->name);
    if (sqlite3_step(stmt) != SQLITE_DONE)
        status = asx_fail(err, ASX_EDB, "cannot read '%s': %s", path, sqlite3_errmsg(out->db));
    sqlite3_finalize(stmt);
    return status;
}

static void detach(source *s, asx_store *out)
{
    if (s->store && *s->name) {
        char sql[32];
        sqlite3_snprintf(sizeof sql, sql, "DETACH %s", s->name);
        sqlite3_exec(out->db, sql, NULL, NULL, NULL);
    }
    asx_store_free(s->store);
}

static asx_status check_paths(const char *const *path, size_t n, asx_error *err)
{
    asx_status status = ASX_OK;
    if (n < 1 || n > ASX_MERGE_MAX)
        return asx_fail(err, ASX_EINVAL, "%zu databases to merge, not 1 to %d", n, ASX_MERGE_MAX);
    for (size_t i = 0; i < n && status == ASX_OK; i++)
        status = check_once(path, i, err);
    return status;
}

asx_status asx_merge_check(const char *const *path, size_t n, asx_error *err)
{
    asx_status status = check_paths(path, n, err);
    for (size_t i = 0; i < n && status == ASX_OK; i++) {
        asx_store *store = NULL;
        status = asx_store_open(&store, path[i], ASX_STORE_READ, err);
        asx_store_free(store);
    }
    return status;
}

asx_status asx_store_merge(asx_merge_result *result, asx_store *out, const char *const *path,
                           size_t n, bool keep_first, asx_error *err)
{
    source s[ASX_MERGE_MAX] = {{0}};
    asx_merge_result r = {0};
    asx_status status = check_paths(path, n, err);
    if (status != ASX_OK)
        return status;
    status = asx_store_flush(out, err);
    for (size_t i = 0; i < n && status == ASX_OK; i++)
        status = attach(&s[i], out, path[i], i, err);
    if (status == ASX_OK)
        status = add_all(&r, out, s, n, keep_first, err);
    for (size_t i = 0; i < n; i++)
        detach(&s[i], out);
    if (status == ASX_OK)
        status = asx_candidates_settle_all(out, err);
    if (status == ASX_OK)
        *result = r;
    return status;
}
