/* What comes before the labels: the rates' bounds, choices worth considering, what the later stages
 * add. */
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "shared_private.h"

asx_status asx_shared_no_memory(size_t n, asx_error *err)
{
    return asx_fail(err, ASX_ENOMEM, "no memory for %zu labels", n);
}

/* Only choices that may lead somewhere and that no other dominates take part; of equal ones the
 * first. */
static asx_status keep_choices(asx_shared *s, size_t l, asx_error *err)
{
    const asx_shared_choice *c = s->p->choice[l];
    const size_t n = s->p->n_choices[l];
    size_t m = 0;
    asx_shared_choice *kept = asx_array_new(n, sizeof *kept);
    asx_label *at = asx_array_new(n, sizeof *at);
    s->kept[l] = kept;
    if (!kept || !at) {
        free(at);
        return asx_shared_no_memory(n, err);
    }
    for (size_t i = 0; i < n; i++) {
        const asx_label x = asx_shared_first_label(s, &c[i]);
        double charged[2];
        asx_shared_charged(charged, s, &x, l, l + 1);
        if (!asx_reach_choice(s->reach, l, charged) || !asx_shared_choice_fits(s, l, &c[i]))
            continue;
        kept[m] = c[i];
        kept[m].v[1] = x.v[1];
        at[m++] = x;
    }
    for (size_t i = 0; i < m; i++) {
        bool beaten = false;
        for (size_t k = 0; k < m && !beaten; k++)
            beaten = k != i && asx_label_dominates(s, &at[k], &at[i]) &&
                     (k < i || !asx_label_dominates(s, &at[i], &at[k]));
        if (!beaten)
            kept[s->n_kept[l]++] = kept[i];
    }
    free(at);
    return ASX_OK;
}

static int compare_choices(const void *a, const void *b)
{
    const asx_shared_choice *p = a, *q = b;
    const double x[4] = {p->v[0], p->v[1], p->size, p->time},
                 y[4] = {q->v[0], q->v[1], q->size, q->time};
    for (int j = 0; j < 4; j++)
        if (x[j] < y[j] || x[j] > y[j])
            return x[j] < y[j] ? -1 : 1;
    return (p->number > q->number) - (p->number < q->number);
}

/* The choices of a stage that hulls may consist of, whatever the prices. */
static asx_status make_thin(asx_shared *s, size_t l, asx_error *err)
{
    const size_t n = s->p->n_choices[l];
    asx_shared_choice *thin = asx_array_copy(s->p->choice[l], n, sizeof *thin);
    s->thin[l] = thin;
    if (!thin)
        return asx_shared_no_memory(n, err);
    qsort(thin, n, sizeof *thin, compare_choices);
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        const asx_shared_choice c = thin[i];
        bool beaten = false;
        for (size_t k = m; k-- > 0 && !beaten;)
            beaten = thin[k].v[1] <= c.v[1] && thin[k].size <= c.size && thin[k].time <= c.time;
        if (!beaten)
            thin[m++] = c;
    }
    s->n_thin[l] = m;
    return ASX_OK;
}

/* @param priced  of the choices kept, whose v[1] is at the lowest rate already; else of the thin lists */
static asx_status make_reach(asx_shared *s, bool priced, asx_error *err)
{
    const asx_shared_problem *p = s->p;
    const size_t n = p->n_stages, *n_choices = priced ? s->n_kept : s->n_thin;
    double **value = asx_array_new(n, sizeof *value);
    asx_status status = value ? ASX_OK : asx_shared_no_memory(n, err);
    for (size_t l = 0; status == ASX_OK && l < n; l++) {
        const asx_shared_choice *c = priced ? s->kept[l] : s->thin[l];
        value[l] = asx_array_new(n_choices[l], 2 * sizeof **value);
        if (!value[l])
            status = asx_shared_no_memory(n_choices[l], err);
        for (size_t i = 0; status == ASX_OK && i < n_choices[l]; i++) {
            asx_label x = asx_shared_first_label(s, &c[i]);
            if (priced)
                x.v[1] = c[i].v[1];
            asx_shared_charged(value[l] + 2 * i, s, &x, l, l + 1);
        }
    }
    asx_reach *reach = NULL;
    if (status == ASX_OK)
        status = asx_reach_new(&reach, n, (const double *const *)value, n_choices, p->cut, p->n_cut,
                               p->limit, err);
    for (size_t l = 0; value && l < n; l++)
        free(value[l]);
    free(value);
    if (status != ASX_OK)
        return status;
    asx_reach_free(s->reach);
    s->reach = reach;
    return ASX_OK;
}

