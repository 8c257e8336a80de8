/* A ledger keeps evaluations: the search asks it before it evaluates and books what it evaluated.
 * The database implements it; so can anything else. */
#ifndef ASX_DSE_LEDGER_H
#define ASX_DSE_LEDGER_H

#include <stdbool.h>

#include "dse/design.h"
#include "dse/error.h"
#include "dse/evaluation.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The caller of its functions serialises them: never two at once for one ledger. */
typedef struct asx_ledger {
    /** Looks up what is known of a design under this ledger's inputs. `*found` false leaves `out`.
     */
    asx_status (*find)(void *state, const char *design_text, asx_evaluation *out, bool *found,
                       asx_error *err);
    /** Books an evaluation, which then survives a kill of the process; a ledger that was asked to
     *  batch (asx_store_ledger) keeps that promise from its next flush on. */
    asx_status (*book)(void *state, const char *design_text, const asx_design *design,
                       const asx_evaluation *evaluation, asx_error *err);
    void *state; /* borrowed */
    /** Makes sure that what was booked survives a kill; NULL: it always does. */
    asx_status (*flush)(void *state, asx_error *err);
} asx_ledger;

#ifdef __cplusplus
}
#endif

#endif
