/* Labels with a shared cost. A label is a partial sum (v0, w1, size, time), w1 counting the shared
 * cost at the lowest rate that any design can have. Let label a, completed to a design, become b's
 * completion by exchanging the common beginning: the difference of their second objectives is
 *
 *   w1(a) - w1(b) + [rate(a) - rate(b)] time(a) + [rate(b) - lowest] (time(a) - time(b))
 *                 + toll [excess(a) - excess(b)]
 *     <= w1(a) - w1(b) + rise(steps between the sizes) most time
 *        + [highest - lowest] max(0, time(a) - time(b)) + toll max(0, size(a) - size(b))
 *
 * so a dominates b if v0(a) <= v0(b) and that bound is <= 0. */
#include "shared.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "reach.h"

enum { LOOK_BACK = 48 };

typedef struct label {
    double v[2], size, time;
    uint32_t parent;
    uint32_t choice; /* index in the stage */
} label;

/* Ascending in v[0]. */
typedef struct list {
    label *item;
    size_t n, capacity;
} list;

typedef struct link {
    uint32_t parent;
    uint16_t number;
} link;

typedef struct solver {
    const asx_shared_problem *p;
    asx_shared_choice **kept; /* [n_stages]: choices that no other dominates */
    size_t *n_kept;
    double *rest; /* [n_stages + 1][4]: least of v0, w1, size, time over later stages */
    double *rise; /* [n_rates]: most that the rate rises over so many steps */
    double lowest, span, most_time;
    double room[2];   /* a label up to this size, time keeps the limits whatever follows */
    double free_room; /* and up to this size pays no toll */
    asx_reach *reach;
    list now, next, spare;
    link **history;
    size_t peak;
} solver;

static size_t rate_index(const asx_shared_problem *p, double size)
{
    double k = ceil(size / p->step);
    return k >= (double)(p->n_rates - 1) ? p->n_rates - 1 : (size_t)k;
}

static asx_status no_memory(size_t n, asx_error *err)
{
    return asx_fail(err, ASX_ENOMEM, "exact: out of memory for %zu", n);
}

/* What `a` may cost more than `b` in the end, beyond w1; INFINITY where a limit may tell them
 * apart.
 */
static double handicap(const solver *s, const label *a, const label *b)
{
    double sum = 0;
    if (a->size > b->size) {
        if (a->size > s->room[0])
            return INFINITY;
        sum += s->rise[rate_index(s->p, a->size - b->size)] * s->most_time;
        if (a->size > s->free_room)
            sum += s->p->toll * (a->size - fmax(b->size, s->free_room));
    }
    if (a->time > b->time) {
        if (a->time > s->room[1])
            return INFINITY;
        sum += s->span * (a->time - b->time);
    }
    return sum;
}

static bool label_dominates(const solver *s, const label *a, const label *b)
{
    return a->v[0] <= b->v[0] && a->v[1] <= b->v[1] && a->v[1] + handicap(s, a, b) <= b->v[1];
}

/* ---- preparation ---- */

static void find_rates(solver *s)
{
    const asx_shared_problem *p = s->p;
    double size = 0, time = 0;
    for (size_t l = 0; l < p->n_stages; l++) {
        double least = INFINITY, most = 0;
        for (size_t i = 0; i < p->n_choices[l]; i++) {
            least = fmin(least, p->choice[l][i].size);
            most = fmax(most, p->choice[l][i].time);
        }
        size += least;
        time += most;
    }
    /* sums in another order may end a step lower by rounding */
    size_t first = rate_index(p, size * (1 - 1e-12));
    s->lowest = p->rate[first];
    s->span = p->rate[p->n_rates - 1] - s->lowest;
    s->most_time = time * (1 + 1e-12);
    for (size_t d = 0; d < p->n_rates; d++)
        for (size_t k = first; k < p->n_rates; k++) {
            size_t to = k + d < p->n_rates ? k + d : p->n_rates - 1;
            s->rise[d] = fmax(s->rise[d], p->rate[to] - p->rate[k]);
        }
}

