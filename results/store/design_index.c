/* The designs of a database by their text, in memory: an open-addressed hash table with linear
 * probing. An entry is 32 bits of the text's hash, which also say where it stands, and the row;
 * what the bits say is verified by the text in the database. */
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "dse/file.h"
#include "dse/memory.h"

enum { FIRST_BITS = 12, LAST_BITS = 32 };

typedef struct entry {
    uint32_t tag, id; /* id 0: free */
} entry;

struct asx_design_index {
    entry *slot; /* [2^bits] */
    int bits;
    uint64_t n;
    int64_t last; /* rows up to this are in */
};

static uint32_t tag_of(const char *formats, size_t n_formats, const char *placement,
                       size_t n_placement)
{
    const uint64_t hash = asx_hash(formats, n_formats, asx_hash(placement, n_placement, 0));
    return (uint32_t)(hash >> 32);
}

static uint64_t place(const asx_design_index *x, uint32_t tag)
{
    return tag >> (LAST_BITS - x->bits);
}

static void put(asx_design_index *x, entry e)
{
    const uint64_t mask = ((uint64_t)1 << x->bits) - 1;
    uint64_t i = place(x, e.tag);
    while (x->slot[i].id)
        i = (i + 1) & mask;
    x->slot[i] = e;
    x->n++;
}

static bool grow(asx_design_index *x, int bits)
{
    asx_design_index larger = {.bits = bits, .last = x->last};
    larger.slot = asx_array_new((size_t)1 << bits, sizeof *larger.slot);
    if (!larger.slot)
        return false;
    const uint64_t size = x->slot ? (uint64_t)1 << x->bits : 0;
    for (uint64_t i = 0; i < size; i++)
        if (x->slot[i].id)
            put(&larger, x->slot[i]);
    free(x->slot);
    *x = larger;
    return true;
}

static asx_status add(asx_store *store, uint32_t tag, int64_t id, asx_error *err)
{
    asx_design_index *x = store->designs;
    if (id <= 0 || id > UINT32_MAX)
        return asx_fail(err, ASX_EUNSUPPORTED, "'%s': the design number %lld is not 1 to %lld",
                        store->path, (long long)id, (long long)UINT32_MAX);
    if (x->n + (x->n >> 1) >= (uint64_t)1 << x->bits && x->bits < LAST_BITS &&
        !grow(x, x->bits + 1))
        return asx_fail(err, ASX_ENOMEM, "no memory for %llu designs", (unsigned long long)x->n);
    put(x, (entry){tag, (uint32_t)id});
    x->last = id;
    return ASX_OK;
}

static asx_status need_index(asx_store *store, asx_error *err)
{
    if (store->designs)
        return ASX_OK;
    asx_design_index *x = asx_array_new(1, sizeof *x);
    if (!x || !grow(x, FIRST_BITS)) {
        free(x);
        return asx_fail(err, ASX_ENOMEM, "no memory for the designs of '%s'", store->path);
    }
    store->designs = x;
    return ASX_OK;
}

void asx_design_forget(asx_store *store)
{
    if (store->designs)
        free(store->designs->slot);
    free(store->designs);
    store->designs = NULL;
}

asx_status asx_design_catch_up(asx_store *store, asx_error *err)
{
    sqlite3_stmt *stmt = NULL;
    int rc = SQLITE_DONE;
    asx_status status = need_index(store, err);
    if (status == ASX_OK)
        status = asx_db_kept(&stmt, store, ASX_DB_NEW_DESIGNS, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, store->designs->last);
    while (status == ASX_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        const char *formats = asx_db_text(stmt, 1), *placement = asx_db_text(stmt, 2);
        const uint32_t tag = tag_of(formats, (size_t)sqlite3_column_bytes(stmt, 1), placement,
                                    (size_t)sqlite3_column_bytes(stmt, 2));
        status = add(store, tag, sqlite3_column_int64(stmt, 0), err);
    }
    if (status == ASX_OK && rc != SQLITE_DONE)
        status = asx_db_fail(store, err, "read the designs");
    sqlite3_reset(stmt);
    return status;
}

typedef struct name {
    const char *formats, *placement;
    int n_placement;
    uint32_t tag;
} name;

static name split(const char *design)
{
    name d = {.placement = design};
    d.formats = asx_db_split(&d.n_placement, design);
    d.tag = tag_of(d.formats, strlen(d.formats), design, (size_t)d.n_placement);
    return d;
}

static void bind(sqlite3_stmt *stmt, int first, const name *d)
{
    asx_db_bind_text(stmt, first, d->formats);
    sqlite3_bind_text(stmt, first + 1, d->placement, d->n_placement, SQLITE_STATIC);
}

static asx_status is_design(bool *same, asx_store *store, int64_t id, const name *d, asx_error *err)
{
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_kept(&stmt, store, ASX_DB_SAME_DESIGN, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, id);
    bind(stmt, 2, d);
    const int rc = sqlite3_step(stmt);
    *same = rc == SQLITE_ROW && sqlite3_column_int(stmt, 0);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        status = asx_db_fail(store, err, "look up a design");
    sqlite3_reset(stmt);
    return status;
}

static asx_status find(int64_t *id, asx_store *store, const name *d, asx_error *err)
{
    const asx_design_index *x = store->designs;
    const uint64_t mask = ((uint64_t)1 << x->bits) - 1;
    for (uint64_t i = place(x, d->tag); x->slot[i].id; i = (i + 1) & mask) {
        bool same = false;
        if (x->slot[i].tag != d->tag)
            continue;
        const asx_status status = is_design(&same, store, x->slot[i].id, d, err);
        if (status != ASX_OK)
            return status;
        if (same) {
            *id = x->slot[i].id;
            return ASX_OK;
        }
    }
    *id = 0;
    return ASX_OK;
}

asx_status asx_design_find(int64_t *id, asx_store *store, const char *design, asx_error *err)
{
    const name d = split(design);
    const asx_status status = store->designs ? ASX_OK : asx_design_catch_up(store, err);
    return status == ASX_OK ? find(id, store, &d, err) : status;
}

asx_status asx_design_need(int64_t *id, asx_store *store, const char *design, asx_error *err)
{
    const name d = split(design);
    sqlite3_stmt *stmt = NULL;
    int64_t row = 0;
    asx_status status = find(&row, store, &d, err);
    if (status == ASX_OK && row == 0) {
        status = asx_db_kept(&stmt, store, ASX_DB_ADD_DESIGN, err);
        if (status != ASX_OK)
            return status;
        bind(stmt, 1, &d);
        status = asx_db_finish(store, stmt, "store a design", err);
        row = sqlite3_last_insert_rowid(store->db);
        if (status == ASX_OK)
            status = add(store, d.tag, row, err);
    }
    if (status == ASX_OK)
        *id = row;
    return status;
}

asx_status asx_design_look_up(int64_t *id, asx_store *store, const char *design, asx_error *err)
{
    const char *what = "look up a design";
    sqlite3_stmt *stmt = NULL;
    if (store->asked || store->designs) {
        const asx_status status = asx_design_catch_up(store, err);
        return status == ASX_OK ? asx_design_find(id, store, design, err) : status;
    }
    const name d = split(design);
    asx_status status = asx_db_prepare(
        &stmt, store, "SELECT id FROM design WHERE formats = ? AND placement = ?", what, err);
    if (status != ASX_OK)
        return status;
    bind(stmt, 1, &d);
    const int rc = sqlite3_step(stmt);
    *id = rc == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        status = asx_db_fail(store, err, what);
    sqlite3_finalize(stmt);
    store->asked = status == ASX_OK;
    return status;
}
