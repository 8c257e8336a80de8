/* How well proxies rank: designs drawn by lot, measured, and every proxy's order beside that. */
#ifndef ASX_CLI_JUDGE_H
#define ASX_CLI_JUDGE_H

#include "table.h"
#include "workbench.h"

extern const table_column judge_columns[], trust_columns[];

/* A row per proxy and kind of design: how it ranks; and, of those a campaign would use, where they
 * are not to be trusted. */
typedef struct judge_tables {
    table *ranks, *trust;
} judge_tables;

/* What to judge by, and what to make of it. */
typedef struct judge_request {
    size_t n_designs; /* of each kind */
    asx_range images; /* two halves of it are also measured against each other: the noise ceiling */
    const char *picture; /* file: the best proxy's predictions against measured drops; or NULL */
} judge_request;

ASX_NODISCARD asx_status judge_proxies(const judge_tables *out, workbench *w,
                                       const judge_request *request, asx_error *err);

#endif
