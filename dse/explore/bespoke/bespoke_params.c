/* What can be set of a plan: one table gives names, defaults, ranges and help. */
#include "explore/bespoke.h"

const double asx_bespoke_loss[ASX_BESPOKE_LOSSES] = {1, 2, 5};

const asx_param_spec asx_bespoke_params[] = {
    {"weight_bits", true, 8, 2, 16, "bits", "of the weights of the exact baseline"},
    {"digits", true, 2, 1, 4, "", "signed digits of an evolved weight, at most; 1: powers of two"},
    {"population", true, 400, 4, 100000, "designs", "that are kept at a time"},
    {"children", true, 100, 1, 100000, "designs", "bred at a time, up to the population"},
    {"worst", false, 15, 0, 100, "points",
     "lost of the rows to learn from: what loses more is of no use"},
    {"epochs", true, 200, 1, 10000, "", "of a training in real numbers"},
    {"batch", true, 16, 1, 4096, "rows", "of a step"},
    {"rate", false, 0.01, 1e-9, 10, "", "of the training"},
    {"restarts", true, 5, 1, 1000, "", "trainings, of which the best counts"},
    {0}};

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
