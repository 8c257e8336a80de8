#include "study_tables.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "results/chart.h"

static const table_column rank_columns[] = {{"proxy", TABLE_TEXT, 0},
                                            {"kind", TABLE_TEXT, 0},
                                            {"designs", TABLE_INTEGER, 0},
                                            {"images", TABLE_INTEGER, 0},
                                            {"tau", TABLE_NUMBER, 3},
                                            {"tau_low", TABLE_NUMBER, 3},
                                            {"tau_high", TABLE_NUMBER, 3},
                                            {"rho", TABLE_NUMBER, 3},
                                            {"rho_low", TABLE_NUMBER, 3},
                                            {"rho_high", TABLE_NUMBER, 3},
                                            {"tau_best_half", TABLE_NUMBER, 3},
                                            {"tau [95 %]", TABLE_SHOWN, 0},
                                            {0}};

static const table_column trust_columns[] = {{"proxy", TABLE_TEXT, 0},
                                             {"kind", TABLE_TEXT, 0},
                                             {"bias_light_points", TABLE_NUMBER, 2},
                                             {"bias_middle_points", TABLE_NUMBER, 2},
                                             {"bias_heavy_points", TABLE_NUMBER, 2},
                                             {"fails_above_points", TABLE_NUMBER, 1},
                                             {"verdict", TABLE_TEXT, 0},
                                             {0}};

/* With its interval, where it has one. */
static void add_rank(table *t, const asx_rank *r)
{
    char text[80];
    snprintf(text, sizeof text, "%.3f [%.3f, %.3f]", r->value, r->low, r->high);
    table_text(t, isnan(r->value) ? "-" : text);
}

static void add_ranking(table *t, const asx_proxy_ranking *r, const asx_study_designs *d)
{
    const double v[] = {r->tau.value, r->tau.low,  r->tau.high,       r->rho.value,
                        r->rho.low,   r->rho.high, r->best_half.value};
    table_text(t, r->proxy);
    table_text(t, asx_study_kind_text(r->kind));
    table_integer(t, (long long)d->n);
    table_integer(t, (long long)d->n_images);
    for (size_t i = 0; i < sizeof v / sizeof *v; i++)
        table_number(t, v[i]);
    add_rank(t, &r->tau);
}

static void say_ranks(asx_text *out, const asx_proxy_trust *a)
{
    const asx_rank *tau = &a->ranking.tau, *half = &a->ranking.best_half;
    if (tau->low <= a->plain_tau)
        asx_text_add(out, "%s better than weight error (tau %.2f, %.2f)",
                     tau->value <= a->plain_tau ? "ranks no" : "not shown to rank", tau->value,
                     a->plain_tau);
    if (half->high < a->own_half)
        asx_text_add(out,
                     "%sof the half that lost least, tau %.2f where measurements agree to %.2f",
                     out->n ? ", " : "", half->value, a->own_half);
}

static asx_status add_trust(table *t, const asx_proxy_trust *a, asx_error *err)
{
    asx_text text = {0};
    say_ranks(&text, a);
    asx_additivity_say(&text, &a->where);
    if (!text.n)
        asx_text_add(&text,
                     a->where.known ? "no failure seen" : "no failure seen, but few designs");
    table_text(t, a->ranking.proxy);
    table_text(t, asx_study_kind_text(a->ranking.kind));
    for (size_t k = 0; k < ASX_ADDITIVITY_PARTS; k++)
        table_number(t, a->where.known ? a->where.part[k].bias : NAN);
    table_number(t, asx_additivity_limit(&a->where));
    table_built(t, &text);
    const asx_status status =
        text.failed ? asx_fail(err, ASX_ENOMEM, "no memory for a verdict") : ASX_OK;
    asx_text_fini(&text);
    return status;
}

asx_status study_tables(table *out[2], const asx_proxy_study *study, asx_error *err)
{
    asx_status status = table_new(&out[0], "ranks", rank_columns, err);
    if (status == ASX_OK)
        status = table_new(&out[1], "trust", trust_columns, err);
    if (status == ASX_OK) {
        table_for_people(out[0], "tau tau_low tau_high rho_low rho_high", "images designs");
        table_for_people(
            out[1], NULL,
            "bias_middle_points bias_light_points bias_heavy_points fails_above_points");
    }
    for (size_t i = 0; status == ASX_OK && i < study->n_rankings; i++)
        add_ranking(out[0], &study->ranking[i], &study->designs[study->ranking[i].kind]);
    for (size_t i = 0; status == ASX_OK && i < study->n_trusts; i++)
        status = add_trust(out[1], &study->trust[i], err);
    return status;
}

/* ---- the picture ---- */

static void free_texts(char **text, size_t n)
{
    for (size_t i = 0; text && i < n; i++)
        free(text[i]);
    free(text);
}

static asx_status name_designs(char **text, const asx_study_designs *d, const asx_workload *work,
                               asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < d->n; i++) {
        asx_text t = {0};
        asx_design_print(&t, &d->design[i], work);
        status = asx_text_take(&text[i], &t, err);
    }
    return status;
}

/* A panel of a kind. @param text  [d->n] names of its designs @param title  of the panel, long enough */
static void draw_kind(asx_chart_panel *out, asx_chart_series *series, char *title, size_t n_title,
                      asx_study_kind kind, const asx_study_designs *d, char *const *text)
{
    *series = (asx_chart_series){.color = (int)kind,
                                 .n = d->n,
                                 .x = d->predicted,
                                 .y = d->measured,
                                 .hover = (const char *const *)text};
    snprintf(title, n_title, "%s: %zu designs, %zu images, tau %.2f", asx_study_kind_text(kind),
             d->n, d->n_images, asx_rank_tau(d->predicted, d->measured, d->n));
    *out = (asx_chart_panel){.title = title,
                             .field = asx_study_kind_text(kind),
                             .x = {.label = "predicted drop (points)", .field = "predicted_drop"},
                             .y = {.label = "measured drop (points)", .field = "measured_drop"},
                             .series = series,
                             .n_series = 1,
                             .diagonal = true};
}

asx_status study_picture(const asx_proxy_study *study, const asx_workload *work,
                         const asx_plot_options *options, asx_error *err)
{
    asx_chart_series series[ASX_STUDY_KINDS];
    asx_chart_panel panel[ASX_STUDY_KINDS];
    char title[ASX_STUDY_KINDS][80];
    size_t n = 0, n_panels = 0;
    for (size_t k = 0; k < ASX_STUDY_KINDS; k++)
        n += study->designs[k].n;
    char **text = asx_array_new(n, sizeof *text);
    asx_status status = text ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for a picture");
    for (size_t k = 0, first = 0; status == ASX_OK && k < ASX_STUDY_KINDS; k++) {
        const asx_study_designs *d = &study->designs[k];
        if (!d->n)
            continue;
        status = name_designs(text + first, d, work, err);
        draw_kind(&panel[n_panels], &series[n_panels], title[n_panels], sizeof title[n_panels],
                  (asx_study_kind)k, d, text + first);
        first += d->n;
        n_panels++;
    }
    if (status == ASX_OK)
        status = asx_plot_panels(options, panel, n_panels, err);
    free_texts(text, n);
    return status;
}
