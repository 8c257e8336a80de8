/* Private to shared*.c: the rule of dominance between labels. A label is a partial sum (v0, w1, size, time), w1 counting the shared
 * cost at the lowest rate that any design can have. Let label a, completed to a design, become b's
 * completion by exchanging the common beginning: the difference of their second objectives is
 *
 *   w1(a) - w1(b) + [rate(a) - rate(b)] time(a) + [rate(b) - lowest] (time(a) - time(b))
 *                 + toll [excess(a) - excess(b)]
 *     <= w1(a) - w1(b) + rise(steps between the sizes) most time
 *        + [highest - lowest] max(0, time(a) - time(b)) + toll max(0, size(a) - size(b))
 *
 * so a dominates b if v0(a) <= v0(b) and that bound is <= 0. */
#ifndef ASX_SEARCH_SHARED_PRIVATE_H
#define ASX_SEARCH_SHARED_PRIVATE_H

#include <math.h>
#include <stdbool.h>

#include "reach.h"
#include "shared.h"

typedef struct asx_label {
    double v[2], size, time;
    uint32_t parent;
    uint32_t choice; /* index in the stage */
} asx_label;

/* Ascending in v[0]. */
typedef struct asx_label_list {
    asx_label *item;
    size_t n, capacity;
} asx_label_list;

typedef struct asx_shared_link {
    uint32_t parent;
    uint16_t number;
} asx_shared_link;

struct asx_shared {
    const asx_shared_problem *p;
    asx_shared_choice **kept; /* [n_stages]: choices that no other dominates */
    size_t *n_kept;
    asx_shared_choice *
        *thin; /* [n_stages]: choices that no other is below in v0, v1, size and time */
    size_t *n_thin;
    double *rest; /* [n_stages + 1][4]: least of v0, w1, size, time over later stages */
    double *rise; /* [n_rates]: most that the rate rises over so many steps */
    double lowest, span, least_time, most_time, most_size;
    double sizes[2]; /* least and most that whole sums can have */
    bool empty;      /* none can */
    double charge[2],
        *shift;       /* of asx_shared_charged; shift [n_stages + 1]: of the stages before */
    double height;    /* of the line above the shared cost, at most; of the stages' shifts all */
    double tight[2];  /* least and most size that bears what it costs, at the least time */
    double room[2];   /* a label up to this size, time keeps the limits whatever follows */
    double free_room; /* and up to this size pays no toll */
    asx_reach *reach;
    asx_reach *fit[2]; /* of v[0] and size, and time: what keeps their limits; NULL: all does */
    asx_label_list now, next, spare;
    asx_shared_link **history;
    size_t peak, history_bytes, work;
    bool given_up;
};

/** Index of the rate for a sum of sizes. */
static inline size_t asx_shared_step(const asx_shared_problem *p, double size)
{
    double k = ceil(size / p->step);
    return k >= (double)(p->n_rates - 1) ? p->n_rates - 1 : (size_t)k;
}

/** The second objective of a whole sum, with the shared cost as it turned out. */
static inline double asx_label_cost(const asx_shared *s, const asx_label *x)
{
    const asx_shared_problem *p = s->p;
    return x->v[1] + (p->rate[asx_shared_step(p, x->size)] - s->lowest) * x->time +
           p->toll * fmax(0, x->size - p->free_size);
}

/* What `a` may cost more than `b` in the end, beyond w1; INFINITY where a limit may tell them
 * apart.
 */
static inline double asx_label_handicap(const asx_shared *s, const asx_label *a, const asx_label *b)
{
    double sum = 0;
    if (a->size > b->size) {
        if (a->size > s->room[0])
            return INFINITY;
        sum += s->rise[asx_shared_step(s->p, a->size - b->size)] * s->most_time;
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

static inline bool asx_label_dominates(const asx_shared *s, const asx_label *a, const asx_label *b)
{
    return a->v[0] <= b->v[0] && a->v[1] <= b->v[1] &&
           a->v[1] + asx_label_handicap(s, a, b) <= b->v[1];
}

/** A choice as a sum of its own. */
static inline asx_label asx_shared_first_label(const asx_shared *s, const asx_shared_choice *c)
{
    return (asx_label){{c->v[0], c->v[1] + s->lowest * c->time}, c->size, c->time, 0, 0};
}

/**
 * A sum of the stages from `begin` to `end` for the hulls: it bears a part of the shared cost that is linear in
 * size and time, so that no whole sum's v[1] is above its cost: for sizes s and times t that whole sums can have,
 *
 *   share(s, t) = [rate(s) - lowest] t + toll excess(s)
 *              >= charge[0] s - most over sizes z of (charge[0] z - share(z, least time))
 *                 + charge[1] (t - time limit),     charge[1] >= 0
 *
 * (Lagrange multipliers: M. L. Fisher, Management Science 27, 1981.)
 */
static inline void asx_shared_charged(double out[2], const asx_shared *s, const asx_label *x,
                                      size_t begin, size_t end)
{
    out[0] = x->v[0];
    out[1] = x->v[1] +
             (s->charge[0] * x->size + s->charge[1] * x->time - (s->shift[end] - s->shift[begin]));
}

/** Whether a choice, or a partial sum of the stages before `l`, leaves room for both v[0] and the limits of size and
 *  time. @param at  [2], which move along with v[0] */
bool asx_shared_choice_fits(const asx_shared *s, size_t stage, const asx_shared_choice *c);
bool asx_shared_sum_fits(const asx_shared *s, size_t l, const asx_label *x, size_t at[2]);

/** What the sums, and so the rates, can be; before all else. shared_rates.c, as the next two. */
void asx_shared_find_rates(asx_shared *s);

/** The most that the rate rises over so many steps, from those on that whole sums can have. */
void asx_shared_find_rises(asx_shared *s);

/** The prices of size and time: the line below the rates, and what `press` adds. */
void asx_shared_charge(asx_shared *s, const double press[2]);

/** A front with room for `n` rows. */
ASX_NODISCARD asx_status asx_shared_front_make(asx_shared_front *out, size_t n, size_t n_stages,
                                               asx_error *err);

/** What later stages may add at most; before the first, with `stage` = n_stages, nothing is safe
 *  unless everything is. */
void asx_shared_find_room(asx_shared *s, size_t stage);

/** Keeps the choices that may lead somewhere and that no other dominates.
 *  @return ASX_OK, `*any` telling whether every stage has some; ASX_ENOMEM */
ASX_NODISCARD asx_status asx_shared_prepare(asx_shared *s, bool *any, asx_error *err);

ASX_NODISCARD asx_status asx_shared_no_memory(size_t n, asx_error *err);

#endif
