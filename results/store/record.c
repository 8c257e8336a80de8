/* Campaigns and their workloads in the database. */
#include "results/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db_rows.h"
#include "dse/file.h"
#include "dse/memory.h"
#include "dse/text.h"
#include "results/score.h"
#include "sound.h"

enum {
    N_TEXTS = 0
#define COUNT(name) +1
    ASX_RECORD_TEXT_LIST(COUNT)
#undef COUNT
};

/* The hash of all that makes a campaign itself; every text with its NUL, so that none runs into
 * the next. */
uint64_t asx_record_key(const asx_record *record)
{
    uint64_t hash = asx_hash(&record->seed, sizeof record->seed, 0);
#define MIX(name)                                                                                  \
    {                                                                                              \
        const char *text = record->name ? record->name : "";                                       \
        hash = asx_hash(text, strlen(text) + 1, hash);                                             \
    }
    ASX_RECORD_TEXT_LIST(MIX)
#undef MIX
    return hash;
}

static asx_status find_key(int64_t *id, asx_store *store, const char *key, asx_error *err)
{
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(&stmt, store, "SELECT id FROM campaign WHERE key = ?",
                                       "look up the campaign", err);
    if (status != ASX_OK)
        return status;
    asx_db_bind_text(stmt, 1, key);
    int rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW)
        *id = sqlite3_column_int64(stmt, 0);
    else if (rc != SQLITE_DONE)
        status = asx_db_fail(store, err, "look up the campaign");
    sqlite3_finalize(stmt);
    return status;
}

static asx_status insert_campaign(int64_t *id, asx_store *store, const asx_record *record,
                                  const char *key, asx_error *err)
{
#define NAME(name) #name ", "
#define MARK(name) "?, "
    const char *sql = "INSERT INTO campaign (" ASX_RECORD_TEXT_LIST(
        NAME) "key, seed, version, created) VALUES (" ASX_RECORD_TEXT_LIST(MARK) "?, ?, ?, ?)";
#undef NAME
#undef MARK
    char seed[24];
    int column = 0;
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(&stmt, store, sql, "store the campaign", err);
    if (status != ASX_OK)
        return status;
#define BIND(name) asx_db_bind_text(stmt, ++column, record->name);
    ASX_RECORD_TEXT_LIST(BIND)
#undef BIND
    snprintf(seed, sizeof seed, "%" PRIu64, record->seed);
    asx_db_bind_text(stmt, ++column, key);
    asx_db_bind_text(stmt, ++column, seed);
    asx_db_bind_text(stmt, ++column, record->version);
    asx_db_bind_text(stmt, ++column, record->created);
    status = asx_db_finish(store, stmt, "store the campaign", err);
    *id = sqlite3_last_insert_rowid(store->db);
    sqlite3_finalize(stmt);
    return status;
}

static void bind_layer(sqlite3_stmt *stmt, int64_t campaign, size_t position,
                       const asx_layer *layer)
{
    const size_t size[] = {layer->in_c,     layer->in_h,     layer->in_w,
                           layer->out_c,    layer->out_h,    layer->out_w,
                           layer->kernel_h, layer->kernel_w, layer->stride_h,
                           layer->stride_w, layer->groups,   layer->input_non_negative};
    sqlite3_bind_int64(stmt, 1, campaign);
    sqlite3_bind_int64(stmt, 2, (sqlite3_int64)position);
    asx_db_bind_text(stmt, 3, layer->name);
    asx_db_bind_text(stmt, 4, asx_layer_kind_text(layer->kind));
    for (int i = 0; i < (int)(sizeof size / sizeof *size); i++)
        sqlite3_bind_int64(stmt, 5 + i, (sqlite3_int64)size[i]);
}

