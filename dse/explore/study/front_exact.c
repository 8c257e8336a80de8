/* What exact multipliers would need in place of the alphabets of a front's designs: words,
 * placement and machine are the same, so the difference is what the alphabets are worth. */
#include "explore/front_exact.h"

#include <math.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "dse/word_kind.h"
#include "explore/stored.h"
#include "hwmodel/warnings.h"

/* @param extrapolated  may be NULL */
static asx_status look(double *exact_pj, bool *extrapolated, const asx_stored *s,
                       const asx_row *row, asx_error *err)
{
    asx_design design = {0};
    asx_cost now, exact;
    asx_warnings warnings = {0};
    asx_status status = asx_design_parse(&design, row->design, &s->work, err);
    if (status == ASX_OK)
        status = asx_machine_cost(&now, NULL, s->machine, &design, err);
    if (status == ASX_OK && extrapolated) {
        status = asx_machine_warnings(&warnings, s->machine, &design, err);
        *extrapolated = asx_warnings_have(&warnings, ASX_WARNING_EXTRAPOLATED);
    }
    for (size_t i = 0; status == ASX_OK && i < design.n_layers; i++) {
        design.format[i].weight = asx_word_exact(&design.format[i].weight);
        design.format[i].activation = asx_word_exact(&design.format[i].activation);
    }
    if (status == ASX_OK) {
        status = asx_machine_cost(&exact, NULL, s->machine, &design, err);
        if (status == ASX_EINVAL) { /* words of so few bits have no exact twin that can be priced */
            exact.energy_pj = NAN;
            status = ASX_OK;
        }
    }
    const double stored_pj = row->evaluation.cost.energy_pj;
    if (status == ASX_OK)
        *exact_pj = fabs(now.energy_pj - stored_pj) <= 1e-6 * stored_pj ? exact.energy_pj : NAN;
    asx_warnings_fini(&warnings);
    asx_design_fini(&design);
    return status;
}

asx_status asx_front_exact_find(asx_front_exact *out, const asx_front *f, asx_store *store,
                                asx_error *err)
{
    asx_stored s;
    asx_front_exact e = {0};
    bool may_extrapolate = false;
    asx_status status = asx_stored_read(&s, store, f->campaign, err);
    if (status == ASX_OK) {
        may_extrapolate = asx_params_get(asx_machine_params_of(s.machine), "extrapolate") != 0;
        e.energy_pj = asx_array_new(f->n + 1, sizeof *e.energy_pj);
        if (may_extrapolate)
            e.extrapolated = asx_array_new(f->n + 1, sizeof *e.extrapolated);
        if (!e.energy_pj || (may_extrapolate && !e.extrapolated))
            status = asx_fail(err, ASX_ENOMEM, "no memory for a front");
    }
    for (size_t i = 0; status == ASX_OK && i < f->n; i++)
        status = look(&e.energy_pj[i], e.extrapolated ? &e.extrapolated[i] : NULL, &s,
                      asx_front_row(f, i), err);
    asx_stored_fini(&s);
    if (status == ASX_OK)
        *out = e;
    else
        asx_front_exact_fini(&e);
    return status;
}

void asx_front_exact_fini(asx_front_exact *e)
{
    if (!e)
        return;
    free(e->energy_pj);
    free(e->extrapolated);
    *e = (asx_front_exact){0};
}
