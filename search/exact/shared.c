/* Label setting: dynamic programming over Pareto labels (shared.h), stage by stage. */
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "shared_private.h"

enum { LOOK_BACK = 48 };

static bool reserve(asx_label_list *l, size_t n)
{
    asx_label *grown = asx_array_grow(l->item, &l->capacity, n, sizeof *grown);
    if (grown)
        l->item = grown;
    return grown != NULL;
}

/* Labels go into a list in ascending order of v[0], unless one there is known to dominate them. */
typedef struct sink {
    const asx_shared *s;
    asx_label *item;
    size_t n, best; /* best: smallest v[1] so far */
} sink;

static void put(sink *k, const asx_label *x)
{
    if (k->n > 0 && k->item[k->best].v[1] <= x->v[1]) {
        if (asx_label_dominates(k->s, &k->item[k->best], x))
            return;
        size_t stop = k->n > LOOK_BACK ? k->n - LOOK_BACK : 0;
        for (size_t i = k->n; i-- > stop;)
            if (asx_label_dominates(k->s, &k->item[i], x))
                return;
    } else {
        k->best = k->n;
    }
    k->item[k->n++] = *x;
}

/* Whether a completion of `x`, a sum of the stages before `l`, may keep the limits and matter; `at`
 * moves along with v[0]. */
static bool promising(const asx_shared *s, const asx_label *x, size_t l, size_t at[3])
{
    const asx_shared_problem *p = s->p;
    const double *rest = s->rest + 4 * l;
    const double size = x->size + rest[2], time = x->time + rest[3];
    if (x->v[0] + rest[0] > p->limit[0] || x->v[1] + rest[1] > p->limit[1] ||
        size > p->size_limit || time > p->time_limit)
        return false;
    double v[2];
    asx_shared_charged(v, s, x, 0, l);
    return asx_reach_sum(s->reach, l, v, &at[2]) && asx_shared_sum_fits(s, l, x, at);
}

/* out = what is left of `front` and of `now` plus one choice. */
static void merge(asx_shared *s, asx_label_list *out, const asx_label_list *front, size_t l,
                  uint32_t choice)
{
    const asx_shared_choice *c = &s->kept[l][choice];
    sink k = {s, out->item, 0, 0};
    size_t a = 0, at[3] = {0, 0, 0};
    for (size_t b = 0; b < s->now.n; b++) {
        const asx_label *from = &s->now.item[b];
        asx_label x = {{from->v[0] + c->v[0], from->v[1] + c->v[1]},
                       from->size + c->size,
                       from->time + c->time,
                       (uint32_t)b,
                       choice};
        if (!promising(s, &x, l + 1, at))
            continue;
        for (; a < front->n && front->item[a].v[0] <= x.v[0]; a++)
            put(&k, &front->item[a]);
        put(&k, &x);
    }
    for (; a < front->n; a++)
        put(&k, &front->item[a]);
    out->n = k.n;
}

/* Whether to go on with `need` labels, beside those of the stages before. */
static bool may_go_on(asx_shared *s, size_t need)
{
    const asx_shared_problem *p = s->p;
    const size_t bytes =
        s->history_bytes + (s->now.capacity + s->next.capacity + need) * sizeof *s->now.item;
    s->work += need;
    return (p->most_bytes == 0 || bytes <= p->most_bytes) &&
           (p->most_work == 0 || s->work <= p->most_work) && !(p->stop && p->stop(p->stop_state));
}

static asx_status extend(asx_shared *s, size_t l, asx_error *err)
{
    s->next.n = 0;
    asx_shared_find_room(s, l);
    for (size_t i = 0; i < s->n_kept[l]; i++) {
        size_t need = s->next.n + s->now.n;
        if (!may_go_on(s, need)) {
            s->given_up = true;
            return ASX_OK;
        }
        if (need > UINT32_MAX || !reserve(&s->spare, need ? need : 1))
            return asx_fail(err, ASX_ENOMEM, "no memory for %zu labels", need);
        merge(s, &s->spare, &s->next, l, (uint32_t)i);
        asx_label_list swap = s->next;
        s->next = s->spare;
        s->spare = swap;
    }
    size_t n = s->next.n;
    asx_shared_link *links = asx_array_new(n ? n : 1, sizeof *links);
    if (!links)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu labels", n);
    for (size_t i = 0; i < n; i++)
        links[i] =
            (asx_shared_link){s->next.item[i].parent, s->kept[l][s->next.item[i].choice].number};
    s->history[l] = links;
    s->history_bytes += n * sizeof *links;
    s->peak = n > s->peak ? n : s->peak;
    asx_label_list swap = s->now;
    s->now = s->next;
    s->next = swap;
    return ASX_OK;
}

asx_status asx_shared_front_make(asx_shared_front *out, size_t n, size_t n_stages, asx_error *err)
{
    asx_shared_front f = {.n_stages = n_stages};
    f.value = asx_array_new(n ? n : 1, 2 * sizeof *f.value);
    f.size = asx_array_new(n ? n : 1, sizeof *f.size);
    f.time = asx_array_new(n ? n : 1, sizeof *f.time);
    f.choice = asx_array_new(n ? n : 1, n_stages * sizeof *f.choice);
    if (!f.value || !f.size || !f.time || !f.choice) {
        asx_shared_front_fini(&f);
        return asx_fail(err, ASX_ENOMEM, "no memory for a front of %zu points", n);
    }
    *out = f;
    return ASX_OK;
}

/* Values with the shared cost as it turned out; then only the front of them. */
static asx_status hand_over(asx_shared_front *out, const asx_shared *s, asx_error *err)
{
    const asx_shared_problem *p = s->p;
    const size_t n = s->given_up ? 0 : s->now.n, n_stages = p->n_stages;
    asx_shared_front f;
    const asx_status status = asx_shared_front_make(&f, n, n_stages, err);
    if (status != ASX_OK)
        return status;
    f.peak = s->peak;
    f.given_up = s->given_up;
    for (size_t i = 0; i < n; i++) {
        const asx_label *x = &s->now.item[i];
        double y = asx_label_cost(s, x);
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

asx_status asx_shared_solve(asx_shared_front *out, asx_shared *s, asx_error *err)
{
    bool any = false;
    asx_status status = asx_shared_prepare(s, &any, err);
    if (status == ASX_OK && any) {
        if (!reserve(&s->now, 1))
            return asx_shared_no_memory(1, err);
        s->now.item[0] = (asx_label){.parent = 0};
        s->now.n = 1;
    }
    for (size_t l = 0; status == ASX_OK && any && !s->given_up && l < s->p->n_stages; l++)
        status = extend(s, l, err);
    return status == ASX_OK ? hand_over(out, s, err) : status;
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
