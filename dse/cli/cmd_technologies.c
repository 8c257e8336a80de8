/* asx technologies: the technologies that come with the program, and how far their models are off.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "hwmodel/check.h"
#include "hwmodel/machine.h"
#include "hwmodel/technology.h"
#include "option.h"
#include "table.h"

static const option_usage usage = {
    .synopsis = "technologies [NAME|FILE.csv] [--check FILE.csv] [--format table|csv|json]",
    .about =
        "Without an argument: the technologies that come with the program, and the parameters of "
        "the machine that a campaign may set (hardware: { technology: NAME, parameters: "
        "[lanes=64] }). With one: how far its models are off, over the rows they were fitted to "
        "and over rows that were left out of the fit, and every row with its source. With --check: "
        "how far they are off from any reference table with the columns of gate-level units or of "
        "memories (see hwmodel/check.h).",
    .examples = "  asx technologies\n  asx technologies nangate45\n"
                "  asx technologies nangate45 --check units.csv\n",
    .max_arguments = 1};

static const table_column list_columns[] = {
    {"technology", TABLE_TEXT, 0}, {"node_nm", TABLE_NUMBER, 0}, {"voltage_v", TABLE_NUMBER, 2},
    {"rows", TABLE_INTEGER, 0},    {"about", TABLE_TEXT, 0},     {0}};

static const table_column param_columns[] = {{"parameter", TABLE_TEXT, 0},
                                             {"default", TABLE_NUMBER, TABLE_AUTO},
                                             {"min", TABLE_NUMBER, TABLE_AUTO},
                                             {"max", TABLE_NUMBER, TABLE_AUTO},
                                             {"unit", TABLE_TEXT, 0},
                                             {"about", TABLE_TEXT, 0},
                                             {0}};

static const table_column row_columns[] = {{"component", TABLE_TEXT, 0},
                                           {"quantity", TABLE_TEXT, 0},
                                           {"x", TABLE_NUMBER, TABLE_AUTO},
                                           {"y", TABLE_NUMBER, TABLE_AUTO},
                                           {"value", TABLE_NUMBER, TABLE_AUTO},
                                           {"model", TABLE_NUMBER, TABLE_AUTO},
                                           {"error_percent", TABLE_NUMBER, 1},
                                           {"unit", TABLE_TEXT, 0},
                                           {"use", TABLE_TEXT, 0},
                                           {"source", TABLE_TEXT, 0},
                                           {0}};

static const table_column error_columns[] = {{"what", TABLE_TEXT, 0},
                                             {"quantity", TABLE_TEXT, 0},
                                             {"use", TABLE_TEXT, 0},
                                             {"rows", TABLE_INTEGER, 0},
                                             {"mean_percent", TABLE_NUMBER, 1},
                                             {"worst_percent", TABLE_NUMBER, 1},
                                             {0}};

static const table_column check_columns[] = {{"what", TABLE_TEXT, 0},
                                             {"quantity", TABLE_TEXT, 0},
                                             {"rows", TABLE_INTEGER, 0},
                                             {"mean_percent", TABLE_NUMBER, 1},
                                             {"worst_percent", TABLE_NUMBER, 1},
                                             {"worst_line", TABLE_INTEGER, 0},
                                             {"bias_percent", TABLE_NUMBER, 1},
                                             {"tau", TABLE_NUMBER, 3},
                                             {"beyond", TABLE_INTEGER, 0},
                                             {0}};

static asx_status list_all(table **t, asx_error *err)
{
    asx_status st = table_new(&t[0], "technologies", list_columns, err);
    if (st == ASX_OK)
        st = table_new(&t[1], "machine", param_columns, err);
    for (size_t i = 0; st == ASX_OK && asx_technology_embedded(i); i++) {
        asx_technology *tech = NULL;
        st = asx_technology_load(&tech, asx_technology_embedded(i), err);
        if (st < 0)
            break;
        table_text(t[0], asx_technology_name(tech));
        table_number(t[0], asx_technology_node_nm(tech));
        table_number(t[0], asx_technology_voltage(tech));
        table_integer(t[0], (long long)asx_technology_n_rows(tech));
        table_text(t[0], asx_technology_summary(tech));
        asx_technology_free(tech);
    }
    for (const asx_param_spec *p = asx_machine_params; st == ASX_OK && p->name; p++) {
        table_text(t[1], p->name);
        table_number(t[1], p->value);
        table_number(t[1], p->low);
        table_number(t[1], p->high);
        table_text(t[1], p->unit);
        table_text(t[1], p->help);
    }
    return st;
}

static bool same_model(const asx_technology_row *a, const asx_technology_row *b)
{
    return strcmp(a->component, b->component) == 0 && strcmp(a->quantity, b->quantity) == 0 &&
           strcmp(a->use, b->use) == 0;
}

/* Errors over the rows that a component's model was fitted to, and the left-out ones. */
static void add_errors(table *t, const asx_technology *tech)
{
    const size_t n = asx_technology_n_rows(tech);
    for (size_t i = 0; i < n; i++) {
        const asx_technology_row first = asx_technology_row_at(tech, i);
        const bool left_out = strcmp(first.use, "left-out") == 0;
        double mean = first.value, worst = first.y, rows = first.x;
        if (!left_out) {
            const asx_technology_row before = asx_technology_row_at(tech, i ? i - 1 : 0);
            if (!isfinite(first.model) || strcmp(first.component, "technology") == 0 ||
                (i > 0 && same_model(&before, &first)))
                continue;
            mean = worst = rows = 0;
            for (size_t j = i; j < n; j++) {
                const asx_technology_row row = asx_technology_row_at(tech, j);
                const double error = 100 * fabs(row.model / row.value - 1);
                if (!same_model(&row, &first))
                    break;
                mean += error;
                worst = fmax(worst, error);
                rows++;
            }
            mean /= rows;
        }
        table_text(t, first.component);
        table_text(t, first.quantity);
        table_text(t, first.use);
        table_integer(t, (long long)rows);
        table_number(t, mean);
        table_number(t, worst);
    }
}

