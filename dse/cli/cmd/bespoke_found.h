/* What 'asx bespoke train' found, as tables and as files. */
#ifndef ASX_CLI_BESPOKE_FOUND_H
#define ASX_CLI_BESPOKE_FOUND_H

#include "bespoke_names.h"
#include "bespoke_runs.h"
#include "explore/bespoke.h"
#include "results/plot.h"
#include "table.h"

enum { BESPOKE_TABLES = 4 };

/** The table's parts, the work done, the front, the designs chosen: empty. @param out  table_free each, on failure too
 *  @param seeds  whether each row begins with a seed */
ASX_NODISCARD asx_status bespoke_tables_new(table *out[BESPOKE_TABLES], bool seeds,
                                            const bespoke_units *units, asx_error *err);

/** @param seed  of tables that have them; else NULL @param rows  of the front, spread over it */
ASX_NODISCARD asx_status bespoke_tables_add(table *const out[BESPOKE_TABLES], const uint64_t *seed,
                                            const asx_bespoke_result *r,
                                            const asx_bespoke_opened *o, size_t rows,
                                            asx_error *err);

/** The front alone, whole. */
ASX_NODISCARD asx_status bespoke_front(table **out, const asx_bespoke_result *r,
                                       const asx_cell_library *library, asx_error *err);

/**
 * Writes a folder: baseline.json, lost1.json, lost2.json, lost5.json (those there are), front.csv, and the rows to report on
 * as the circuit sees them: x_test.csv, y_test.csv; features.csv and classes.csv, by which others are brought before it.
 */
ASX_NODISCARD asx_status bespoke_write(const char *folder, const asx_bespoke_result *r,
                                       const asx_bespoke_opened *o, const bespoke_names *names,
                                       asx_error *err);

/** Draws points lost over area: as chosen, and on the rows to report on. @param options  of it format, path and size */
ASX_NODISCARD asx_status bespoke_plot(const asx_plot_options *options, const asx_bespoke_result *r,
                                      asx_error *err);

#endif
