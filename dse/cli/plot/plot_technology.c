/* A technology held against reference data: energies as points beside the diagonal, with the error
 * that the technology states of itself as bars; and the errors of every group of rows. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "hwmodel/check.h"
#include "plot_kinds.h"
#include "results/chart.h"

enum { GROUPS_MAX = 24, QUANTITIES_MAX = 6, NAME_SIZE = 64 };

/* Errors in percent of a group of rows: "flat.fa", "sram". n = 0: not known. */
typedef struct error_of {
    double n, mean, worst;
} error_of;

/* Energies of one group. */
typedef struct cloud {
    double *x, *y, *low, *high; /* [n] */
    size_t n, capacity;
} cloud;

typedef struct picture {
    const asx_technology *tech;
    char group[GROUPS_MAX][NAME_SIZE];
    const char *quantity[QUANTITIES_MAX];
    size_t n_groups, n_quantities;
    error_of error[GROUPS_MAX][QUANTITIES_MAX];
    cloud cloud[GROUPS_MAX];
} picture;

/* "flat.fa nn" -> "flat.fa": stimuli are put together; "sram itrs-hp EA" stays. */
static size_t group_of(picture *p, const char *what)
{
    char name[NAME_SIZE];
    const bool unit = strcspn(what, ".") < strcspn(what, " ");
    snprintf(name, sizeof name, "%.*s", (int)strcspn(what, unit ? " " : ""), what);
    size_t g = 0;
    while (g < p->n_groups && strcmp(p->group[g], name) != 0)
        g++;
    if (g == p->n_groups && g < GROUPS_MAX) {
        memcpy(p->group[g], name, sizeof name);
        p->n_groups++;
    }
    return g < GROUPS_MAX ? g : GROUPS_MAX - 1;
}

static size_t quantity_of(picture *p, const char *name)
{
    size_t q = 0;
    while (q < p->n_quantities && strcmp(p->quantity[q], name) != 0)
        q++;
    if (q == p->n_quantities && q < QUANTITIES_MAX)
        p->quantity[p->n_quantities++] = name;
    return q < QUANTITIES_MAX ? q : QUANTITIES_MAX - 1;
}

/* Glitch-free energies are a figure of the fit alone. */
static bool shown(const char *quantity)
{
    return strcmp(quantity, "settled") != 0;
}

static void add_error(picture *p, const char *what, const char *quantity, double n, double mean,
                      double worst)
{
    if (n < 1 || !shown(quantity))
        return;
    error_of *e = &p->error[group_of(p, what)][quantity_of(p, quantity)];
    e->mean = (e->n * e->mean + n * mean) / (e->n + n);
    e->worst = fmax(e->worst, worst);
    e->n += n;
}

/* The error that the technology states of a component: of rows left out of its fit. NAN: none. */
static double stated(const asx_technology *tech, const char *what, const char *quantity)
{
    const size_t n = strcspn(what, " ");
    for (size_t i = 0; i < asx_technology_n_rows(tech); i++) {
        const asx_technology_row row = asx_technology_row_at(tech, i);
        if (strcmp(row.use, "left-out") == 0 && strlen(row.component) == n &&
            strncmp(row.component, what, n) == 0 && strcmp(row.quantity, quantity) == 0)
            return row.value;
    }
    return NAN;
}

static asx_status add_point(picture *p, const char *what, double value, double model, double error,
                            asx_error *err)
{
    cloud *c = &p->cloud[group_of(p, what)];
    const double number[] = {value, model, model * (1 - error / 100), model * (1 + error / 100)};
    double **const array[] = {&c->x, &c->y, &c->low, &c->high};
    const size_t before = c->capacity;
    for (int k = 0; k < 4; k++) {
        c->capacity = before;
        double *grown = asx_array_grow(*array[k], &c->capacity, c->n + 1, sizeof *grown);
        if (!grown)
            return asx_fail(err, ASX_ENOMEM, "no memory for a picture");
        *array[k] = grown;
        grown[c->n] = number[k];
    }
    c->n++;
    return ASX_OK;
}

static bool is_energy(const char *quantity)
{
    return strcmp(quantity, "energy") == 0 || strcmp(quantity, "write") == 0;
}

static asx_status add_checks(picture *p, const char *path, asx_error *err)
{
    asx_check *check = NULL;
    size_t n = 0;
    asx_status status = asx_technology_check(&check, &n, p->tech, path, err);
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        const asx_check *c = &check[i];
        add_error(p, c->what, c->quantity, (double)c->n, c->mean, c->worst);
        const double error = stated(p->tech, c->what, c->quantity);
        for (size_t k = 0; status == ASX_OK && is_energy(c->quantity) && k < c->n; k++)
            status = add_point(p, c->what, c->pair[k].value, c->pair[k].model, error, err);
    }
    asx_checks_free(check, n);
    return status;
}

/* Without a table to hold it against: the rows that it carries itself. */
static asx_status add_own(picture *p, asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < asx_technology_n_rows(p->tech); i++) {
        const asx_technology_row row = asx_technology_row_at(p->tech, i);
        const bool property = strcmp(row.component, "technology") == 0;
        if (strcmp(row.use, "left-out") == 0)
            add_error(p, row.component, row.quantity, row.x, row.value, row.y);
        else if (is_energy(row.quantity) && isfinite(row.model) && !property)
            status = add_point(p, row.component, row.value, row.model,
                               stated(p->tech, row.component, row.quantity), err);
    }
    return status;
}

