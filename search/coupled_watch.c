#include "coupled_watch.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

static const double share = 0.01; /* of the time, that telling may take */

/* The front of the placement's root: no design of it is better. */
static asx_status bound_placement(asx_coupled_open *out, asx_coupled_search *s, asx_error *err)
{
    asx_coupled_node root = {0};
    asx_shared *problem = NULL;
    asx_shared_front f = {0};
    asx_status status = asx_coupled_search_init(s, err);
    if (status == ASX_OK)
        status = asx_coupled_node_root(&root, s, err);
    if (status == ASX_OK)
        status = asx_coupled_narrow(&problem, s, &root, err);
    if (status == ASX_OK && problem)
        status = asx_shared_solve(&f, problem, err);
    if (status == ASX_OK) {
        out->n = f.n;
        out->value = asx_array_new(f.n + 1, 2 * sizeof *out->value);
        if (!out->value)
            status = asx_fail(err, ASX_ENOMEM, "exact: out of memory");
        else if (f.n > 0)
            memcpy(out->value, f.value, 2 * f.n * sizeof *out->value);
    }
    asx_shared_front_fini(&f);
    asx_shared_free(problem);
    asx_coupled_node_fini(&root);
    asx_coupled_search_fini(s);
    return status;
}

asx_status asx_coupled_watch_new(asx_coupled_watch **out, const asx_coupled_search *s,
                                 asx_error *err)
{
    const asx_observer *observer = s->p->observer;
    *out = NULL;
    if (!observer || !observer->proven)
        return ASX_OK;
    asx_coupled_watch *w = asx_array_new(1, sizeof *w);
    if (!w)
        return asx_fail(err, ASX_ENOMEM, "exact: out of memory");
    *w = (asx_coupled_watch){.observer = observer,
                             .epsilon = s->p->epsilon,
                             .root = asx_array_new(s->m->n_placements, sizeof *w->root),
                             .n_placements = s->m->n_placements,
                             .factor = INFINITY};
    asx_status status = w->root ? ASX_OK : asx_fail(err, ASX_ENOMEM, "exact: out of memory");
    for (size_t k = 0; status == ASX_OK && k < w->n_placements; k++) {
        asx_coupled_front unused = {0};
        asx_coupled_search one = *s;
        one.placement = k;
        one.out = &unused;
        status = bound_placement(&w->root[k], &one, err);
    }
    if (status == ASX_OK)
        *out = w;
    else
        asx_coupled_watch_free(w);
    return status;
}

void asx_coupled_watch_free(asx_coupled_watch *w)
{
    if (!w)
        return;
    for (size_t k = 0; w->root && k < w->n_placements; k++)
        free(w->root[k].value);
    free(w->root);
    free(w);
}

void asx_coupled_watch_begin(asx_coupled_watch *w, size_t placement)
{
    if (!w)
        return;
    free(w->root[placement].value);
    w->root[placement].value = NULL;
}

/* How far the designs found are from a bound, between two damages. */
static double gap_of(const asx_coupled_search *s, const asx_coupled_open *bound, double low,
                     double high)
{
    double most = 1;
    if (!bound)
        return INFINITY;
    for (size_t i = asx_coupled_first_row(bound->value, bound->n, low); i < bound->n; i++) {
        const double value[2] = {fmax(bound->value[2 * i], low), bound->value[2 * i + 1]};
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
    if (!w || !now->bound || begin_s < w->next_s)
        return ASX_OK;
    double factor = fmax(1 + w->epsilon, gap_of(s, now->bound, now->low, now->high));
    for (const asx_coupled_wait *l = w->waiting; l; l = l->next)
        factor = fmax(factor, gap_of(s, l->node->bound, l->node->low, l->node->high));
    for (size_t k = 0; k < w->n_placements; k++)
        if (w->root[k].value)
            factor = fmax(factor, gap_of(s, &w->root[k], -INFINITY, INFINITY));
    for (size_t i = 0; i < s->left->n; i++)
        factor = fmax(factor, asx_coupled_gap(s->found, s->left->value + 2 * i));
    w->factor = fmin(w->factor, factor); /* what was proven stays so: designs are only added */
    const asx_status status = w->observer->proven(w->observer->state, w->factor, err);
    w->next_s = begin_s + (omp_get_wtime() - begin_s) / share;
    return status;
}
