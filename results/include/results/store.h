/* The campaign database: one SQLite file that several processes may write and read at once. What
 * its tables hold is documented in the file itself (results/store/schema.sql; `sqlite3 FILE .schema`).
 *
 * Durability: write-ahead log. What was committed survives a kill of the process at any moment; a
 * power cut may take back what was committed in the last second, and leaves a sound database. On
 * network file systems, where a log does not work between machines, there is a rollback journal
 * instead, and every commit survives a power cut.
 *
 * Every page has a hash of its own, which is looked at whenever the page is read: a file that changed by itself, or by
 * another program's hand, is a failure and no answer (ASX_EDB). Files of before have none until they are repaired.
 *
 * A store belongs to one thread at a time; other threads and processes open their own. */
#ifndef ASX_RESULTS_STORE_H
#define ASX_RESULTS_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/ledger.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_store asx_store;

typedef enum asx_store_mode {
    ASX_STORE_READ,   /* an existing file; nothing it holds is changed, no files are left beside it;
                        works in a read-only folder too */
    ASX_STORE_WRITE,  /* an existing file; an older schema is migrated */
    ASX_STORE_CREATE, /* the same, and made if missing or empty */
    /* as READ and WRITE, but what is read may be damaged: for asx_store_check and asx_store_repair */
    ASX_STORE_CHECK,
    ASX_STORE_REPAIR
} asx_store_mode;

/**
 * Opens a database.
 *
 * Messages name the file and give SQLite's or the system's reason.
 * @return ASX_OK; ASX_ENOMEM; ASX_EIO if the file is missing or cannot be opened; ASX_EDB if it is
 * no database of asx, is damaged, truncated, locked for long or not writable; ASX_EUNSUPPORTED if a
 * newer asx wrote it, or an older one and `mode` is read-only
 */
ASX_API ASX_NODISCARD asx_status asx_store_open(asx_store **out, const char *path,
                                                asx_store_mode mode, asx_error *err);

/** Closes the store; ledgers made from it end with it. Bookings not yet flushed are lost. */
ASX_API void asx_store_free(asx_store *store);

/**
 * Whether the file that was opened still lies where it was. Every transaction asks before it begins; who computes for
 * long in between asks now and then. May be called by any thread. Cost: one system call.
 * @return ASX_OK; ASX_EDB if it was removed, or another file took its place
 */
ASX_API ASX_NODISCARD asx_status asx_store_check_place(const asx_store *store, asx_error *err);

ASX_API const char *asx_store_path(const asx_store *store);

/** What whoever opened the database for writing should tell its user; NULL if there is nothing. */
ASX_API const char *asx_store_remark(const asx_store *store);

/* No inputs have this key: it says that there was no memory to find one. Nothing is stored or looked up by it. */
#define ASX_NO_KEY ((uint64_t)0)

/* What an evaluation depends on besides the design. Strings are borrowed for the call. */
typedef struct asx_store_inputs {
    asx_tier tier;
    const char *subset;    /* "select" or "report": which of the campaign's images */
    uint64_t accuracy_key; /* hash of all that the accuracy depends on */
    uint64_t cost_key;     /* hash of all that the cost depends on */
    const char *about;     /* the same in words, for people */
} asx_store_inputs;

/**
 * A ledger of one campaign under one set of inputs; see dse/ledger.h for its contract.
 *
 * An evaluation that an earlier campaign booked under the same inputs is found, and counts as this
 * campaign's from then on.
 *
 * @param out    its state lives as long as `store`
 * @param batch  1: a booking is committed before it returns, for evaluations of a millisecond or
 *               more. n > 1: bookings are committed n at a time and by asx_store_flush, and the
 *               last n - 1 may be lost when the process is killed; for cheap ones. No lock is held
 *               in between.
 * @return ASX_OK; ASX_EINVAL for batch 0; ASX_ENOMEM, also for ASX_NO_KEY; ASX_EDB
 */
ASX_API ASX_NODISCARD asx_status asx_store_ledger(asx_ledger *out, asx_store *store,
                                                  int64_t campaign, const asx_store_inputs *inputs,
                                                  size_t batch, asx_error *err);

/**
 * Begins a transaction that nobody else writes in, for what is read and written together: looking
 * things up, leases. Books nothing; keep it short, others wait.
 * @return ASX_OK; ASX_EDB
 */
ASX_API ASX_NODISCARD asx_status asx_store_begin(asx_store *store, asx_error *err);

/** Commits if `status` is ASX_OK, else takes all back. @return the first failure of both */
ASX_API ASX_NODISCARD asx_status asx_store_end(asx_store *store, asx_status status, asx_error *err);

/** Commits what the ledgers of this store still hold back. */
ASX_API ASX_NODISCARD asx_status asx_store_flush(asx_store *store, asx_error *err);

/**
 * The accuracy of a list of formats, whatever the placement and hardware it was booked with.
 * @param formats  text of asx_design_print_formats
 * @param inputs   tier and `accuracy_key` alone matter
 */
ASX_API ASX_NODISCARD asx_status asx_store_find_accuracy(asx_accuracy *out, bool *found,
                                                         asx_store *store, const char *formats,
                                                         const asx_store_inputs *inputs,
                                                         asx_error *err);

/** Is shown formats (asx_design_print_formats) and their accuracy, valid during the call only. Returns ASX_OK to go on;
 *  anything else ends the listing, which then returns it. */
typedef asx_status asx_store_accuracy_visit(void *state, const char *formats,
                                            const asx_accuracy *accuracy, asx_error *err);

/**
 * Every list of formats whose accuracy is known, once, whatever campaign booked it, in the order of their texts.
 * @param inputs  tier and `accuracy_key` alone matter
 * @return ASX_OK; what `visit` returned; ASX_ENOMEM; ASX_EDB
 */
ASX_API ASX_NODISCARD asx_status asx_store_each_accuracy(asx_store *store,
                                                         const asx_store_inputs *inputs,
                                                         asx_store_accuracy_visit *visit,
                                                         void *state, asx_error *err);

/** Bytes stored under a key. @param out owned by the caller, free(); NULL if not found */
ASX_API ASX_NODISCARD asx_status asx_store_cache_get(void **out, size_t *n, asx_store *store,
                                                     const char *key, asx_error *err);

/** Forgets what is under keys that begin so. */
ASX_API ASX_NODISCARD asx_status asx_store_cache_forget(asx_store *store, const char *prefix,
                                                        asx_error *err);

/** Stores bytes under a key, replacing what was there. */
ASX_API ASX_NODISCARD asx_status asx_store_cache_put(asx_store *store, const char *key,
                                                     const void *data, size_t n, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
