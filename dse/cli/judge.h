/* How well proxies rank: designs drawn by lot, measured, and every proxy's order beside that. */
#ifndef ASX_CLI_JUDGE_H
#define ASX_CLI_JUDGE_H

#include "table.h"
#include "workbench.h"

extern const table_column judge_columns[];

/**
 * Adds a row per proxy and kind of design.
 * @param images  two halves of it are also measured against each other: the noise ceiling
 */
ASX_NODISCARD asx_status judge_proxies(table *t, workbench *w, size_t n_designs, asx_range images,
                                       asx_error *err);

#endif
