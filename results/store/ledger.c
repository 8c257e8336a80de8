/* Ledgers over the database: find and book evaluations of one campaign under one set of inputs.
 *
 * Bookings wait in memory until a batch is full and then go in as one short transaction, so that
 * the write lock is never held while somebody computes. */
#include <stdlib.h>
#include <string.h>

#include "candidates.h"
#include "db.h"
#include "dse/file.h"
#include "dse/memory.h"
#include "dse/text.h"

typedef struct booking {
    char *design;
    asx_evaluation evaluation;
} booking;

struct asx_book {
    asx_store *store;
    asx_book *next;
    int64_t campaign, inputs; /* rows */
    asx_tier tier;
    bool dear; /* rather looked up among what others booked than evaluated again */
    size_t batch, n;
    booking *pending; /* [batch] */
    uint64_t *hash;   /* [batch] of the pending designs' texts, close together for a quick search */
};

/* Another process may have been faster: then its numbers stand and count as ours too. */
static asx_status recall_design(const asx_book *book, int64_t design, asx_error *err)
{
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_kept(&stmt, book->store, ASX_DB_RECALL_DESIGN, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, design);
    sqlite3_bind_int64(stmt, 2, book->inputs);
    sqlite3_bind_int64(stmt, 3, book->campaign);
    return asx_db_finish(book->store, stmt, "recall an evaluation", err);
}

/* With all that its seal is of, in the order of the statement. */
static void bind_breakdown(sqlite3_stmt *stmt, int64_t id, const asx_book *book, const booking *b)
{
    enum { BEHIND = 2 + 2 * ASX_N_PARTS };
    int n_placement = 0;
    const char *formats = asx_db_split(&n_placement, b->design);
    sqlite3_bind_int64(stmt, 1, id);
    asx_breakdown_bind(stmt, 2, &b->evaluation);
    asx_db_bind_text(stmt, BEHIND, formats);
    sqlite3_bind_text(stmt, BEHIND + 1, b->design, n_placement, SQLITE_STATIC);
    sqlite3_bind_int64(stmt, BEHIND + 2, book->inputs);
    sqlite3_bind_int64(stmt, BEHIND + 3, book->campaign);
    asx_evaluation_bind(stmt, BEHIND + 4, &b->evaluation);
}

static asx_status insert(const asx_book *book, const booking *b, asx_error *err)
{
    asx_store *store = book->store;
    sqlite3_stmt *stmt = NULL;
    int64_t design = 0;
    asx_status status = asx_design_need(&design, store, b->design, err);
    if (status == ASX_OK)
        status = asx_db_kept(&stmt, store, ASX_DB_ADD_EVALUATION, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, design);
    sqlite3_bind_int64(stmt, 2, book->inputs);
    sqlite3_bind_int64(stmt, 3, book->campaign);
    asx_evaluation_bind(stmt, 4, &b->evaluation);
    status = asx_db_finish(store, stmt, "store an evaluation", err);
    if (status != ASX_OK)
        return status;
    if (sqlite3_changes(store->db) == 0)
        return recall_design(book, design, err);
    int64_t id = sqlite3_last_insert_rowid(store->db);
    status = asx_db_kept(&stmt, store, ASX_DB_ADD_BREAKDOWN, err);
    if (status != ASX_OK)
        return status;
    bind_breakdown(stmt, id, book, b);
    return asx_db_finish(store, stmt, "store a breakdown", err);
}

/* Every so often, so that reading the front of a long campaign never takes long, killed or not. */
static asx_status keep_front(asx_store *store, int64_t campaign, asx_error *err)
{
    if (store->booked < store->keep_every)
        return ASX_OK;
    store->booked = 0;
    return asx_candidates_settle(store, campaign, err);
}

static asx_status flush(asx_book *book, asx_error *err)
{
    if (book->n == 0)
        return ASX_OK;
    asx_status status = asx_db_begin(book->store, err);
    if (status != ASX_OK)
        return status;
    status = asx_design_catch_up(book->store, err);
    for (size_t i = 0; i < book->n && status == ASX_OK; i++)
        status = insert(book, &book->pending[i], err);
    status = asx_db_end(book->store, status, err);
    if (status != ASX_OK) {
        asx_design_forget(book->store);
        return status;
    }
    book->store->booked += book->n;
    while (book->n > 0)
        free(book->pending[--book->n].design);
    return keep_front(book->store, book->campaign, err);
}

asx_status asx_store_flush(asx_store *store, asx_error *err)
{
    asx_status status = ASX_OK;
    for (asx_book *book = store->books; book && status == ASX_OK; book = book->next)
        status = flush(book, err);
    return status;
}

static const booking *find_pending(const asx_book *book, const char *design)
{
    uint64_t hash = book->n ? asx_hash(design, strlen(design), 0) : 0;
    for (size_t i = 0; i < book->n; i++)
        if (book->hash[i] == hash && strcmp(book->pending[i].design, design) == 0)
            return &book->pending[i];
    return NULL;
}

