/* Private to the part: the columns of a run, in one order. */
#ifndef ASX_RESULTS_RUN_ROW_H
#define ASX_RESULTS_RUN_ROW_H

#include "db.h"
#include "results/run.h"

/* @param r  what the table is called by: "r." */
#define ASX_DB_RUN(r)                                                                              \
    r "id, " r "campaign, " r "threads, " r "process, " r "evaluated, "                            \
      "coalesce(" r "elapsed_s, (julianday('now') - julianday(" r "started)) * 86400), " r         \
      "version, " r "build, " r "processor, " r "started, " r "reason"

/** Reads these columns from `first` on; a row of NULLs gives an entry of zeros. */
asx_status asx_run_entry_read(asx_run_entry *out, sqlite3_stmt *stmt, int first, asx_error *err);

void asx_run_entry_fini(asx_run_entry *entry);

#endif
