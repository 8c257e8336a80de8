/* What a question of a user may take: anybody's SQL can ask for more than there is. */
#ifndef ASX_RESULTS_BOUNDS_H
#define ASX_RESULTS_BOUNDS_H

#include "db.h"

typedef struct asx_bounds {
    double end_s;
    bool late;
    sqlite3_int64 heap_before;
    int length_before;
} asx_bounds;

/** From now on the connection has so much time and memory: ASX_SQL_SECONDS_MAX and its like (results/sql.h). */
void asx_bounds_set(asx_bounds *b, asx_store *store);

/**
 * Takes the bounds back.
 * @param status  what became of the question
 * @return `status`, or ASX_EDB with a message that names the bound that was met
 */
asx_status asx_bounds_end(const asx_bounds *b, asx_store *store, asx_status status, asx_error *err);

#endif
