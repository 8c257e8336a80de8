#include "sweep.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>

#include "coupled_passes.h"
#include "exact_problem.h"
#include "sweep_state.h"

/* The part of the factor within which rows of a step are left out; solutions take the rest. */
static const double closeness = 0.1;
/* Of products the part that the next limit may use. */
static const double productive = 0.5;
/* Where the sweep stands is kept that often, unless it takes more than this share of the time. */
static const double keep_every_s = 1, keep_share = 0.02;

/* A sweep at work. */
typedef struct sweep {
    const asx_coupled_problem *p;
    asx_objective third;
    asx_sweep_kind kind;
    double epsilon; /* of the pass at hand */
    double step;    /* of 1 + epsilon, for the second objective: what a step's solution may use, */
    double close;   /* and within which rows are left out of it */
    asx_sweep_state at; /* between steps */
    double next_s;      /* when to keep that again */
    bool kept;          /* it is */
    bool interrupted;
} sweep;

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

/* Takes a step's rows over: all of them into those known, and into the front those that the last
 * one taken, which drops no more, does not match in the second objective. @param most  the largest
 * third objective */
static asx_status take_step(sweep *s, double *most, const asx_coupled_front *f, asx_error *err)
{
    const double *last = NULL;
    asx_sweep_rows *known = &s->at.known, *front = &s->at.front;
    if (!asx_sweep_rows_grow(known, f->n, f->n_groups) ||
        !asx_sweep_rows_grow(front, f->n, f->n_groups))
        return asx_exact_out_of_memory(err);
    *most = 0;
    for (size_t i = 0; i < f->n; i++) {
        double third;
        const asx_status status = third_of(&third, s->p->model, s->third, f, i, err);
        if (status != ASX_OK)
            return status;
        *most = fmax(*most, third);
        asx_sweep_rows_append(known, f, i, third);
        if (s->kind == ASX_SWEEP_THREE && last && last[1] <= s->close * f->value[2 * i + 1])
            continue;
        asx_sweep_rows_append(front, f, i, third);
        last = front->value + 3 * (front->n - 1);
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
    const asx_sweep_rows *front = &s->at.front;
    const double factor = 1 + s->epsilon;
    double limit = 0;
    if (s->kind != ASX_SWEEP_PRODUCT)
        return most > 0 ? nextafter(most / factor, 0) : -1;
    for (size_t i = 0; i < f->n; i++) {
        double best = INFINITY;
        for (size_t k = 0; k < front->n; k++)
            if (front->value[3 * k] <= f->value[2 * i])
                best = fmin(best, asx_sweep_product(front->value + 3 * k));
        limit = fmax(limit, s->step * best / (factor * f->value[2 * i + 1]));
    }
    return limit > 0 ? nextafter(fmin(limit, most), 0) : -1;
}

/* ---- steps ---- */

/* Keeps where the sweep stands, if that is due or the last chance to. */
static asx_status keep(sweep *s, bool last, asx_error *err)
{
    const asx_resume *resume = s->p->resume;
    unsigned char *bytes = NULL;
    size_t n = 0;
    const double begin_s = omp_get_wtime();
    if (!resume || s->kept || (!last && begin_s < s->next_s))
        return ASX_OK;
    asx_status status = asx_sweep_state_write(&bytes, &n, &s->at, s->p->model->n_groups, err);
    if (status == ASX_OK)
        status = resume->keep(resume->state, bytes, n, err);
    free(bytes);
    s->kept = true;
    const double end_s = omp_get_wtime();
    s->next_s = end_s + fmax(keep_every_s, (end_s - begin_s) / keep_share);
    return status;
}

/* The front of two under the limits, from the designs known on. */
static asx_status solve_step(asx_coupled_front *f, const sweep *s, asx_error *err)
{
    asx_coupled_problem step = *s->p;
    asx_coupled_front known = {0};
    asx_status status = asx_sweep_rows_hand_over(&known, &s->at.known, s->p->model->n_groups, err);
    step.known = &known;
    step.epsilon = s->step - 1;
    step.observer = NULL; /* a step proves its own part only */
    step.resume = NULL;
    step.limits.max[s->third] = s->at.limit;
    if (s->p->max_nodes > 0)
        step.max_nodes = s->p->max_nodes - s->at.n_nodes;
    if (status == ASX_OK)
        status = asx_coupled_solve(f, &step, err);
    asx_coupled_front_fini(&known);
    return status;
}

static asx_status take_front(sweep *s, const asx_coupled_front *f, asx_error *err)
{
    asx_sweep_state *at = &s->at;
    const size_t n_groups = s->p->model->n_groups;
    double most = 0;
    asx_status status = take_step(s, &most, f, err);
    s->kept = false;
    if (f->factor > s->step)
        at->factor = fmax(at->factor, f->factor * s->close);
    at->n_nodes += f->n_nodes;
    at->n_labels = f->n_labels > at->n_labels ? f->n_labels : at->n_labels;
    if (status == ASX_OK)
        status = asx_sweep_rows_compact(&at->front, n_groups, s->kind, err);
    if (status == ASX_OK)
        at->limit = next_limit(s, f, most);
    asx_sweep_rows_limit(&at->known, n_groups, at->limit);
    return status == ASX_OK ? asx_sweep_rows_compact(&at->known, n_groups, s->kind, err) : status;
}

/* One step. What comes after one that was stopped was not looked at, and nor is it where one goes on. */
static asx_status take_one_step(sweep *s, asx_error *err)
{
    asx_coupled_front f = {0};
    asx_status status = solve_step(&f, s, err);
    if (status == ASX_OK && f.interrupted) {
        s->interrupted = true;
        status = keep(s, true, err);
        s->kept = true;
    }
    if (status == ASX_OK)
        status = take_front(s, &f, err);
    asx_coupled_front_fini(&f);
    return status == ASX_OK && !s->interrupted ? keep(s, false, err) : status;
}

/* ---- passes ---- */

/* What a step's solution may use of 1 + epsilon, and what is for rows that are left out. */
static void set_epsilon(sweep *s, double epsilon)
{
    s->epsilon = epsilon;
    s->step = s->close = 1;
    if (epsilon > 0 && s->kind == ASX_SWEEP_COSTS) { /* a step has one row */
        s->step = 1 + epsilon;
    } else if (epsilon > 0) {
        s->close = pow(1 + epsilon, s->kind == ASX_SWEEP_PRODUCT ? productive : closeness);
        s->step = (1 + epsilon) / s->close;
    }
    while (s->step * s->close > 1 + epsilon)
        s->step = nextafter(s->step, 1);
}

static bool is_spent(const sweep *s)
{
    return s->p->max_nodes > 0 && s->at.n_nodes >= s->p->max_nodes;
}

/* A sweep of all limits, with what the passes before have found as known. */
static asx_status begin_pass(sweep *s, int pass, asx_error *err)
{
    asx_sweep_state *at = &s->at;
    at->pass = pass;
    at->limit = s->p->limits.max[s->third];
    at->factor = 1 + asx_coupled_pass_epsilon(s->p->epsilon, pass);
    return asx_sweep_rows_copy(&at->known, &at->front, s->p->model->n_groups)
               ? ASX_OK
               : asx_exact_out_of_memory(err);
}

/* What an earlier pass has proven stays so, and is told. */
static asx_status end_pass(sweep *s, asx_error *err)
{
    const asx_observer *o = s->p->observer;
    asx_sweep_state *at = &s->at;
    const double before = at->before;
    if (at->limit >= 0 || s->interrupted)
        return ASX_OK;
    at->before = fmin(before, at->factor);
    s->kept = false;
    asx_status status = keep(s, at->pass == 0, err);
    if (status == ASX_OK && o && o->proven && at->before < before)
        status = o->proven(o->state, at->before, err);
    return status;
}

static asx_status run_passes(sweep *s, asx_error *err)
{
    const double epsilon = s->p->epsilon;
    asx_status status = ASX_OK;
    for (;;) {
        set_epsilon(s, asx_coupled_pass_epsilon(epsilon, s->at.pass));
        while (status == ASX_OK && s->at.limit >= 0 && !s->interrupted && !is_spent(s))
            status = take_one_step(s, err);
        if (status == ASX_OK)
            status = end_pass(s, err);
        if (status != ASX_OK || s->at.pass == 0 || s->interrupted || is_spent(s))
            return status;
        status = begin_pass(s, s->at.pass - 1, err);
    }
}

/* From where an earlier sweep of the same problem stood, or from the start. */
static asx_status begin(sweep *s, asx_error *err)
{
    const asx_resume *resume = s->p->resume;
    bool ok = false;
    asx_status status = ASX_OK;
    if (resume)
        status =
            asx_sweep_state_read(&s->at, &ok, resume->bytes, resume->n_bytes, s->p->model, err);
    const int n_passes = asx_coupled_n_passes(s->p->epsilon);
    if (status != ASX_OK || (ok && s->at.pass < n_passes)) {
        s->kept = true;
        return status;
    }
    asx_sweep_state_fini(&s->at);
    s->at = (asx_sweep_state){.before = INFINITY};
    return begin_pass(s, n_passes - 1, err);
}

static asx_status run(asx_coupled_front *out, const asx_coupled_problem *problem,
                      asx_objective third, asx_sweep_kind kind, asx_error *err)
{
    sweep s = {.p = problem, .third = third, .kind = kind};
    if (!(problem->epsilon >= 0 && problem->epsilon <= 1))
        return asx_fail(err, ASX_EINVAL, "exact: epsilon %g is not in [0, 1]", problem->epsilon);
    asx_status status = begin(&s, err);
    if (status == ASX_OK)
        status = run_passes(&s, err);
    asx_coupled_front front = {.factor = s.at.before,
                               .interrupted = s.interrupted,
                               .n_nodes = s.at.n_nodes,
                               .n_labels = s.at.n_labels};
    if (status == ASX_OK)
        status = asx_sweep_rows_hand_over(&front, &s.at.front, problem->model->n_groups, err);
    asx_sweep_state_fini(&s.at);
    if (status != ASX_OK)
        asx_coupled_front_fini(&front);
    else
        *out = front;
    return status;
}

asx_status asx_sweep_solve(asx_coupled_front *out, const asx_coupled_problem *problem,
                           asx_objective third, asx_error *err)
{
    return run(out, problem, third, problem->costs ? ASX_SWEEP_COSTS : ASX_SWEEP_THREE, err);
}

asx_status asx_sweep_products(asx_coupled_front *out, const asx_coupled_problem *problem,
                              asx_objective third, asx_error *err)
{
    return run(out, problem, third, ASX_SWEEP_PRODUCT, err);
}
