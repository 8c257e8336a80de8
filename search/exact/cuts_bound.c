/* Fronts by planes, and what all of them together prove. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cuts_private.h"
#include "dse/memory.h"
#include "exact_problem.h"

enum { VALUED = 256 };            /* designs of a plane's front that are looked at, at most */
static const double NEAR = 8;     /* where: within that factor of the damage where it touches */
static const double UNIT = 1e-12; /* of costs: what doubles lose, many times over */

/* ---- the model with a plane for its damage ---- */

typedef struct planar {
    asx_separable model;
    const asx_separable *of;
    double constant;
    asx_separable_choice **choice; /* [n_placements * n_groups] */
} planar;

static double planar_drop(const void *state, double damage)
{
    const planar *p = state;
    return p->of->drop(p->of->state, fmax(0, p->constant + damage));
}

static asx_status planar_share(double *leakage, double *area_um2, const void *state,
                               size_t placement, const asx_need_set *set, double weight_bits,
                               asx_error *err)
{
    const asx_separable *m = ((const planar *)state)->of;
    return m->share(leakage, area_um2, m->state, placement, set, weight_bits, err);
}

static double planar_latency(const void *state, size_t placement, size_t group, size_t choice,
                             double off)
{
    const asx_separable *m = ((const planar *)state)->of;
    return m->latency(m->state, placement, group, choice, off);
}

static void planar_fini(planar *p)
{
    for (size_t i = 0; p->choice && i < p->of->n_placements * p->of->n_groups; i++)
        free(p->choice[i]);
    free(p->choice);
}

static asx_status planar_init(planar *p, const asx_cuts *s, const asx_cut *cut, asx_error *err)
{
    const asx_separable *m = s->m;
    const size_t n_groups = m->n_groups, n = m->n_placements * n_groups;
    *p = (planar){.model = *m, .of = m, .constant = cut->constant};
    p->choice = asx_array_new(n, sizeof *p->choice);
    for (size_t i = 0; p->choice && i < n; i++) {
        const size_t g = i % n_groups, n_choices = m->n_choices[g];
        p->choice[i] = asx_array_copy(m->choice[i], n_choices, sizeof **p->choice);
        if (!p->choice[i])
            return asx_exact_out_of_memory(err);
        for (size_t k = 0; k < n_choices; k++)
            p->choice[i][k].damage = cut->slope[s->first[g] + k];
    }
    p->model.choice = (const asx_separable_choice *const *)p->choice;
    p->model.damage = NULL;
    p->model.tangent = NULL;
    p->model.state = p;
    p->model.drop = planar_drop;
    p->model.share = planar_share;
    p->model.latency = m->latency ? planar_latency : NULL;
    return p->choice ? ASX_OK : asx_exact_out_of_memory(err);
}

/* ---- a plane's front ---- */

static asx_status keep_bounds(asx_cut *cut, const asx_coupled_front *f, asx_error *err)
{
    cut->bound = asx_array_new(f->n + 1, 2 * sizeof *cut->bound);
    cut->bound_placement = asx_array_new(f->n + 1, sizeof *cut->bound_placement);
    if (!cut->bound || !cut->bound_placement)
        return asx_exact_out_of_memory(err);
    for (size_t i = 0; i < f->n; i++) {
        cut->bound[2 * i] = cut->constant + f->value[2 * i];
        cut->bound[2 * i + 1] = f->value[2 * i + 1] / f->factor * (1 - UNIT);
        cut->bound_placement[i] = f->placement[i];
    }
    cut->n_bound = f->n;
    cut->proven = true;
    return ASX_OK;
}

/* Designs of the front near where the plane touches, evenly; all of it if none is. */
static asx_status look_at_designs(asx_cuts *s, const asx_cut *cut, const asx_coupled_front *f,
                                  asx_error *err)
{
    size_t begin = 0, end = f->n;
    const bool everywhere = !(cut->level < INFINITY);
    while (!everywhere && begin < end && cut->constant + f->value[2 * begin] < cut->level / NEAR)
        begin++;
    while (!everywhere && end > begin && cut->constant + f->value[2 * end - 2] > cut->level * NEAR)
        end--;
    begin = begin > 0 ? begin - 1 : 0;
    end = end < f->n ? end + 1 : end;
    const size_t n = end - begin < VALUED ? end - begin : VALUED;
    asx_status status = ASX_OK;
    for (size_t k = 0; status == ASX_OK && k < n && !asx_cuts_stop(s); k++) {
        const size_t i = begin + k * (end - begin) / n;
        status = asx_cuts_value(s, f->placement[i], f->choice + i * f->n_groups, err);
    }
    return status;
}

