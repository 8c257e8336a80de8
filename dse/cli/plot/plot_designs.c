/* Pictures of what the designs of a front are: energy by part, formats and alphabets by layer. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "plot_kinds.h"
#include "readable.h"
#include "results/chart.h"
#include "results/scan.h"
#include "short_name.h"

asx_status plot_names(char ***out, const asx_front *f, bool whole, asx_error *err)
{
    char **names = asx_array_new(f->n + 1, sizeof *names);
    bool lost = !names;
    for (size_t i = 0; i < f->n && !lost; i++) {
        asx_text text = {0};
        if (whole)
            asx_text_add(&text, "%s", f->rows.row[f->index[i]].design);
        else
            short_name_add(&text, f->rows.row[f->index[i]].design, asx_front_number(f, i));
        lost = text.failed;
        names[i] = text.s;
    }
    if (lost) {
        plot_names_free(names, f->n);
        return asx_fail(err, ASX_ENOMEM, "no memory for names");
    }
    *out = names;
    return ASX_OK;
}

void plot_names_free(char **names, size_t n)
{
    for (size_t i = 0; names && i < n; i++)
        free(names[i]);
    free(names);
}

/* ---- breakdown ---- */

enum { BARS_MAX = 12 };

/* Arithmetic in blues and greens, memory in oranges, movement in purples. */
const char *const plot_part_color[ASX_N_PARTS] = {[ASX_PART_MULTIPLY] = "#08306b",
                                                  [ASX_PART_PRECOMPUTE] = "#2171b5",
                                                  [ASX_PART_SELECT] = "#56b4e9",
                                                  [ASX_PART_SHIFT] = "#9ecae1",
                                                  [ASX_PART_ADD] = "#009e73",
                                                  [ASX_PART_ACCUMULATE] = "#66c2a4",
                                                  [ASX_PART_SCALE] = "#238b45",
                                                  [ASX_PART_RESIDUAL] = "#00441b",
                                                  [ASX_PART_DECODE] = "#c7e9c0",
                                                  [ASX_PART_WEIGHT_READ] = "#d55e00",
                                                  [ASX_PART_ACTIVATION_READ] = "#e69f00",
                                                  [ASX_PART_ACTIVATION_WRITE] = "#f6c667",
                                                  [ASX_PART_PARTIAL_SUM] = "#fde0a8",
                                                  [ASX_PART_WIRE] = "#9467bd",
                                                  [ASX_PART_OFF_CHIP] = "#5e3c99",
                                                  [ASX_PART_LEAKAGE] = "#999999"};

#define PART_NAME(name, text, group, help) text,
const char *const plot_part_name[ASX_N_PARTS] = {ASX_COMPONENT_LIST(PART_NAME)};
#undef PART_NAME

const char *const plot_part_label[ASX_N_PARTS] = {
    [ASX_PART_MULTIPLY] = "multiply",
    [ASX_PART_PRECOMPUTE] = "precompute",
    [ASX_PART_SELECT] = "select",
    [ASX_PART_SHIFT] = "shift",
    [ASX_PART_ADD] = "add",
    [ASX_PART_ACCUMULATE] = "accumulate",
    [ASX_PART_SCALE] = "scale",
    [ASX_PART_RESIDUAL] = "residual",
    [ASX_PART_DECODE] = "decode",
    [ASX_PART_WEIGHT_READ] = "weight read",
    [ASX_PART_ACTIVATION_READ] = "activation read",
    [ASX_PART_ACTIVATION_WRITE] = "activation write",
    [ASX_PART_PARTIAL_SUM] = "partial sum",
    [ASX_PART_WIRE] = "wire",
    [ASX_PART_OFF_CHIP] = "off-chip",
    [ASX_PART_LEAKAGE] = "leakage",
};

plot_energy plot_energy_of(double largest_pj)
{
    const readable r = readable_of("energy_pj", largest_pj);
    plot_energy e = {.pj = r.scale};
    snprintf(e.unit, sizeof e.unit, *r.unit == 'u' ? "\xc2\xb5%s" : "%s",
             *r.unit == 'u' ? r.unit + 1 : r.unit);
    snprintf(e.label, sizeof e.label, "energy per inference (%s)", e.unit);
    return e;
}

static asx_status add_bar(asx_chart_bars *bars, const plot_source *s, const asx_row *row,
                          double baseline_pj, const plot_energy *unit, asx_error *err)
{
    asx_cost cost;
    asx_status status = asx_scan_parts(&cost, s->store, row, err);
    if (status != ASX_OK)
        return status;
    double *value = (double *)bars->value + bars->n * bars->n_parts;
    asx_text note = {0};
    for (int p = 0; p < ASX_N_PARTS; p++)
        value[p] = cost.energy_part_pj[p];
    asx_text_add(&note, "%#.4g %s", cost.energy_pj / unit->pj, unit->unit);
    if (baseline_pj > 0 && cost.energy_pj != baseline_pj)
        asx_text_add(&note, ", %.0f %% saved", 100 * (1 - cost.energy_pj / baseline_pj));
    status = asx_text_take((char **)&bars->note[bars->n], &note, err);
    bars->n++;
    return status;
}

