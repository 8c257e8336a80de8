/* Reference data: gate-level figures of multiply-accumulate units, read from a table.
 *
 *   tech,unit,alphabets,wbits,abits,lanes_sharing_bank,style,map,stim,
 *   area_um2,leakage_nw,delay_ps,energy_pj_per_op,energy_pj_noglitch
 *
 * in any order; other columns do not matter. unit: exact_mult, exact_mac, asm_bank, asm_selshift,
 * asm_lane_mult, asm_lane_mult_enc, asm_lane_mac, asm_mac; rows of others are left out. wbits
 * counts the sign but in asm_selshift, which is one digit's selection. area and leakage of an
 * asm_mac are of all its lanes, energy is of one.
 *
 * A table may say more of its conditions; where it has the column hold, it must have all of
 *
 *   hold,sigma_w,sigma_a,acc_order,digits,serial,tree_inputs,tree_style,pipeline_regs,n_dff,
 *   area_um2_per_lane,energy_pj_logic
 *
 * and the units asm_mac_serial, exact_column, asm_column, asm_column_serial, exact_bitserial_column
 * count, too. Energies are of a whole product then, all passes together; of units with registers
 * the logic's. An alphabet column's multiples are given, not made. */
#ifndef ASX_HWMODEL_REFERENCE_H
#define ASX_HWMODEL_REFERENCE_H

#include <stddef.h>

#include "dse/csv.h"
#include "mac.h"

typedef enum asx_stimulus {
    ASX_STIMULUS_UNIFORM,
    ASX_STIMULUS_NN,
    ASX_STIMULUS_NN_WS,
    ASX_N_STIMULI
} asx_stimulus;

typedef struct asx_reference_row {
    size_t line;
    const char *unit; /* borrowed from the table */
    asx_mac mac;
    asx_family family;
    bool any_style; /* a bank alone: the same in both families of alphabet set multipliers */
    bool whole;     /* a complete multiply-accumulate unit */
    bool sized;     /* the first row of its circuit: sizes and delays are repeated in others */
    asx_mapping mapping;
    asx_stimulus stimulus;
    asx_operands operands;
    asx_schedule schedule;
    unsigned n_registers;         /* flip-flops, of the whole unit */
    bool cut;                     /* by registers other than the accumulator's: fewer glitches */
    size_t activity;              /* index */
    unsigned config;              /* rows with the same set and word lengths share a number */
    double value[ASX_N_MEASURES]; /* per lane */
} asx_reference_row;

typedef struct asx_reference {
    asx_csv *csv, *more; /* `more` NULL, or of what was appended */
    asx_reference_row *row;
    size_t n_rows;
    asx_activity *activity;
    size_t n_activities, n_configs;
} asx_reference;

const char *asx_stimulus_text(asx_stimulus stimulus);

/** Whether the table has the columns of gate-level figures. */
bool asx_reference_fits(const asx_csv *csv);

/**
 * @param csv         taken over, also on failure
 * @param technology  rows of this `tech` only
 * @return ASX_OK; ASX_ENOMEM; ASX_EPARSE, ASX_EINVAL with file, line and column
 */
ASX_NODISCARD asx_status asx_reference_init(asx_reference *out, asx_csv *csv,
                                            const char *technology, asx_error *err);
/** Puts the rows of `other`, of one table, behind those of one table; takes `other` over.
 * @return ASX_OK; ASX_ENOMEM, both are as they were */
ASX_NODISCARD asx_status asx_reference_append(asx_reference *reference, asx_reference *other,
                                              asx_error *err);
void asx_reference_fini(asx_reference *reference);

/** Amounts of the terms of a row. @param family  the row's, or either where it has any style */
void asx_reference_amounts(double *amount, const asx_reference *reference,
                           const asx_reference_row *row, asx_family family,
                           asx_term_measure measure);

#endif
