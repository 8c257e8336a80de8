/* Better designs next to those found, by single choices exchanged: planes tell what no design can do, and little of what designs
 * do. What an exchange changes is guessed from what groups do alone; the most promising are looked at as they are. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coupled_share.h"
#include "cuts_private.h"
#include "dse/memory.h"
#include "exact_problem.h"

enum { LOOKS = 24, PASSES = 6 }; /* at neighbours of a design; over all designs */

typedef struct move {
    size_t group, choice;
    double
        gain; /* logarithm of what designs found cost that drop no more, as a multiple of its cost; guessed */
} move;

/* The leakage of a design. */
static asx_status find_rate(double *rate, const asx_cuts *s, size_t placement,
                            const uint16_t *choice, asx_error *err)
{
    const asx_separable *m = s->m;
    asx_need_set set = {{0}};
    double bits = 0, area = 0;
    for (size_t g = 0; g < m->n_groups; g++) {
        const asx_separable_choice *c = &m->choice[placement * m->n_groups + g][choice[g]];
        bits += c->weight_bits;
        asx_need_unite(&set, &m->need[placement][c->need]);
    }
    return m->share(rate, &area, m->state, placement, &set, bits, err);
}

static double gain_of(const asx_cuts *s, double damage, double objective)
{
    const asx_incumbent *f = &s->found;
    const size_t at = asx_incumbent_find(f, damage);
    const double there = f->value[at > 0 ? 2 * at - 1 : 1];
    return objective > 0 ? log(there / objective) : 0;
}

/* The most promising moves, best first. @return how many */
static size_t list_moves(move out[LOOKS], const asx_cuts *s, const double value[2],
                         const uint16_t *gene, double rate)
{
    const asx_separable *m = s->m;
    const size_t placement = gene[m->n_groups];
    size_t n = 0;
    for (size_t g = 0; g < m->n_groups; g++) {
        const asx_separable_choice *c = m->choice[placement * m->n_groups + g], *old = &c[gene[g]];
        for (size_t i = 0; i < m->n_choices[g]; i++) {
            const double damage = fmax(0, value[0] + c[i].damage - old->damage);
            const double own = asx_cuts_own(s, &c[i], rate) - asx_cuts_own(s, old, rate);
            const double gain = gain_of(s, damage, value[1] + own);
            if (i == gene[g] || gain <= 0 || (n == LOOKS && gain <= out[n - 1].gain))
                continue;
            size_t at = n < LOOKS ? n++ : n - 1;
            for (; at > 0 && out[at - 1].gain < gain; at--)
                out[at] = out[at - 1];
            out[at] = (move){g, i, gain};
        }
    }
    return n;
}

static asx_status polish_design(asx_cuts *s, const double value[2], uint16_t *gene, asx_error *err)
{
    move list[LOOKS];
    double rate = 0;
    const size_t placement = gene[s->m->n_groups];
    asx_status status = find_rate(&rate, s, placement, gene, err);
    const size_t n = status == ASX_OK ? list_moves(list, s, value, gene, rate) : 0;
    for (size_t k = 0; status == ASX_OK && k < n && !asx_cuts_stop(s); k++) {
        const uint16_t old = gene[list[k].group];
        gene[list[k].group] = (uint16_t)list[k].choice;
        status = asx_cuts_value(s, placement, gene, err);
        gene[list[k].group] = old;
    }
    return status;
}

asx_status asx_cuts_polish(asx_cuts *s, asx_error *err)
{
    const size_t n_genes = s->m->n_groups + 1;
    asx_status status = ASX_OK;
    size_t before = 0;
    for (size_t pass = 0; status == ASX_OK && pass < PASSES && s->found.n_added > before; pass++) {
        const size_t n = s->found.n;
        double *value = asx_array_copy(s->found.value, 2 * n, sizeof *value);
        uint16_t *gene = asx_array_new(n + 1, n_genes * sizeof *gene);
        status = value && gene ? ASX_OK : asx_exact_out_of_memory(err);
        for (size_t i = 0; status == ASX_OK && i < n; i++)
            memcpy(gene + i * n_genes, s->found.gene + s->found.row[i] * n_genes,
                   n_genes * sizeof *gene);
        before = s->found.n_added;
        for (size_t i = 0; status == ASX_OK && i < n && !asx_cuts_stop(s); i++)
            status = polish_design(s, value + 2 * i, gene + i * n_genes, err);
        free(value);
        free(gene);
    }
    return status;
}
