/* Fresh networks: who has no framework can begin with an architecture from here and train it. */
#ifndef ASX_EVAL_ARCHITECTURE_H
#define ASX_EVAL_ARCHITECTURE_H

#include <stdint.h>

#include "dse/api.h"
#include "dse/param.h"
#include "eval/network.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_architecture_type {
    const char *name, *summary;
    const asx_param_spec *params;
} asx_architecture_type;

ASX_API size_t asx_architecture_n_types(void);
ASX_API const asx_architecture_type *asx_architecture_at(size_t i);

/**
 * A network with random weights (normal, variance 2 / depth: He et al., arXiv 1502.01852). Every
 * convolution is followed by a BatchNormalization, as asx_trainer_new wants it for a training from
 * the beginning.
 *
 * @param out     owned by the caller
 * @param type    of asx_architecture_at
 * @param params  of type->params; NULL: the defaults
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL for numbers that do not go together
 */
ASX_API ASX_NODISCARD asx_status asx_architecture_new(asx_network **out,
                                                      const asx_architecture_type *type,
                                                      const asx_params *params, uint64_t seed,
                                                      asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
