#include "coupled_watch.h"

#include <math.h>
#include <omp.h>

static const double share = 0.01; /* of the time, that telling may take */

/* How far the designs found are from a bound, between two damages. */
static double gap_of(const asx_coupled_search *s, const asx_coupled_open *bound, double low,
                     double high)
{
    double most = 1;
    if (!bound)
        return INFINITY;
    for (size_t i = asx_coupled_first_row(bound->value, bound->n, low); i < bound->n; i++) {
        const double value[2] = {fmax(bound->value[2 * i], nextafter(low, INFINITY)),
                                 bound->value[2 * i + 1]};
        if (value[0] <= high)
            most = fmax(most, asx_coupled_gap(s->found, value));
    }
    return most;
}

asx_status asx_coupled_watch_tell(const asx_coupled_search *s, const asx_coupled_node *now,
                                  asx_error *err)
{
    asx_coupled_watch *w = s->watch;
    const double begin_s = omp_get_wtime();
    if (!w || w->to_come > 0 || !now->bound || begin_s < w->next_s)
        return ASX_OK;
    double factor = fmax(1 + s->p->epsilon, gap_of(s, now->bound, now->low, now->high));
    for (const asx_coupled_wait *l = w->waiting; l; l = l->next)
        factor = fmax(factor, gap_of(s, l->node->bound, l->node->low, l->node->high));
    for (size_t i = 0; i < s->left->n; i++)
        factor = fmax(factor, asx_coupled_gap(s->found, s->left->value + 2 * i));
    w->factor = fmin(w->factor, factor); /* what was proven stays so: designs are only added */
    const asx_status status = w->observer->proven(w->observer->state, w->factor, err);
    w->next_s = begin_s + (omp_get_wtime() - begin_s) / share;
    return status;
}

asx_status asx_coupled_watch_pass(asx_coupled_watch *w, double factor, asx_error *err)
{
    w->factor = fmin(w->factor, factor);
    return w->observer && w->observer->proven && w->factor < INFINITY
               ? w->observer->proven(w->observer->state, w->factor, err)
               : ASX_OK;
}
