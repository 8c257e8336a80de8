#include "coupled_hull.h"

#include <math.h>
#include <stdlib.h>

#include "dse/memory.h"

const double asx_coupled_hull_proves = 5e-4;

/* Rows of a bound are so close, in parts of what may be left open. */
static const double fineness = 4;

static asx_status make_room(asx_coupled_open *bound, size_t n, asx_error *err)
{
    bound->value = asx_array_new(n + 1, 2 * sizeof *bound->value);
    bound->end = asx_array_new(n + 1, sizeof *bound->end);
    return bound->value && bound->end ? ASX_OK
                                      : asx_fail(err, ASX_ENOMEM, "no memory for an exact search");
}

/* Designs in open rows that are found at a cost which takes more than half of what may be left open:
 * the other half is for what lies between them. */
static void note_designs(asx_coupled_rows *open, const asx_coupled_search *s,
                         const asx_shared_front *f, const asx_coupled_node *x)
{
    const double most = sqrt(1 + s->p->epsilon) * (1 + 1e-13);
    size_t at = 0; /* rows come in nearly ascending order: few are missed */
    for (size_t row = 0; row < f->n; row++) {
        const double *value = f->value + 2 * row;
        while (at < open->bound.n && open->bound.end[at] < value[0])
            at++;
        if (at == open->bound.n)
            return;
        if (value[0] >= open->bound.value[2 * at] && asx_coupled_gap(s->found, value) > most)
            asx_coupled_note_row(open, s, f, row, x);
    }
}

/* The rows that are open. */
static void keep_open(asx_coupled_rows *open, const asx_coupled_search *s,
                      const asx_shared_hull *hull, const asx_coupled_node *x)
{
    for (size_t i = 0; i < hull->n; i++) {
        const double value[2] = {fmax(hull->bound[2 * i], x->low), hull->bound[2 * i + 1]};
        if (hull->end[i] <= x->low || value[0] > x->high)
            continue;
        const double gap = asx_coupled_gap(s->found, value);
        if (value[1] > s->limit[1] || !asx_coupled_is_open(s, gap))
            continue;
        const size_t n = open->bound.n++;
        open->bound.value[2 * n] = value[0];
        open->bound.value[2 * n + 1] = value[1];
        open->bound.end[n] = fmin(hull->end[i], x->high);
        open->gap = fmax(open->gap, gap);
    }
}

asx_status asx_coupled_look_at_hull(asx_coupled_rows *open, bool *found_more, asx_coupled_search *s,
                                    const asx_shared *problem, const asx_coupled_node *x,
                                    asx_error *err)
{
    const size_t before = s->found->n_added;
    asx_shared_hull hull = {0};
    *open = (asx_coupled_rows){.bits = INFINITY};
    asx_status status = asx_shared_find_hull(
        &hull, problem, x->low,
        fmax(1 + asx_coupled_hull_proves, pow(1 + s->p->epsilon, 1 / fineness)), err);
    if (status == ASX_OK)
        status = asx_coupled_add_designs(s, &hull.design, err);
    if (status == ASX_OK)
        status = make_room(&open->bound, hull.n, err);
    if (status == ASX_OK) {
        keep_open(open, s, &hull, x);
        note_designs(open, s, &hull.design, x);
    }
    asx_shared_hull_fini(&hull);
    *found_more = s->found->n_added != before;
    return status;
}

size_t asx_coupled_find_stretches(asx_coupled_stretch *out, const asx_coupled_open *bound,
                                  const asx_coupled_node *x)
{
    size_t n = 0, gaps = 0, met = 0;
    for (size_t i = 1; i < bound->n; i++)
        gaps += bound->end[i - 1] < bound->value[2 * i];
    const size_t step = gaps / ASX_COUPLED_STRETCHES_MAX + 1; /* of gaps that separate */
    for (size_t i = 0; i < bound->n; i++) {
        const bool gap = i > 0 && bound->end[i - 1] < bound->value[2 * i];
        if (i == 0 || (gap && ++met % step == 0 && n < ASX_COUPLED_STRETCHES_MAX))
            out[n++].low = fmax(x->low, nextafter(bound->value[2 * i], -INFINITY));
        out[n - 1].high = fmin(x->high, bound->end[i]);
    }
    return n;
}
