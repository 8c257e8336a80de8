/* Proxies kept in the database: building one takes far longer than reading it. */
#ifndef ASX_EXPLORE_PROXY_CACHE_H
#define ASX_EXPLORE_PROXY_CACHE_H

#include "explore/session.h"
#include "results/store.h"

/**
 * asx_session_need_proxy, but the proxy comes from the database if an earlier run on the same
 * network, data, calibration, seed and formats left it there, and goes there if not. A damaged
 * entry counts as none. Where it comes from the database, the session's `proxy_fit` stays empty.
 */
ASX_NODISCARD asx_status asx_proxy_cache_need(asx_session *s, asx_store *store, asx_error *err);

#endif
