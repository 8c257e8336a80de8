/* asx technologies: the technologies that come with the program, and how far their models are off.
 */
#include <stdio.h>

#include "cmd.h"
#include "hwmodel/machine.h"
#include "hwmodel/technology.h"
#include "option.h"
#include "table.h"

static const option_usage usage = {
    .synopsis = "technologies [NAME|FILE.csv] [--format table|csv|json]",
    .about = "Without an argument: the technologies that come with the program, and the parameters "
             "of the "
             "machine that a campaign may set (hardware: { technology: NAME, parameters: "
             "[lanes=64] }). With "
             "one: every row of its table with its source, the model's value there and its error.",
    .examples = "  asx technologies\n  asx technologies horowitz45\n",
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

static asx_status list_rows(table **t, const char *name, asx_error *err)
{
    asx_technology *tech = NULL;
    asx_status st = asx_technology_load(&tech, name, err);
    if (st == ASX_OK)
        st = table_new(t, NULL, row_columns, err);
    for (size_t i = 0; st == ASX_OK && i < asx_technology_n_rows(tech); i++) {
        const asx_technology_row r = asx_technology_row_at(tech, i);
        table_text(*t, r.component);
        table_text(*t, r.quantity);
        table_number(*t, r.x);
        table_number(*t, r.y);
        table_number(*t, r.value);
        table_number(*t, r.model);
        table_number(*t, 100 * (r.model / r.value - 1));
        table_text(*t, r.unit);
        table_text(*t, r.fitted ? "fit" : "check");
        table_text(*t, r.source);
    }
    asx_technology_free(tech);
    return st;
}

int cmd_technologies(int argc, char **argv)
{
    const char *print = "table";
    const option options[] = {OPTION_FORMAT(&print), {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    table *t[2] = {NULL, NULL};
    const bool one = args.n_arguments == 1;
    asx_status st = one ? list_rows(t, args.argument[0], &err) : list_all(t, &err);
    if (st == ASX_OK)
        st = table_print(stdout, print, t, one ? 1 : 2, &err);
    table_free(t[1]);
    table_free(t[0]);
    return cmd_end(st, &err);
}
