/* How far the hardware model is off, everything that is known of it in one table. */
#ifndef ASX_VIEW_ERRORS_TABLE_H
#define ASX_VIEW_ERRORS_TABLE_H

#include "dse/error.h"
#include "table.h"

/**
 * Errors on what was left out of the fits of every technology with data of its own node, by family
 * of units, memories and in-memory macros; then on the reference tables in a folder that no fit has
 * seen: sram_macros.csv, systolic_synthesis.csv, dcim_silicon.csv (the macros' order), and counts of
 * other simulators, dataflow_counts.csv.
 *
 * @param out  table_free it
 * @return ASX_OK; ASX_ENOMEM; as asx_technology_check and asx_dataflow_check_file
 */
ASX_NODISCARD asx_status errors_table(table **out, const char *folder, asx_error *err);

#endif
