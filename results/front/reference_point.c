/* Reference points of hypervolumes. */
#include "results/reference_point.h"

#include <math.h>

#include "dse/pareto.h"

static const double WORST_DROP = 20; /* points: nobody builds what loses more */

asx_reference_point asx_reference_point_of(const asx_objective *objective, size_t n,
                                           const asx_limits *limits, double point,
                                           const asx_evaluation *baseline)
{
    /* of costs alone the baseline is the best in some, and no box would be left */
    const double times = baseline->accuracy.tier == ASX_TIER_COSTS ? 2 : 1;
    asx_reference_point r = {.n = n};
    for (size_t i = 0; i < r.n; i++) {
        const asx_objective o = objective[i];
        const double limit = limits->max[o];
        r.objective[i] = o;
        r.value[i] = isfinite(limit) && limit > 0 ? limit
                     : o == ASX_DROP              ? WORST_DROP * point
                                                  : times * asx_evaluation_objective(baseline, o);
    }
    return r;
}

void asx_reference_point_print(asx_text *out, const asx_reference_point *r)
{
    for (size_t i = 0; i < r->n; i++)
        asx_text_add(out, "%s%s=%.6g", i ? " " : "", asx_objective_field(r->objective[i]),
                     r->value[i]);
}

asx_status asx_reference_point_hypervolume(double *out, const asx_reference_point *r,
                                           const double *row, size_t n, asx_error *err)
{
    double volume = 0, box = 1;
    for (size_t i = 0; i < r->n; i++)
        box *= r->value[i];
    const asx_status status = asx_pareto_hypervolume(&volume, row, n, r->n, r->value, err);
    if (status == ASX_OK)
        *out = volume / box;
    return status;
}
