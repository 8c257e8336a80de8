/* A plan's values by name. */
#include "explore/bespoke.h"

const double asx_bespoke_loss[ASX_BESPOKE_LOSSES] = {1, 2, 5};

void asx_bespoke_plan_set(asx_bespoke_plan *plan, const asx_params *params)
{
    plan->weight_bits = (unsigned)asx_params_get(params, "weight_bits");
    plan->digits = (unsigned)asx_params_get(params, "digits");
    plan->population = (size_t)asx_params_get(params, "population");
    plan->children = (size_t)asx_params_get(params, "children");
    if (plan->children > plan->population)
        plan->children = plan->population;
    plan->worst = asx_params_get(params, "worst");
    plan->training.epochs = (size_t)asx_params_get(params, "epochs");
    plan->training.batch = (size_t)asx_params_get(params, "batch");
    plan->training.rate = asx_params_get(params, "rate");
    plan->training.restarts = (size_t)asx_params_get(params, "restarts");
}