static plot_energy largest_energy(const asx_front *f)
{
    double largest = f->baseline ? f->baseline->evaluation.cost.energy_pj : 0;
    for (size_t i = 0; i < f->n; i++)
        largest = fmax(largest, asx_front_row(f, i)->evaluation.cost.energy_pj);
    return plot_energy_of(largest);
}

asx_status plot_breakdown(const asx_plot_options *options, const plot_source *s, asx_error *err)
{
    const asx_front *f = s->f;
    const size_t n = f->n < BARS_MAX ? f->n : BARS_MAX;
    double value[(BARS_MAX + 1) * ASX_N_PARTS] = {0};
    char *note[BARS_MAX + 1] = {NULL};
    const char *name[BARS_MAX + 1] = {NULL};
    const plot_energy unit = largest_energy(f);
    asx_chart_bars bars = {.label = unit.label,
                           .field = "energy",
                           .unit = "pj",
                           .factor = unit.pj,
                           .n_parts = ASX_N_PARTS,
                           .name = name,
                           .note = (const char *const *)note,
                           .part = plot_part_name,
                           .part_label = plot_part_label,
                           .color = plot_part_color,
                           .value = value};
    const double baseline = f->baseline ? f->baseline->evaluation.cost.energy_pj : 0;
    asx_status status = ASX_OK;
    if (f->baseline) {
        name[0] = f->record.baseline;
        status = add_bar(&bars, s, f->baseline, baseline, &unit, err);
    }
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        /* spread evenly along the front, both ends included; the most expensive first */
        const size_t k = n < 2 ? 0 : (n - 1 - i) * (f->n - 1) / (n - 1);
        const asx_row *row = asx_front_row(f, k);
        if (row == f->baseline)
            continue;
        name[bars.n] = s->name[k];
        status = add_bar(&bars, s, row, baseline, &unit, err);
    }
    if (status == ASX_OK)
        status = asx_plot_bars(options, &bars, err);
    for (size_t i = 0; i < sizeof note / sizeof *note; i++)
        free(note[i]);
    return status;
}

/* ---- maps over layers ---- */

typedef struct layer_map {
    size_t n_rows, n_columns;
    const char **row, **column;
    double *value;
    char **cell, **hover, **label; /* label: what columns point to */
} layer_map;

static asx_status map_init(layer_map *m, const asx_workload *work, size_t n_columns, asx_error *err)
{
    const size_t n = work->n_layers * n_columns;
    *m = (layer_map){.n_rows = work->n_layers,
                     .n_columns = n_columns,
                     .row = asx_array_new(work->n_layers, sizeof *m->row),
                     .column = asx_array_new(n_columns, sizeof *m->column),
                     .value = asx_array_new(n, sizeof *m->value),
                     .cell = asx_array_new(n, sizeof *m->cell),
                     .hover = asx_array_new(n, sizeof *m->hover),
                     .label = asx_array_new(n_columns, sizeof *m->label)};
    if (!m->row || !m->column || !m->value || !m->cell || !m->hover || !m->label)
        return asx_fail(err, ASX_ENOMEM, "no memory for a map");
    for (size_t l = 0; l < work->n_layers; l++)
        m->row[l] = work->layer[l].name;
    return ASX_OK;
}

static void map_fini(layer_map *m)
{
    for (size_t i = 0; i < m->n_rows * m->n_columns; i++) {
        if (m->cell)
            free(m->cell[i]);
        if (m->hover)
            free(m->hover[i]);
    }
    for (size_t c = 0; m->label && c < m->n_columns; c++)
        free(m->label[c]);
    free(m->row);
    free(m->column);
    free(m->value);
    free(m->cell);
    free(m->hover);
    free(m->label);
}

static asx_status map_draw(const asx_plot_options *options, const layer_map *m,
                           const char *column_label, const char *shade_label, double low,
                           double high, const char *const field[3], asx_error *err)
{
    const asx_chart_map chart = {.row_label = "layer",
                                 .column_label = column_label,
                                 .shade_label = shade_label,
                                 .row_field = "layer",
                                 .column_field = field[0],
                                 .value_field = field[1],
                                 .cell_field = field[2],
                                 .n_rows = m->n_rows,
                                 .n_columns = m->n_columns,
                                 .row = m->row,
                                 .column = m->column,
                                 .value = m->value,
                                 .cell = (const char *const *)m->cell,
                                 .hover = (const char *const *)m->hover,
                                 .low = low,
                                 .high = high};
    return asx_plot_map(options, &chart, err);
}

