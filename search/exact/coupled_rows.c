/* The designs of a node's front at their true cost, and which of its rows they leave open. */
#include "coupled_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "exact_problem.h"

/* ---- the designs of a node's front ---- */

static const asx_separable_choice *choice_of(const asx_coupled_search *s, const asx_shared_front *f,
                                             size_t row, size_t g)
{
    return &s->table[g][f->choice[row * f->n_stages + g]];
}

/* What the row's groups take in time, off chip too. */
static double latency_of(const asx_coupled_search *s, const asx_shared_front *f, size_t row)
{
    const double off = asx_coupled_off(s->m, f->size[row]);
    double sum = 0;
    for (size_t g = 0; g < f->n_stages; g++)
        sum += off > 0 && s->m->latency
                   ? s->m->latency(s->m->state, s->placement, g,
                                   s->number[g][f->choice[row * f->n_stages + g]], off)
                   : choice_of(s, f, row, g)->latency_ns;
    return sum;
}

static asx_need_set array_of(const asx_coupled_search *s, const asx_shared_front *f, size_t row)
{
    asx_need_set set = {{0}};
    for (size_t g = 0; g < f->n_stages; g++)
        asx_need_unite(&set, &s->need[choice_of(s, f, row, g)->need]);
    return set;
}

/* Whether an array for these weights keeps the limit of area. */
static asx_status check_area(bool *ok, const asx_coupled_search *s, const asx_need_set *set,
                             double bits, asx_error *err)
{
    double leakage, area = 0;
    *ok = true;
    if (!(s->p->limits.max[ASX_AREA] < INFINITY))
        return ASX_OK;
    const asx_status status =
        s->m->share(&leakage, &area, s->m->state, s->placement, set, bits, err);
    *ok = area <= s->p->limits.max[ASX_AREA];
    return status;
}

/* Adds a row's design at its true cost if it keeps the limits. @param gene [n_groups + 1] */
static asx_status add_design(asx_coupled_search *s, const asx_shared_front *f, size_t row,
                             uint16_t *gene, asx_error *err)
{
    const asx_limits *limits = &s->p->limits;
    const double bits = f->size[row], latency = latency_of(s, f, row);
    double value[2] = {f->value[2 * row], 0};
    const asx_need_set set = array_of(s, f, row);
    asx_coupled_price price;
    bool small = true;
    asx_status status = asx_coupled_shares_get(&price, &s->shares, &set, err);
    if (status == ASX_OK)
        status = check_area(&small, s, &set, bits, err);
    if (status != ASX_OK)
        return status;
    for (size_t g = 0; g < f->n_stages; g++) {
        const size_t i = f->choice[row * f->n_stages + g];
        value[1] += asx_coupled_objective(s, &s->table[g][i]);
        gene[g] = s->number[g][i];
    }
    if (asx_coupled_shares_energy(s))
        value[1] += (price.leakage + asx_coupled_rise(s, bits)) * latency +
                    s->m->excess_pj * fmax(0, bits - s->m->most_bits);
    else if (s->p->objective == ASX_LATENCY)
        value[1] = latency;
    gene[f->n_stages] = (uint16_t)s->placement;
    if (value[0] > s->limit[0] || value[1] > s->limit[1] || !small ||
        bits > limits->max[ASX_STORAGE] || latency > limits->max[ASX_LATENCY])
        return ASX_OK;
    if (s->p->costs)
        value[0] = 0; /* the best of all is the only one */
    return asx_incumbent_add(s->found, value, gene) ? ASX_OK : asx_exact_out_of_memory(err);
}

asx_status asx_coupled_add_designs(asx_coupled_search *s, const asx_shared_front *f, asx_error *err)
{
    uint16_t *gene = asx_array_new(f->n_stages + 1, sizeof *gene);
    asx_status status = gene ? ASX_OK : asx_exact_out_of_memory(err);
    for (size_t row = 0; status == ASX_OK && row < f->n; row++)
        status = add_design(s, f, row, gene, err);
    free(gene);
    return status;
}

