/* Bespoke classifiers that were found, in the database. */
#ifndef ASX_RESULTS_BESPOKE_H
#define ASX_RESULTS_BESPOKE_H

#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "results/store.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Texts are borrowed for the call. Rows of parts: to learn from, to choose by, to report on. */
typedef struct asx_bespoke_row {
    double lost;
    size_t correct[3];
    double drop, drop_low, drop_high;
    double area_cm2, power_mw, delay_ms;
    const char *network; /* JSON */
} asx_bespoke_row;

typedef struct asx_bespoke_record {
    uint64_t identity; /* hash of all that the outcome depends on */
    const char *about, *technology;
    size_t features, classes, rows[3];
    uint64_t evaluated;
    double training_s, evolution_s;
    const asx_bespoke_row *design; /* [n]: the baseline, then the front */
    size_t n;                      /* 0: the evolution did not come to its end yet */
} asx_bespoke_record;

/* What an evolution left in a database. Networks of the rows are NULL. */
typedef struct asx_bespoke_kept {
    int64_t id;
    char *about, *technology, *finished; /* the last: UTC, ISO 8601; "" if it did not end yet */
    size_t features, classes, rows[3];
    uint64_t evaluated;
    double training_s, evolution_s;
    asx_bespoke_row *design; /* [n]: the baseline, then the front; none before the end */
    size_t n;
} asx_bespoke_kept;

/** All of a database, oldest first. @param out  [n] asx_bespoke_list_free; NULL if there are none
 *  @return ASX_OK; ASX_ENOMEM; ASX_EDB */
ASX_API ASX_NODISCARD asx_status asx_bespoke_list(asx_bespoke_kept **out, size_t *n,
                                                  asx_store *store, asx_error *err);
ASX_API void asx_bespoke_list_free(asx_bespoke_kept *kept, size_t n);

/** Keeps how far an evolution is, or what it found at its end; of one identity there is one row. What came to its end
 *  before is left as it is. For one writer at a time, as runs are. @return ASX_OK; ASX_EDB */
ASX_API ASX_NODISCARD asx_status asx_bespoke_keep(asx_store *store,
                                                  const asx_bespoke_record *record, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
