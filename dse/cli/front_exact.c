/* What exact multipliers would need in place of the alphabets of a front's designs: words,
 * placement and machine are the same, so the difference is what the alphabets are worth. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "front.h"
#include "stored.h"

/* @param extrapolated  may be NULL */
static asx_status look(double *exact_pj, bool *extrapolated, const stored *s, const asx_row *row,
                       asx_error *err)
{
    asx_design design = {0};
    asx_cost now, exact;
    asx_text warnings = {0};
    asx_status st = asx_design_parse(&design, row->design, &s->work, err);
    if (st == ASX_OK)
        st = asx_machine_cost(&now, NULL, s->machine, &design, err);
    if (st == ASX_OK && extrapolated) {
        asx_machine_warnings(&warnings, s->machine, &design);
        *extrapolated = warnings.n > 0 && strstr(warnings.s, "EXTRAPOLATED");
        if (warnings.failed)
            st = asx_fail(err, ASX_ENOMEM, "no memory for a front");
    }
    for (size_t i = 0; st == ASX_OK && i < design.n_layers; i++) {
        design.format[i].weight.set = (asx_alphabet_set){{0, 0}};
        design.format[i].activation.set = (asx_alphabet_set){{0, 0}};
    }
    if (st == ASX_OK)
        st = asx_machine_cost(&exact, NULL, s->machine, &design, err);
    const double stored_pj = row->evaluation.cost.energy_pj;
    if (st == ASX_OK)
        *exact_pj = fabs(now.energy_pj - stored_pj) <= 1e-6 * stored_pj ? exact.energy_pj : NAN;
    asx_text_fini(&warnings);
    asx_design_fini(&design);
    return st;
}

asx_status front_add_exact(front *f, asx_store *store, asx_error *err)
{
    stored s;
    const char *machine = f->record.machine;
    const bool may_extrapolate = machine && strstr(machine, "extrapolate=1");
    asx_status st = stored_read(&s, store, f->campaign, err);
    if (st == ASX_OK) {
        f->exact_pj = asx_array_new(f->n + 1, sizeof *f->exact_pj);
        if (may_extrapolate)
            f->extrapolated = asx_array_new(f->n + 1, sizeof *f->extrapolated);
        if (!f->exact_pj || (may_extrapolate && !f->extrapolated))
            st = asx_fail(err, ASX_ENOMEM, "no memory for a front");
    }
    for (size_t i = 0; st == ASX_OK && i < f->n; i++)
        st = look(&f->exact_pj[i], f->extrapolated ? &f->extrapolated[i] : NULL, &s,
                  &f->rows.row[f->index[i]], err);
    stored_fini(&s);
    return st;
}