static asx_status insert_layers(asx_store *store, int64_t campaign, const asx_workload *work,
                                asx_error *err)
{
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(
        &stmt, store,
        "INSERT INTO layer (campaign, position, name, kind, in_c, in_h, in_w, out_c, out_h, out_w, "
        "kernel_h, kernel_w, stride_h, stride_w, \"groups\", input_non_negative) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "store the layers", err);
    for (size_t i = 0; i < work->n_layers && status == ASX_OK; i++) {
        bind_layer(stmt, campaign, i, &work->layer[i]);
        status = asx_db_finish(store, stmt, "store a layer", err);
    }
    sqlite3_finalize(stmt);
    return status;
}

asx_status asx_record_add(int64_t *id, asx_store *store, const asx_record *record,
                          const asx_workload *work, asx_error *err)
{
    char key[ASX_DB_KEY_SIZE];
    int64_t row = 0;
    if (!record->name || !*record->name)
        return asx_fail(err, ASX_EINVAL, "a campaign without a name cannot be stored");
    asx_db_key(key, asx_record_key(record));
    asx_status status = asx_db_begin(store, err);
    if (status != ASX_OK)
        return status;
    status = find_key(&row, store, key, err);
    if (status == ASX_OK && row == 0) {
        status = insert_campaign(&row, store, record, key, err);
        if (status == ASX_OK)
            status = insert_layers(store, row, work, err);
        if (status == ASX_OK)
            status = asx_score_keep(store, row, &record->score, err);
    }
    status = asx_db_end(store, status, err);
    if (status == ASX_OK)
        *id = row;
    return status;
}

static asx_status no_campaign(asx_store *store, const char *name, asx_error *err)
{
    sqlite3_stmt *stmt = NULL;
    asx_text names = {0};
    asx_status status = asx_db_prepare(&stmt, store,
                                       "SELECT DISTINCT name FROM campaign WHERE " ASX_NOT_LOST
                                       " ORDER BY id LIMIT 20",
                                       "list the campaigns", err);
    if (status != ASX_OK)
        return status;
    while (sqlite3_step(stmt) == SQLITE_ROW)
        asx_text_add(&names, "%s%s", names.n ? ", " : "", asx_db_text(stmt, 0));
    sqlite3_finalize(stmt);
    int64_t n_lost = 0, n_bespoke = 0;
    status =
        asx_db_integer(&n_lost, store, "SELECT count(*) FROM campaign", "list the campaigns", err);
    if (status == ASX_OK)
        status = asx_db_integer(&n_bespoke, store, "SELECT count(*) FROM bespoke",
                                "list the campaigns", err);
    if (status == ASX_OK && !names.n)
        status =
            asx_fail(err, ASX_ENOTFOUND, "'%s' holds no campaign%s", store->path,
                     n_lost      ? " that is known: run it again ('asx run CAMPAIGN --db'), its "
                                   "evaluations are kept"
                     : n_bespoke ? ", but runs of bespoke classifiers, which 'asx status' and, "
                                   "once they came to their end, 'asx report' show"
                                 : " yet");
    else if (status == ASX_OK)
        status = asx_fail(err, ASX_ENOTFOUND, "'%s' holds no campaign '%s'; there are: %s",
                          store->path, name, names.failed ? "?" : names.s);
    asx_text_fini(&names);
    return status;
}

/* A text that is one campaign's name and another's number. */
static asx_status two_campaigns(asx_store *store, const char *name, int64_t named, int64_t numbered,
                                asx_error *err)
{
    const char *what = "look up the campaign";
    sqlite3_stmt *stmt = NULL;
    asx_status status =
        asx_db_prepare(&stmt, store, "SELECT name FROM campaign WHERE id = ?", what, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, numbered);
    if (sqlite3_step(stmt) == SQLITE_ROW)
        status = asx_fail(err, ASX_EINVAL,
                          "in '%s' campaign number %lld is called '%s', and number %lld '%s': say "
                          "'#%lld' or '#%lld'",
                          store->path, (long long)named, name, (long long)numbered,
                          asx_db_text(stmt, 0), (long long)named, (long long)numbered);
    else
        status = asx_db_fail(store, err, what);
    sqlite3_finalize(stmt);
    return status;
}

asx_status asx_record_find(int64_t *id, asx_store *store, const char *name, asx_error *err)
{
    enum { NAMED, NUMBERED, NEWEST };
    const char *what = "look up the campaign";
    sqlite3_stmt *stmt = NULL;
    int64_t found[3] = {0}; /* 0: none */
    asx_status status = asx_db_prepare(
        &stmt, store,
        /* the newest that was run or evaluated: studies leave campaigns that only hold measurements of theirs */
        "SELECT max(id) FILTER (WHERE name = ?1), max(id) FILTER (WHERE ?1 IN (CAST(id AS TEXT), "
        "'#' || id)), coalesce(max(id) FILTER (WHERE ?1 IS NULL AND (EXISTS (SELECT 1 FROM run AS r "
        "WHERE r.campaign = campaign.id) OR EXISTS (SELECT 1 FROM evaluation AS e WHERE e.campaign = "
        "campaign.id AND e.inputs NOT IN (SELECT id FROM inputs WHERE subset = 'bench')))), max(id) "
        "FILTER (WHERE ?1 IS NULL)) FROM campaign WHERE " ASX_NOT_LOST,
        what, err);
    if (status != ASX_OK)
        return status;
    if (name)
        asx_db_bind_text(stmt, 1, name);
    if (sqlite3_step(stmt) == SQLITE_ROW)
        for (int i = NAMED; i <= NEWEST; i++)
            found[i] = sqlite3_column_int64(stmt, i);
    else
        status = asx_db_fail(store, err, what);
    sqlite3_finalize(stmt);
    if (status != ASX_OK)
        return status;
    if (found[NAMED] && found[NUMBERED] && found[NAMED] != found[NUMBERED])
        return two_campaigns(store, name, found[NAMED], found[NUMBERED], err);
    for (int i = NAMED; i <= NEWEST; i++)
        if (found[i]) {
            *id = found[i];
            return ASX_OK;
        }
    return no_campaign(store, name, err);
}

asx_status asx_record_ids(int64_t **out, size_t *n, asx_store *store, asx_error *err)
{
    const char *what = "list the campaigns";
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(
        &stmt, store, "SELECT id FROM campaign WHERE " ASX_NOT_LOST " ORDER BY id", what, err);
    if (status == ASX_OK)
        status = asx_db_integers(out, n, store, stmt, what, err);
    sqlite3_finalize(stmt);
    return status;
}

void asx_record_fini(asx_record *record)
{
    if (!record)
        return;
#define FREE(name) free((void *)record->name);
    ASX_RECORD_TEXT_LIST(FREE)
#undef FREE
    free((void *)record->version);
    free((void *)record->created);
    *record = (asx_record){0};
}

static asx_status read_record(asx_record *out, sqlite3_stmt *stmt, asx_error *err)
{
    int column = 0;
    bool lost = false;
    asx_record record = {.seed = strtoull(asx_db_text(stmt, N_TEXTS), NULL, 10)};
#define COPY(name)                                                                                 \
    record.name = asx_string_copy(asx_db_text(stmt, column++));                                    \
    lost |= !record.name;
    ASX_RECORD_TEXT_LIST(COPY)
#undef COPY
    record.version = asx_string_copy(asx_db_text(stmt, N_TEXTS + 1));
    record.created = asx_string_copy(asx_db_text(stmt, N_TEXTS + 2));
    if (lost || !record.version || !record.created) {
        asx_record_fini(&record);
        return asx_fail(err, ASX_ENOMEM, "no memory for a campaign");
    }
    *out = record;
    return ASX_OK;
}

static asx_status read_campaign(asx_record *out, asx_store *store, int64_t id, asx_error *err)
{
#define NAME(name) #name ", "
    const char *sql = "SELECT " ASX_RECORD_TEXT_LIST(NAME) "seed, version, created FROM campaign "
                                                           "WHERE id = ?";
#undef NAME
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(&stmt, store, sql, "read the campaign", err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, id);
    int rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW)
        status = read_record(out, stmt, err);
    else if (rc == SQLITE_DONE)
        status = asx_fail(err, ASX_ENOTFOUND, "'%s' holds no campaign number %lld", store->path,
                          (long long)id);
    else
        status = asx_db_fail(store, err, "read the campaign");
    sqlite3_finalize(stmt);
    return status;
}

