#include "bespoke_runs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "explore/bespoke.h"

bespoke_units bespoke_units_of(const asx_cell_library *library)
{
    const bool small = asx_cell_area_mm2(library, ASX_CELL_NAND2) < 1e-3;
    return small ? (bespoke_units){true, 1e8, 1e3, 1e6} : (bespoke_units){false, 1, 1, 1};
}

void bespoke_units_name(table_column *shown, const table_column *of, const bespoke_units *units)
{
    static const struct {
        const char *large, *small;
    } names[] = {{"area_cm2", "area_um2"},
                 {"power_mw", "power_uw"},
                 {"delay_ms", "delay_ns"},
                 {"period_ms", "period_ns"},
                 {"leakage_mw", "leakage_uw"}};
    do {
        *shown = *of;
        for (size_t k = 0; units->small && of->name && k < sizeof names / sizeof *names; k++)
            if (strcmp(of->name, names[k].large) == 0) {
                shown->name = names[k].small;
                shown->decimals = TABLE_AUTO;
            }
        shown++;
    } while ((of++)->name);
}

const char *bespoke_power_source(const asx_power_source *source, size_t n, double power_mw)
{
    const asx_power_source *found = NULL;
    for (size_t i = 0; i < n; i++)
        if (source[i].power_mw >= power_mw && (!found || source[i].power_mw < found->power_mw))
            found = &source[i];
    return found ? found->name : "no named source";
}

/* The option ends the command of a run that has it (explore/bespoke_request.h). */
double bespoke_power_max(const asx_bespoke_kept *run)
{
    static const char option[] = " --power-max ";
    const char *last = NULL;
    for (const char *at = run->about; (at = strstr(at, option)); at++)
        last = at;
    char *end = NULL;
    const double most = last ? strtod(last + strlen(option), &end) : 0;
    return last && !*end && most > 0 ? most : INFINITY;
}

/* Fronts lie by area or power, the smallest first behind the baseline. */
size_t bespoke_smallest(const asx_bespoke_kept *run, double lost)
{
    const double most = bespoke_power_max(run);
    for (size_t i = 1; i < run->n; i++)
        if (run->design[i].lost <= lost && run->design[i].power_mw <= most)
            return i;
    return 0;
}

static void add_run(table *t, const asx_bespoke_kept *k)
{
    const asx_bespoke_row *baseline = k->n > 0 ? &k->design[0] : NULL;
    table_integer(t, k->id);
    table_text(t, *k->finished ? k->finished : NULL);
    table_integer(t, (long long)k->features);
    table_integer(t, (long long)k->classes);
    table_integer(t, (long long)k->rows[0] + (long long)k->rows[1] + (long long)k->rows[2]);
    table_integer(t, (long long)k->evaluated);
    if (baseline)
        table_integer(t, (long long)k->n - 1);
    else
        table_text(t, NULL);
    table_number(t, baseline && k->rows[2] > 0
                        ? 100 * (double)baseline->correct[2] / (double)k->rows[2]
                        : NAN);
    table_number(t, baseline ? baseline->area_cm2 : NAN);
    for (int i = 0; i < ASX_BESPOKE_LOSSES; i++) {
        const size_t at = bespoke_smallest(k, asx_bespoke_loss[i]);
        table_number(t, at > 0 ? k->design[at].area_cm2 : NAN);
    }
    table_number(t, isfinite(bespoke_power_max(k)) ? bespoke_power_max(k) : NAN);
    table_number(t, k->training_s / 60);
    table_number(t, k->evolution_s / 60);
    table_text(t, k->technology);
    table_text(t, k->about);
}

asx_status bespoke_runs_table(table **out, const char *name, const asx_bespoke_kept *run, size_t n,
                              asx_error *err)
{
    table_column columns[] = {{"bespoke", TABLE_INTEGER, 0},
                              {"finished", TABLE_TEXT, 0},
                              {"features", TABLE_INTEGER, 0},
                              {"classes", TABLE_INTEGER, 0},
                              {"rows", TABLE_INTEGER, 0},
                              {"designs", TABLE_INTEGER, 0},
                              {"front", TABLE_INTEGER, 0},
                              {"exact_percent", TABLE_NUMBER, 2},
                              {"exact_cm2", TABLE_NUMBER, 3},
                              {"lost1_cm2", TABLE_NUMBER, 3},
                              {"lost2_cm2", TABLE_NUMBER, 3},
                              {"lost5_cm2", TABLE_NUMBER, 3},
                              {"power_max_mw", TABLE_NUMBER, TABLE_GENERAL},
                              {"training_min", TABLE_NUMBER, 2},
                              {"evolution_min", TABLE_NUMBER, 2},
                              {"technology", TABLE_TEXT, 0},
                              {"about", TABLE_TEXT, 0},
                              {0}};
    for (size_t i = 0; i < n; i++) /* silicon is small: its figures in powers of ten */
        for (size_t k = 0; run[i].n > 0 && run[i].design[0].area_cm2 < 1e-3 && columns[k].name; k++)
            if (columns[k].decimals == 3)
                columns[k].decimals = TABLE_GENERAL;
    const asx_status status = table_new(out, name, columns, err);
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        add_run(*out, &run[i]);
    bool limited = false;
    for (size_t i = 0; i < n; i++)
        limited = limited || isfinite(bespoke_power_max(&run[i]));
    if (status == ASX_OK)
        table_for_people(*out,
                         limited
                             ? "features classes rows training_min evolution_min technology about"
                             : "features classes rows power_max_mw training_min evolution_min "
                               "technology about",
                         "lost2_cm2 designs finished");
    return status;
}
