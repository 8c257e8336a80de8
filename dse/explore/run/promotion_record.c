/* What the database keeps of a promotion, so that it can be broken off at any moment. */
#include "promoting.h"
#include "train_steps.h"

asx_status asx_promotion_add_spent(void *state, double seconds, asx_error *err)
{
    asx_promotion *p = state;
    p->spent_s += seconds;
    p->told_s = asx_seconds();
    return asx_promotion_spent_add(p->x->store, p->x->campaign, seconds, err);
}

asx_status asx_promotion_write_plan(const asx_promotion *p, const char *design,
                                    const asx_promotion_plan *plan, asx_error *err)
{
    asx_promotion_plan whole = *plan;
    whole.asked = (size_t)asx_params_get(&p->options.number, "epochs");
    return asx_promotion_plan_keep(p->x->store, p->x->campaign, p->key, design, &whole, err);
}