static void add_rows(table *t, const asx_technology *tech)
{
    for (size_t i = 0; i < asx_technology_n_rows(tech); i++) {
        const asx_technology_row r = asx_technology_row_at(tech, i);
        table_text(t, r.component);
        table_text(t, r.quantity);
        table_number(t, r.x);
        table_number(t, r.y);
        table_number(t, r.value);
        table_number(t, r.model);
        table_number(t, 100 * (r.model / r.value - 1));
        table_text(t, r.unit);
        table_text(t, r.use);
        table_text(t, r.source);
    }
}

static asx_status list_one(table **t, const char *name, asx_error *err)
{
    asx_technology *tech = NULL;
    asx_status st = asx_technology_load(&tech, name, err);
    if (st == ASX_OK)
        st = table_new(&t[0], "errors", error_columns, err);
    if (st == ASX_OK)
        st = table_new(&t[1], "rows", row_columns, err);
    if (st == ASX_OK) {
        add_errors(t[0], tech);
        add_rows(t[1], tech);
    }
    asx_technology_free(tech);
    return st;
}

static asx_status check_one(table **t, const char *name, const char *path, asx_error *err)
{
    asx_technology *tech = NULL;
    asx_check *check = NULL;
    size_t n = 0;
    asx_status st = asx_technology_load(&tech, name, err);
    if (st == ASX_OK)
        st = asx_technology_check(&check, &n, tech, path, err);
    if (st == ASX_OK)
        st = table_new(&t[0], NULL, check_columns, err);
    for (size_t i = 0; st == ASX_OK && i < n; i++) {
        table_text(t[0], check[i].what);
        table_text(t[0], check[i].quantity);
        table_integer(t[0], (long long)check[i].n);
        table_number(t[0], check[i].mean);
        table_number(t[0], check[i].worst);
        table_integer(t[0], (long long)check[i].worst_line);
        table_number(t[0], check[i].bias);
        table_number(t[0], check[i].tau);
        table_integer(t[0], (long long)check[i].n_beyond);
    }
    asx_checks_free(check, n);
    asx_technology_free(tech);
    return st;
}

int cmd_technologies(int argc, char **argv)
{
    const char *print = "table", *check = NULL;
    const option options[] = {{.name = "check",
                               .kind = OPTION_TEXT,
                               .target = &check,
                               .argument = "FILE.csv",
                               .help = "holds the technology against a reference table"},
                              OPTION_FORMAT(&print),
                              {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    table *t[2] = {NULL, NULL};
    const char *name = args.n_arguments == 1 ? args.argument[0] : NULL;
    asx_status st = ASX_OK;
    if (check && !name)
        st = asx_fail(&err, ASX_EINVAL, "option '--check' needs a technology");
    else
        st = check  ? check_one(t, name, check, &err)
             : name ? list_one(t, name, &err)
                    : list_all(t, &err);
    if (st == ASX_OK)
        st = table_print(stdout, print, t, check ? 1 : 2, &err);
    table_free(t[1]);
    table_free(t[0]);
    return cmd_end(st, &err);
}