static asx_status recall(const asx_book *book, int64_t evaluation, asx_error *err)
{
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_kept(&stmt, book->store, ASX_DB_RECALL, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, book->campaign);
    sqlite3_bind_int64(stmt, 2, evaluation);
    return asx_db_finish(book->store, stmt, "recall an evaluation", err);
}

/* What others booked meanwhile is asked for only where evaluations are dear; predictions are sooner
 * computed twice, and the flush puts that right. */
static asx_status find_design(int64_t *row, const asx_book *book, const char *design,
                              asx_error *err)
{
    asx_status status = asx_design_find(row, book->store, design, err);
    if (status == ASX_OK && *row == 0 && book->dear) {
        status = asx_design_catch_up(book->store, err);
        if (status == ASX_OK)
            status = asx_design_find(row, book->store, design, err);
    }
    return status;
}

static asx_status book_find(void *state, const char *design, asx_evaluation *out, bool *found,
                            asx_error *err)
{
    asx_book *book = state;
    sqlite3_stmt *stmt = NULL;
    asx_evaluation evaluation;
    const booking *pending = find_pending(book, design);
    if (pending) {
        *out = pending->evaluation;
        *found = true;
        return ASX_OK;
    }
    int64_t row = 0, id = 0, campaign = 0;
    asx_status status = find_design(&row, book, design, err);
    if (status == ASX_OK && row == 0)
        *found = false;
    if (status == ASX_OK && row != 0)
        status = asx_db_kept(&stmt, book->store, ASX_DB_FIND, err);
    if (status != ASX_OK || row == 0)
        return status;
    sqlite3_bind_int64(stmt, 1, book->inputs);
    sqlite3_bind_int64(stmt, 2, row);
    int rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW) {
        id = sqlite3_column_int64(stmt, 0);
        campaign = sqlite3_column_int64(stmt, 1);
        asx_evaluation_from_row(&evaluation, book->tier, stmt, 2, true);
    } else if (rc != SQLITE_DONE) {
        status = asx_db_fail(book->store, err, "look up an evaluation");
    }
    sqlite3_reset(stmt);
    if (status == ASX_OK && rc == SQLITE_ROW && campaign != book->campaign)
        status = recall(book, id, err);
    if (status != ASX_OK)
        return status;
    *found = rc == SQLITE_ROW;
    if (*found)
        *out = evaluation;
    return ASX_OK;
}

static asx_status book_book(void *state, const char *text, const asx_design *design,
                            const asx_evaluation *evaluation, asx_error *err)
{
    asx_book *book = state;
    (void)design;                 /* its text says it all */
    if (book->n == book->batch) { /* an earlier flush failed */
        asx_status status = flush(book, err);
        if (status != ASX_OK)
            return status;
    }
    booking *b = &book->pending[book->n];
    *b = (booking){asx_string_copy(text), *evaluation};
    book->hash[book->n] = asx_hash(text, strlen(text), 0);
    if (!b->design)
        return asx_fail(err, ASX_ENOMEM, "no memory to book a design");
    if (++book->n < book->batch)
        return ASX_OK;
    asx_status status = flush(book, err);
    if (status != ASX_OK && book->n > 0) { /* not booked; the earlier ones wait for another try */
        free(b->design);
        book->n--;
    }
    return status;
}

static asx_status book_flush(void *state, asx_error *err)
{
    return flush(state, err);
}

static void book_free(asx_book *book)
{
    if (!book)
        return;
    while (book->n > 0)
        free(book->pending[--book->n].design);
    free(book->pending);
    free(book->hash);
    free(book);
}

void asx_book_free_all(asx_store *store)
{
    while (store->books) {
        asx_book *next = store->books->next;
        book_free(store->books);
        store->books = next;
    }
}

static void bind_inputs(sqlite3_stmt *stmt, const asx_store_inputs *inputs, char *accuracy_key,
                        char *cost_key)
{
    asx_db_key(accuracy_key, inputs->accuracy_key);
    asx_db_key(cost_key, inputs->cost_key);
    asx_db_bind_text(stmt, 1, asx_tier_text(inputs->tier));
    asx_db_bind_text(stmt, 2, inputs->subset);
    asx_db_bind_text(stmt, 3, accuracy_key);
    asx_db_bind_text(stmt, 4, cost_key);
    asx_db_bind_text(stmt, 5, inputs->about);
}

static asx_status inputs_row(int64_t *id, asx_store *store, const asx_store_inputs *inputs,
                             asx_error *err)
{
    /* the update that changes nothing makes RETURNING give the old row */
    const char *sql = "INSERT INTO inputs (tier, subset, accuracy_key, cost_key, about) "
                      "VALUES (?, ?, ?, ?, ?) ON CONFLICT (accuracy_key, cost_key, tier, subset) "
                      "DO UPDATE SET tier = tier RETURNING id";
    char accuracy_key[ASX_DB_KEY_SIZE], cost_key[ASX_DB_KEY_SIZE];
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(&stmt, store, sql, "store inputs", err);
    if (status != ASX_OK)
        return status;
    bind_inputs(stmt, inputs, accuracy_key, cost_key);
    if (sqlite3_step(stmt) == SQLITE_ROW)
        *id = sqlite3_column_int64(stmt, 0);
    else
        status = asx_db_fail(store, err, "store inputs");
    if (status == ASX_OK && sqlite3_step(stmt) != SQLITE_DONE)
        status = asx_db_fail(store, err, "store inputs");
    sqlite3_finalize(stmt);
    return status;
}

