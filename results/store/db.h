/* What the files of this module share: the open database and its small vocabulary. */
#ifndef ASX_RESULTS_DB_H
#define ASX_RESULTS_DB_H

#include <sqlite3.h>

#include "results/rows.h"
#include "results/store.h"

typedef struct asx_book asx_book;
typedef struct asx_design_index asx_design_index;

/* Statements that are used often: prepared once, on first use. */
typedef enum asx_db_statement {
    ASX_DB_FIND,
    ASX_DB_FIND_ACCURACY,
    ASX_DB_NEW_DESIGNS,
    ASX_DB_SAME_DESIGN,
    ASX_DB_ADD_DESIGN,
    ASX_DB_ADD_EVALUATION,
    ASX_DB_ADD_BREAKDOWN,
    ASX_DB_RECALL,
    ASX_DB_RECALL_DESIGN,
    ASX_DB_N_STATEMENTS
} asx_db_statement;

struct asx_store {
    sqlite3 *db;
    char *path;
    char *uri;       /* what `db` was opened by */
    char *remark;    /* NULL: none */
    bool logged;     /* writers: with a write-ahead log */
    bool syncing;    /* the transaction that is open will be on the disk when it ends */
    double synced_s; /* when one was, by a clock that only runs */
    asx_store_mode mode;
    uint64_t device, inode;    /* of the file; 0: not known yet */
    asx_book *books;           /* list of ledgers */
    asx_design_index *designs; /* NULL until it is needed */
    bool asked;                /* asx_design_look_up was */
    size_t booked;             /* evaluations since a front was last kept */
    size_t keep_every;         /* it is after so many */
    sqlite3_stmt *kept[ASX_DB_N_STATEMENTS];
};

/** Records SQLite's last failure: "cannot <what> in '<file>': <reason>". */
asx_status asx_db_fail(asx_store *store, asx_error *err, const char *what);

/** Runs SQL that returns nothing of interest. */
asx_status asx_db_run(asx_store *store, const char *sql, const char *what, asx_error *err);

/** Prepares one statement; sqlite3_finalize it. */
asx_status asx_db_prepare(sqlite3_stmt **out, asx_store *store, const char *sql, const char *what,
                          asx_error *err);

/** Steps a statement that returns no row, and resets it. */
asx_status asx_db_finish(asx_store *store, sqlite3_stmt *stmt, const char *what, asx_error *err);

/** The integer that a query returns first. */
asx_status asx_db_integer(int64_t *out, asx_store *store, const char *sql, const char *what,
                          asx_error *err);

/** Takes the write lock at once, so that a transaction never fails in its middle for want of it. */
asx_status asx_db_begin(asx_store *store, asx_error *err);

/** Commits if `status` is ASX_OK, else rolls back; returns the first failure of both. */
asx_status asx_db_end(asx_store *store, asx_status status, asx_error *err);

/** Binds a text that outlives the step; NULL binds "". */
int asx_db_bind_text(sqlite3_stmt *stmt, int index, const char *text);

/** A 64-bit hash as 16 hexadecimal digits. */
enum { ASX_DB_KEY_SIZE = 17 };
void asx_db_key(char out[ASX_DB_KEY_SIZE], uint64_t hash);

/** "near: w4{1}a8" is a placement of `*n_placement` letters, and the formats that are returned. */
const char *asx_db_split(int *n_placement, const char *design);

/** A number; NAN binds NULL. */
int asx_db_bind_number(sqlite3_stmt *stmt, int index, double value);

/** A column of numbers; NAN for NULL. */
double asx_db_number(sqlite3_stmt *stmt, int column);

/**
 * The bytes of the first column of the first row.
 * @param out  [n] free(); NULL if there is no row
 */
asx_status asx_db_blob(void **out, size_t *n, asx_store *store, sqlite3_stmt *stmt,
                       const char *what, asx_error *err);

/** A text column, "" for NULL; valid until the next step. */
const char *asx_db_text(sqlite3_stmt *stmt, int column);

/* header.c */

/** Size of a file beside the database, "-wal" or "-shm"; -1 if there is none. */
long long asx_db_beside(const char *path, const char *suffix);

/** Whether the file is one that is written by way of a log. */
bool asx_db_has_log_format(const asx_store *store);

/** A truncated file would be noticed only when a lost page is read. */
asx_status asx_db_check_header(asx_store *store, asx_error *err);

/* place.c */

/** Remembers which file it is that was opened. */
void asx_db_remember_file(asx_store *store);

/* file_system.c */

