#include "sweep.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coupled_passes.h"
#include "dse/memory.h"
#include "dse/pareto.h"

/* The part of the factor within which rows of a step are left out; solutions take the rest. */
static const double closeness = 0.1;
/* Of products the part that the next limit may use. */
static const double productive = 0.5;

/* Designs, in three objectives. */
typedef struct rows {
    size_t n, value_capacity, choice_capacity, placement_capacity;
    double *value; /* [n][3] */
    uint16_t *choice, *placement;
} rows;

/* The state of a sweep. */
typedef struct sweep {
    const asx_coupled_problem *p;
    asx_objective third;
    bool product;   /* of the second objective and the third is minimised instead of both */
    double epsilon; /* of the pass at hand */
    double step;    /* of 1 + epsilon, for the second objective: what a step's solution may use, */
    double close;   /* and within which rows are left out of it */
    rows known;     /* that keep the limit to come and that no other dominates */
    rows front;     /* of all steps, without those that others match so closely */
} sweep;

static asx_status no_memory(asx_error *err)
{
    return asx_fail(err, ASX_ENOMEM, "no memory for an exact search");
}

/* The third objective of a row's design. */
static asx_status third_of(double *out, const asx_separable *m, asx_objective third,
                           const asx_coupled_front *f, size_t row, asx_error *err)
{
    const size_t k = f->placement[row], n = m->n_groups;
    const uint16_t *choice = f->choice + row * n;
    double bits = 0, latency = 0, leakage;
    asx_need_set set = {{0}};
    for (size_t g = 0; g < n; g++) {
        const asx_separable_choice *c = &m->choice[k * n + g][choice[g]];
        bits += c->weight_bits;
        for (int w = 0; w < ASX_NEED_SET_WORDS; w++)
            set.word[w] |= m->need[k][c->need].word[w];
    }
    const double off = bits > m->most_bits ? (bits - m->most_bits) / bits : 0;
    for (size_t g = 0; g < n; g++)
        latency += off > 0 && m->latency ? m->latency(m->state, k, g, choice[g], off)
                                         : m->choice[k * n + g][choice[g]].latency_ns;
    *out = third == ASX_STORAGE ? bits : latency;
    return third == ASX_AREA ? m->share(&leakage, out, m->state, k, &set, bits, err) : ASX_OK;
}

static bool grow(rows *r, size_t more, size_t n_groups)
{
    const size_t n = r->n + more;
    double *value = asx_array_grow(r->value, &r->value_capacity, 3 * n, sizeof *value);
    if (value)
        r->value = value;
    uint16_t *choice = asx_array_grow(r->choice, &r->choice_capacity, n_groups * n, sizeof *choice);
    if (choice)
        r->choice = choice;
    uint16_t *placement =
        asx_array_grow(r->placement, &r->placement_capacity, n, sizeof *placement);
    if (placement)
        r->placement = placement;
    return value && choice && placement;
}

static void rows_fini(rows *r)
{
    free(r->value);
    free(r->choice);
    free(r->placement);
}

/* Appends a row of a step, whose third objective is `third`; there must be room. */
static void append(rows *r, const asx_coupled_front *f, size_t row, double third)
{
    const size_t n = f->n_groups;
    memcpy(r->value + 3 * r->n, f->value + 2 * row, 2 * sizeof *r->value);
    r->value[3 * r->n + 2] = third;
    memcpy(r->choice + n * r->n, f->choice + n * row, n * sizeof *r->choice);
    r->placement[r->n++] = f->placement[row];
}

static double product_of(const double *row)
{
    return row[1] * row[2];
}

/* Drops rows that others dominate, in three objectives or in the first and the product of the others;
 * of equal ones, which come twice, the first stays. */
static asx_status compact(rows *r, size_t n_groups, bool product, asx_error *err)
{
    size_t n_front = 0;
    size_t *index = asx_array_new(r->n + 1, sizeof *index);
    double *pair = product ? asx_array_new(r->n + 1, 2 * sizeof *pair) : NULL;
    asx_status status = index && (pair || !product) ? ASX_OK : no_memory(err);
    for (size_t i = 0; pair && i < r->n; i++) {
        pair[2 * i] = r->value[3 * i];
        pair[2 * i + 1] = product_of(r->value + 3 * i);
    }
    if (status == ASX_OK && r->n > 0)
        status = asx_pareto_front(index, &n_front, product ? pair : r->value, NULL, r->n,
                                  product ? 2 : 3, err);
    free(pair);
    for (size_t i = 0; status == ASX_OK && i < n_front; i++) {
        const size_t at = index[i];
        memmove(r->value + 3 * i, r->value + 3 * at, 3 * sizeof *r->value);
        memmove(r->choice + n_groups * i, r->choice + n_groups * at, n_groups * sizeof *r->choice);
        r->placement[i] = r->placement[at];
    }
    r->n = n_front;
    free(index);
    return status;
}

