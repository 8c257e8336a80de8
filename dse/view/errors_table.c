#include "errors_table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "hwmodel/check.h"
#include "hwmodel/dataflow_check.h"
#include "hwmodel/technology.h"

static const table_column columns[] = {{"evidence", TABLE_TEXT, 0},
                                       {"technology", TABLE_TEXT, 0},
                                       {"what", TABLE_TEXT, 0},
                                       {"quantity", TABLE_TEXT, 0},
                                       {"rows", TABLE_INTEGER, 0},
                                       {"mean_percent", TABLE_NUMBER, 1},
                                       {"worst_percent", TABLE_NUMBER, 1},
                                       {"tau", TABLE_NUMBER, 2},
                                       {0}};

/* Those with data of their own node; the others are scaled from the first. */
static const char *const fitted[] = {"nangate45", "sky130hd", "asap7"};

/* A line of the table: groups of rows that stand for the same, together. */
typedef struct line {
    const char *evidence, *technology, *what, *quantity;
    double rows, sum, worst, tau;
} line;

static void add(table *t, const line *l)
{
    table_text(t, l->evidence);
    table_text(t, l->technology);
    table_text(t, l->what);
    table_text(t, l->quantity);
    table_integer(t, (long long)l->rows);
    table_number(t, l->sum / l->rows);
    table_number(t, l->worst);
    table_number(t, l->tau);
}

static bool is_left_out(const asx_technology_row *row)
{
    /* energies without glitches are a step of the fit, not of the model */
    return strcmp(row->use, "left-out") == 0 && strcmp(row->quantity, "settled") != 0;
}

static bool same(const asx_technology_row *a, const asx_technology_row *b)
{
    return strcmp(a->component, b->component) == 0 && strcmp(a->quantity, b->quantity) == 0;
}

/* In the rows of what was left out x is their number, value the mean and y the worst. */
static void add_left_out(table *t, const asx_technology *tech)
{
    const size_t n = asx_technology_n_rows(tech);
    for (size_t i = 0; i < n; i++) {
        const asx_technology_row first = asx_technology_row_at(tech, i);
        bool again = !is_left_out(&first);
        for (size_t j = 0; j < i && !again; j++) {
            const asx_technology_row row = asx_technology_row_at(tech, j);
            again = is_left_out(&row) && same(&row, &first);
        }
        if (again)
            continue;
        line l = {.evidence = "left out",
                  .technology = asx_technology_name(tech),
                  .what = first.component,
                  .quantity = first.quantity,
                  .tau = NAN};
        for (size_t j = i; j < n; j++) {
            const asx_technology_row row = asx_technology_row_at(tech, j);
            if (!is_left_out(&row) || !same(&row, &first))
                continue;
            l.rows += row.x;
            l.sum += row.x * row.value;
            l.worst = fmax(l.worst, row.y);
        }
        add(t, &l);
    }
}

static asx_status add_check(table *t, const asx_technology *tech, const char *folder,
                            const char *file, const char *evidence, asx_error *err)
{
    char path[4096];
    asx_check *check = NULL;
    size_t n = 0;
    if (snprintf(path, sizeof path, "%s/%s", folder, file) >= (int)sizeof path)
        return asx_fail(err, ASX_EINVAL, "the path '%s' is too long", folder);
    const asx_status status = asx_technology_check(&check, &n, tech, path, err);
    if (status == ASX_ENOTFOUND) /* the table has nothing of this node */
        return ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        if (check[i].n > 0)
            add(t, &(line){evidence, asx_technology_name(tech), check[i].what, check[i].quantity,
                           (double)check[i].n, (double)check[i].n * check[i].mean, check[i].worst,
                           check[i].tau});
    asx_checks_free(check, n);
    return status;
}

static asx_status add_technology(table *t, const char *name, bool macros, const char *folder,
                                 asx_error *err)
{
    asx_technology *tech = NULL;
    asx_status status = asx_technology_load(&tech, name, err);
    if (status == ASX_OK)
        add_left_out(t, tech);
    if (status == ASX_OK)
        status = add_check(t, tech, folder, "sram_macros.csv", "never fitted", err);
    if (status == ASX_OK)
        status = add_check(t, tech, folder, "systolic_synthesis.csv", "never fitted", err);
    if (status == ASX_OK && macros) /* they stand for macros of any node */
        status = add_check(t, tech, folder, "dcim_silicon.csv", "one factor fitted", err);
    asx_technology_free(tech);
    return status;
}

/* Rows of all cases of a simulator, by what is counted. */
static asx_status add_counts(table *t, const char *folder, asx_error *err)
{
    char path[4096];
    asx_dataflow_check *check = NULL;
    size_t n = 0, n_others = 0;
    if (snprintf(path, sizeof path, "%s/dataflow_counts.csv", folder) >= (int)sizeof path)
        return asx_fail(err, ASX_EINVAL, "the path '%s' is too long", folder);
    const asx_status status = asx_dataflow_check_file(&check, &n, &n_others, path, err);
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        line l = {.evidence = "counts",
                  .technology = "any",
                  .what = "other simulators",
                  .quantity = check[i].quantity,
                  .tau = NAN};
        bool again = false;
        for (size_t j = 0; j < i && !again; j++)
            again = strcmp(check[j].quantity, check[i].quantity) == 0;
        for (size_t j = i; j < n && !again; j++) {
            if (strcmp(check[j].quantity, check[i].quantity) != 0)
                continue;
            l.rows += (double)check[j].n;
            l.sum += (double)(check[j].n - check[j].n_equal) * check[j].worst; /* at most */
            l.worst = fmax(l.worst, check[j].worst);
        }
        if (!again)
            add(t, &l);
    }
    asx_dataflow_checks_free(check);
    return status;
}

asx_status errors_table(table **out, const char *folder, asx_error *err)
{
    table *t = NULL;
    asx_status status = table_new(&t, NULL, columns, err);
    for (size_t i = 0; status == ASX_OK && i < sizeof fitted / sizeof *fitted; i++)
        status = add_technology(t, fitted[i], i == 0, folder, err);
    if (status == ASX_OK)
        status = add_counts(t, folder, err);
    if (status == ASX_OK)
        *out = t;
    else
        table_free(t);
    return status;
}