/* The left panel: energies, a colour per group. Returns the number of series. */
static size_t energies(asx_chart_series *series, const picture *p)
{
    size_t n = 0;
    for (size_t g = 0; g < p->n_groups; g++) {
        const cloud *c = &p->cloud[g];
        if (c->n > 0)
            series[n++] = (asx_chart_series){.name = p->group[g],
                                             .color = (int)g,
                                             .n = c->n,
                                             .x = c->x,
                                             .y = c->y,
                                             .y_low = c->low,
                                             .y_high = c->high};
    }
    return n;
}

/* The right panel: one tick per group that errors are known of, one series per quantity. */
typedef struct errors {
    char tick[GROUPS_MAX][NAME_SIZE];
    const char *tick_text[GROUPS_MAX];
    size_t n_ticks;
    double x[QUANTITIES_MAX][GROUPS_MAX], mean[QUANTITIES_MAX][GROUPS_MAX],
        worst[QUANTITIES_MAX][GROUPS_MAX];
    asx_chart_series series[QUANTITIES_MAX];
} errors;

/* Side by side around their tick. */
static double beside(size_t tick, size_t q, size_t n)
{
    return (double)tick + ((double)q - (double)(n - 1) / 2) * .13;
}

static void collect_errors(errors *e, const picture *p)
{
    for (size_t g = 0; g < p->n_groups; g++) {
        const size_t at = e->n_ticks;
        bool any = false;
        for (size_t q = 0; q < p->n_quantities; q++) {
            const error_of *from = &p->error[g][q];
            any = any || from->n > 0;
            e->x[q][at] = beside(at, q, p->n_quantities);
            e->mean[q][at] = from->n > 0 ? from->mean : NAN;
            e->worst[q][at] = from->n > 0 ? from->worst : NAN;
        }
        if (!any)
            continue;
        memcpy(e->tick[at], p->group[g], NAME_SIZE);
        for (char *c = e->tick[at]; (c = strpbrk(c, ". "));)
            *c = '\n'; /* as wide as the longest word */
        e->tick_text[at] = e->tick[at];
        e->n_ticks++;
    }
    for (size_t q = 0; q < p->n_quantities; q++)
        e->series[q] = (asx_chart_series){.name = p->quantity[q],
                                          .color = (int)q % ASX_CHART_COLORS,
                                          .n = e->n_ticks,
                                          .x = e->x[q],
                                          .y = e->mean[q],
                                          .y_low = e->mean[q],
                                          .y_high = e->worst[q]};
}

static asx_status draw(const asx_plot_options *options, const picture *p, asx_error *err)
{
    asx_chart_series energy[GROUPS_MAX] = {{0}};
    errors *e = asx_array_new(1, sizeof *e);
    if (!e)
        return asx_fail(err, ASX_ENOMEM, "no memory for a picture");
    const size_t n_energy = energies(energy, p);
    collect_errors(e, p);
    const asx_chart_panel panel[] = {
        {.title = "energy; bars: the error stated",
         .field = "energy",
         .x = {.label = "reference (pJ)", .field = "reference_pj", .log = true},
         .y = {.label = "model (pJ)", .field = "model_pj", .log = true},
         .series = energy,
         .n_series = n_energy,
         .diagonal = true},
        {.title = "error: mean, and bars up to the worst",
         .field = "error",
         .x = {.label = "", .field = "component", .tick = e->tick_text, .n_ticks = e->n_ticks},
         .y = {.label = "error (%)", .field = "error_percent"},
         .series = e->series,
         .n_series = p->n_quantities}};
    const asx_status status = asx_plot_panels(options, panel, 2, err);
    free(e);
    return status;
}

asx_status plot_technology(const asx_plot_options *options, const char *name, const char *check,
                           asx_error *err)
{
    asx_technology *tech = NULL;
    picture *p = asx_array_new(1, sizeof *p);
    asx_plot_options titled = *options;
    char title[512];
    if (!p)
        return asx_fail(err, ASX_ENOMEM, "no memory for a picture");
    asx_status status = asx_technology_load(&tech, name, err);
    p->tech = tech;
    if (status == ASX_OK)
        status = check ? add_checks(p, check, err) : add_own(p, err);
    if (status == ASX_OK) {
        const char *slash = check ? strrchr(check, '/') : NULL;
        snprintf(title, sizeof title, "%s against %s", asx_technology_name(tech),
                 slash   ? slash + 1
                 : check ? check
                         : "its own rows; errors of rows left out of the fit");
        titled.title_spare = !titled.title;
        titled.title = titled.title ? titled.title : title;
        status = draw(&titled, p, err);
    }
    for (size_t g = 0; g < GROUPS_MAX; g++) {
        free(p->cloud[g].x);
        free(p->cloud[g].y);
        free(p->cloud[g].low);
        free(p->cloud[g].high);
    }
    free(p);
    asx_technology_free(tech);
    return status;
}