static asx_status read_layer(asx_workload *work, asx_store *store, sqlite3_stmt *stmt,
                             asx_error *err)
{
    const char *kind = asx_db_text(stmt, 1);
    asx_layer layer = {.input_non_negative = sqlite3_column_int(stmt, 13) != 0};
    asx_error inner = {0};
    if (asx_layer_kind_parse(&layer.kind, kind, &inner) != ASX_OK)
        return asx_fail(err, ASX_EDB, "'%s': %s", store->path, inner.message);
    size_t *const size[] = {&layer.in_c,     &layer.in_h,     &layer.in_w,     &layer.out_c,
                            &layer.out_h,    &layer.out_w,    &layer.kernel_h, &layer.kernel_w,
                            &layer.stride_h, &layer.stride_w, &layer.groups};
    for (int i = 0; i < (int)(sizeof size / sizeof *size); i++)
        *size[i] = (size_t)sqlite3_column_int64(stmt, 2 + i);
    layer.name = asx_string_copy(asx_db_text(stmt, 0));
    if (!layer.name)
        return asx_fail(err, ASX_ENOMEM, "no memory for a layer");
    asx_status status = asx_workload_add(work, &layer, err);
    free(layer.name);
    return status == ASX_OK ? ASX_OK : asx_fail_context(err, status, "'%s'", store->path);
}

static asx_status read_layers(asx_workload *out, asx_store *store, int64_t id, const char *network,
                              asx_error *err)
{
    sqlite3_stmt *stmt = NULL;
    asx_workload work = {0};
    int rc = SQLITE_DONE;
    asx_status status = asx_workload_init(&work, network, err);
    if (status == ASX_OK)
        status = asx_db_prepare(
            &stmt, store,
            "SELECT name, kind, in_c, in_h, in_w, out_c, out_h, out_w, kernel_h, kernel_w, "
            "stride_h, stride_w, \"groups\", input_non_negative FROM layer WHERE campaign = ? "
            "ORDER BY position",
            "read the layers", err);
    if (status == ASX_OK)
        sqlite3_bind_int64(stmt, 1, id);
    while (status == ASX_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
        status = read_layer(&work, store, stmt, err);
    if (status == ASX_OK && rc != SQLITE_DONE)
        status = asx_db_fail(store, err, "read the layers");
    sqlite3_finalize(stmt);
    if (status == ASX_OK)
        *out = work;
    else
        asx_workload_fini(&work);
    return status;
}

asx_status asx_record_read(asx_record *record, asx_workload *work, asx_store *store, int64_t id,
                           asx_error *err)
{
    asx_record read = {0};
    asx_status status = read_campaign(&read, store, id, err);
    if (status == ASX_OK)
        status = asx_score_read(&read.score, store, id, err);
    if (status == ASX_OK && work)
        status = read_layers(work, store, id, read.network, err);
    if (status == ASX_OK)
        *record = read;
    else
        asx_record_fini(&read);
    return status;
}