/* Forgets rows whose third objective is above a limit. */
static void limit_rows(rows *r, size_t n_groups, double most)
{
    size_t to = 0;
    for (size_t i = 0; i < r->n; i++) {
        if (r->value[3 * i + 2] > most)
            continue;
        memmove(r->value + 3 * to, r->value + 3 * i, 3 * sizeof *r->value);
        memmove(r->choice + n_groups * to, r->choice + n_groups * i, n_groups * sizeof *r->choice);
        r->placement[to++] = r->placement[i];
    }
    r->n = to;
}

static asx_status hand_over(asx_coupled_front *out, const rows *r, size_t n_groups, asx_error *err)
{
    out->n_groups = n_groups;
    out->value = asx_array_new(r->n + 1, 2 * sizeof *out->value);
    out->choice = asx_array_copy(r->choice, r->n * n_groups, sizeof *out->choice);
    out->placement = asx_array_copy(r->placement, r->n, sizeof *out->placement);
    out->third = asx_array_new(r->n + 1, sizeof *out->third);
    if (!out->value || !out->choice || !out->placement || !out->third)
        return no_memory(err);
    for (size_t i = 0; i < r->n; i++) {
        memcpy(out->value + 2 * i, r->value + 3 * i, 2 * sizeof *out->value);
        out->third[i] = r->value[3 * i + 2];
    }
    out->n = r->n;
    return ASX_OK;
}

/* Takes a step's rows over: all of them into those known, and into the front those that the last
 * one taken, which drops no more, does not match in the second objective. @param most  the largest
 * third objective */
static asx_status take_step(sweep *s, double *most, const asx_coupled_front *f, asx_error *err)
{
    const double *last = NULL;
    if (!grow(&s->known, f->n, f->n_groups) || !grow(&s->front, f->n, f->n_groups))
        return no_memory(err);
    *most = 0;
    for (size_t i = 0; i < f->n; i++) {
        double third;
        const asx_status status = third_of(&third, s->p->model, s->third, f, i, err);
        if (status != ASX_OK)
            return status;
        *most = fmax(*most, third);
        append(&s->known, f, i, third);
        if (!s->product && last && last[1] <= s->close * f->value[2 * i + 1])
            continue;
        append(&s->front, f, i, third);
        last = s->front.value + 3 * (s->front.n - 1);
    }
    return ASX_OK;
}

/* The next limit of the third objective. A design above it, but not above the limit of step `f`, is
 * matched by a row that is known: one of `f` with 1 + epsilon times as much of the third objective;
 * or, of products, the best row that drops no more than the design, because the design has at least
 * the second objective of the row of `f` that drops as much, over the step's factor:
 *
 *   product of design >= third x second(f) / step >= best product / (1 + epsilon)
 *
 * Both sides change with the drop only where a row of `f` begins. */
static double next_limit(const sweep *s, const asx_coupled_front *f, double most)
{
    const double factor = 1 + s->epsilon;
    double limit = 0;
    if (!s->product)
        return most > 0 ? nextafter(most / factor, 0) : -1;
    for (size_t i = 0; i < f->n; i++) {
        double best = INFINITY;
        for (size_t k = 0; k < s->front.n; k++)
            if (s->front.value[3 * k] <= f->value[2 * i])
                best = fmin(best, product_of(s->front.value + 3 * k));
        limit = fmax(limit, s->step * best / (factor * f->value[2 * i + 1]));
    }
    return limit > 0 ? nextafter(fmin(limit, most), 0) : -1;
}

