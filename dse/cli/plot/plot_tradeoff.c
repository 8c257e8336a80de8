/* Fronts by word length, by number of alphabets, and by family where there are other than these. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/pareto.h"
#include "dse/word_kind.h"
#include "plot_kinds.h"
#include "results/chart.h"

enum { GROUPS_MAX = 20, SETS_MAX = 5 };

typedef struct group_front {
    double *value; /* [n][2]: energy, drop */
    size_t *index, *row;
    double *x, *y;
    const char **hover;
    size_t n, n_front;
    char name[32];
} group_front;

static void group_fini(group_front *g)
{
    free(g->value);
    free(g->index);
    free(g->row);
    free(g->x);
    free(g->y);
    free(g->hover);
}

static asx_status group_init(group_front *g, size_t n, asx_error *err)
{
    g->value = asx_array_new(2 * n, sizeof *g->value);
    g->index = asx_array_new(n, sizeof *g->index);
    g->row = asx_array_new(n, sizeof *g->row);
    g->x = asx_array_new(n, sizeof *g->x);
    g->y = asx_array_new(n, sizeof *g->y);
    g->hover = asx_array_new(n, sizeof *g->hover);
    return g->value && g->index && g->row && g->x && g->y && g->hover
               ? ASX_OK
               : asx_fail(err, ASX_ENOMEM, "no memory for a front");
}

/* For qsort: indices into the group whose front is being sorted are replaced by points. */
typedef struct spot {
    double x, y;
    const char *design;
} spot;

static int by_x(const void *a, const void *b)
{
    const spot *p = a, *q = b;
    return p->x != q->x ? (p->x < q->x ? -1 : 1) : (p->y > q->y) - (p->y < q->y);
}

static asx_status group_front_of(group_front *g, const asx_front *f, asx_error *err)
{
    spot *spots = asx_array_new(g->n + 1, sizeof *spots);
    asx_status status = spots ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for a front");
    if (status == ASX_OK && g->n > 0)
        status = asx_pareto_front(g->index, &g->n_front, g->value, NULL, g->n, 2, err);
    for (size_t i = 0; status == ASX_OK && i < g->n_front; i++) {
        const double *v = &g->value[2 * g->index[i]];
        spots[i] = (spot){v[0], v[1], f->rows.row[g->row[g->index[i]]].design};
    }
    if (status == ASX_OK && g->n_front)
        qsort(spots, g->n_front, sizeof *spots, by_x);
    for (size_t i = 0; status == ASX_OK && i < g->n_front; i++) {
        g->x[i] = spots[i].x;
        g->y[i] = spots[i].y;
        g->hover[i] = spots[i].design;
    }
    free(spots);
    return status;
}

/* The unnamed format is that of most layers. */
static asx_status main_format(asx_format *out, const char *text, asx_error *err)
{
    const char *cursor = strchr(text, ':');
    cursor = cursor ? cursor + 1 + strspn(cursor + 1, " ") : text;
    return asx_format_parse_at(out, &cursor, err);
}

static asx_status main_bits(size_t *out, const asx_design *design, const char *text, asx_error *err)
{
    asx_format format;
    (void)design;
    const asx_status status = main_format(&format, text, err);
    if (status == ASX_OK)
        *out = asx_word_length(&format.weight);
    return status;
}

static asx_status main_family(size_t *out, const asx_design *design, const char *text,
                              asx_error *err)
{
    asx_format format;
    size_t i = 0;
    (void)design;
    const asx_status status = main_format(&format, text, err);
    while (status == ASX_OK && asx_family_name(i) &&
           strcmp(asx_family_name(i), asx_word_family(&format.weight)) != 0)
        i++;
    *out = i;
    return status;
}

/* Whether there is anything but plain words and alphabets. */
static asx_status has_families(bool *out, const asx_front *f, asx_error *err)
{
    asx_status status = ASX_OK;
    *out = false;
    for (size_t i = 0; status == ASX_OK && i < f->rows.n && !*out; i++) {
        asx_format format;
        status = main_format(&format, f->rows.row[i].design, err);
        *out = status == ASX_OK && format.weight.kind;
    }
    return status;
}

