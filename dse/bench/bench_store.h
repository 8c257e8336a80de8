/* What the benchmarks of the database share: rows as a layer-wise search has them, written and read. */
#ifndef ASX_BENCH_BENCH_STORE_H
#define ASX_BENCH_BENCH_STORE_H

#include <stdint.h>

#include "bench.h"
#include "dse/ledger.h"
#include "results/query.h"
#include "results/store.h"

/** Opens a database, which is made if it is missing, with one campaign. @param store  asx_store_free it */
ASX_NODISCARD asx_status bench_store_open(asx_store **store, asx_ledger *ledger, const char *path,
                                          int64_t *campaign, asx_error *err);

/** A design as a layer-wise search would have it, and numbers spread like a trade-off's. */
void bench_store_row(char *text, size_t size, asx_evaluation *e, uint64_t stream, uint64_t i);

/** Looks up and books `n` designs, others for each `stream`, and flushes them. */
ASX_NODISCARD asx_status bench_store_write(asx_store *store, const asx_ledger *ledger,
                                           uint64_t stream, size_t n, asx_error *err);

/** Opens the database, asks it of its newest campaign and shows all rows that there are, at least one. */
ASX_NODISCARD asx_status bench_store_ask(const char *path, asx_query query, asx_error *err);

/** Processor time of this process: what other work on the machine does not lengthen. */
double bench_cpu_seconds(void);

/** What hashes of pages cost: storing and reading with them, beside a file that has no room for them. */
ASX_NODISCARD asx_status bench_page_hashes(bench_report *report, const char *folder, size_t n,
                                           asx_error *err);

#endif