/* What others booked before cannot be this campaign's: its front is known up to here. */
static asx_status booked_row(asx_store *store, int64_t campaign, int64_t inputs, asx_error *err)
{
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(
        &stmt, store, "INSERT OR IGNORE INTO booked (campaign, inputs) VALUES (?, ?)",
        "open a ledger", err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, campaign);
    sqlite3_bind_int64(stmt, 2, inputs);
    status = asx_db_finish(store, stmt, "open a ledger", err);
    sqlite3_finalize(stmt);
    return status;
}

static asx_status check_keys(const asx_store_inputs *inputs, asx_error *err)
{
    return inputs->accuracy_key == ASX_NO_KEY || inputs->cost_key == ASX_NO_KEY
               ? asx_fail(err, ASX_ENOMEM, "no memory for the keys of inputs")
               : ASX_OK;
}

asx_status asx_store_ledger(asx_ledger *out, asx_store *store, int64_t campaign,
                            const asx_store_inputs *inputs, size_t batch, asx_error *err)
{
    int64_t row = 0;
    if (batch == 0)
        return asx_fail(err, ASX_EINVAL, "a ledger's batch is 0, not at least 1");
    asx_status status = check_keys(inputs, err);
    if (status == ASX_OK)
        status = asx_db_begin(store, err);
    if (status != ASX_OK)
        return status;
    status = inputs_row(&row, store, inputs, err);
    if (status == ASX_OK)
        status = booked_row(store, campaign, row, err);
    status = asx_db_end(store, status, err);
    if (status != ASX_OK)
        return status;
    asx_book *book = asx_array_new(1, sizeof *book);
    booking *pending = asx_array_new(batch, sizeof *pending);
    uint64_t *hash = asx_array_new(batch, sizeof *hash);
    if (!book || !pending || !hash) {
        free(book);
        free(pending);
        free(hash);
        return asx_fail(err, ASX_ENOMEM, "no memory for a ledger");
    }
    *book = (asx_book){.store = store,
                       .next = store->books,
                       .campaign = campaign,
                       .inputs = row,
                       .tier = inputs->tier,
                       .dear = inputs->tier != ASX_TIER_PROXY && inputs->tier != ASX_TIER_COSTS,
                       .batch = batch,
                       .pending = pending,
                       .hash = hash};
    store->books = book;
    *out = (asx_ledger){book_find, book_book, book, batch > 1 ? book_flush : NULL};
    return ASX_OK;
}

/* The accuracy of one design, if it was evaluated under such inputs. */
static asx_status find_accuracy(asx_accuracy *out, bool *found, asx_store *store, int64_t design,
                                const asx_store_inputs *inputs, asx_error *err)
{
    sqlite3_stmt *stmt = NULL;
    char key[ASX_DB_KEY_SIZE];
    asx_evaluation evaluation;
    asx_status status = asx_db_kept(&stmt, store, ASX_DB_FIND_ACCURACY, err);
    if (status != ASX_OK)
        return status;
    asx_db_key(key, inputs->accuracy_key);
    sqlite3_bind_int64(stmt, 1, design);
    asx_db_bind_text(stmt, 2, asx_tier_text(inputs->tier));
    asx_db_bind_text(stmt, 3, key);
    const int rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW)
        asx_evaluation_from_row(&evaluation, inputs->tier, stmt, 0, false);
    else if (rc != SQLITE_DONE)
        status = asx_db_fail(store, err, "look up an accuracy");
    sqlite3_reset(stmt);
    *found = status == ASX_OK && rc == SQLITE_ROW;
    if (*found)
        *out = evaluation.accuracy;
    return status;
}

asx_status asx_store_find_accuracy(asx_accuracy *out, bool *found, asx_store *store,
                                   const char *formats, const asx_store_inputs *inputs,
                                   asx_error *err)
{
    bool there = false;
    asx_status status = inputs->accuracy_key == ASX_NO_KEY ? check_keys(inputs, err) : ASX_OK;
    if (status == ASX_OK)
        status = asx_store_flush(store, err); /* bookings held back count too */
    if (status == ASX_OK)
        status = asx_design_catch_up(store, err);
    for (int p = 0; p < ASX_N_PLACEMENTS && status == ASX_OK && !there; p++) {
        asx_text design = {0};
        int64_t row = 0;
        asx_text_add(&design, "%s: %s", asx_placement_text((asx_placement)p), formats);
        if (design.failed)
            status = asx_fail(err, ASX_ENOMEM, "no memory for a design");
        if (status == ASX_OK)
            status = asx_design_find(&row, store, design.s, err);
        if (status == ASX_OK && row)
            status = find_accuracy(out, &there, store, row, inputs, err);
        asx_text_fini(&design);
    }
    if (status == ASX_OK)
        *found = there;
    return status;
}
