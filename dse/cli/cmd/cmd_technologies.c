/* asx technologies: the technologies that come with the program, and how far their models are off.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "errors_table.h"
#include "hwmodel/bespoke.h"
#include "hwmodel/check.h"
#include "hwmodel/dataflow_check.h"
#include "hwmodel/machine.h"
#include "hwmodel/technology.h"
#include "look_options.h"
#include "option.h"
#include "table.h"

static const option_usage usage = {
    .synopsis =
        "technologies [NAME|FILE] [--left-out] [--errors FOLDER] [--check[-mapping] FILE] ...",
    .about =
        "Without an argument: the technologies that come with the program, and the parameters of "
        "the machine that a campaign may set (hardware: { technology: NAME, parameters: "
        "[lanes=64] }), and libraries of cells for asx bespoke. With one: how far its models are off, over the rows they were fitted to "
        "and over rows that were left out of the fit, and every row with its source. With "
        "--left-out: only the latter errors, of one technology or of all: units by kind, memories, "
        "in-memory silicon. With --errors: these in short, and the errors on all reference tables of a "
        "folder (sram_macros.csv, systolic_synthesis.csv, dcim_silicon.csv, dataflow_counts.csv) in "
        "one table. With --check: how far they are off from any reference table with the "
        "columns of gate-level units, memories, SRAM or in-memory macros, or arrays with their "
        "registers (see hwmodel/check.h). With --check-mapping: how often operands move and how long "
        "layers take under a stated dataflow, against counts of other simulators (see "
        "hwmodel/dataflow_check.h).",
    .examples = "  asx technologies\n  asx technologies nangate45\n"
                "  asx technologies --left-out\n"
                "  asx technologies --errors $ASX_DATA/hw\n"
                "  asx technologies nangate45 --check units.csv\n"
                "  asx technologies --check-mapping counts.csv\n",
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

static const table_column library_columns[] = {{"cells", TABLE_TEXT, 0},
                                               {"voltage_v", TABLE_NUMBER, 2},
                                               {"nand2_mm2", TABLE_NUMBER, TABLE_GENERAL},
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

static const table_column left_out_columns[] = {
    {"technology", TABLE_TEXT, 0},     {"what", TABLE_TEXT, 0},
    {"quantity", TABLE_TEXT, 0},       {"rows", TABLE_INTEGER, 0},
    {"mean_percent", TABLE_NUMBER, 1}, {"worst_percent", TABLE_NUMBER, 1},
    {"about", TABLE_TEXT, 0},          {0}};

static const table_column mapping_check_columns[] = {{"rows_of", TABLE_TEXT, 0},
                                                     {"quantity", TABLE_TEXT, 0},
                                                     {"rows", TABLE_INTEGER, 0},
                                                     {"equal", TABLE_INTEGER, 0},
                                                     {"worst_percent", TABLE_NUMBER, 2},
                                                     {"worst_line", TABLE_INTEGER, 0},
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

/* Libraries of cells, for `asx bespoke`. */
static asx_status list_libraries(table **t, asx_error *err)
{
    asx_status status = table_new(t, "cells", library_columns, err);
    for (size_t i = 0; status == ASX_OK && asx_cell_library_embedded(i); i++) {
        asx_cell_library *library = NULL;
        status = asx_cell_library_load(&library, asx_cell_library_embedded(i), err);
        if (status != ASX_OK)
            break;
        table_text(*t, asx_cell_library_name(library));
        table_number(*t, asx_cell_library_voltage(library));
        table_number(*t, asx_cell_area_mm2(library, ASX_CELL_NAND2));
        table_text(*t, asx_cell_library_summary(library));
        asx_cell_library_free(library);
    }
    return status;
}

static asx_status list_all(table **t, asx_error *err)
{
    asx_status status = table_new(&t[0], "technologies", list_columns, err);
    if (status == ASX_OK)
        status = table_new(&t[1], "machine", param_columns, err);
    if (status == ASX_OK) {
        table_for_people(t[0], NULL, "rows voltage_v");
        table_for_people(t[1], NULL, "min max unit");
    }
    for (size_t i = 0; status == ASX_OK && asx_technology_embedded(i); i++) {
        asx_technology *tech = NULL;
        status = asx_technology_load(&tech, asx_technology_embedded(i), err);
        if (status != ASX_OK)
            break;
        table_text(t[0], asx_technology_name(tech));
        table_number(t[0], asx_technology_node_nm(tech));
        table_number(t[0], asx_technology_voltage(tech));
        table_integer(t[0], (long long)asx_technology_n_rows(tech));
        table_text(t[0], asx_technology_summary(tech));
        asx_technology_free(tech);
    }
    for (const asx_param_spec *p = asx_machine_params; status == ASX_OK && p->name; p++) {
        table_text(t[1], p->name);
        table_number(t[1], p->value);
        table_number(t[1], p->low);
        table_number(t[1], p->high);
        table_text(t[1], p->unit);
        table_text(t[1], p->help);
    }
    return status == ASX_OK ? list_libraries(&t[2], err) : status;
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
    asx_status status = asx_technology_load(&tech, name, err);
    if (status == ASX_OK)
        status = table_new(&t[0], "errors", error_columns, err);
    if (status == ASX_OK)
        status = table_new(&t[1], "rows", row_columns, err);
    if (status == ASX_OK)
        table_for_people(t[1], NULL, "y use unit x model source");
    if (status == ASX_OK) {
        add_errors(t[0], tech);
        add_rows(t[1], tech);
    }
    asx_technology_free(tech);
    return status;
}