/* Hulls of v[0] and size, and of v[0] and time, where these have limits that matter: they tell how little v[0] can be. */
static asx_status make_fit(asx_shared *s, int which, asx_error *err)
{
    const asx_shared_problem *p = s->p;
    const size_t n = p->n_stages;
    const double limit[2] = {p->limit[0], which == 0 ? p->size_limit : p->time_limit};
    double **value = asx_array_new(n, sizeof *value);
    asx_status status = value ? ASX_OK : asx_shared_no_memory(n, err);
    for (size_t l = 0; status == ASX_OK && l < n; l++) {
        value[l] = asx_array_new(p->n_choices[l], 2 * sizeof **value);
        if (!value[l])
            status = asx_shared_no_memory(p->n_choices[l], err);
        for (size_t i = 0; status == ASX_OK && i < p->n_choices[l]; i++) {
            const asx_shared_choice *c = &p->choice[l][i];
            value[l][2 * i] = c->v[0];
            value[l][2 * i + 1] = which == 0 ? c->size : c->time;
        }
    }
    if (status == ASX_OK)
        status = asx_reach_new(&s->fit[which], n, (const double *const *)value, p->n_choices, NULL,
                               0, limit, err);
    for (size_t l = 0; value && l < n; l++)
        free(value[l]);
    free(value);
    return status;
}

static asx_status make_fits(asx_shared *s, asx_error *err)
{
    asx_status status = ASX_OK;
    if (s->p->size_limit < s->most_size)
        status = make_fit(s, 0, err);
    if (status == ASX_OK && s->p->time_limit < s->most_time)
        status = make_fit(s, 1, err);
    return status;
}

bool asx_shared_choice_fits(const asx_shared *s, size_t stage, const asx_shared_choice *c)
{
    for (int j = 0; j < 2; j++) {
        const double value[2] = {c->v[0], j == 0 ? c->size : c->time};
        if (s->fit[j] && !asx_reach_choice(s->fit[j], stage, value))
            return false;
    }
    return true;
}

bool asx_shared_sum_fits(const asx_shared *s, size_t l, const asx_label *x, size_t at[2])
{
    for (int j = 0; j < 2; j++) {
        const double value[2] = {x->v[0], j == 0 ? x->size : x->time};
        if (s->fit[j] && !asx_reach_sum(s->fit[j], l, value, &at[j]))
            return false;
    }
    return true;
}

asx_status asx_shared_press(asx_shared *s, const double press[2], asx_error *err)
{
    asx_shared_charge(s, press);
    return make_reach(s, false, err);
}

static void find_rest(asx_shared *s)
{
    for (size_t l = s->p->n_stages; l-- > 0;) {
        const double *after = s->rest + 4 * (l + 1);
        double *rest = s->rest + 4 * l, least[4] = {INFINITY, INFINITY, INFINITY, INFINITY};
        for (size_t i = 0; i < s->n_kept[l]; i++) {
            const asx_shared_choice *c = &s->kept[l][i];
            least[0] = fmin(least[0], c->v[0]);
            least[1] = fmin(least[1], c->v[1]);
            least[2] = fmin(least[2], c->size);
            least[3] = fmin(least[3], c->time);
        }
        for (int j = 0; j < 4; j++)
            rest[j] = (least[j] + after[j]) * (1 - 1e-14);
    }
}

void asx_shared_find_room(asx_shared *s, size_t stage)
{
    const asx_shared_problem *p = s->p;
    double size = 0, time = 0;
    const size_t first = stage < p->n_stages ? stage + 1 : 0;
    for (size_t k = first; k < p->n_stages; k++) {
        double most[2] = {0, 0};
        for (size_t i = 0; i < p->n_choices[k]; i++) {
            most[0] = fmax(most[0], p->choice[k][i].size);
            most[1] = fmax(most[1], p->choice[k][i].time);
        }
        size += most[0];
        time += most[1];
    }
    s->room[0] = p->size_limit - size * (1 + 1e-12);
    s->room[1] = p->time_limit - time * (1 + 1e-12);
    s->free_room = p->free_size - size * (1 + 1e-12);
    if (first == 0) {
        s->free_room = -INFINITY;
        s->room[0] = s->room[0] >= 0 ? INFINITY : -1;
        s->room[1] = s->room[1] >= 0 ? INFINITY : -1;
    }
}

