/* Accuracy under faults over their rate, from tables that 'asx eval --faults --sweep --format csv' printed: a panel for
 * each kind of faults, a line for each design. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/csv.h"
#include "dse/memory.h"
#include "plot_kinds.h"
#include "results/chart.h"

enum { LINES_MAX = 32, PANELS_MAX = 6 };

/* Points of one design in one panel. */
typedef struct line {
    char *name, *kind; /* owned */
    double *x, *y, *low, *high;
    size_t n, capacity;
} line;

typedef struct picture {
    line line[LINES_MAX];
    size_t n_lines;
} picture;

static void picture_fini(picture *p)
{
    for (size_t i = 0; i < p->n_lines; i++) {
        free(p->line[i].name);
        free(p->line[i].kind);
        free(p->line[i].x);
        free(p->line[i].y);
        free(p->line[i].low);
        free(p->line[i].high);
    }
}

/* What was at fault beside what is swept; how many devices there were is no part of a name. */
static void add_beside(asx_text *name, const char *beside)
{
    for (size_t n = 0; *(beside += strspn(beside, " ")); beside += n) {
        n = strcspn(beside, " ");
        if (strncmp(beside, "seed", 4) != 0)
            asx_text_add(name, ", %.*s", (int)n, beside);
    }
}

static asx_status line_of(line **out, picture *p, const char *kind, const char *design,
                          const char *beside, asx_error *err)
{
    asx_text name = {0};
    line *l = p->line;
    asx_text_add(&name, "%s", design);
    add_beside(&name, beside);
    if (name.failed)
        goto no_memory;
    while (l < p->line + p->n_lines && (strcmp(l->name, name.s) != 0 || strcmp(l->kind, kind) != 0))
        l++;
    *out = l;
    if (l < p->line + p->n_lines) {
        asx_text_fini(&name);
        return ASX_OK;
    }
    if (p->n_lines == LINES_MAX) {
        asx_text_fini(&name);
        return asx_fail(err, ASX_EINVAL, "a picture holds at most %d lines", LINES_MAX);
    }
    l->kind = asx_string_copy(kind);
    p->n_lines++;
    if (l->kind && asx_text_take(&l->name, &name, NULL) == ASX_OK)
        return ASX_OK;
no_memory:
    asx_text_fini(&name);
    return asx_fail(err, ASX_ENOMEM, "no memory for a picture");
}

static asx_status add_point(line *l, const double number[4], asx_error *err)
{
    double **const array[] = {&l->x, &l->y, &l->low, &l->high};
    const size_t before = l->capacity;
    for (int k = 0; k < 4; k++) {
        l->capacity = before;
        double *grown = asx_array_grow(*array[k], &l->capacity, l->n + 1, sizeof *grown);
        if (!grown)
            return asx_fail(err, ASX_ENOMEM, "no memory for a picture");
        *array[k] = grown;
        grown[l->n] = number[k];
    }
    l->n++;
    return ASX_OK;
}

/* The columns that are drawn. */
enum { DESIGN, BESIDE, SWEPT, RATE, ACCURACY, LOW, HIGH, N_COLUMNS };
static const char *const COLUMN[N_COLUMNS] = {"design",   "beside",       "swept",        "rate",
                                              "accuracy", "accuracy_low", "accuracy_high"};

static asx_status add_row(picture *p, const asx_csv *csv, size_t row, const size_t *column,
                          asx_error *err)
{
    double number[4];
    line *l = NULL;
    asx_status status = asx_csv_number(&number[0], csv, row, column[RATE], 0, 1, err);
    for (int k = 1; k < 4 && status == ASX_OK; k++)
        status = asx_csv_number(&number[k], csv, row, column[ACCURACY + k - 1], 0, 100, err);
    number[0] *= 100;
    if (status == ASX_OK)
        status = line_of(&l, p, asx_csv_cell(csv, row, column[SWEPT]),
                         asx_csv_cell(csv, row, column[DESIGN]),
                         asx_csv_cell(csv, row, column[BESIDE]), err);
    return status == ASX_OK ? add_point(l, number, err) : status;
}

static asx_status add_file(picture *p, const char *path, asx_error *err)
{
    asx_csv *csv = NULL;
    size_t column[N_COLUMNS];
    asx_status status = asx_csv_load(&csv, path, err);
    for (int i = 0; i < N_COLUMNS && status == ASX_OK; i++)
        status = asx_csv_find(&column[i], csv, COLUMN[i], err);
    for (size_t row = 0; status == ASX_OK && row < asx_csv_rows(csv); row++)
        status = add_row(p, csv, row, column, err);
    asx_csv_free(csv);
    return status;
}

/* "activation_flips" as people write it. */
static void label_of(char *out, size_t n, const char *kind)
{
    snprintf(out, n, "%s (%%)", *kind ? kind : "faults");
    for (char *c = out; (c = strchr(c, '_'));)
        *c = ' ';
}

/* A line, and its points with their intervals. */
static void add_line(asx_chart_series *out, const line *l, int color)
{
    out[0] = (asx_chart_series){.field = l->name,
                                .style = ASX_CHART_LINES,
                                .color = color,
                                .n = l->n,
                                .x = l->x,
                                .y = l->y};
    out[1] = out[0];
    out[1].name = l->name;
    out[1].style = ASX_CHART_POINTS;
    out[1].y_low = l->low;
    out[1].y_high = l->high;
}

static asx_status draw(const asx_plot_options *options, const picture *p, asx_error *err)
{
    asx_chart_series series[2 * LINES_MAX] = {{0}};
    asx_chart_panel panel[PANELS_MAX] = {{0}};
    char label[PANELS_MAX][80];
    size_t n_panels = 0, n = 0;
    for (size_t i = 0; i < p->n_lines; i++) {
        size_t same = 0;
        while (strcmp(p->line[same].kind, p->line[i].kind) != 0)
            same++;
        if (same < i) /* it is drawn with the first of its kind */
            continue;
        if (n_panels == PANELS_MAX)
            return asx_fail(err, ASX_EINVAL, "a picture holds at most %d kinds of faults",
                            PANELS_MAX);
        const size_t first = n;
        for (size_t k = i; k < p->n_lines; k++)
            if (strcmp(p->line[k].kind, p->line[i].kind) == 0) {
                add_line(series + n, &p->line[k], (int)(n - first) / 2);
                n += 2;
            }
        label_of(label[n_panels], sizeof label[n_panels], p->line[i].kind);
        panel[n_panels] =
            (asx_chart_panel){.field = p->line[i].kind,
                              .x = {.label = label[n_panels], .field = "rate_percent"},
                              .y = {.label = "accuracy (%)", .field = "accuracy"},
                              .series = series + first,
                              .n_series = n - first};
        n_panels++;
    }
    return asx_plot_panels(options, panel, n_panels, err);
}

asx_status plot_faults(const asx_plot_options *options, const char *const *path, size_t n,
                       asx_error *err)
{
    picture *p = asx_array_new(1, sizeof *p);
    asx_plot_options titled = *options;
    titled.title_spare = !titled.title;
    titled.title = titled.title ? titled.title : "memories that err; 95 % over devices and images";
    asx_status status = p ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for a picture");
    for (size_t i = 0; i < n && status == ASX_OK; i++)
        status = add_file(p, path[i], err);
    if (status == ASX_OK)
        status = draw(&titled, p, err);
    if (p)
        picture_fini(p);
    free(p);
    return status;
}