asx_status asx_cut_bound(asx_cut *cut, asx_cuts *s, double epsilon, asx_error *err)
{
    planar model;
    asx_coupled_front f;
    asx_coupled_problem problem = *s->p;
    asx_status status = planar_init(&model, s, cut, err);
    problem.model = &model.model;
    problem.epsilon = epsilon;
    problem.known = NULL;
    problem.resume = NULL; /* what is kept to go on is of the whole problem */
    problem.observer = NULL;
    if (status == ASX_OK)
        status = asx_coupled_solve(&f, &problem, err);
    if (status == ASX_OK) {
        s->interrupted = s->interrupted || f.interrupted;
        s->n_nodes += f.n_nodes;
        s->n_labels = f.n_labels > s->n_labels ? f.n_labels : s->n_labels;
        if (f.factor < INFINITY)
            status = keep_bounds(cut, &f, err);
        if (status == ASX_OK)
            status = look_at_designs(s, cut, &f, err);
        asx_coupled_front_fini(&f);
    }
    planar_fini(&model);
    return status;
}

/* ---- all of them ---- */

/* Rows of a bound that designs with damage below x, or up to it, may be matched by. */
static size_t rows_below(const asx_cut *cut, double x, bool inclusive)
{
    size_t low = 0, high = cut->n_bound;
    while (low < high) {
        const size_t mid = low + (high - low) / 2;
        if (cut->bound[2 * mid] < x || (inclusive && cut->bound[2 * mid] <= x))
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* What designs with damage below x have of the objective at least. */
static double bound_below(size_t *placement, const asx_cuts *s, double x, bool inclusive)
{
    double most = -INFINITY;
    for (size_t k = 0; k < s->n_cuts; k++) {
        const asx_cut *cut = &s->cut[k];
        const size_t n = cut->proven ? rows_below(cut, x, inclusive) : 0;
        const double bound = !cut->proven ? -INFINITY : n ? cut->bound[2 * n - 1] : INFINITY;
        if (bound <= most)
            continue;
        most = bound;
        *placement = n ? cut->bound_placement[n - 1] : *placement;
    }
    return most;
}

bool asx_cuts_is_least(const asx_cuts *s)
{
    size_t placement = 0;
    return s->found.n > 0 && (s->found.value[0] <= 0 ||
                              !(bound_below(&placement, s, s->found.value[0], false) < INFINITY));
}

/* Rows of designs found that keep the limit. */
static size_t count_rows(const asx_cuts *s)
{
    size_t n = s->found.n;
    while (n > 0 && s->found.value[2 * n - 2] > s->limit)
        n--;
    return n;
}

/* Between a row of n and the next. */
static asx_cuts_gap gap_of(const asx_cuts *s, size_t j, size_t n)
{
    const double *value = s->found.value + 2 * j;
    asx_cuts_gap gap = {.damage = j + 1 < n ? value[2] : s->limit};
    const double bound = bound_below(&gap.placement, s, gap.damage, j + 1 == n);
    gap.factor = bound > 0 ? fmax(value[1] / bound, 1) : INFINITY;
    return gap;
}

asx_cuts_gap asx_cuts_find_gap(const asx_cuts *s)
{
    const size_t n = count_rows(s);
    asx_cuts_gap gap = {.factor = 1, .damage = s->limit};
    if (n == 0) { /* nothing keeps the limits, or that is not known */
        gap.factor = bound_below(&gap.placement, s, s->limit, true) < INFINITY ? INFINITY : 1;
        return gap;
    }
    for (size_t j = 0; j < n; j++) {
        const asx_cuts_gap here = gap_of(s, j, n);
        gap = here.factor > gap.factor ? here : gap;
    }
    return gap;
}

void asx_cuts_find_close(double *from, double *factor, const asx_cuts *s)
{
    const size_t n = count_rows(s);
    const double most = 1 + (asx_cuts_find_gap(s).factor - 1) / 2;
    *from = INFINITY;
    *factor = 1;
    for (size_t j = n; j-- > 0;) {
        const double here = gap_of(s, j, n).factor;
        if (here > most)
            break;
        *factor = fmax(*factor, here);
        *from = s->found.value[2 * j];
    }
}