static label first_label(const solver *s, const asx_shared_choice *c)
{
    return (label){{c->v[0], c->v[1] + s->lowest * c->time}, c->size, c->time, 0, 0};
}

/* Only choices that may lead somewhere and that no other dominates take part; of equal ones the
 * first. */
static asx_status keep_choices(solver *s, size_t l, asx_error *err)
{
    const asx_shared_choice *c = s->p->choice[l];
    const size_t n = s->p->n_choices[l];
    size_t m = 0;
    asx_shared_choice *kept = asx_array_new(n, sizeof *kept);
    label *at = asx_array_new(n, sizeof *at);
    s->kept[l] = kept;
    if (!kept || !at) {
        free(at);
        return no_memory(n, err);
    }
    for (size_t i = 0; i < n; i++) {
        const label x = first_label(s, &c[i]);
        if (!asx_reach_choice(s->reach, l, x.v))
            continue;
        kept[m] = c[i];
        kept[m].v[1] = x.v[1];
        at[m++] = x;
    }
    for (size_t i = 0; i < m; i++) {
        bool beaten = false;
        for (size_t k = 0; k < m && !beaten; k++)
            beaten = k != i && label_dominates(s, &at[k], &at[i]) &&
                     (k < i || !label_dominates(s, &at[i], &at[k]));
        if (!beaten)
            kept[s->n_kept[l]++] = kept[i];
    }
    free(at);
    return ASX_OK;
}

static asx_status make_reach(solver *s, bool priced, asx_error *err)
{
    const asx_shared_problem *p = s->p;
    const size_t n = p->n_stages;
    double **value = asx_array_new(n, sizeof *value);
    asx_status status = value ? ASX_OK : no_memory(n, err);
    for (size_t l = 0; status == ASX_OK && l < n; l++) {
        const size_t m = priced ? s->n_kept[l] : p->n_choices[l];
        value[l] = asx_array_new(m, 2 * sizeof **value);
        if (!value[l])
            status = no_memory(m, err);
        for (size_t i = 0; status == ASX_OK && i < m; i++) {
            const label x = first_label(s, &p->choice[l][i]);
            memcpy(value[l] + 2 * i, priced ? s->kept[l][i].v : x.v, sizeof x.v);
        }
    }
    asx_reach *reach = NULL;
    if (status == ASX_OK)
        status = asx_reach_new(&reach, n, (const double *const *)value,
                               priced ? s->n_kept : p->n_choices, p->cut, p->n_cut, p->limit, err);
    for (size_t l = 0; value && l < n; l++)
        free(value[l]);
    free(value);
    if (status != ASX_OK)
        return status;
    asx_reach_free(s->reach);
    s->reach = reach;
    return ASX_OK;
}

static void find_rest(solver *s)
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

/* What later stages may add at most; before the first, with `l` = n_stages, nothing is safe unless
 * everything is. */
