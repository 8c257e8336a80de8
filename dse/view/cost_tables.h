/* What a design costs, as tables: against the baseline, by part of the machine, by layer. */
#ifndef ASX_VIEW_COST_TABLES_H
#define ASX_VIEW_COST_TABLES_H

#include "dse/design.h"
#include "dse/workload.h"
#include "hwmodel/machine.h"
#include "table.h"

enum { COST_TABLES = 5 };

/**
 * Makes the tables summary, parts, layers, mapping and assumptions.
 *
 * summary has a row for the design, for the same placement with exact multipliers of the same word
 * lengths (so that nobody mistakes the memory's gain for the multiplier's), and for the baseline.
 *
 * @param tables  [COST_TABLES], table_free each, also after a failure
 */
ASX_NODISCARD asx_status cost_tables_make(table **tables, const asx_machine *machine,
                                          const asx_workload *work, const asx_design *design,
                                          asx_error *err);

#endif
