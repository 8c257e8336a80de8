/* Private to the library: what only runs do to a session, and the keys of its evaluations. */
#ifndef ASX_EXPLORE_SESSION_PRIVATE_H
#define ASX_EXPLORE_SESSION_PRIVATE_H

#include "explore/session.h"

/** Takes the proxy's place with one that learned. @param proxy taken over, on failure too */
ASX_NODISCARD asx_status asx_session_set_proxy(asx_session *s, asx_proxy *proxy, asx_error *err);

/* ---- session_key.c ---- */

/** Hash of all that the accuracy at a tier on a subset depends on; ASX_NO_KEY if there was no memory to find it, which
 * whoever stores or looks up refuses. */
uint64_t asx_session_accuracy_key(const asx_session *s, asx_tier tier, asx_subset subset);

/** Hash of all that costs depend on, or ASX_NO_KEY. */
uint64_t asx_session_cost_key(const asx_session *s);

/* ---- record.c ---- */

enum { ASX_NOW_SIZE = 32 };

/** The time of day as the database has it: UTC, ISO 8601. */
void asx_now(char out[ASX_NOW_SIZE]);

#endif
