#include "rounding.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "integer_weights.h"
#include "outcome.h"
#include "rounding_menu.h"

static const double RIDGE = 0.01;

/* What the words took from the mean of every output, as seen by inputs of this mean. */
static void set_shift(asx_rounded *r, const asx_node *node, const double *mean)
{
    const size_t channels = node->n_biases, depth = node->n_weights / channels;
    const size_t per_group = channels / (node->groups ? node->groups : 1);
    for (size_t c = 0; c < channels; c++) {
        const double *m = mean + c / per_group * depth;
        for (size_t i = 0; i < depth; i++)
            r->shift[c] +=
                ((double)node->weight[c * depth + i] - r->scale[c] * r->word[c * depth + i]) * m[i];
    }
}

asx_status asx_rounding_nearest(asx_rounded *out, const asx_node *node, const asx_word *word,
                                const double *mean, asx_scales *scales, asx_error *err)
{
    asx_rounder *rounder = NULL;
    asx_rounded r = {0};
    asx_scale *best = asx_array_new(node->n_biases, sizeof *best);
    asx_status status = best ? asx_rounder_new(&rounder, word, err)
                             : asx_fail(err, ASX_ENOMEM, "no memory for scales");
    if (status == ASX_OK)
        status = asx_scales_get(best, scales, node, word, rounder, err);
    if (status == ASX_OK)
        status = asx_rounded_init(&r, node, err);
    if (status == ASX_OK) {
        asx_integer_project(r.word, r.scale, node, rounder, best);
        if (mean)
            set_shift(&r, node, mean);
        *out = r;
    }
    free(best);
    asx_rounder_free(rounder);
    return status;
}

asx_status asx_rounding_basis_init(asx_rounding_basis *out, const asx_moments *m, bool own,
                                   asx_error *err)
{
    asx_rounding_basis b = {.groups = m->groups,
                            .lattice = asx_array_new(m->groups, sizeof *b.lattice),
                            .m = m,
                            .own = own};
    asx_status status =
        b.lattice ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for %zu groups", m->groups);
    for (size_t g = 0; status == ASX_OK && g < m->groups; g++)
        status = asx_lattice_init(&b.lattice[g], m->square + g * m->depth * m->depth, m->depth,
                                  RIDGE, err);
    if (status != ASX_OK) {
        asx_rounding_basis_fini(&b);
        return status;
    }
    *out = b;
    return ASX_OK;
}

void asx_rounding_basis_fini(asx_rounding_basis *b)
{
    if (!b)
        return;
    for (size_t g = 0; b->lattice && g < b->groups; g++)
        asx_lattice_fini(&b->lattice[g]);
    free(b->lattice);
    *b = (asx_rounding_basis){0};
}

/* A layer that is solved for. */
typedef struct problem {
    const asx_node *node;
    const asx_rounding_basis *basis;
    const asx_menu_grids *grids; /* one, but of a menu */
    asx_rounding rounding;
    size_t depth, per_group;
    asx_rounded *out;
    double *error; /* [out_c] of e, where inputs were seen; NULL: nobody asks */
} problem;

/* Scales that are tried: these times the nearest rounding's. */
static const double SCALE_LOW = 0.55, SCALE_HIGH = 1.5;
enum { N_SCALES = 16 };

/* What a thread works in, for one channel. */
typedef struct desk {
    double *memory, *work;
    const asx_grid **rows; /* of a menu */
    asx_lattice_target to;
    asx_lattice_point now, best;
} desk;

static asx_status desk_init(desk *d, const problem *p, asx_error *err)
{
    const size_t depth = p->depth, work = asx_menu_work(p->grids);
    *d = (desk){.memory = asx_array_new(4 * depth + work, sizeof *d->memory),
                .rows = asx_array_new(2 * depth, sizeof *d->rows)};
    if (!d->memory || !d->rows)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu weights", depth);
    d->to.t = d->memory;
    d->to.w = d->memory + depth;
    d->now.q = d->memory + 2 * depth;
    d->best.q = d->memory + 3 * depth;
    d->work = d->memory + 4 * depth;
    if (p->grids->n > 1) {
        d->now.row = d->rows;
        d->best.row = d->rows + depth;
    }
    return ASX_OK;
}