static asx_status set_size(size_t *out, const asx_design *design, const char *text, asx_error *err)
{
    (void)text, (void)err;
    const unsigned n = asx_alphabet_set_count(asx_design_alphabets(design));
    *out = n < SETS_MAX ? n : SETS_MAX;
    return ASX_OK;
}

typedef asx_status group_of(size_t *out, const asx_design *design, const char *text,
                            asx_error *err);

static asx_status fill_groups(group_front *g, const plot_source *s, group_of *of, asx_error *err)
{
    const asx_front *f = s->f;
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < f->rows.n; i++) {
        const asx_row *row = &f->rows.row[i];
        asx_design design = {0};
        size_t k = 0;
        status = asx_design_parse(&design, row->design, s->work, err);
        if (status == ASX_OK)
            status = of(&k, &design, row->design, err);
        asx_design_fini(&design);
        if (status != ASX_OK || k >= GROUPS_MAX)
            continue;
        if (!g[k].value)
            status = group_init(&g[k], f->rows.n, err);
        if (status != ASX_OK)
            continue;
        g[k].value[2 * g[k].n] = row->evaluation.cost.energy_pj;
        g[k].value[2 * g[k].n + 1] = row->evaluation.accuracy.drop;
        g[k].row[g[k].n++] = i;
    }
    for (size_t k = 0; status == ASX_OK && k < GROUPS_MAX; k++)
        status = group_front_of(&g[k], f, err);
    return status;
}

static size_t add_groups(asx_chart_series *series, const group_front *g)
{
    size_t n = 0;
    for (size_t k = 0; k < GROUPS_MAX; k++) {
        if (g[k].n_front == 0)
            continue;
        const int color = (int)(n / 2) % ASX_CHART_COLORS;
        for (int style = 0; style < 2; style++)
            series[n++] = (asx_chart_series){.name = style ? g[k].name : NULL,
                                             .style = style ? ASX_CHART_POINTS : ASX_CHART_STEPS,
                                             .color = color,
                                             .n = g[k].n_front,
                                             .x = g[k].x,
                                             .y = g[k].y,
                                             .hover = style ? g[k].hover : NULL};
    }
    return n;
}

/* What the fronts of a panel are told apart by. */
static const struct {
    group_of *of;
    const char *title, *field;
} by[] = {
    {main_bits, "by word length of most layers", "word_length"},
    {set_size, "by number of alphabets in the array (exact: plain multipliers)", "alphabets"},
    {main_family, "by family of formats of most layers", "family"},
};
enum { PANELS = sizeof by / sizeof *by };

static void name_group(group_front *g, size_t panel, size_t k)
{
    const char *family = asx_family_name(k);
    if (by[panel].of == main_family)
        snprintf(g->name, sizeof g->name, "%s", family ? family : "");
    else
        snprintf(g->name, sizeof g->name,
                 by[panel].of == main_bits ? "%zu bits"
                 : k == 0                  ? "exact"
                 : k == SETS_MAX           ? "%zu or more"
                                           : "%zu",
                 k);
}

asx_status plot_tradeoff(const asx_plot_options *options, const plot_source *s, asx_error *err)
{
    group_front group[PANELS][GROUPS_MAX] = {{{0}}};
    asx_chart_series series[PANELS][2 * GROUPS_MAX];
    asx_chart_panel panel[PANELS];
    bool families = false;
    asx_status status = has_families(&families, s->f, err);
    const size_t n = families ? PANELS : PANELS - 1;
    for (size_t i = 0; i < n && status == ASX_OK; i++) {
        for (size_t k = 0; k < GROUPS_MAX; k++)
            name_group(&group[i][k], i, k);
        status = fill_groups(group[i], s, by[i].of, err);
        panel[i] = (asx_chart_panel){.title = by[i].title,
                                     .field = by[i].field,
                                     .x = asx_chart_objective(ASX_ENERGY),
                                     .y = asx_chart_objective(ASX_DROP),
                                     .series = series[i],
                                     .n_series = add_groups(series[i], group[i])};
    }
    if (status == ASX_OK)
        status = asx_plot_panels(options, panel, n, err);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < GROUPS_MAX; k++)
            group_fini(&group[i][k]);
    return status;
}
