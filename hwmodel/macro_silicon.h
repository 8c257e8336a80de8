/* Published in-memory macros, and what gate-level circuits say of them.
 *
 * A digital macro is columns of exact lanes beside its cells. Its circuit is taken to be the one of
 * least energy that the technology has for its words and rows; node and supply other than the
 * technology's are reached by C V^2 with lengths and delays proportional to the node, capacitances
 * down to 28 nm.
 * What silicon needs more or less than that is the technology's component `macro`. */
#ifndef ASX_HWMODEL_MACRO_SILICON_H
#define ASX_HWMODEL_MACRO_SILICON_H

#include "dse/csv.h"
#include "technology_private.h"

/* An operating point of a macro, by the columns of a table:
 *
 *   macro,paper,node_nm,supply_v,kind,weight_bits,activation_bits,activation_bits_per_cycle,
 *   macro_bits,rows,fj_per_mac,area_mm2,clock_mhz,gops,scope,basis */
typedef struct asx_macro {
    const char *name, *paper; /* borrowed from the table */
    double node_nm, supply_v; /* supply: the node's nominal one where it is not stated */
    unsigned weight_bits, activation_bits, rows;
    double bits_per_cycle, cells;
    double energy_pj, area_um2, clock_mhz, gops; /* 0: not stated */
    size_t line;
} asx_macro;

/* Gate-level figures, 0 where the macro does not say what they need. */
typedef struct asx_macro_raw {
    double energy_pj, area_um2, delay_ns;
} asx_macro_raw;

bool asx_macro_fits(const asx_csv *csv);

/**
 * The points of digital macros (not of whole chips) whose figures are as reported, not normalised
 * to other words by somebody else; words of 4 to 8 bits.
 * @param out  free it
 * @return ASX_OK; ASX_ENOMEM; ASX_EPARSE, ASX_EINVAL with file, line and column
 */
ASX_NODISCARD asx_status asx_macros_read(asx_macro **out, size_t *n, const asx_csv *csv,
                                         asx_error *err);

/** @return ASX_OK; ASX_ENOMEM; ASX_EUNSUPPORTED if the technology has no columns */
ASX_NODISCARD asx_status asx_macro_raw_figures(asx_macro_raw *out, const asx_technology *technology,
                                               const asx_macro *macro, asx_error *err);

#endif