/* "4s{1,3}" and, when the mouse rests on it, the layer and the whole format. */
static asx_status describe(layer_map *m, size_t at, const char *layer, const asx_format *format,
                           const char *name, asx_error *err)
{
    asx_text cell = {0}, hover = {0};
    if (!format->weight.kind)
        asx_text_add(&cell, "%u%s", format->weight.bits,
                     format->weight.digits == ASX_DIGITS_SIGNED &&
                             asx_alphabet_set_count(format->weight.set) > 0
                         ? "s"
                         : "");
    asx_word_print_set(&cell, &format->weight);
    asx_text_add(&hover, "%s: ", layer);
    asx_format_print(&hover, format);
    asx_text_add(&hover, "\n%s", name);
    asx_status status = asx_text_take(&m->cell[at], &cell, err);
    if (status == ASX_OK)
        status = asx_text_take(&m->hover[at], &hover, err);
    else
        asx_text_fini(&hover);
    return status;
}

static const char *const layers_field[] = {"row", "code_bits", "weights"};
static const char *const alphabets_field[] = {"alphabet", "share_percent", NULL};

asx_status plot_layers(const asx_plot_options *options, const plot_source *s, asx_error *err)
{
    const asx_front *f = s->f;
    layer_map m;
    double low = INFINITY, high = 0;
    asx_status status = map_init(&m, s->work, f->n, err);
    for (size_t c = 0; status == ASX_OK && c < f->n; c++) {
        const char *text = f->rows.row[f->index[c]].design;
        asx_design design = {0};
        asx_text label = {0};
        asx_text_add(&label, "%zu", c + 1);
        status = asx_text_take(&m.label[c], &label, err);
        m.column[c] = m.label[c];
        if (status == ASX_OK)
            status = asx_design_parse(&design, text, s->work, err);
        for (size_t l = 0; status == ASX_OK && l < m.n_rows; l++) {
            const double bits = asx_word_code_bits(&design.format[l].weight);
            m.value[l * m.n_columns + c] = bits;
            low = fmin(low, bits);
            high = fmax(high, bits);
            status =
                describe(&m, l * m.n_columns + c, m.row[l], &design.format[l], s->name[c], err);
        }
        asx_design_fini(&design);
    }
    if (status == ASX_OK)
        status =
            map_draw(options, &m, "row of the front (asx front), least energy first",
                     "bits stored per weight", low < high ? low : low - 1, high, layers_field, err);
    map_fini(&m);
    return status;
}

static asx_status share_cell(layer_map *m, size_t at, const char *layer, size_t count, size_t n,
                             const char *what, asx_error *err)
{
    asx_text cell = {0}, hover = {0};
    const double share = 100 * (double)count / (double)n;
    m->value[at] = share;
    asx_text_add(&cell, "%.0f", share);
    asx_text_add(&hover, "%s, %s: %zu of %zu designs of the front", layer, what, count, n);
    asx_status status = asx_text_take(&m->cell[at], &cell, err);
    if (status == ASX_OK)
        status = asx_text_take(&m->hover[at], &hover, err);
    else
        asx_text_fini(&hover);
    return status;
}

/* count[layer][column]: column 0 plain words, then alphabets 1, 3, 5, ... */
static asx_status count_alphabets(size_t *count, unsigned *largest, size_t n_columns,
                                  const plot_source *s, asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < s->f->n; i++) {
        asx_design design = {0};
        status = asx_design_parse(&design, s->f->rows.row[s->f->index[i]].design, s->work, err);
        for (size_t l = 0; status == ASX_OK && l < design.n_layers; l++) {
            const asx_alphabet_set set = design.format[l].weight.set;
            count[l * n_columns] += asx_alphabet_set_is_empty(set);
            for (unsigned a = 0; (a = asx_alphabet_set_next(set, a)) != 0;) {
                count[l * n_columns + 1 + a / 2]++;
                *largest = a > *largest ? a : *largest;
            }
        }
        asx_design_fini(&design);
    }
    return status;
}

asx_status plot_alphabets(const asx_plot_options *options, const plot_source *s, asx_error *err)
{
    enum { COLUMNS = 2 + ASX_ALPHABET_MAX / 2 };
    size_t *count = asx_array_new(s->work->n_layers * COLUMNS, sizeof *count);
    unsigned largest = 1;
    layer_map m = {0};
    asx_status status = count ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for a map");
    if (status == ASX_OK)
        status = count_alphabets(count, &largest, COLUMNS, s, err);
    if (status == ASX_OK)
        status = map_init(&m, s->work, 2 + largest / 2, err);
    for (size_t c = 0; status == ASX_OK && c < m.n_columns; c++) {
        asx_text label = {0};
        if (c == 0)
            asx_text_add(&label, "plain");
        else
            asx_text_add(&label, "%zu", 2 * c - 1);
        status = asx_text_take(&m.label[c], &label, err);
        m.column[c] = m.label[c];
        for (size_t l = 0; status == ASX_OK && l < m.n_rows; l++)
            status = share_cell(&m, l * m.n_columns + c, m.row[l], count[l * COLUMNS + c], s->f->n,
                                m.column[c], err);
    }
    if (status == ASX_OK)
        status = map_draw(options, &m, "alphabet of the weights",
                          "share of the front's designs (%)", 0, 100, alphabets_field, err);
    map_fini(&m);
    free(count);
    return status;
}
