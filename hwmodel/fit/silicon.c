#include "silicon.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "macro_silicon.h"

enum { POINTS_MAX = 64 };

/* A figure of a macro: the gate-level one and the published one; points of the same macro and words
 * are one, their geometric mean. */
typedef struct point {
    const char *name, *paper;
    unsigned weight_bits, activation_bits, n;
    double raw, value; /* mean logarithms */
    bool other;        /* not of columns with trees: shown, not counted */
} point;

typedef enum figure { ENERGY, AREA, CYCLE, N_FIGURES } figure;

static const struct {
    const char *quantity, *unit;
} figures[N_FIGURES] = {{"energy", "pJ"}, {"area", "um2"}, {"access", "ns"}};

static void add(point *list, size_t *n, const asx_macro *m, double raw, double value, bool other)
{
    size_t i = 0;
    if (!(raw > 0 && value > 0))
        return;
    while (i < *n && (strcmp(list[i].name, m->name) != 0 || list[i].weight_bits != m->weight_bits ||
                      list[i].activation_bits != m->activation_bits))
        i++;
    if (i == POINTS_MAX)
        return;
    if (i == *n)
        list[(*n)++] = (point){.name = m->name,
                               .paper = m->paper,
                               .weight_bits = m->weight_bits,
                               .activation_bits = m->activation_bits,
                               .other = other};
    const double old = list[i].n++;
    list[i].raw = (list[i].raw * old + log(raw)) / (old + 1);
    list[i].value = (list[i].value * old + log(value)) / (old + 1);
}

/* The factor of all macros but one, each macro's points together weighing as much as another's. */
static double factor(const point *list, size_t n, const char *without)
{
    double sum = 0, weight = 0;
    for (size_t i = 0; i < n; i++) {
        size_t same = 0;
        for (size_t j = 0; j < n; j++)
            same += strcmp(list[j].name, list[i].name) == 0;
        if (list[i].other || (without && strcmp(list[i].name, without) == 0))
            continue;
        sum += (list[i].value - list[i].raw) / (double)same;
        weight += 1 / (double)same;
    }
    return weight > 0 ? exp(sum / weight) : 1;
}

static void write_points(asx_text *out, const point *list, size_t n, figure f)
{
    for (size_t i = 0; i < n; i++)
        asx_text_add(out,
                     "macro,%s,%.6g,,%.6g,%s,check,\"%s, %s, %u x %u bits%s; x: gate level at its "
                     "node and supply\"\n",
                     figures[f].quantity, exp(list[i].raw), exp(list[i].value), figures[f].unit,
                     list[i].name, list[i].paper, list[i].weight_bits, list[i].activation_bits,
                     list[i].other ? ", ripple through the array: not counted" : "");
}

static void write_figure(asx_text *out, const point *list, size_t n, figure f)
{
    double mean = 0, worst = 0;
    size_t counted = 0;
    for (size_t i = 0; i < n; i++) {
        const double error =
            100 * fabs(factor(list, n, list[i].name) * exp(list[i].raw - list[i].value) - 1);
        if (list[i].other)
            continue;
        mean += error;
        worst = fmax(worst, error);
        counted++;
    }
    if (counted < 2)
        return;
    asx_text_add(
        out,
        "macro,%s,1,,%.5g,%s,fit,\"published digital in-memory macros over what gate level "
        "says of them, geometric mean of macros; per %s of the latter\"\n",
        figures[f].quantity, factor(list, n, NULL), figures[f].unit, figures[f].unit);
    write_points(out, list, n, f);
    asx_text_add(
        out,
        "macro,%s,%zu,%.3g,%.3g,%%,left-out,\"macros left out of the mean in turn, with all "
        "their points\"\n",
        figures[f].quantity, counted, worst, mean / (double)counted);
}

static asx_status add_colonnade(point *list, size_t *n, const asx_technology *technology,
                                const char *folder, asx_error *err)
{
    static const char *const names[] = {"input_bits", "weight_bits", "vdd", "fj_per_mac"};
    char path[4096];
    asx_csv *csv = NULL;
    size_t at[4];
    snprintf(path, sizeof path, "%s/hw/colonnade65_measured_fj_per_mac.csv", folder);
    asx_status status = asx_csv_load(&csv, path, err);
    for (int c = 0; status == ASX_OK && c < 4; c++)
        status = asx_csv_find(&at[c], csv, names[c], err);
    for (size_t i = 0; status == ASX_OK && i < asx_csv_rows(csv); i++) {
        double v[4];
        asx_macro_raw raw;
        for (int c = 0; status == ASX_OK && c < 4; c++)
            status = asx_csv_number(&v[c], csv, i, at[c], 1e-9, 1e9, err);
        if (status != ASX_OK || v[0] != v[1] || v[0] < 4 || v[0] > 8)
            continue;
        const asx_macro m = {.name = "colonnade65",
                             .paper = "JSSC 2021",
                             .node_nm = 65,
                             .supply_v = v[2],
                             .weight_bits = (unsigned)v[1],
                             .activation_bits = (unsigned)v[0],
                             .rows = 128};
        status = asx_macro_raw_figures(&raw, technology, &m, err);
        if (status == ASX_OK)
            add(list, n, &m, raw.energy_pj, 1e-3 * v[3], true);
    }
    asx_csv_free(csv);
    return status;
}

asx_status silicon_write(asx_text *text, const char *name, const char *folder, asx_error *err)
{
    static point list[N_FIGURES][POINTS_MAX];
    size_t n[N_FIGURES] = {0}, n_macros = 0;
    char path[4096];
    asx_technology *technology = NULL;
    asx_csv *csv = NULL;
    asx_macro *macro = NULL;
    snprintf(path, sizeof path, "%s/hw/dcim_silicon.csv", folder);
    asx_status status = asx_technology_parse(&technology, name, text->s, text->n, err);
    if (status == ASX_OK)
        status = asx_csv_load(&csv, path, err);
    if (status == ASX_OK)
        status = asx_macros_read(&macro, &n_macros, csv, err);
    for (size_t i = 0; status == ASX_OK && i < n_macros; i++) {
        asx_macro_raw raw;
        const asx_macro *m = &macro[i];
        status = asx_macro_raw_figures(&raw, technology, m, err);
        if (status != ASX_OK)
            break;
        add(list[ENERGY], &n[ENERGY], m, raw.energy_pj, m->energy_pj, false);
        add(list[AREA], &n[AREA], m, raw.area_um2, m->area_um2, false);
        add(list[CYCLE], &n[CYCLE], m, raw.delay_ns, m->clock_mhz > 0 ? 1e3 / m->clock_mhz : 0,
            false);
    }
    if (status == ASX_OK)
        status = add_colonnade(list[ENERGY], &n[ENERGY], technology, folder, err);
    for (figure f = 0; status == ASX_OK && f < N_FIGURES; f++)
        write_figure(text, list[f], n[f], f);
    free(macro);
    asx_csv_free(csv);
    asx_technology_free(technology);
    return status;
}