static void find_room(solver *s, size_t l)
{
    const asx_shared_problem *p = s->p;
    double size = 0, time = 0;
    const size_t first = l < p->n_stages ? l + 1 : 0;
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

static bool reserve(list *l, size_t n)
{
    label *grown = asx_array_grow(l->item, &l->capacity, n, sizeof *grown);
    if (grown)
        l->item = grown;
    return grown != NULL;
}

static asx_status solver_init(solver *s, const asx_shared_problem *p, asx_error *err)
{
    s->p = p;
    s->kept = asx_array_new(p->n_stages, sizeof *s->kept);
    s->n_kept = asx_array_new(p->n_stages, sizeof *s->n_kept);
    s->rest = asx_array_new(p->n_stages + 1, 4 * sizeof *s->rest);
    s->rise = asx_array_new(p->n_rates, sizeof *s->rise);
    s->history = asx_array_new(p->n_stages, sizeof *s->history);
    if (!s->kept || !s->n_kept || !s->rest || !s->rise || !s->history || !reserve(&s->now, 1))
        return asx_fail(err, ASX_ENOMEM, "exact: out of memory for %zu stages", p->n_stages);
    find_rates(s);
    find_room(s, p->n_stages);
    s->now.item[0] = (label){.parent = 0};
    s->now.n = 1;
    return make_reach(s, false, err);
}

/* @return ASX_OK; `*any` tells whether every stage has choices left that may lead somewhere */
static asx_status prepare(solver *s, bool *any, asx_error *err)
{
    asx_status status = ASX_OK;
    *any = !asx_reach_nothing(s->reach);
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
    return asx_reach_tabulate(s->reach, err);
}

static void solver_fini(solver *s)
{
    for (size_t l = 0; l < s->p->n_stages; l++) {
        if (s->kept)
            free(s->kept[l]);
        if (s->history)
            free(s->history[l]);
    }
    asx_reach_free(s->reach);
    free(s->kept);
    free(s->n_kept);
    free(s->rest);
    free(s->rise);
    free(s->history);
    free(s->now.item);
    free(s->next.item);
    free(s->spare.item);
}

/* ---- stages ---- */

/* Labels go into a list in ascending order of v[0], unless one there is known to dominate them. */
typedef struct sink {
    const solver *s;
    label *item;
    size_t n, best; /* best: smallest v[1] so far */
} sink;

static void put(sink *k, const label *x)
{
    if (k->n > 0 && k->item[k->best].v[1] <= x->v[1]) {
        if (label_dominates(k->s, &k->item[k->best], x))
            return;
        size_t stop = k->n > LOOK_BACK ? k->n - LOOK_BACK : 0;
        for (size_t i = k->n; i-- > stop;)
            if (label_dominates(k->s, &k->item[i], x))
                return;
    } else {
        k->best = k->n;
    }
    k->item[k->n++] = *x;
}

/* What the shared cost is above the lowest, at least. */
static double surcharge(const solver *s, double size, double time)
{
    const asx_shared_problem *p = s->p;
    size *= 1 - 1e-12;
    return (p->rate[rate_index(p, size)] - s->lowest) * time +
           p->toll * fmax(0, size - p->free_size);
}

/* Whether a completion of `x`, a sum of the stages before `l`, may keep the limits and matter; `at`
 * moves along with v[0]. */
static bool promising(const solver *s, const label *x, size_t l, size_t *at)
{
    const asx_shared_problem *p = s->p;
    const double *rest = s->rest + 4 * l;
    const double size = x->size + rest[2], time = x->time + rest[3];
    if (x->v[0] + rest[0] > p->limit[0] || x->v[1] + rest[1] > p->limit[1] ||
        size > p->size_limit || time > p->time_limit)
        return false;
    const double v[2] = {x->v[0], x->v[1] + surcharge(s, size, time)};
    return asx_reach_sum(s->reach, l, v, at);
}

/* out = what is left of `front` and of `now` plus one choice. */
static void merge(solver *s, list *out, const list *front, size_t l, uint32_t choice)
{
    const asx_shared_choice *c = &s->kept[l][choice];
    sink k = {s, out->item, 0, 0};
    size_t a = 0, at = 0;
    for (size_t b = 0; b < s->now.n; b++) {
        const label *from = &s->now.item[b];
        label x = {{from->v[0] + c->v[0], from->v[1] + c->v[1]},
                   from->size + c->size,
                   from->time + c->time,
                   (uint32_t)b,
                   choice};
        if (!promising(s, &x, l + 1, &at))
            continue;
        for (; a < front->n && front->item[a].v[0] <= x.v[0]; a++)
            put(&k, &front->item[a]);
        put(&k, &x);
    }
    for (; a < front->n; a++)
        put(&k, &front->item[a]);
    out->n = k.n;
}

static asx_status extend(solver *s, size_t l, asx_error *err)
{
    s->next.n = 0;
    find_room(s, l);
    for (size_t i = 0; i < s->n_kept[l]; i++) {
        size_t need = s->next.n + s->now.n;
        if (need > UINT32_MAX || !reserve(&s->spare, need ? need : 1))
            return asx_fail(err, ASX_ENOMEM, "exact: out of memory for %zu labels", need);
        merge(s, &s->spare, &s->next, l, (uint32_t)i);
        list swap = s->next;
        s->next = s->spare;
        s->spare = swap;
    }
    size_t n = s->next.n;
    link *links = asx_array_new(n ? n : 1, sizeof *links);
    if (!links)
        return asx_fail(err, ASX_ENOMEM, "exact: out of memory for %zu labels", n);
    for (size_t i = 0; i < n; i++)
        links[i] = (link){s->next.item[i].parent, s->kept[l][s->next.item[i].choice].number};
    s->history[l] = links;
    s->peak = n > s->peak ? n : s->peak;
    list swap = s->now;
    s->now = s->next;
    s->next = swap;
    return ASX_OK;
}

/* Values with the shared cost as it turned out; then only the front of them. */
static asx_status hand_over(asx_shared_front *out, const solver *s, asx_error *err)
{
    const asx_shared_problem *p = s->p;
    const size_t n = s->now.n, n_stages = p->n_stages;
    asx_shared_front f = {.n_stages = n_stages, .peak = s->peak};
    f.value = asx_array_new(n ? n : 1, 2 * sizeof *f.value);
    f.size = asx_array_new(n ? n : 1, sizeof *f.size);
    f.time = asx_array_new(n ? n : 1, sizeof *f.time);
    f.choice = asx_array_new(n ? n : 1, n_stages * sizeof *f.choice);
    if (!f.value || !f.size || !f.time || !f.choice) {
        asx_shared_front_fini(&f);
        return asx_fail(err, ASX_ENOMEM, "exact: out of memory for a front of %zu", n);
    }
    for (size_t i = 0; i < n; i++) {
        const label *x = &s->now.item[i];
        double y = x->v[1] + (p->rate[rate_index(p, x->size)] - s->lowest) * x->time +
                   p->toll * fmax(0, x->size - p->free_size);
        if (y > p->limit[1])
            continue;
        if (f.n > 0 && f.value[2 * f.n - 2] >= x->v[0] && f.value[2 * f.n - 1] > y)
            f.n--; /* the same v[0] */
        if (f.n > 0 && f.value[2 * f.n - 1] <= y)
            continue;
        f.value[2 * f.n] = x->v[0];
        f.value[2 * f.n + 1] = y;
        f.size[f.n] = x->size;
        f.time[f.n] = x->time;
        size_t at = i;
        for (size_t l = n_stages; l-- > 0; at = s->history[l][at].parent)
            f.choice[f.n * n_stages + l] = s->history[l][at].number;
        f.n++;
    }
    *out = f;
    return ASX_OK;
}

asx_status asx_shared_solve(asx_shared_front *out, const asx_shared_problem *problem,
                            asx_error *err)
{
    solver s = {0};
    bool any = false;
    asx_status status = solver_init(&s, problem, err);
    if (status == ASX_OK)
        status = prepare(&s, &any, err);
    if (status == ASX_OK && !any)
        s.now.n = 0;
    for (size_t l = 0; status == ASX_OK && any && l < problem->n_stages; l++)
        status = extend(&s, l, err);
    if (status == ASX_OK)
        status = hand_over(out, &s, err);
    solver_fini(&s);
    return status;
}

void asx_shared_front_fini(asx_shared_front *front)
{
    if (!front)
        return;
    free(front->value);
    free(front->size);
    free(front->time);
    free(front->choice);
    *front = (asx_shared_front){0};
}
