#include "sweep.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "search/pareto.h"

/* Rows of all steps. */
typedef struct rows {
    size_t n, value_capacity, choice_capacity, placement_capacity;
    double *value; /* [n][3] */
    uint16_t *choice, *placement;
} rows;

static asx_status no_memory(asx_error *err)
{
    return asx_fail(err, ASX_ENOMEM, "exact: out of memory");
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

/* @param most  the largest third objective of the step's rows */
static asx_status add_step(rows *r, double *most, const asx_separable *m, asx_objective third,
                           const asx_coupled_front *f, asx_error *err)
{
    const size_t n = m->n_groups;
    asx_status status = grow(r, f->n, n) ? ASX_OK : no_memory(err);
    *most = 0;
    for (size_t i = 0; status == ASX_OK && i < f->n; i++, r->n++) {
        double *value = r->value + 3 * r->n;
        memcpy(value, f->value + 2 * i, 2 * sizeof *value);
        status = third_of(&value[2], m, third, f, i, err);
        memcpy(r->choice + n * r->n, f->choice + n * i, n * sizeof *r->choice);
        r->placement[r->n] = f->placement[i];
        *most = fmax(*most, value[2]);
    }
    return status;
}

/* Rows may come twice: of equal ones the first stays. */
static asx_status hand_over(asx_coupled_front *out, const rows *r, size_t n_groups, asx_error *err)
{
    size_t n_front = 0;
    size_t *index = asx_array_new(r->n + 1, sizeof *index);
    out->n_groups = n_groups;
    out->value = asx_array_new(r->n + 1, 2 * sizeof *out->value);
    out->choice = asx_array_new(r->n + 1, n_groups * sizeof *out->choice);
    out->placement = asx_array_new(r->n + 1, sizeof *out->placement);
    asx_status status =
        index && out->value && out->choice && out->placement ? ASX_OK : no_memory(err);
    if (status == ASX_OK && r->n > 0)
        status = asx_pareto_front(index, &n_front, r->value, NULL, r->n, 3, err);
    for (size_t i = 0; status == ASX_OK && i < n_front; i++) {
        const size_t at = index[i];
        memcpy(out->value + 2 * out->n, r->value + 3 * at, 2 * sizeof *out->value);
        memcpy(out->choice + n_groups * out->n, r->choice + n_groups * at,
               n_groups * sizeof *out->choice);
        out->placement[out->n++] = r->placement[at];
    }
    free(index);
    return status;
}

asx_status asx_sweep_solve(asx_coupled_front *out, const asx_coupled_problem *problem,
                           asx_objective third, asx_error *err)
{
    asx_coupled_problem step = *problem;
    asx_coupled_front front = {.factor = 1 + problem->epsilon};
    rows r = {0};
    asx_status status = ASX_OK;
    for (bool more = true; status == ASX_OK && more;) {
        asx_coupled_front f;
        double most = 0;
        status = asx_coupled_solve(&f, &step, err);
        if (status != ASX_OK)
            break;
        status = add_step(&r, &most, problem->model, third, &f, err);
        front.factor = fmax(front.factor, f.factor);
        front.interrupted = f.interrupted;
        front.n_nodes += f.n_nodes;
        front.n_labels = f.n_labels > front.n_labels ? f.n_labels : front.n_labels;
        more = f.n > 0 && !f.interrupted && most > 0;
        /* designs above the new limit are matched by rows with at most 1 + epsilon times as much */
        step.limits.max[third] = nextafter(most / (1 + problem->epsilon), 0);
        asx_coupled_front_fini(&f);
    }
    if (status == ASX_OK)
        status = hand_over(&front, &r, problem->model->n_groups, err);
    free(r.value);
    free(r.choice);
    free(r.placement);
    if (status != ASX_OK)
        asx_coupled_front_fini(&front);
    else
        *out = front;
    return status;
}