double asx_coupled_gap(const asx_incumbent *found, const double *value)
{
    const size_t k = asx_incumbent_find(found, value[0]);
    if (k == 0)
        return INFINITY;
    const double best = found->value[2 * k - 1];
    return best <= value[1] ? 1 : best / value[1];
}

/* ---- what is open ---- */

bool asx_coupled_is_open(const asx_coupled_search *s, double gap)
{
    return gap > (1 + s->p->epsilon) * (1 + 1e-13);
}

/* Adds what a row would cost more if the things its array has were sure. */
static bool add_lift(double *lift, const asx_coupled_search *s, const asx_coupled_node *x,
                     const asx_shared_front *f, size_t row)
{
    double time[ASX_COUPLED_THINGS], all = 0;
    size_t thing[ASX_COUPLED_THINGS], n = 0; /* that its array has and that are not sure */
    const asx_need_set set = array_of(s, f, row);
    for (size_t k = 0; k < ASX_COUPLED_THINGS; k++)
        if (asx_need_has(&set, k) && !asx_need_has(&x->sure, k)) {
            time[n] = 0;
            thing[n++] = k;
        }
    for (size_t g = 0; n > 0 && g < f->n_stages; g++) {
        const asx_separable_choice *c = choice_of(s, f, row, g);
        all += c->latency_ns;
        for (size_t i = 0; i < n; i++)
            if (asx_need_has(&s->need[c->need], thing[i]))
                time[i] += c->latency_ns;
    }
    for (size_t i = 0; i < n; i++)
        lift[thing[i]] += 1e-3 + (all > 0 ? 1 - time[i] / all : 0);
    return n > 0;
}

void asx_coupled_note_row(asx_coupled_rows *open, const asx_coupled_search *s,
                          const asx_shared_front *f, size_t row, const asx_coupled_node *x)
{
    if (add_lift(open->lift, s, x, f, row))
        open->uncertain = true;
    else if (f->size[row] > fmax(x->least_bits, s->m->most_bits) && f->size[row] <= x->most_bits)
        /* splitting helps only where more bits are off chip than the latencies count with */
        open->bits = fmin(open->bits, f->size[row]);
}

void asx_coupled_note_bits(asx_coupled_rows *open, const asx_shared *problem,
                           const asx_shared_front *f, size_t row)
{
    const double cut = asx_shared_cut(problem, f->size[row]);
    const double unpriced = asx_shared_unpriced(problem, f->size[row], f->time[row]);
    if (!(cut < INFINITY) || !(unpriced > 0) || !(f->time[row] > 0))
        return;
    open->unpriced += unpriced / f->time[row];
    if (unpriced > open->most * f->time[row]) {
        open->most = unpriced / f->time[row];
        open->split = cut;
    }
}

size_t asx_coupled_first_row(const double *value, size_t n, double low)
{
    const double next = nextafter(low, INFINITY);
    size_t i = 0;
    while (i + 1 < n && value[2 * i + 2] <= next)
        i++;
    return i;
}

/* Rows whose arrays are sure were found as they are, unless they were priced as if more of their
 * weights were on chip. */
void asx_coupled_find_open(asx_coupled_rows *open, const asx_coupled_search *s,
                           const asx_shared_front *f, const asx_coupled_node *x)
{
    for (size_t row = asx_coupled_first_row(f->value, f->n, x->low); row < f->n; row++) {
        const double value[2] = {fmax(f->value[2 * row], nextafter(x->low, INFINITY)),
                                 f->value[2 * row + 1]};
        const double gap = asx_coupled_gap(s->found, value);
        if (!asx_coupled_is_open(s, gap))
            continue;
        memcpy(open->bound.value + 2 * open->bound.n++, value, sizeof value);
        open->gap = fmax(open->gap, gap);
        asx_coupled_note_row(open, s, f, row, x);
    }
}
