/* A technology held against a reference table that it need not have been made from. */
#ifndef ASX_HWMODEL_CHECK_H
#define ASX_HWMODEL_CHECK_H

#include <stddef.h>

#include "dse/api.h"
#include "dse/error.h"
#include "hwmodel/technology.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A row that was compared. */
typedef struct asx_check_pair {
    double model, value; /* in the check's unit */
    size_t line;
} asx_check_pair;

/* The errors of one group of rows, in percent of the reference. */
typedef struct asx_check {
    char what[64]; /* "flat.fa nn", "sram itrs-lstp EA" */
    const char *quantity, *unit;
    size_t n;
    double mean, worst; /* of |model / reference - 1| */
    double bias;        /* mean of model / reference - 1 */
    double tau;         /* Kendall's, of model and reference; NAN for fewer than 3 rows */
    size_t worst_line;
    size_t n_beyond;      /* rows that the model does not reach */
    asx_check_pair *pair; /* [n] */
} asx_check;

/**
 * Tables of gate-level units have the columns tech (rows of this technology's name count), unit,
 * alphabets, wbits, abits, lanes_sharing_bank, style, map, stim, energy_pj_per_op,
 * energy_pj_noglitch, area_um2, leakage_nw, delay_ps; complete units are compared, by family,
 * mapping and stimulus. Tables of memories have tech_nm (rows of this node count), cell_type,
 * objective, size_bytes, width_bits, read_pj, write_pj, area_mm2, leakage_mw, access_ns; compared
 * by cell type and objective. Further tables: in-memory macros (macro, node_nm, fj_per_mac,
 * macro_bits, ...; digital ones of any node, figures as reported), SRAM macros (process, ports,
 * bits, capacity_bits, read_energy_pj, ...; rows of this node, by process and ports), arrays with
 * their registers (max_bits, min_bits, total_pj_per_pe_cycle, area_per_pe_um2; rows of this node
 * and of one word length).
 *
 * @param out  asx_checks_free; written on success
 * @return ASX_OK; ASX_EIO; ASX_ENOMEM; ASX_ENOTFOUND if no row is of this technology; ASX_EPARSE,
 *         ASX_EINVAL with file, line and column; ASX_EUNSUPPORTED for a table of neither kind
 */
ASX_API ASX_NODISCARD asx_status asx_technology_check(asx_check **out, size_t *n,
                                                      const asx_technology *technology,
                                                      const char *path, asx_error *err);

ASX_API void asx_checks_free(asx_check *check, size_t n);

#ifdef __cplusplus
}
#endif

#endif
