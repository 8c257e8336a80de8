/* The workbench's proxy and machine as a separable model, for exact search. */
#ifndef ASX_CLI_SEPARABLE_MODEL_H
#define ASX_CLI_SEPARABLE_MODEL_H

#include "dse/separable.h"
#include "workbench.h"

typedef struct separable_model separable_model;

/**
 * @param w  borrowed for the life of `out`; its space, proxy and machine must be there
 * @return ASX_OK; ASX_ENOMEM; what asx_machine_cost says of a format
 */
ASX_NODISCARD asx_status separable_model_new(separable_model **out, const workbench *w,
                                             asx_error *err);
void separable_model_free(separable_model *m);
const asx_separable *separable_model_of(const separable_model *m);

#endif
