#include "bounds.h"

#include <time.h>

#include "results/sql.h"

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int is_late(void *state)
{
    asx_bounds *b = state;
    b->late = now_s() > b->end_s;
    return b->late;
}

void asx_bounds_set(asx_bounds *b, asx_store *store)
{
    enum {
        STEPS = 10000
    }; /* of the virtual machine, between two looks at the clock: a millisecond or less */
    *b = (asx_bounds){.end_s = now_s() + ASX_SQL_SECONDS_MAX};
    b->heap_before = sqlite3_hard_heap_limit64((sqlite3_int64)ASX_SQL_MIB_MAX << 20);
    b->length_before = sqlite3_limit(store->db, SQLITE_LIMIT_LENGTH, ASX_SQL_CELL_MIB_MAX << 20);
    sqlite3_progress_handler(store->db, STEPS, is_late, b);
}

asx_status asx_bounds_end(const asx_bounds *b, asx_store *store, asx_status status, asx_error *err)
{
    sqlite3_progress_handler(store->db, 0, NULL, NULL);
    sqlite3_limit(store->db, SQLITE_LIMIT_LENGTH, b->length_before);
    sqlite3_hard_heap_limit64(b->heap_before);
    if (b->late && status == ASX_EINTERRUPTED)
        return asx_fail(err, ASX_EDB, "cannot query '%s': no answer within %d s", store->path,
                        ASX_SQL_SECONDS_MAX);
    if (status == ASX_ENOMEM)
        return asx_fail(err, ASX_EDB, "cannot query '%s': no memory within %d MiB", store->path,
                        ASX_SQL_MIB_MAX);
    return status;
}
