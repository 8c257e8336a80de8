#include "judge.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "additivity.h"
#include "dse/memory.h"
#include "eval/draw.h"
#include "eval/rank.h"
#include "results/chart.h"

const table_column judge_columns[] = {
    {"proxy", TABLE_TEXT, 0},           {"kind", TABLE_TEXT, 0},
    {"designs", TABLE_INTEGER, 0},      {"images", TABLE_INTEGER, 0},
    {"tau", TABLE_NUMBER, 3},           {"tau_low", TABLE_NUMBER, 3},
    {"tau_high", TABLE_NUMBER, 3},      {"rho", TABLE_NUMBER, 3},
    {"rho_low", TABLE_NUMBER, 3},       {"rho_high", TABLE_NUMBER, 3},
    {"tau_best_half", TABLE_NUMBER, 3}, {0}};

const table_column trust_columns[] = {{"proxy", TABLE_TEXT, 0},
                                      {"kind", TABLE_TEXT, 0},
                                      {"bias_light_points", TABLE_NUMBER, 2},
                                      {"bias_middle_points", TABLE_NUMBER, 2},
                                      {"bias_heavy_points", TABLE_NUMBER, 2},
                                      {"fails_above_points", TABLE_NUMBER, 1},
                                      {"verdict", TABLE_TEXT, 0},
                                      {0}};

static const char *const kind_text[] = {"spread", "mixed"};

enum { WHOLE, FIRST, SECOND, PREDICTED, N_LISTS };

/* Designs of one kind, and their drops: measured on all images and on each half, and predicted. */
typedef struct jury {
    asx_design *design;
    const asx_design **list;
    size_t n, n_images;
    double *drop[N_LISTS];
    asx_rank own_half, plain; /* tau: half against half of those that lost least; weight error */
} jury;

static asx_status jury_init(jury *j, const asx_draws *draws, const asx_workload *work,
                            asx_draw_kind kind, size_t n, uint64_t seed, asx_error *err)
{
    asx_status st = ASX_OK;
    j->n = n;
    j->design = asx_array_new(n, sizeof *j->design);
    j->list = asx_array_new(n, sizeof(const asx_design *));
    for (int i = 0; i < N_LISTS; i++)
        j->drop[i] = asx_array_new(n, sizeof *j->drop[i]);
    for (int i = 0; i < N_LISTS; i++)
        if (!j->drop[i] || !j->design || !j->list)
            return asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    for (size_t i = 0; st == ASX_OK && i < n; i++) {
        st = asx_design_init(&j->design[i], work->n_layers, err);
        if (st == ASX_OK)
            st = asx_draws_design(&j->design[i], draws, kind, seed, i, err);
        j->list[i] = &j->design[i];
    }
    return st;
}

static void jury_fini(jury *j)
{
    for (size_t i = 0; j->design && i < j->n; i++)
        asx_design_fini(&j->design[i]);
    for (int i = 0; i < N_LISTS; i++)
        free(j->drop[i]);
    free(j->design);
    free(j->list);
}

static asx_status measure_half(double *drop, const jury *j, workbench *w, asx_range images,
                               asx_error *err)
{
    asx_measure *measure = NULL;
    asx_accuracy *accuracy = asx_array_new(j->n, sizeof *accuracy);
    asx_status st =
        accuracy ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", j->n);
    if (st == ASX_OK)
        st = asx_measure_new(&measure, w->calibration, w->data, images, err);
    if (st == ASX_OK)
        st = asx_measure_designs(accuracy, measure, j->list, j->n, err);
    for (size_t i = 0; st == ASX_OK && i < j->n; i++)
        drop[i] = accuracy[i].drop;
    asx_measure_free(measure);
    free(accuracy);
    return st;
}

