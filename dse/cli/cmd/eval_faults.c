#include "eval_faults.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "table.h"

enum { POINTS = 2 }; /* decimals of percent; of other measures their own */

static const table_column columns[] = {{"design", TABLE_DESIGN, 0},
                                       {"tier", TABLE_TEXT, 0},
                                       {"beside", TABLE_TEXT, 0},
                                       {"swept", TABLE_TEXT, 0},
                                       {"rate", TABLE_NUMBER, TABLE_GENERAL},
                                       {"seeds", TABLE_INTEGER, 0},
                                       {"images", TABLE_INTEGER, 0},
                                       {"accuracy", TABLE_NUMBER, POINTS},
                                       {"accuracy_low", TABLE_NUMBER, POINTS},
                                       {"accuracy_high", TABLE_NUMBER, POINTS},
                                       {"drop", TABLE_NUMBER, POINTS},
                                       {"drop_low", TABLE_NUMBER, POINTS},
                                       {"drop_high", TABLE_NUMBER, POINTS},
                                       {"accuracy [95 %]", TABLE_SHOWN, 0},
                                       {"drop [95 %]", TABLE_SHOWN, 0},
                                       {0}};

void eval_add_interval(table *t, int decimals, double value, double low, double high)
{
    char text[120];
    if (low < high)
        snprintf(text, sizeof text, "%.*f [%.*f, %.*f]", decimals, value, decimals, low, decimals,
                 high);
    else
        snprintf(text, sizeof text, "%.*f", decimals, value);
    table_text(t, text);
}

/* One way through all rates: the only one where nothing is swept. */
typedef struct rates {
    asx_sweep sweep; /* n = 0: nothing is */
    size_t n;
} rates;

static asx_status read_rates(rates *out, const eval_faults *what, asx_error *err)
{
    *out = (rates){.n = 1};
    if (!what->sweep)
        return ASX_OK;
    const asx_status status = asx_sweep_parse(&out->sweep, what->sweep, err);
    out->n = out->sweep.n;
    return status;
}

static asx_status faults_at(asx_faults *out, const eval_faults *what, const rates *r, size_t i,
                            asx_error *err)
{
    return r->sweep.n > 0 ? asx_sweep_at(out, what->faults, &r->sweep, i, err)
                          : asx_faults_parse(out, what->faults, err);
}

static void add_row(table *t, const char *design, const asx_faults *faults, const char *beside,
                    const rates *r, size_t i, const asx_accuracy *a, int decimals)
{
    const double v[] = {a->accuracy, a->accuracy_low, a->accuracy_high,
                        a->drop,     a->drop_low,     a->drop_high};
    table_text(t, design);
    table_text(t, asx_tier_text(a->tier));
    table_text(t, beside ? beside : "");
    table_text(t, r->sweep.n > 0 ? r->sweep.param->name : NULL);
    table_number(t, r->sweep.n > 0 ? r->sweep.value[i] : (double)NAN);
    table_integer(t, asx_faults_any(faults) ? (long long)faults->seeds : 0);
    table_integer(t, (long long)a->images);
    for (size_t k = 0; k < sizeof v / sizeof *v; k++)
        table_number(t, v[k]);
    eval_add_interval(t, decimals, a->accuracy, a->accuracy_low, a->accuracy_high);
    eval_add_interval(t, decimals, a->drop, a->drop_low, a->drop_high);
}

static asx_status add_design(table *t, asx_session *s, const eval_faults *what, const rates *r,
                             const char *text, asx_error *err)
{
    asx_design design = {0};
    asx_text canonical = {0};
    asx_status status = asx_design_parse(&design, text, asx_session_workload(s), err);
    if (status == ASX_OK)
        asx_design_print(&canonical, &design, asx_session_workload(s));
    if (status == ASX_OK && canonical.failed)
        status = asx_fail(err, ASX_ENOMEM, "no memory for a design");
    for (size_t i = 0; status == ASX_OK && i < r->n; i++) {
        asx_faults faults;
        asx_accuracy accuracy;
        status = faults_at(&faults, what, r, i, err);
        if (status != ASX_OK)
            break;
        asx_session_set_faults(s, &faults);
        status = what->evaluate(&accuracy, s, &design, what->state, err);
        if (status == ASX_OK)
            add_row(t, canonical.s, &faults, what->faults, r, i, &accuracy,
                    asx_score_decimals(&s->campaign->score));
    }
    asx_text_fini(&canonical);
    asx_design_fini(&design);
    return status;
}

asx_status eval_under_faults(asx_session *s, const eval_faults *what, asx_error *err)
{
    rates r;
    table *t = NULL;
    char *copy = asx_string_copy(what->designs), *save = NULL;
    table_column list[sizeof columns / sizeof *columns];
    memcpy(list, columns, sizeof columns);
    for (table_column *c = list; c->name; c++)
        if (c->kind == TABLE_NUMBER && c->decimals == POINTS)
            c->decimals = asx_score_decimals(&s->campaign->score);
    asx_status status =
        copy ? table_new(&t, NULL, list, err) : asx_fail(err, ASX_ENOMEM, "no memory for designs");
    if (status == ASX_OK)
        status = read_rates(&r, what, err);
    for (char *one = status == ASX_OK ? strtok_r(copy, ";", &save) : NULL; one && status == ASX_OK;
         one = strtok_r(NULL, ";", &save))
        status = add_design(t, s, what, &r, one + strspn(one, " "), err);
    if (status == ASX_OK)
        table_for_people(t,
                         what->sweep
                             ? "accuracy accuracy_low accuracy_high drop drop_low drop_high "
                               "tier beside"
                             : "accuracy accuracy_low accuracy_high drop drop_low drop_high "
                               "tier swept rate",
                         "images seeds");
    if (status == ASX_OK)
        status = look_print(&what->look, &t, 1, err);
    table_free(t);
    free(copy);
    return status;
}
