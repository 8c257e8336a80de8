/* Runs of bespoke classifiers that a database holds. */
#ifndef ASX_VIEW_BESPOKE_RUNS_H
#define ASX_VIEW_BESPOKE_RUNS_H

#include "hwmodel/bespoke.h"
#include "results/bespoke.h"
#include "table.h"

/* What areas, powers and delays are shown in: factors of cm2, mW, ms. */
typedef struct bespoke_units {
    bool small; /* um2, uW, ns: of silicon */
    double area, power, delay;
} bespoke_units;

bespoke_units bespoke_units_of(const asx_cell_library *library);

/** Columns ..._cm2, ..._mw, ..._ms as they are shown. @param shown  with room for those of `of`, and the zero at their end */
void bespoke_units_name(table_column *shown, const table_column *of, const bespoke_units *units);

/** The name of the weakest source that is enough, or that there is none. */
const char *bespoke_power_source(const asx_power_source *source, size_t n, double power_mw);

/** What the designs that a run chooses may need at most, in mW; infinite: any power. */
double bespoke_power_max(const asx_bespoke_kept *run);

/** The smallest design of a front that loses at most so many points, within the run's power; 0: none. */
size_t bespoke_smallest(const asx_bespoke_kept *run, double lost);

/** A row a run: what it looked at, the exact baseline, and the areas that 1, 2 and 5 points leave. @param out  table_free
 *  @param name  of the table; may be NULL */
ASX_NODISCARD asx_status bespoke_runs_table(table **out, const char *name,
                                            const asx_bespoke_kept *run, size_t n, asx_error *err);

#endif
