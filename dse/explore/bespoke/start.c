#include "start.h"

#include <math.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "dse/seed.h"
#include "watcher_private.h"

/* The grid, the finest of each first. */
static const double TOPS[] = {64, 32, 16,
                              8,  4,  2};        /* the greatest weight of the first layer, about */
static const double LATER[] = {32, 16, 8, 4, 2}; /* of the others */
static const unsigned HIDDEN[] = {8, 6, 5, 4, 3, 2}; /* bits of hidden outputs */
static const unsigned KEPT[] = {4, 3, 2, 1};         /* bits of inputs, at most */
static const double LEAST[] = {0, 0.1, 0.2,
                               0.35};    /* of the greatest weight of its layer: what is kept */
static const unsigned DIGITS[] = {4, 1}; /* of a weight, at most */

#define COUNT(array) (sizeof(array) / sizeof *(array))
enum { SCALES = 8 }; /* that are tried within a factor of two */

typedef struct coarseness {
    double top, later, least;
    unsigned hidden, kept, digits;
} coarseness;

static coarseness at_grid(size_t i)
{
    coarseness c;
    c.top = TOPS[i % COUNT(TOPS)];
    i /= COUNT(TOPS);
    c.later = LATER[i % COUNT(LATER)];
    i /= COUNT(LATER);
    c.hidden = HIDDEN[i % COUNT(HIDDEN)];
    i /= COUNT(HIDDEN);
    c.kept = KEPT[i % COUNT(KEPT)];
    i /= COUNT(KEPT);
    c.least = LEAST[i % COUNT(LEAST)];
    i /= COUNT(LEAST);
    c.digits = DIGITS[i];
    return c;
}

static const size_t GRID =
    COUNT(TOPS) * COUNT(LATER) * COUNT(HIDDEN) * COUNT(KEPT) * COUNT(LEAST) * COUNT(DIGITS);

/* 1 of a layer of zeros. */
static double scale_of(const asx_bespoke_dense *l)
{
    const double most = asx_bespoke_dense_largest(l);
    return most > 0 ? most : 1;
}

static double squared_error(const genome *g, const asx_bespoke_dense *l, double scale,
                            unsigned digits)
{
    double sum = 0;
    for (size_t i = 0; i < l->inputs * l->outputs; i++) {
        const double w = (double)l->weight[i] * scale,
                     e = g->code[genome_nearest(g, w, digits)] - w;
        sum += e * e;
    }
    return sum / (scale * scale);
}

/* The scale within a factor of two of `top` that the constants suit best. */
static double choose_scale(const genome *g, const asx_bespoke_dense *l, double top, unsigned digits)
{
    double best = 0, least = INFINITY;
    for (int i = 0; i < SCALES; i++) {
        const double scale = top * exp2((double)i / SCALES) / scale_of(l);
        const double e = squared_error(g, l, scale, digits);
        if (e < least) {
            least = e;
            best = scale;
        }
    }
    return best;
}

static asx_gene bias_gene(double bias, unsigned unit)
{
    const double steps = rint(ldexp(bias, -(int)unit)) + GENOME_BIAS_ZERO;
    return (asx_gene)(steps < 0 ? 0 : steps > 65535 ? 65535 : steps);
}

/* @param unit  what 1 of the layer's outputs is, where nothing is dropped before */
static void place_layer(asx_gene *point, const genome *g, size_t at, const asx_bespoke_dense *l,
                        double scale, double unit, const coarseness *c)
{
    const genome_layer *to = &g->layer[at];
    const double from = c->least * scale_of(l);
    for (size_t j = 0; j < l->outputs; j++) {
        asx_gene *gene = point + to->first + j * to->stride;
        for (size_t i = 0; i < l->inputs; i++) {
            const double w = (double)l->weight[j * l->inputs + i];
            gene[i] = genome_nearest(g, fabs(w) < from ? 0 : w * scale, c->digits);
            gene[l->inputs + i] = g->trait[to->first + l->inputs + i].rest;
        }
        gene[2 * l->inputs] = bias_gene((double)l->bias[j] * unit, to->bias_unit);
        gene[2 * l->inputs + 1] = 0;
    }
}

static void place(asx_gene *point, const genome *g, const asx_bespoke_mlp *mlp, const double *reach,
                  const coarseness *c)
{
    double unit = (double)((1u << g->bits) - 1);
    int dropped = 0;
    for (size_t f = 0; f < g->layer[0].inputs; f++)
        point[f] = (asx_gene)(c->kept < g->bits ? c->kept : g->bits);
    for (size_t i = 0; i < g->n_layers; i++) {
        const bool last = i + 1 == g->n_layers;
        const double scale = choose_scale(g, &mlp->layer[i], i == 0 ? c->top : c->later, c->digits);
        asx_gene *form = point + g->layer[i].form;
        unit *= scale;
        place_layer(point, g, i, &mlp->layer[i], scale, unit, c);
        const double top = ldexp(reach[i] * unit, -dropped); /* of the sums there are */
        int drop = last || top < 2 ? 0 : (int)floor(log2(top)) + 1 - (int)c->hidden;
        drop = drop < 0 ? 0 : drop > GENOME_DROPS - 1 ? GENOME_DROPS - 1 : drop;
        form[0] = (asx_gene)drop;
        form[1] = (asx_gene)(last ? GENOME_OUTPUT_BITS - 1 : (int)c->hidden - 1);
        form[2] = 0;
        dropped += drop;
    }
    for (size_t i = g->compare; i < g->n_genes; i++)
        point[i] = 0;
}

asx_status start_fill(asx_gene *point, size_t n, const genome *g, const asx_bespoke_mlp *mlp,
                      const asx_bespoke_table *table, uint64_t seed, const asx_watcher *watcher,
                      asx_error *err)
{
    double reach[ASX_BESPOKE_MLP_LAYERS] = {0};
    size_t *grid = asx_array_new(GRID, sizeof *grid);
    asx_status status = grid ? asx_bespoke_mlp_reach(reach, mlp, table, ASX_BESPOKE_TRAIN, err)
                             : asx_fail(err, ASX_ENOMEM, "no memory for a first generation");
    if (status != ASX_OK) {
        free(grid);
        return status;
    }
    for (size_t i = 0; i < GRID; i++)
        grid[i] = i;
    /* a shuffle, as far as it is needed, behind the finest */
    for (size_t i = 0; i < n && status == ASX_OK; i++) {
        const size_t k = i % GRID;
        if (k > 0 && i < GRID) {
            const size_t other = k + (size_t)asx_seed_below(seed, 0, k, GRID - k), swap = grid[k];
            grid[k] = grid[other];
            grid[other] = swap;
        }
        const coarseness c = at_grid(grid[k]);
        place(point + i * g->n_genes, g, mlp, reach, &c);
        if (asx_watcher_stops(watcher))
            status = asx_fail(err, ASX_EINTERRUPTED, "stopped before the first generation");
    }
    free(grid);
    return status;
}
