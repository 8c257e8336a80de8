/* Proxies kept in the database: building one takes far longer than reading it. */
#ifndef ASX_CLI_PROXY_CACHE_H
#define ASX_CLI_PROXY_CACHE_H

#include "results/store.h"
#include "workbench.h"

/**
 * workbench_need_proxy, but the proxy comes from the database if an earlier run on the same
 * network, data, calibration, seed and formats left it there, and goes there if not. A damaged
 * entry counts as none. Where it comes from the database, the workbench's `proxy_fit` stays empty.
 */
ASX_NODISCARD asx_status proxy_cache_need(workbench *w, asx_store *store, asx_error *err);

#endif
