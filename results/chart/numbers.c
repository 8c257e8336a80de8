#include "numbers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "picture.h"

/* Fields of the axes of all panels together. */
enum { FIELDS_MAX = 16 };

static void add_text(asx_text *out, const char *text)
{
    const char *s = text ? text : "";
    if (!strpbrk(s, ",\"\n\r")) {
        asx_text_add(out, "%s", s);
        return;
    }
    asx_text_add(out, "\"");
    for (; *s; s++)
        asx_text_add(out, *s == '"' ? "\"\"" : "%c", *s);
    asx_text_add(out, "\"");
}

/* The shortest of the usual precisions that reads back as the same number; nothing for NaN. */
static void add_number(asx_text *out, double v)
{
    char buffer[40] = "";
    for (int digits = 15; digits <= 17 && !isnan(v); digits++) {
        snprintf(buffer, sizeof buffer, "%.*g", digits, v);
        if (strtod(buffer, NULL) == v)
            break;
    }
    asx_text_add(out, "%s", buffer);
}

/* ---- fronts ---- */

static bool any_checked(const picture *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->point[i].checked)
            return true;
    return false;
}

static void add_pair(asx_text *out, const picture *p, const asx_evaluation *e, double divisor)
{
    const asx_objective of[] = {p->options->x, p->options->y};
    for (int k = 0; k < 2; k++) {
        asx_text_add(out, ",");
        if (e)
            add_number(out, asx_evaluation_objective(e, of[k]) / (of[k] == ASX_DROP ? 1 : divisor));
    }
}

void asx_numbers_front(asx_text *out, const picture *p)
{
    const char *x = asx_objective_field(p->options->x), *y = asx_objective_field(p->options->y);
    const bool checked = any_checked(p), proven = p->options->proven > 1;
    asx_text_add(out, "design,placement,front,steps,baseline,trained,%s,%s", x, y);
    if (checked)
        asx_text_add(out, ",measured_%s,measured_%s", x, y);
    if (proven)
        asx_text_add(out, ",proven_%s,proven_%s", x, y);
    asx_text_add(out, "\n");
    for (size_t i = 0; i < p->n; i++) {
        const asx_plot_point *point = &p->point[i];
        bool step = false;
        for (size_t k = 0; k < p->n_stairs && point->front && !step; k++)
            step = p->stair[k] == i;
        add_text(out, point->design);
        asx_text_add(out, ",%s,%d,%d,%d,%d", asx_placement_text(point->placement), point->front,
                     step, point->baseline, point->trained);
        add_pair(out, p, point->evaluation, 1);
        if (checked)
            add_pair(out, p, point->checked, 1);
        if (proven)
            add_pair(out, p, step ? point->evaluation : NULL, p->options->proven);
        asx_text_add(out, "\n");
    }
}

/* ---- panels ---- */

typedef struct columns {
    const char *field[FIELDS_MAX];
    bool interval[FIELDS_MAX];
    size_t n;
    bool series, design;
} columns;

static const char *field_of(const asx_chart_axis *a, const char *standard)
{
    return a->field ? a->field : a->is_objective ? asx_objective_field(a->objective) : standard;
}

static size_t column_of(columns *c, const char *field)
{
    size_t k = 0;
    while (k < c->n && strcmp(c->field[k], field) != 0)
        k++;
    if (k == c->n && k < FIELDS_MAX)
        c->field[c->n++] = field;
    return k < FIELDS_MAX ? k : FIELDS_MAX - 1;
}

static const char *series_name(const asx_chart_series *s)
{
    return s->field ? s->field : s->name;
}

/* Lines below marks. */
static bool is_repeated(const asx_chart_panel *panel, size_t k)
{
    for (size_t j = k + 1; j < panel->n_series; j++)
        if (panel->series[j].x == panel->series[k].x && panel->series[j].y == panel->series[k].y)
            return true;
    return panel->series[k].n == 0;
}

static void find_columns(columns *c, const asx_chart_panel *panel, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        (void)column_of(c, field_of(&panel[i].x, "x"));
        const size_t y = column_of(c, field_of(&panel[i].y, "y"));
        for (size_t k = 0; k < panel[i].n_series; k++) {
            const asx_chart_series *s = &panel[i].series[k];
            if (is_repeated(&panel[i], k))
                continue;
            if (s->shade)
                (void)column_of(c, field_of(&panel[i].shade, "shade"));
            c->interval[y] = c->interval[y] || s->y_low;
            c->series = c->series || series_name(s);
            c->design = c->design || s->hover;
        }
    }
}

/* Of an axis of names the nearest name. */
static void add_value(asx_text *out, const asx_chart_axis *a, double value)
{
    const double at = floor(value + 0.5);
    if (!a->tick || !(at >= 0 && at < (double)a->n_ticks)) {
        add_number(out, value);
        return;
    }
    asx_text name = {0};
    for (const char *c = a->tick[(size_t)at]; *c; c++)
        asx_text_add(&name, "%c", *c == '\n' ? ' ' : *c);
    add_text(out, name.s);
    out->failed |= name.failed;
    asx_text_fini(&name);
}

