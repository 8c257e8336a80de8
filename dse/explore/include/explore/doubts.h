/* Doubts in the machine: what each choice in it does to the order of designs. */
#ifndef ASX_EXPLORE_DOUBTS_H
#define ASX_EXPLORE_DOUBTS_H

#include <stddef.h>

#include "dse/api.h"
#include "dse/error.h"
#include "explore/session.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Three placements by words of 8 and 4 bits, exact and under {1} and {1,3}. */
enum { ASX_DOUBT_DESIGNS = 12 };

typedef struct asx_doubt_row {
    const char *name, *about; /* "broadcast", "wires three times as long" */
    double baseline_pj;
    double saved[ASX_DOUBT_DESIGNS]; /* percent of the same machine's baseline; NaN: it cannot */
    double tau; /* Kendall's, of the designs' energies here and on the machine as it is */
} asx_doubt_row;

ASX_API size_t asx_doubts_count(void);
ASX_API const char *asx_doubt_design(size_t index); /* "near: w4{1}a8" */

/**
 * Prices the designs on the session's machine and on machines that differ from it in one choice.
 * @param row  [asx_doubts_count()], written on success
 * @return ASX_OK; ASX_ENOMEM; as asx_machine_new. A design that a machine refuses is NaN
 */
ASX_API ASX_NODISCARD asx_status asx_doubts_work_out(asx_doubt_row *row, const asx_session *session,
                                                     asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
