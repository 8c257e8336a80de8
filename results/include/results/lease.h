/* Leases: designs that were handed out to be evaluated elsewhere, and until when. */
#ifndef ASX_RESULTS_LEASE_H
#define ASX_RESULTS_LEASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "results/store.h"

#ifdef __cplusplus
extern "C" {
#endif

/** No lease is longer: one that seems to be was written by a clock that was wrong, and holds nothing. */
enum { ASX_LEASE_SECONDS_MAX = 30 * 24 * 3600 };

/**
 * Takes a design of a campaign unless somebody holds it. Safe for any number of processes at once.
 * @param now, expires  seconds since 1970, UTC; given by the caller: the library reads no clock
 * @return ASX_OK; ASX_EINVAL if it would last longer than ASX_LEASE_SECONDS_MAX; ASX_EIO
 */
ASX_API ASX_NODISCARD asx_status asx_lease_take(bool *taken, asx_store *store, int64_t campaign,
                                                const char *design, int64_t now, int64_t expires,
                                                asx_error *err);

/** Holds a design for longer; fine if nobody holds it: then nothing happens. */
ASX_API ASX_NODISCARD asx_status asx_lease_renew(asx_store *store, int64_t campaign,
                                                 const char *design, int64_t expires,
                                                 asx_error *err);

/** Gives a design back; fine if nobody holds it. */
ASX_API ASX_NODISCARD asx_status asx_lease_end(asx_store *store, int64_t campaign,
                                               const char *design, asx_error *err);

/** How many designs of a campaign are held, and when the first of them comes free. */
ASX_API ASX_NODISCARD asx_status asx_lease_count(size_t *n, int64_t *first, asx_store *store,
                                                 int64_t campaign, int64_t now, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