/* The front of two under the limits, from the designs known on. */
static asx_status solve_step(sweep *s, asx_coupled_front *total, double *limit, asx_error *err)
{
    const size_t n_groups = s->p->model->n_groups;
    asx_coupled_problem step = *s->p;
    asx_coupled_front known = {0}, f;
    double most = 0;
    asx_status status = hand_over(&known, &s->known, n_groups, err);
    step.known = &known;
    step.epsilon = s->step - 1;
    step.observer = NULL; /* a step proves its own part only */
    step.limits.max[s->third] = *limit;
    if (status == ASX_OK)
        status = asx_coupled_solve(&f, &step, err);
    asx_coupled_front_fini(&known);
    if (status != ASX_OK)
        return status;
    status = take_step(s, &most, &f, err);
    if (f.factor > s->step)
        total->factor = fmax(total->factor, f.factor * s->close);
    if (f.interrupted) /* what comes after was not looked at */
        total->factor = INFINITY;
    total->interrupted = f.interrupted;
    total->n_nodes += f.n_nodes;
    total->n_labels = f.n_labels > total->n_labels ? f.n_labels : total->n_labels;
    if (status == ASX_OK)
        status = compact(&s->front, n_groups, s->product, err);
    if (status == ASX_OK)
        *limit = next_limit(s, &f, most);
    asx_coupled_front_fini(&f);
    limit_rows(&s->known, n_groups, *limit);
    return status == ASX_OK ? compact(&s->known, n_groups, false, err) : status;
}

/* What a step's solution may use of 1 + epsilon, and what is for rows that are left out. */
static void set_epsilon(sweep *s, double epsilon)
{
    s->epsilon = epsilon;
    s->step = s->close = 1;
    if (epsilon > 0) {
        s->close = pow(1 + epsilon, s->product ? productive : closeness);
        s->step = (1 + epsilon) / s->close;
    }
    while (s->step * s->close > 1 + epsilon)
        s->step = nextafter(s->step, 1);
}

/* Takes the front of the passes before as known. */
static asx_status know_front(sweep *s, asx_error *err)
{
    const size_t n = s->front.n, n_groups = s->p->model->n_groups;
    s->known.n = 0;
    if (!grow(&s->known, n, n_groups))
        return no_memory(err);
    if (n > 0) {
        memcpy(s->known.value, s->front.value, 3 * n * sizeof *s->known.value);
        memcpy(s->known.choice, s->front.choice, n_groups * n * sizeof *s->known.choice);
        memcpy(s->known.placement, s->front.placement, n * sizeof *s->known.placement);
    }
    s->known.n = n;
    return ASX_OK;
}

/* One sweep of all limits; what an earlier one has proven stays so, and is told. */
static asx_status run_pass(sweep *s, asx_coupled_front *front, double epsilon, asx_error *err)
{
    const asx_observer *o = s->p->observer;
    double limit = s->p->limits.max[s->third], before = front->factor;
    front->factor = 1 + epsilon;
    set_epsilon(s, epsilon);
    asx_status status = know_front(s, err);
    while (status == ASX_OK && limit >= 0 && !front->interrupted)
        status = solve_step(s, front, &limit, err);
    front->factor = fmin(front->factor, before);
    if (status == ASX_OK && o && o->proven && front->factor < before)
        status = o->proven(o->state, front->factor, err);
    return status;
}

static asx_status run(asx_coupled_front *out, const asx_coupled_problem *problem,
                      asx_objective third, bool product, asx_error *err)
{
    sweep s = {.p = problem, .third = third, .product = product};
    asx_coupled_front front = {.factor = INFINITY};
    asx_status status = ASX_OK;
    if (!(problem->epsilon >= 0 && problem->epsilon <= 1))
        return asx_fail(err, ASX_EINVAL, "exact: epsilon %g is not in [0, 1]", problem->epsilon);
    for (int k = asx_coupled_n_passes(problem->epsilon);
         status == ASX_OK && k-- > 0 && !front.interrupted;)
        status = run_pass(&s, &front, asx_coupled_pass_epsilon(problem->epsilon, k), err);
    if (status == ASX_OK)
        status = hand_over(&front, &s.front, problem->model->n_groups, err);
    rows_fini(&s.known);
    rows_fini(&s.front);
    if (status != ASX_OK)
        asx_coupled_front_fini(&front);
    else
        *out = front;
    return status;
}

asx_status asx_sweep_solve(asx_coupled_front *out, const asx_coupled_problem *problem,
                           asx_objective third, asx_error *err)
{
    return run(out, problem, third, false, err);
}

asx_status asx_sweep_products(asx_coupled_front *out, const asx_coupled_problem *problem,
                              asx_objective third, asx_error *err)
{
    return run(out, problem, third, true, err);
}
