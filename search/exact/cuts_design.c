/* Designs as they are: their costs by the model, and their damage. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coupled_share.h"
#include "cuts_private.h"
#include "dse/memory.h"

bool asx_cuts_stop(asx_cuts *s)
{
    s->interrupted = s->interrupted || (s->p->stop && s->p->stop(s->p->stop_state));
    return s->interrupted;
}

asx_status asx_cuts_price(double objective[ASX_N_OBJECTIVES], const asx_cuts *s, size_t placement,
                          const uint16_t *choice, asx_error *err)
{
    const asx_separable *m = s->m;
    double energy = 0, bits = 0, latency = 0, leakage = 0, area = 0;
    asx_need_set set = {{0}};
    for (size_t g = 0; g < m->n_groups; g++) {
        const asx_separable_choice *c = &m->choice[placement * m->n_groups + g][choice[g]];
        energy += c->energy_pj;
        bits += c->weight_bits;
        asx_need_unite(&set, &m->need[placement][c->need]);
    }
    const double excess = fmax(0, bits - m->most_bits), off = excess > 0 ? excess / bits : 0;
    for (size_t g = 0; g < m->n_groups; g++)
        latency += off > 0 && m->latency
                       ? m->latency(m->state, placement, g, choice[g], off)
                       : m->choice[placement * m->n_groups + g][choice[g]].latency_ns;
    const asx_status status = m->share(&leakage, &area, m->state, placement, &set, bits, err);
    memset(objective, 0, ASX_N_OBJECTIVES * sizeof *objective);
    objective[ASX_ENERGY] = energy + leakage * latency + m->excess_pj * excess;
    objective[ASX_LATENCY] = latency;
    objective[ASX_STORAGE] = bits;
    objective[ASX_AREA] = area;
    return status;
}

bool asx_cuts_feasible(const asx_cuts *s, const double objective[ASX_N_OBJECTIVES])
{
    static const asx_objective limited[] = {ASX_ENERGY, ASX_LATENCY, ASX_STORAGE, ASX_AREA};
    bool feasible = true;
    for (size_t k = 0; k < sizeof limited / sizeof *limited; k++)
        feasible = feasible && objective[limited[k]] <= s->p->limits.max[limited[k]];
    return feasible;
}

asx_status asx_cuts_value(asx_cuts *s, size_t placement, const uint16_t *choice, asx_error *err)
{
    const size_t n = s->m->n_groups;
    double objective[ASX_N_OBJECTIVES], value[2];
    asx_status status = asx_cuts_price(objective, s, placement, choice, err);
    if (status != ASX_OK || !asx_cuts_feasible(s, objective))
        return status;
    value[1] = objective[s->p->objective];
    status = s->m->damage(&value[0], s->m->state, choice, err);
    if (status != ASX_OK)
        return status;
    s->n_valued++;
    uint16_t *gene = asx_array_new(n + 1, sizeof *gene);
    bool room = gene != NULL;
    if (room) {
        memcpy(gene, choice, n * sizeof *gene);
        gene[n] = (uint16_t)placement;
        room = asx_incumbent_add(&s->found, value, gene);
    }
    free(gene);
    return room ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for an exact search");
}

double asx_cuts_own(const asx_cuts *s, const asx_separable_choice *c, double rate)
{
    switch (s->p->objective) {
    case ASX_LATENCY:
        return c->latency_ns;
    case ASX_STORAGE:
        return c->weight_bits;
    default:
        return c->energy_pj + rate * c->latency_ns;
    }
}
