#include "coupled_hull.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coupled_press.h"
#include "dse/memory.h"

const double asx_coupled_hull_proves = 5e-4;

/* Rows of a bound are so close, in parts of what may be left open. */
static const double fineness = 4;

static double ratio_of(const asx_coupled_search *s)
{
    return fmax(1 + asx_coupled_hull_proves, pow(1 + s->p->epsilon, 1 / fineness));
}

static asx_status make_room(asx_coupled_open *bound, size_t n, asx_error *err)
{
    bound->value = asx_array_new(n + 1, 2 * sizeof *bound->value);
    bound->end = asx_array_new(n + 1, sizeof *bound->end);
    return bound->value && bound->end ? ASX_OK
                                      : asx_fail(err, ASX_ENOMEM, "no memory for an exact search");
}

/* Designs in open rows that are found at a cost that is more than so many times their price on the hull: by
 * what their bits cost, or by what their arrays have. */
static void note_designs(asx_coupled_rows *open, const asx_coupled_search *s,
                         const asx_shared *problem, const asx_shared_front *f,
                         const asx_coupled_node *x, double most)
{
    size_t at = 0; /* rows come in nearly ascending order: few are missed */
    for (size_t row = 0; row < f->n; row++) {
        const double *value = f->value + 2 * row;
        while (at < open->bound.n && open->bound.end[at] < value[0])
            at++;
        if (at == open->bound.n)
            return;
        if (value[0] < open->bound.value[2 * at])
            continue;
        if (asx_shared_unpriced(problem, f->size[row], f->time[row]) > (most - 1) * value[1])
            asx_coupled_note_bits(open, problem, f, row);
        if (asx_coupled_gap(s->found, value) > most)
            asx_coupled_note_row(open, s, f, row, x);
    }
}

/* What designs of the hull, at the prices that suit the row with the largest gap, leave open: first those that
 * take more than half of what may be left open, for the other half is for what lies between them. */
static asx_status note_hull(asx_coupled_rows *open, const asx_coupled_search *s,
                            const asx_shared *problem, const asx_coupled_node *x, asx_error *err)
{
    static const double part[] = {0.5, 0.1, 0};
    asx_shared_hull hull = {0};
    const asx_status status = asx_shared_find_hull(&hull, problem, x->low, ratio_of(s), err);
    for (size_t i = 0; status == ASX_OK && i < sizeof part / sizeof *part; i++)
        if (!asx_coupled_is_uncertain(open))
            note_designs(open, s, problem, &hull.design, x,
                         pow(1 + s->p->epsilon, part[i]) * (1 + 1e-13));
    asx_shared_hull_fini(&hull);
    return status;
}

/* The rows that are open. */
static void keep_open(asx_coupled_rows *open, const asx_coupled_search *s,
                      const asx_shared_hull *hull, const asx_coupled_node *x)
{
    for (size_t i = 0; i < hull->n; i++) {
        const double value[2] = {fmax(hull->bound[2 * i], nextafter(x->low, INFINITY)),
                                 hull->bound[2 * i + 1]};
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
                                    asx_shared *problem, asx_coupled_node *x, asx_error *err)
{
    const size_t before = s->found->n_added;
    asx_shared_hull hull = {0};
    *open = asx_coupled_no_rows();
    asx_status status = asx_shared_find_hull(&hull, problem, x->low, ratio_of(s), err);
    if (status == ASX_OK)
        status = asx_coupled_add_designs(s, &hull.design, err);
    if (status == ASX_OK && s->p->epsilon >= asx_coupled_hull_proves)
        status = asx_coupled_press(&hull, problem, s, x, ratio_of(s), err);
    if (status == ASX_OK)
        status = make_room(&open->bound, hull.n, err);
    if (status == ASX_OK)
        keep_open(open, s, &hull, x);
    if (status == ASX_OK && open->bound.n > 0)
        status = note_hull(open, s, problem, x, err);
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