static asx_status add_left_out(table *t, const char *name, asx_error *err)
{
    asx_technology *tech = NULL;
    const asx_status status = asx_technology_load(&tech, name, err);
    for (size_t i = 0; status == ASX_OK && i < asx_technology_n_rows(tech); i++) {
        const asx_technology_row row = asx_technology_row_at(tech, i);
        if (strcmp(row.use, "left-out") != 0)
            continue;
        table_text(t, asx_technology_name(tech));
        table_text(t, row.component);
        table_text(t, row.quantity);
        table_integer(t, (long long)row.x);
        table_number(t, row.value);
        table_number(t, row.y);
        table_text(t, row.source);
    }
    asx_technology_free(tech);
    return status;
}

/* What was left out of the fits: of one technology or, without a name, of all. */
static asx_status list_left_out(table **t, const char *name, asx_error *err)
{
    asx_status status = table_new(&t[0], NULL, left_out_columns, err);
    if (status == ASX_OK)
        table_for_people(t[0], NULL, "about");
    if (status == ASX_OK && name)
        status = add_left_out(t[0], name, err);
    for (size_t i = 0; status == ASX_OK && !name && asx_technology_embedded(i); i++)
        status = add_left_out(t[0], asx_technology_embedded(i), err);
    return status;
}

static asx_status check_one(table **t, const char *name, const char *path, asx_error *err)
{
    asx_technology *tech = NULL;
    asx_check *check = NULL;
    size_t n = 0;
    asx_status status = asx_technology_load(&tech, name, err);
    if (status == ASX_OK)
        status = asx_technology_check(&check, &n, tech, path, err);
    if (status == ASX_OK)
        status = table_new(&t[0], NULL, check_columns, err);
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
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
    return status;
}

static asx_status check_mapping(table **t, const char *path, asx_error *err)
{
    asx_dataflow_check *check = NULL;
    size_t n = 0, n_others = 0;
    asx_status status = asx_dataflow_check_file(&check, &n, &n_others, path, err);
    if (status == ASX_OK)
        status = table_new(&t[0], NULL, mapping_check_columns, err);
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        table_text(t[0], check[i].what);
        table_text(t[0], check[i].quantity);
        table_integer(t[0], (long long)check[i].n);
        table_integer(t[0], (long long)check[i].n_equal);
        table_number(t[0], check[i].worst);
        table_integer(t[0], (long long)check[i].line);
    }
    if (status == ASX_OK) {
        table_text(t[0], "other dataflows and levels");
        table_text(t[0], "not compared");
        table_integer(t[0], (long long)n_others);
        table_integer(t[0], 0);
        table_number(t[0], NAN);
        table_integer(t[0], 0);
    }
    asx_dataflow_checks_free(check);
    return status;
}

static void free_tables(table **t)
{
    for (int i = 0; i < 3; i++)
        table_free(t[i]);
}

int cmd_technologies(int argc, char **argv)
{
    look l = LOOK_DEFAULT;
    const char *check = NULL, *mapping = NULL, *errors = NULL;
    bool left_out = false;
    const option options[] = {{.name = "left-out",
                               .kind = OPTION_FLAG,
                               .target = &left_out,
                               .help = "errors of what was left out of the fits"},
                              {.name = "errors",
                               .kind = OPTION_TEXT,
                               .target = &errors,
                               .argument = "FOLDER",
                               .help = "all errors that are known, in one table"},
                              {.name = "check",
                               .kind = OPTION_TEXT,
                               .target = &check,
                               .argument = "FILE.csv",
                               .help = "holds the technology against a reference table"},
                              {.name = "check-mapping",
                               .kind = OPTION_TEXT,
                               .target = &mapping,
                               .argument = "FILE.csv",
                               .help = "holds counts of reads, writes and cycles against those of "
                                       "other simulators"},
                              OPTION_LOOK(l),
                              {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    table *t[3] = {NULL, NULL, NULL};
    const char *name = args.n_arguments == 1 ? args.argument[0] : NULL;
    if (name && check_technology(name, &err) != ASX_OK)
        return option_misused(&usage, "%s", err.message);
    if (errors && (check || mapping || left_out || name))
        return option_misused(&usage,
                              "option '--errors' stands alone: it is about all technologies");
    if (mapping && (check || name))
        return option_misused(&usage, "option '--check-mapping' stands alone: counts do not depend "
                                      "on a technology");
    if (left_out && (check || mapping))
        return option_misused(&usage, "option '--left-out' goes with no check");
    if (check && !name)
        return option_misused(&usage, "option '--check' needs a technology");
    asx_status status = errors     ? errors_table(&t[0], errors, &err)
                        : mapping  ? check_mapping(t, mapping, &err)
                        : check    ? check_one(t, name, check, &err)
                        : left_out ? list_left_out(t, name, &err)
                        : name     ? list_one(t, name, &err)
                                   : list_all(t, &err);
    if (status == ASX_OK)
        status = check || mapping || errors ? table_print(stdout, l.format, t, 1, &err)
                                            : look_print(&l, t,
                                                         left_out ? 1
                                                         : name   ? 2
                                                                  : 3,
                                                         &err);
    free_tables(t);
    return cmd_end(status, &err);
}