static void desk_fini(desk *d)
{
    free(d->memory);
    free((void *)d->rows);
}

static void set_target(desk *d, const problem *p, const asx_lattice *a, size_t channel)
{
    const size_t n = p->depth;
    const float *w = p->node->weight + channel * n;
    const double *cross = p->basis->m->cross + channel * n;
    for (size_t i = 0; i < n; i++)
        d->to.w[i] = (double)w[a->order[i]];
    if (p->basis->own) {
        asx_lattice_multiply(d->to.t, a, d->to.w);
    } else {
        for (size_t i = 0; i < n; i++)
            d->to.t[i] = d->to.w[i] = cross[a->order[i]] + a->ridge * d->to.w[i];
        asx_lattice_solve(d->to.w, a);
    }
    d->to.wt = 0;
    for (size_t i = 0; i < n; i++)
        d->to.wt += d->to.w[i] * d->to.t[i];
}

/* Tries the point's scale in a word, or what each row has, and keeps what comes of it if that is better. */
static void try_word(desk *d, const problem *p, const asx_lattice *a, const asx_grid *grid,
                     bool fixed)
{
    asx_lattice_greedy(&d->now, a, grid, &d->to, d->work);
    if (p->rounding == ASX_ROUNDING_LEARNED && !fixed)
        asx_lattice_descend(&d->now, a, grid, &d->to, d->work);
    if (d->now.error < d->best.error) {
        const asx_lattice_point better = d->now;
        d->now = d->best;
        d->best = better;
    }
}

/* The point's scale in the only word; of a menu in those that groups choose, or in every word that a whole channel may. */
static void try_scale(desk *d, const problem *p, const asx_lattice *a, bool fixed)
{
    const asx_menu_grids *g = p->grids;
    const double scale = d->now.scale;
    if (g->n == 1) {
        try_word(d, p, a, g->grid[0], fixed);
    } else if (g->together < p->depth) {
        asx_menu_assign(&d->now, g, a, &d->to, d->work);
        try_word(d, p, a, NULL, fixed);
    } else {
        for (size_t k = 0; k < g->n; k++) {
            d->now.scale = scale;
            for (size_t i = 0; i < p->depth; i++)
                d->now.row[i] = g->grid[k];
            try_word(d, p, a, NULL, fixed);
        }
    }
}

/* @param fixed  the scale is, else those around it are tried */
static void find_best(desk *d, const problem *p, const asx_lattice *a, double scale, bool fixed)
{
    const double step = pow(SCALE_HIGH / SCALE_LOW, 1.0 / (N_SCALES - 1));
    d->best.error = INFINITY;
    scale *= fixed ? 1 : SCALE_LOW;
    for (int i = 0; i < (fixed ? 1 : N_SCALES); i++, scale *= step) {
        d->now.scale = scale;
        try_scale(d, p, a, fixed);
    }
}

static void solve_channel(const problem *p, size_t channel, desk *d, bool fixed)
{
    const asx_lattice *a = &p->basis->lattice[channel / p->per_group];
    if (!(a->ridge > 0)) /* no input was ever seen: the nearest are as good as any */
        return;
    set_target(d, p, a, channel);
    find_best(d, p, a, p->out->scale[channel], fixed);
    if (p->grids->together < p->depth) {
        asx_menu_improve(&d->best, p->grids, a, &d->to, d->work);
        if (p->rounding == ASX_ROUNDING_LEARNED && !fixed)
            asx_lattice_descend(&d->best, a, NULL, &d->to, d->work);
    }
    if (p->error)
        p->error[channel] = d->best.error;
    p->out->scale[channel] = d->best.scale;
    for (size_t i = 0; i < p->depth; i++)
        p->out->word[channel * p->depth + a->order[i]] = (int32_t)d->best.q[i];
}

/* Scales may be no further apart than asx_integer_project has them. */
static double least_scale(const problem *p)
{
    double top = 0;
    for (size_t c = 0; c < p->node->n_biases; c++)
        top = fmax(top, p->out->scale[c]);
    return top / ASX_SCALE_SPREAD;
}