static asx_status measure_halves(jury *j, workbench *w, asx_range images, asx_error *err)
{
    const size_t middle = images.first + (images.end - images.first) / 2;
    const double n_first = (double)(middle - images.first),
                 n_second = (double)(images.end - middle);
    j->n_images = images.end - images.first;
    asx_status st = measure_half(j->drop[FIRST], j, w, (asx_range){images.first, middle}, err);
    if (st == ASX_OK)
        st = measure_half(j->drop[SECOND], j, w, (asx_range){middle, images.end}, err);
    for (size_t i = 0; st == ASX_OK && i < j->n; i++)
        j->drop[WHOLE][i] =
            (n_first * j->drop[FIRST][i] + n_second * j->drop[SECOND][i]) / (n_first + n_second);
    return st;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* tau of the designs whose measured drop is not above the median: where a search ends up. */
static asx_status best_half(asx_rank *tau, const double *x, const double *drop, size_t n,
                            uint64_t seed, asx_error *err)
{
    double *memory = asx_array_new(3 * n, sizeof *memory);
    if (!memory)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    double *sorted = memory, *a = memory + n, *b = memory + 2 * n;
    size_t m = 0;
    for (size_t i = 0; i < n; i++)
        sorted[i] = drop[i];
    qsort(sorted, n, sizeof *sorted, compare);
    for (size_t i = 0; i < n; i++)
        if (drop[i] <= sorted[(n - 1) / 2]) {
            a[m] = x[i];
            b[m++] = drop[i];
        }
    const double value = asx_rank_tau(a, b, m);
    *tau = (asx_rank){value, value, value}; /* two designs have no interval */
    const asx_status st = m < 3 ? ASX_OK : asx_rank_correlation(tau, NULL, a, b, m, seed, err);
    free(memory);
    return st;
}

/* What a row says. */
typedef struct ranks {
    asx_rank tau, rho, half;
} ranks;

static asx_status add_row(table *t, ranks *out, const char *name, const char *kind, const jury *j,
                          const double *x, const double *y, uint64_t seed, asx_error *err)
{
    ranks r;
    asx_status st = asx_rank_correlation(&r.tau, &r.rho, x, y, j->n, seed, err);
    if (st == ASX_OK)
        st = best_half(&r.half, x, y, j->n, seed, err);
    if (st < 0)
        return st;
    table_text(t, name);
    table_text(t, kind);
    table_integer(t, (long long)j->n);
    table_integer(t, (long long)j->n_images);
    const double v[] = {r.tau.value, r.tau.low,  r.tau.high,  r.rho.value,
                        r.rho.low,   r.rho.high, r.half.value};
    for (size_t i = 0; i < sizeof v / sizeof *v; i++)
        table_number(t, v[i]);
    *out = r;
    return ASX_OK;
}

static asx_status judge_one(table *t, ranks *out, const asx_proxy *proxy, const char *name,
                            const char *kind, jury *j, uint64_t seed, asx_error *err)
{
    for (size_t i = 0; i < j->n; i++) {
        asx_status st = asx_proxy_design_damage(&j->drop[PREDICTED][i], proxy, &j->design[i], err);
        if (st < 0)
            return st;
    }
    return add_row(t, out, name, kind, j, j->drop[PREDICTED], j->drop[WHOLE], seed, err);
}

static void say_ranks(asx_text *out, const ranks *r, const jury *j)
{
    if (r->tau.low <= j->plain.value)
        asx_text_add(out, "%s better than weight error (tau %.2f, %.2f)",
                     r->tau.value <= j->plain.value ? "ranks no" : "not shown to rank",
                     r->tau.value, j->plain.value);
    if (r->half.high < j->own_half.value)
        asx_text_add(out,
                     "%sof the half that lost least, tau %.2f where measurements agree to %.2f",
                     out->n ? ", " : "", r->half.value, j->own_half.value);
}

/* Turns predicted damage into points, and says where they are off. */
static asx_status trust_one(table *t, const ranks *r, const asx_proxy *proxy, const char *name,
                            const char *kind, jury *j, asx_error *err)
{
    additivity a;
    asx_text text = {0};
    for (size_t i = 0; i < j->n; i++)
        j->drop[PREDICTED][i] = asx_proxy_drop(proxy, j->drop[PREDICTED][i]);
    asx_status st = additivity_find(&a, j->drop[PREDICTED], j->drop[WHOLE], j->n, err);
    if (st < 0)
        return st;
    say_ranks(&text, r, j);
    additivity_say(&text, &a);
    if (!text.n)
        asx_text_add(&text, a.known ? "no failure seen" : "no failure seen, but few designs");
    table_text(t, name);
    table_text(t, kind);
    for (size_t k = 0; k < ADDITIVITY_PARTS; k++)
        table_number(t, a.known ? a.part[k].bias : NAN);
    table_number(t, additivity_limit(&a));
    table_text(t, text.s);
    if (text.failed)
        st = asx_fail(err, ASX_ENOMEM, "no memory for a verdict");
    asx_text_fini(&text);
    return st;
}

/* The same designs for all proxies. */
static asx_status seat_juries(jury j[2], workbench *w, const asx_draws *draws,
                              const judge_request *r, asx_error *err)
{
    asx_status st = ASX_OK;
    for (int k = 0; st == ASX_OK && k < 2; k++) {
        st = jury_init(&j[k], draws, workbench_workload(w), (asx_draw_kind)k, r->n_designs,
                       w->campaign->seed + (uint64_t)k, err);
        if (st == ASX_OK)
            st = measure_halves(&j[k], w, r->images, err);
        if (st == ASX_OK)
            st = best_half(&j[k].own_half, j[k].drop[FIRST], j[k].drop[SECOND], j[k].n,
                           w->campaign->seed, err);
    }
    return st;
}

/* Lets a fitted proxy learn from designs of both kinds that nobody is judged by, measured on the
 * campaign's own images. */
static asx_status teach(asx_proxy *proxy, workbench *w, const asx_draws *draws, asx_error *err)
{
    enum { EACH = 20 };
    const uint64_t seed = w->campaign->seed;
    const asx_design *list[2 * EACH] = {NULL};
    asx_accuracy accuracy[2 * EACH];
    jury lesson[2] = {{0}, {0}};
    asx_status st = ASX_OK;
    for (int k = 0; st == ASX_OK && k < 2; k++) {
        st = jury_init(&lesson[k], draws, workbench_workload(w), (asx_draw_kind)k, EACH,
                       seed + 2 + (uint64_t)k, err);
        for (int i = 0; st == ASX_OK && i < EACH; i++)
            list[k * EACH + i] = &lesson[k].design[i];
    }
    if (st == ASX_OK)
        st = asx_measure_designs(accuracy, w->measure[SUBSET_SELECT], list, 2 * EACH, err);
    if (st == ASX_OK)
        st = asx_proxy_refit(proxy, list, accuracy, 2 * EACH, err);
    jury_fini(&lesson[0]);
    jury_fini(&lesson[1]);
    return st;
}

/* Measured against predicted drops. */
static asx_status draw(const jury j[2], workbench *w, const char *picture, asx_error *err)
{
    asx_plot_options options = {.path = picture};
    asx_chart_series series[2];
    asx_chart_panel panel[2];
    char title[2][80];
    char **text = asx_array_new(2 * j->n, sizeof *text);
    asx_status st = text ? asx_plot_format_from_path(&options.format, picture, err)
                         : asx_fail(err, ASX_ENOMEM, "no memory for a picture");
    for (size_t k = 0; st == ASX_OK && k < 2; k++) {
        for (size_t i = 0; st == ASX_OK && i < j[k].n; i++) {
            asx_text t = {0};
            asx_design_print(&t, &j[k].design[i], workbench_workload(w));
            st = asx_text_take(&text[k * j->n + i], &t, err);
        }
        series[k] = (asx_chart_series){.color = (int)k,
                                       .n = j[k].n,
                                       .x = j[k].drop[PREDICTED],
                                       .y = j[k].drop[WHOLE],
                                       .hover = (const char *const *)text + k * j->n};
        snprintf(title[k], sizeof title[k], "%s: %zu designs, %zu images, tau %.2f", kind_text[k],
                 j[k].n, j[k].n_images,
                 asx_rank_tau(j[k].drop[PREDICTED], j[k].drop[WHOLE], j[k].n));
        panel[k] = (asx_chart_panel){.title = title[k],
                                     .x = {.label = "predicted drop (points)"},
                                     .y = {.label = "measured drop (points)"},
                                     .series = &series[k],
                                     .n_series = 1,
                                     .diagonal = true};
    }
    if (st == ASX_OK)
        st = asx_plot_panels(&options, panel, 2, err);
    for (size_t i = 0; text && i < 2 * j->n; i++)
        free(text[i]);
    free(text);
    return st;
}

/* Rows of a proxy as it is. @param trust  also say where not to */
static asx_status judge_both(const judge_tables *out, const asx_proxy *proxy, const char *name,
                             jury j[2], bool trust, uint64_t seed, asx_error *err)
{
    asx_status st = ASX_OK;
    for (size_t k = 0; st == ASX_OK && k < 2; k++) {
        ranks r;
        st = judge_one(out->ranks, &r, proxy, name, kind_text[k], &j[k], seed, err);
        if (st == ASX_OK && strcmp(name, asx_proxy_type_name(0)) == 0)
            j[k].plain = r.tau;
        if (st == ASX_OK && trust)
            st = trust_one(out->trust, &r, proxy, name, kind_text[k], &j[k], err);
    }
    return st;
}

/* The best type as a campaign has it: its map from damage to points fitted to a few designs on the
 * campaign's own images; then taught. */
static asx_status judge_best(const judge_tables *out, asx_proxy *proxy, const char *name,
                             workbench *w, const asx_draws *draws, jury j[2], const char *picture,
                             asx_error *err)
{
    const uint64_t seed = w->campaign->seed;
    asx_status st = workbench_need_measure(w, SUBSET_SELECT, err);
    if (st == ASX_OK)
        st = asx_proxy_fit(NULL, proxy, w->measure[SUBSET_SELECT], seed, err);
    if (st == ASX_OK)
        st = judge_both(out, proxy, name, j, true, seed, err);
    if (st == ASX_OK && picture)
        st = draw(j, w, picture, err);
    if (st == ASX_OK)
        st = teach(proxy, w, draws, err);
    return st == ASX_OK ? judge_both(out, proxy, "fitted", j, true, seed, err) : st;
}

/* Rows of a type of proxy; the last one is the best. */
static asx_status judge_type(const judge_tables *out, workbench *w, size_t type,
                             const asx_draws *draws, const asx_format *format, size_t n, jury j[2],
                             const char *picture, asx_error *err)
{
    const char *name = asx_proxy_type_name(type);
    asx_proxy *proxy = NULL;
    asx_status st =
        asx_proxy_new(&proxy, name, w->calibration, w->data, w->calibrate, format, n, err);
    if (st == ASX_OK)
        st = type + 1 == asx_proxy_n_types()
                 ? judge_best(out, proxy, name, w, draws, j, picture, err)
                 : judge_both(out, proxy, name, j, false, w->campaign->seed, err);
    asx_proxy_free(proxy);
    return st;
}

asx_status judge_proxies(const judge_tables *out, workbench *w, const judge_request *r,
                         asx_error *err)
{
    jury j[2] = {{0}, {0}};
    asx_format *format = NULL;
    asx_draws *draws = NULL;
    size_t n = 0;
    asx_plot_format ending;
    asx_status st = r->picture ? asx_plot_format_from_path(&ending, r->picture, err) : ASX_OK;
    if (st == ASX_OK)
        st = workbench_need_calibration(w, err);
    if (st == ASX_OK)
        st = workbench_list_formats(&format, &n, w, err);
    if (st == ASX_OK)
        st = asx_draws_new(&draws, w->calibration, format, n, err);
    if (st == ASX_OK)
        st = seat_juries(j, w, draws, r, err);
    for (size_t type = 0; st == ASX_OK && type < asx_proxy_n_types(); type++)
        st = judge_type(out, w, type, draws, format, n, j, r->picture, err);
    for (int k = 0; k < 2; k++) {
        ranks own;
        if (st == ASX_OK)
            st = add_row(out->ranks, &own, "half against half", kind_text[k], &j[k],
                         j[k].drop[FIRST], j[k].drop[SECOND], w->campaign->seed, err);
        jury_fini(&j[k]);
    }
    asx_draws_free(draws);
    free(format);
    return st;
}
