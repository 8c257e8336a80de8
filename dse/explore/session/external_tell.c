/* External evaluation: booking what somebody found out. */
#include <math.h>
#include <stdlib.h>

#include "dse/design.h"
#include "dse/memory.h"
#include "dse/text.h"
#include "external_private.h"
#include "results/lease.h"

/* Accuracy and drop of one design add up to the float network's accuracy, and it has one; told
 * numbers are rounded. */
static asx_status check_sums(size_t *failed, const asx_external_told *told, size_t n,
                             double accuracy, asx_error *err)
{
    static const double most = 0.1; /* points */
    double float_accuracy = accuracy;
    const char *from = NULL; /* the design that says it */
    for (size_t i = 0; i < n; i++) {
        const asx_external_told *t = &told[i];
        const double sum = t->accuracy + t->drop;
        if (isnan(sum))
            continue;
        if (isnan(float_accuracy)) {
            float_accuracy = sum;
            from = t->design;
        }
        if (fabs(sum - float_accuracy) <= most)
            continue;
        *failed = i;
        return from ? asx_fail(err, ASX_EINVAL,
                               "accuracy %g and drop %g contradict those of '%.200s': there the "
                               "float network has %g, here %g",
                               t->accuracy, t->drop, from, float_accuracy, sum)
                    : asx_fail(err, ASX_EINVAL,
                               "accuracy %g and drop %g contradict the float network's %g by %.3g "
                               "points",
                               t->accuracy, t->drop, float_accuracy, fabs(sum - float_accuracy));
    }
    return ASX_OK;
}

/* Where only one of accuracy and drop was told, the float network's accuracy gives the other. */
static asx_status need_reference(double *accuracy, asx_external *e, const asx_external_told *told,
                                 size_t n, asx_error *err)
{
    bool missing = false;
    for (size_t i = 0; i < n; i++)
        missing = missing || isnan(told[i].accuracy) || isnan(told[i].drop);
    if (!missing || !isnan(*accuracy))
        return ASX_OK;
    const asx_status status = asx_session_need_measure(&e->session, ASX_SUBSET_SELECT, err);
    if (status == ASX_OK)
        *accuracy = asx_measure_float(e->session.measure[ASX_SUBSET_SELECT]).accuracy;
    return status;
}

static asx_accuracy accuracy_of(const asx_external_told *t, double reference)
{
    const double accuracy = isnan(t->accuracy) ? reference - t->drop : t->accuracy;
    const double drop = isnan(t->drop) ? reference - t->accuracy : t->drop;
    return asx_accuracy_from_percent(ASX_TIER_MEASURED, accuracy, drop, t->images);
}

asx_status asx_external_book(bool *known, asx_external *e, const asx_accuracy *accuracy,
                             const asx_design *design, asx_error *err)
{
    const asx_ledger *ledger = &e->ledger;
    asx_evaluation found = {.accuracy = *accuracy}, before;
    asx_text text = {0};
    asx_status status = asx_machine_cost(&found.cost, NULL, e->session.machine, design, err);
    asx_design_print(&text, design, asx_session_workload(&e->session));
    if (status == ASX_OK && text.failed)
        status = asx_fail(err, ASX_ENOMEM, "no memory for a design");
    if (status == ASX_OK)
        status = ledger->find(ledger->state, text.s, &before, known, err);
    if (status == ASX_OK && !*known)
        status = ledger->book(ledger->state, text.s, design, &found, err);
    asx_text_fini(&text);
    return status;
}

/* Leases are of canonical texts; what was told may be written otherwise. */
static asx_status end_lease(asx_external *e, const char *told, asx_error *err)
{
    asx_design design = {0};
    asx_text text = {0};
    asx_status status = asx_design_parse(&design, told, asx_session_workload(&e->session), err);
    if (status == ASX_OK)
        asx_design_print(&text, &design, asx_session_workload(&e->session));
    if (status == ASX_OK && text.failed)
        status = asx_fail(err, ASX_ENOMEM, "no memory for a design");
    if (status == ASX_OK)
        status = asx_lease_end(e->store, e->campaign, text.s, err);
    asx_text_fini(&text);
    asx_design_fini(&design);
    return status;
}

asx_status asx_external_settle(asx_external *e, const char *const *design, size_t n, asx_error *err)
{
    asx_status status = asx_store_flush(e->store, err);
    if (status == ASX_OK)
        status = asx_store_begin(e->store, err);
    if (status != ASX_OK)
        return status;
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        status = end_lease(e, design[i], err);
    return asx_store_end(e->store, status, err);
}

/* Every design is read before the first is booked. */
static asx_status check_designs(size_t *failed, const asx_external *e,
                                const asx_external_told *told, size_t n, asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        asx_design design = {0};
        status = asx_design_parse(&design, told[i].design, asx_session_workload(&e->session), err);
        if (status != ASX_OK)
            *failed = i;
        asx_design_fini(&design);
    }
    return status;
}

/* What is told are percentages of images. */
static asx_status check_measure(const asx_external *e, asx_error *err)
{
    asx_text name = {0};
    const asx_score *score = &e->session.campaign->score;
    if (asx_score_counts(score))
        return ASX_OK;
    asx_score_print(&name, score);
    const asx_status status = asx_fail(
        err, ASX_EUNSUPPORTED,
        "told accuracies are images right in percent, and the campaign has 'measure: %s': let 'asx run' or "
        "'asx work' evaluate it",
        name.s ? name.s : "?");
    asx_text_fini(&name);
    return status;
}

asx_status asx_external_tell(size_t *n_known, size_t *failed, asx_external *e,
                             const asx_external_told *told, size_t n, double *accuracy,
                             asx_error *err)
{
    size_t n_before = 0;
    const char **list = asx_array_new(n, sizeof(const char *));
    *failed = n;
    asx_status status = list ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for %zu results", n);
    if (status == ASX_OK)
        status = check_measure(e, err);
    if (status == ASX_OK)
        status = check_designs(failed, e, told, n, err);
    if (status == ASX_OK)
        status = check_sums(failed, told, n, *accuracy, err);
    if (status == ASX_OK)
        status = need_reference(accuracy, e, told, n, err);
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        asx_design design = {0};
        bool known = false;
        status = asx_design_parse(&design, told[i].design, asx_session_workload(&e->session), err);
        const asx_accuracy found = accuracy_of(&told[i], *accuracy);
        if (status == ASX_OK)
            status = asx_external_book(&known, e, &found, &design, err);
        list[i] = told[i].design;
        if (status != ASX_OK)
            *failed = i;
        n_before += known;
        asx_design_fini(&design);
    }
    if (status == ASX_OK)
        status = asx_external_settle(e, list, n, err);
    if (status == ASX_OK)
        *n_known = n_before;
    free(list);
    return status;
}
