/* The session's proxy and machine as a separable model, for exact search. */
#ifndef ASX_EXPLORE_SEPARABLE_MODEL_H
#define ASX_EXPLORE_SEPARABLE_MODEL_H

#include "dse/separable.h"
#include "explore/session.h"

typedef struct asx_separable_model asx_separable_model;

/**
 * @param s  borrowed for the life of `out`; its space, proxy and machine must be there
 * @return ASX_OK; ASX_ENOMEM; ASX_EINTERRUPTED if the session is watched and to stop; what
 *         asx_machine_cost says of a format
 */
ASX_NODISCARD asx_status asx_separable_model_new(asx_separable_model **out, const asx_session *s,
                                                 asx_error *err);
void asx_separable_model_free(asx_separable_model *m);
const asx_separable *asx_separable_model_of(const asx_separable_model *m);

#endif