asx_status asx_shared_new(asx_shared **out, const asx_shared_problem *p, asx_error *err)
{
    asx_shared *s = asx_array_new(1, sizeof *s);
    if (!s)
        return asx_shared_no_memory(1, err);
    s->p = p;
    s->kept = asx_array_new(p->n_stages, sizeof *s->kept);
    s->n_kept = asx_array_new(p->n_stages, sizeof *s->n_kept);
    s->rest = asx_array_new(p->n_stages + 1, 4 * sizeof *s->rest);
    s->rise = asx_array_new(p->n_rates, sizeof *s->rise);
    s->shift = asx_array_new(p->n_stages + 1, sizeof *s->shift);
    s->history = asx_array_new(p->n_stages, sizeof *s->history);
    s->thin = asx_array_new(p->n_stages, sizeof *s->thin);
    s->n_thin = asx_array_new(p->n_stages, sizeof *s->n_thin);
    asx_status status = ASX_OK;
    if (!s->thin || !s->n_thin || !s->kept || !s->n_kept || !s->rest || !s->rise || !s->shift ||
        !s->history)
        status = asx_shared_no_memory(p->n_stages, err);
    for (size_t l = 0; status == ASX_OK && l < p->n_stages; l++)
        status = make_thin(s, l, err);
    if (status == ASX_OK) {
        asx_shared_find_rates(s);
        status = make_fits(s, err);
    }
    if (status == ASX_OK)
        status = asx_shared_press(s, p->press, err);
    if (status != ASX_OK) {
        asx_shared_free(s);
        return status;
    }
    *out = s;
    return ASX_OK;
}

void asx_shared_free(asx_shared *s)
{
    if (!s)
        return;
    for (size_t l = 0; l < s->p->n_stages; l++) {
        if (s->kept)
            free(s->kept[l]);
        if (s->history)
            free(s->history[l]);
        if (s->thin)
            free(s->thin[l]);
    }
    asx_reach_free(s->reach);
    asx_reach_free(s->fit[0]);
    asx_reach_free(s->fit[1]);
    free(s->kept);
    free(s->n_kept);
    free(s->rest);
    free(s->rise);
    free(s->shift);
    free(s->history);
    free(s->thin);
    free(s->n_thin);
    free(s->now.item);
    free(s->next.item);
    free(s->spare.item);
    free(s);
}

bool asx_shared_is_closed(const asx_shared *s)
{
    for (int j = 0; j < 2; j++)
        if (s->fit[j] && asx_reach_nothing(s->fit[j]))
            return true;
    return s->empty || asx_reach_nothing(s->reach);
}

bool asx_shared_reaches(const asx_shared *s, size_t stage, size_t i)
{
    const asx_label x = asx_shared_first_label(s, &s->p->choice[stage][i]);
    double charged[2];
    asx_shared_charged(charged, s, &x, stage, stage + 1);
    return asx_reach_choice(s->reach, stage, charged) &&
           asx_shared_choice_fits(s, stage, &s->p->choice[stage][i]);
}

asx_status asx_shared_prepare(asx_shared *s, bool *any, asx_error *err)
{
    asx_status status = ASX_OK;
    *any = !asx_shared_is_closed(s);
    asx_shared_find_rises(s);
    asx_shared_find_room(s, s->p->n_stages);
    for (size_t l = 0; status == ASX_OK && *any && l < s->p->n_stages; l++) {
        status = keep_choices(s, l, err);
        *any = s->n_kept[l] > 0;
    }
    if (status != ASX_OK || !*any)
        return status;
    status = make_reach(s, true, err);
    if (status != ASX_OK || asx_reach_nothing(s->reach)) {
        *any = false;
        return status;
    }
    find_rest(s);
    status = asx_reach_tabulate(s->reach, err);
    for (int j = 0; status == ASX_OK && j < 2; j++)
        if (s->fit[j])
            status = asx_reach_tabulate(s->fit[j], err);
    return status;
}