/** Names the network file system that a file lies on; NULL if it is none. */
typedef const char *asx_file_system_probe(const char *path);
asx_file_system_probe asx_file_system_shared;

/** store.c: asx_store_open with a probe of the caller's. */
asx_status asx_store_open_on(asx_store **out, const char *path, asx_store_mode mode,
                             asx_file_system_probe *probe, asx_error *err);

/* connect.c */
static inline bool asx_db_only_reads(const asx_store *store)
{
    return store->mode == ASX_STORE_READ || store->mode == ASX_STORE_CHECK;
}
asx_status asx_db_connect_reader(asx_store *store, asx_error *err);
asx_status asx_db_connect_writer(asx_store *store, asx_error *err);

/** @param shared  the file lies on a network file system */
asx_status asx_db_configure_writer(asx_store *store, bool shared, asx_error *err);

/* schema.c */
enum { ASX_SCHEMA_VERSION = 13, ASX_SCHEMA_APPLICATION = 0x41535831 }; /* "ASX1" */

/** Creates, migrates or refuses, by the store's mode. */
asx_status asx_schema_prepare(asx_store *store, asx_error *err);

/** Makes views and triggers anew. In a transaction. */
asx_status asx_schema_renew(asx_store *store, asx_error *err);

/* design_index.c: the designs of the database by their text, in memory.
 *
 * An index on disk, its keys in random order, would dirty a page per insertion and so slow down as
 * it grows. Rows of `design` are only ever added, so whoever knows them up to some id needs to read
 * the rows behind it alone, which is what asx_design_catch_up does; with the write lock held,
 * nothing is missing then. About 12 bytes per design; reading a million takes a third of a
 * second. */

/** Reads the designs that others added; everything at the first call. */
asx_status asx_design_catch_up(asx_store *store, asx_error *err);

/**
 * Row of a design; 0 if it is not there. The first question is answered by reading the table, any
 * later one by the index: who asks once need not wait for it.
 */
asx_status asx_design_look_up(int64_t *id, asx_store *store, const char *design, asx_error *err);

/** Row of a design among those read; 0 if it is not there. */
asx_status asx_design_find(int64_t *id, asx_store *store, const char *design, asx_error *err);

/** Row of a design, which is added if missing. In a transaction, behind asx_design_catch_up. */
asx_status asx_design_need(int64_t *id, asx_store *store, const char *design, asx_error *err);

/** Forgets everything: what a transaction that was rolled back had added, among others. */
void asx_design_forget(asx_store *store);

/* ledger.c */
void asx_book_free_all(asx_store *store);

/* The columns of an evaluation, and behind them those of its breakdown: one order everywhere. */
#define ASX_DB_EVALUATION                                                                          \
    "images, correct, accuracy, accuracy_low, accuracy_high, \"drop\", drop_low, drop_high, "      \
    "energy_pj, latency_ns, cycles, area_um2, weight_bits"
#define ASX_DB_BREAKDOWN_COLUMN(name, text, group, help) ", " text "_pj, " text "_um2"
#define ASX_DB_BREAKDOWN                                 ASX_COMPONENT_LIST(ASX_DB_BREAKDOWN_COLUMN)

/** statements.c: a statement ready to bind; reset it after use, the store owns it. */
asx_status asx_db_kept(sqlite3_stmt **out, asx_store *store, asx_db_statement which,
                       asx_error *err);

/** query.c: an authorizer that allows reading and nothing else. */
int asx_db_authorize(void *state, int action, const char *a, const char *b, const char *c,
                     const char *d);

/** functions.c: makes layer_format, set_of, bits_of and set_size known to a connection. */
asx_status asx_db_add_functions(asx_store *store, asx_error *err);

/* evaluation_row.c */

/** Reads the columns from `first` on; `parts` says that the breakdown's follow. */
void asx_evaluation_from_row(asx_evaluation *out, asx_tier tier, sqlite3_stmt *stmt, int first,
                             bool parts);

/** A row: text, subset, placement, tier, id and the columns of an evaluation. Its texts are the
 * statement's, valid until the next step. */
asx_status asx_row_read(asx_row *out, sqlite3_stmt *stmt, bool parts, asx_error *err);

/** Adds all such rows of a statement, without parts. */
asx_status asx_rows_read(asx_rows *rows, asx_store *store, sqlite3_stmt *stmt, asx_error *err);

int asx_evaluation_bind(sqlite3_stmt *stmt, int first, const asx_evaluation *evaluation);
int asx_breakdown_bind(sqlite3_stmt *stmt, int first, const asx_evaluation *evaluation);

#endif
