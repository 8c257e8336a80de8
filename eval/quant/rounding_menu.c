#include "rounding_menu.h"

#include <math.h>
#include <string.h>

#include "vector.h"

asx_status asx_menu_grids_init(asx_menu_grids *out, const asx_word *word, size_t depth,
                               asx_error *err)
{
    asx_word of[ASX_MENU_WORDS_MAX];
    asx_menu_grids g = {.depth = depth, .together = asx_menu_together(word, depth)};
    asx_status status = asx_word_check(word, err);
    const size_t n = status == ASX_OK ? asx_menu_words(of, word) : 0;
    for (; status == ASX_OK && g.n < n; g.n += status == ASX_OK)
        status = asx_grid_new(&g.grid[g.n], &of[g.n], err);
    if (status != ASX_OK) {
        asx_menu_grids_fini(&g);
        return status;
    }
    *out = g;
    return ASX_OK;
}

void asx_menu_grids_fini(asx_menu_grids *g)
{
    if (!g)
        return;
    for (size_t i = 0; i < g->n; i++)
        asx_grid_free(g->grid[i]);
    *g = (asx_menu_grids){0};
}

static size_t n_groups(const asx_menu_grids *g)
{
    return (g->depth + g->together - 1) / g->together;
}

size_t asx_menu_work(const asx_menu_grids *g)
{
    const size_t errors = n_groups(g) * g->n, trial = 3 * g->depth;
    return errors > trial ? errors : trial;
}

void asx_menu_assign(asx_lattice_point *p, const asx_menu_grids *g, const asx_lattice *a,
                     const asx_lattice_target *to, double *work)
{
    double *const error = work;
    memset(error, 0, n_groups(g) * g->n * sizeof *error);
    for (size_t i = 0; i < a->n; i++)
        for (size_t k = 0; k < g->n; k++) {
            const double q = asx_grid_nearest(g->grid[k], to->w[i] / p->scale);
            const double d = to->w[i] - p->scale * q;
            error[a->order[i] / g->together * g->n + k] += a->h[i * a->n + i] * d * d;
        }
    for (size_t i = 0; i < a->n; i++) {
        const double *e = error + a->order[i] / g->together * g->n;
        size_t best = 0;
        for (size_t k = 1; k < g->n; k++)
            best = e[k] < e[best] ? k : best;
        p->row[i] = g->grid[best];
    }
}

ASX_VECTORISED static void add(double *restrict x, double a, const double *restrict y, size_t n)
{
    for (size_t k = 0; k < n; k++)
        x[k] += a * y[k];
}

/* The words of a group on another grid, g = s H q - t following. Returns by how much e changes. */
static double move(double *q, double *g, const asx_lattice_point *p, const asx_menu_grids *grids,
                   const asx_lattice *a, size_t group, const asx_grid *to)
{
    enum { SWEEPS = 2 };
    double change = 0;
    for (int s = 0; s < SWEEPS; s++)
        for (size_t i = a->n; i-- > 0;) {
            const double *h = a->h + i * a->n;
            if (a->order[i] / grids->together != group)
                continue;
            const double best = asx_grid_nearest(to, q[i] - g[i] / (p->scale * h[i]));
            const double step = p->scale * (best - q[i]);
            change += step * (2 * g[i] + step * h[i]);
            if (step != 0)
                add(g, step, h, a->n);
            q[i] = best;
        }
    return change;
}

static const asx_grid *grid_of(const asx_lattice_point *p, const asx_menu_grids *grids,
                               const asx_lattice *a, size_t group)
{
    size_t i = 0;
    while (a->order[i] / grids->together != group)
        i++;
    return p->row[i];
}

/* Tries every other word for a group, on copies. Returns whether one was better. */
static bool improve_group(asx_lattice_point *p, double *g, const asx_menu_grids *grids,
                          const asx_lattice *a, size_t group, double *trial)
{
    const size_t n = a->n;
    double *const q_try = trial, *const g_try = trial + n;
    const double enough = 1e-9 * fabs(p->error);
    bool better = false;
    for (size_t k = 0; k < grids->n; k++) {
        if (grids->grid[k] == grid_of(p, grids, a, group))
            continue;
        memcpy(q_try, p->q, n * sizeof *q_try);
        memcpy(g_try, g, n * sizeof *g_try);
        const double change = move(q_try, g_try, p, grids, a, group, grids->grid[k]);
        if (!(change < -enough))
            continue;
        memcpy(p->q, q_try, n * sizeof *q_try);
        memcpy(g, g_try, n * sizeof *g_try);
        p->error += change;
        for (size_t i = 0; i < n; i++)
            if (a->order[i] / grids->together == group)
                p->row[i] = grids->grid[k];
        better = true;
    }
    return better;
}

void asx_menu_improve(asx_lattice_point *p, const asx_menu_grids *grids, const asx_lattice *a,
                      const asx_lattice_target *to, double *work)
{
    enum { ROUNDS_MAX = 8 };
    double *const g = work, *const trial = work + a->n;
    bool better = grids->n > 1;
    asx_lattice_multiply(g, a, p->q);
    for (size_t i = 0; i < a->n; i++)
        g[i] = p->scale * g[i] - to->t[i];
    for (int r = 0; r < ROUNDS_MAX && better; r++) {
        better = false;
        for (size_t group = 0; group < n_groups(grids); group++)
            better = improve_group(p, g, grids, a, group, trial) || better;
    }
}