static void add_point(asx_text *out, columns *c, const asx_chart_panel *panel,
                      const asx_chart_series *s, size_t i)
{
    const size_t x = column_of(c, field_of(&panel->x, "x")),
                 y = column_of(c, field_of(&panel->y, "y")),
                 shade = s->shade ? column_of(c, field_of(&panel->shade, "shade")) : FIELDS_MAX;
    for (size_t k = 0; k < c->n; k++) {
        asx_text_add(out, "%s", k ? "," : "");
        if (k == x || k == y)
            add_value(out, k == x ? &panel->x : &panel->y, k == x ? s->x[i] : s->y[i]);
        else if (k == shade)
            add_number(out, s->shade[i]);
        if (!c->interval[k])
            continue;
        asx_text_add(out, ",");
        if (k == y && s->y_low)
            add_number(out, s->y_low[i]);
        asx_text_add(out, ",");
        if (k == y && s->y_low)
            add_number(out, s->y_high[i]);
    }
    if (c->design) {
        asx_text_add(out, ",");
        add_text(out, s->hover ? s->hover[i] : NULL);
    }
    asx_text_add(out, "\n");
}

static void add_head(asx_text *out, const columns *c, bool panels)
{
    asx_text_add(out, "%s%s", panels ? "panel," : "", c->series ? "series," : "");
    for (size_t k = 0; k < c->n; k++) {
        asx_text_add(out, "%s%s", k ? "," : "", c->field[k]);
        if (c->interval[k])
            asx_text_add(out, ",%s_low,%s_high", c->field[k], c->field[k]);
    }
    asx_text_add(out, "%s\n", c->design ? ",design" : "");
}

void asx_numbers_panels(asx_text *out, const asx_chart_panel *panel, size_t n)
{
    columns c = {.n = 0};
    find_columns(&c, panel, n);
    add_head(out, &c, n > 1);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < panel[i].n_series; k++) {
            const asx_chart_series *s = &panel[i].series[k];
            for (size_t j = 0; j < s->n && !is_repeated(&panel[i], k); j++) {
                if (isnan(s->x[j]) || isnan(s->y[j]))
                    continue;
                char number[24];
                snprintf(number, sizeof number, "%zu", i + 1);
                if (n > 1) {
                    add_text(out, panel[i].field ? panel[i].field : number);
                    asx_text_add(out, ",");
                }
                if (c.series) {
                    add_text(out, series_name(s));
                    asx_text_add(out, ",");
                }
                add_point(out, &c, &panel[i], s, j);
            }
        }
}

/* ---- the others ---- */

void asx_numbers_parallel(asx_text *out, const asx_chart_parallel *c)
{
    asx_text_add(out, "design");
    for (size_t k = 0; k < c->n_axes; k++)
        asx_text_add(out, ",%s", asx_objective_field(c->objective[k]));
    asx_text_add(out, "\n");
    for (size_t i = 0; i < c->n; i++) {
        add_text(out, c->hover ? c->hover[i] : c->name[i]);
        for (size_t k = 0; k < c->n_axes; k++) {
            asx_text_add(out, ",");
            add_number(out, c->value[i * c->n_axes + k]);
        }
        asx_text_add(out, "\n");
    }
}

void asx_numbers_bars(asx_text *out, const asx_chart_bars *b)
{
    const char *unit = b->unit ? b->unit : "";
    asx_text_add(out, "design,%s%s%s", b->field ? b->field : "sum", *unit ? "_" : "", unit);
    for (size_t k = 0; k < b->n_parts; k++)
        asx_text_add(out, ",%s%s%s", b->part[k], *unit ? "_" : "", unit);
    asx_text_add(out, "\n");
    for (size_t i = 0; i < b->n; i++) {
        double sum = 0;
        for (size_t k = 0; k < b->n_parts; k++)
            sum += b->value[i * b->n_parts + k];
        add_text(out, b->name[i]);
        asx_text_add(out, ",");
        add_number(out, sum);
        for (size_t k = 0; k < b->n_parts; k++) {
            asx_text_add(out, ",");
            add_number(out, b->value[i * b->n_parts + k]);
        }
        asx_text_add(out, "\n");
    }
}

void asx_numbers_map(asx_text *out, const asx_chart_map *m)
{
    asx_text_add(out, "%s,%s,%s%s%s\n", m->row_field ? m->row_field : "row",
                 m->column_field ? m->column_field : "column",
                 m->value_field ? m->value_field : "value", m->cell_field ? "," : "",
                 m->cell_field ? m->cell_field : "");
    for (size_t r = 0; r < m->n_rows; r++)
        for (size_t c = 0; c < m->n_columns; c++) {
            const size_t at = r * m->n_columns + c;
            if (isnan(m->value[at]))
                continue;
            add_text(out, m->row[r]);
            asx_text_add(out, ",");
            add_text(out, m->column[c]);
            asx_text_add(out, ",");
            add_number(out, m->value[at]);
            if (m->cell_field) {
                asx_text_add(out, ",");
                add_text(out, m->cell ? m->cell[at] : NULL);
            }
            asx_text_add(out, "\n");
        }
}