/* @param least  0: finds scales; else channels below that are rounded again, at this one */
static asx_status solve_channels(const problem *p, double least, asx_error *err)
{
    asx_outcome failed = {.status = ASX_OK};
#pragma omp parallel
    {
        asx_error local = {.status = ASX_OK};
        desk d;
        const asx_status ready = desk_init(&d, p, &local);
#pragma omp for schedule(dynamic)
        for (size_t c = 0; c < p->node->n_biases; c++) {
            if (ready != ASX_OK)
                asx_outcome_note(&failed, c, ready, &local);
            else if (!(least > 0) || p->out->scale[c] < least) {
                p->out->scale[c] = fmax(p->out->scale[c], least);
                solve_channel(p, c, &d, least > 0);
            }
        }
        desk_fini(&d);
    }
    return asx_outcome_end(&failed, err);
}

/* Channels that choose a word each: those that a layer of each word alone would have, the best of them. */
static asx_status solve_words(const problem *p, const asx_word *menu, asx_error *err)
{
    const size_t channels = p->node->n_biases, n = p->depth;
    asx_word word[ASX_MENU_WORDS_MAX];
    const size_t n_words = asx_menu_words(word, menu);
    double *error = asx_array_new(2 * channels, sizeof *error);
    asx_status status =
        error ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for %zu channels", channels);
    for (size_t c = 0; status == ASX_OK && c < 2 * channels; c++)
        error[c] = INFINITY;
    for (size_t k = 0; status == ASX_OK && k < n_words; k++) {
        asx_rounded one = {0};
        asx_menu_grids grid = {.n = 1, .together = n, .depth = n};
        problem alone = *p;
        grid.grid[0] = p->grids->grid[k]; /* borrowed */
        alone.grids = &grid;
        alone.out = &one;
        alone.error = error + channels;
        status = asx_rounding_nearest(&one, p->node, &word[k], NULL, NULL, err);
        if (status == ASX_OK)
            status = solve_channels(&alone, 0, err);
        for (size_t c = 0; status == ASX_OK && c < channels; c++) {
            if (!(alone.error[c] < error[c]))
                continue;
            error[c] = alone.error[c];
            p->out->scale[c] = one.scale[c];
            memcpy(p->out->word + c * n, one.word + c * n, n * sizeof *one.word);
        }
        asx_rounded_fini(&one);
    }
    free(error);
    return status;
}

/* Means of outputs as they are to be, but for what words make of the mean input. */
static void set_shift_by_moments(asx_rounded *r, const asx_node *node, const asx_rounding_basis *b)
{
    const asx_moments *m = b->m;
    const size_t depth = m->depth, per_group = m->channels / m->groups;
    if (b->own) {
        set_shift(r, node, m->mean_x);
        return;
    }
    for (size_t c = 0; c < m->channels; c++) {
        const double *x = m->mean_x + c / per_group * depth;
        double mean = 0;
        for (size_t i = 0; i < depth; i++)
            mean += r->scale[c] * r->word[c * depth + i] * x[i];
        r->shift[c] = m->mean_y[c] - (double)node->bias[c] - mean;
    }
}

asx_status asx_rounding_solve(asx_rounded *out, const asx_node *node, const asx_word *word,
                              const asx_rounding_basis *basis, asx_rounding rounding, bool bias,
                              asx_error *err)
{
    asx_menu_grids grids = {.n = 0};
    asx_rounded r = {0};
    asx_status status = asx_rounding_nearest(&r, node, word, NULL, NULL, err);
    if (status == ASX_OK)
        status = asx_menu_grids_init(&grids, word, basis->m->depth, err);
    const problem p = {.node = node,
                       .basis = basis,
                       .grids = &grids,
                       .rounding = rounding,
                       .depth = basis->m->depth,
                       .per_group = node->n_biases / basis->groups,
                       .out = &r};
    if (status == ASX_OK)
        status = grids.n > 1 && grids.together == grids.depth ? solve_words(&p, word, err)
                                                              : solve_channels(&p, 0, err);
    if (status == ASX_OK)
        status = solve_channels(&p, least_scale(&p), err);
    if (status == ASX_OK && bias)
        set_shift_by_moments(&r, node, basis);
    asx_menu_grids_fini(&grids);
    if (status != ASX_OK) {
        asx_rounded_fini(&r);
        return status;
    }
    *out = r;
    return ASX_OK;
}
