/* Technologies: reading the table, checking every cell, fitting the models. */
#include "hwmodel/technology.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "technology_private.h"

/* The columns of the file. */
typedef enum column { COMPONENT, QUANTITY, X, Y, VALUE, UNIT, USE, SOURCE, N_COLUMNS } column;

static const char *const column_text[N_COLUMNS] = {"component", "quantity", "x",   "y",
                                                   "value",     "unit",     "use", "source"};

/* A unit belongs to a quantity, energies to two. */
static const struct unit {
    const char *name, *base;
    double factor;
    unsigned quantities;
} units[] = {
    {"fJ", "pJ", 1e-3, 1 << ASX_QUANTITY_ENERGY | 1 << ASX_QUANTITY_WRITE},
    {"pJ", "pJ", 1, 1 << ASX_QUANTITY_ENERGY | 1 << ASX_QUANTITY_WRITE},
    {"nJ", "pJ", 1e3, 1 << ASX_QUANTITY_ENERGY | 1 << ASX_QUANTITY_WRITE},
    {"um2", "um2", 1, 1 << ASX_QUANTITY_AREA},
    {"mm2", "um2", 1e6, 1 << ASX_QUANTITY_AREA},
    {"nW", "nW", 1, 1 << ASX_QUANTITY_LEAKAGE},
    {"uW", "nW", 1e3, 1 << ASX_QUANTITY_LEAKAGE},
    {"mW", "nW", 1e6, 1 << ASX_QUANTITY_LEAKAGE},
};

typedef struct reader {
    asx_technology *tech;
    size_t column[N_COLUMNS];
    asx_error *err;
} reader;

static const char *cell(const reader *r, size_t row, column c)
{
    return asx_csv_cell(r->tech->csv, row, r->column[c]);
}

static asx_status refuse(const reader *r, size_t row, asx_status status, column c, const char *why)
{
    return asx_fail(r->err, status, "%s:%zu: column '%s': '%s' %s", asx_csv_name(r->tech->csv),
                    asx_csv_line(r->tech->csv, row), column_text[c], cell(r, row, c), why);
}

static asx_status number(double *out, const reader *r, size_t row, column c)
{
    return asx_csv_number(out, r->tech->csv, row, r->column[c], 1e-15, 1e15, r->err);
}

/* A size that the component has must be there, another must not. */
static asx_status read_size(double *out, const reader *r, size_t row, column c, bool wanted)
{
    if (wanted)
        return number(out, r, row, c);
    if (*cell(r, row, c))
        return refuse(r, row, ASX_EINVAL, c, "is a size that this component does not have");
    *out = 0;
    return ASX_OK;
}

/* The rows of "technology" itself: its node, with the summary as its source, and its voltage. */
static asx_status read_property(asx_row *row, const reader *r, size_t i)
{
    asx_technology *tech = r->tech;
    bool node = strcmp(cell(r, i, QUANTITY), "node") == 0;
    if (!node && strcmp(cell(r, i, QUANTITY), "voltage") != 0)
        return refuse(r, i, ASX_EPARSE, QUANTITY, "is not one of node, voltage");
    if (strcmp(cell(r, i, UNIT), node ? "nm" : "V") != 0)
        return refuse(r, i, ASX_EPARSE, UNIT, node ? "is not nm" : "is not V");
    double *property = node ? &tech->node_nm : &tech->voltage;
    if (*property > 0)
        return refuse(r, i, ASX_EINVAL, QUANTITY, "is given twice");
    asx_status status = number(property, r, i, VALUE);
    if (status != ASX_OK)
        return status;
    if (node)
        tech->summary = cell(r, i, SOURCE);
    row->component = ASX_N_COMPONENTS;
    row->value = *property;
    row->unit = node ? "nm" : "V";
    return ASX_OK;
}

static asx_status read_unit(asx_row *row, const reader *r, size_t i)
{
    for (size_t u = 0; u < sizeof units / sizeof units[0]; u++) {
        if (strcmp(units[u].name, cell(r, i, UNIT)) == 0 &&
            units[u].quantities >> row->quantity & 1) {
            row->value *= units[u].factor;
            row->unit = units[u].base;
            return ASX_OK;
        }
    }
    return refuse(r, i, ASX_EPARSE, UNIT, "is not a unit of this quantity");
}

static asx_status read_names(asx_row *row, const reader *r, size_t i)
{
    const char *use = cell(r, i, USE);
    if (strcmp(use, "fit") != 0 && strcmp(use, "check") != 0)
        return refuse(r, i, ASX_EPARSE, USE, "is neither fit nor check");
    if (!*cell(r, i, SOURCE))
        return refuse(r, i, ASX_EINVAL, SOURCE, "is empty: every row names its source");
    row->fit = strcmp(use, "fit") == 0;
    if (strcmp(cell(r, i, COMPONENT), "technology") == 0)
        return read_property(row, r, i);
    for (row->component = 0; row->component < ASX_N_COMPONENTS; row->component++)
        if (strcmp(asx_component_text(row->component), cell(r, i, COMPONENT)) == 0)
            break;
    if (row->component == ASX_N_COMPONENTS)
        return refuse(r, i, ASX_EPARSE, COMPONENT, "is not a component");
    for (row->quantity = 0; row->quantity < ASX_N_QUANTITIES; row->quantity++)
        if (strcmp(asx_quantity_text(row->quantity), cell(r, i, QUANTITY)) == 0)
            break;
    if (row->quantity == ASX_N_QUANTITIES || !asx_component_has(row->component, row->quantity))
        return refuse(r, i, ASX_EPARSE, QUANTITY, "is not a quantity of this component");
    return ASX_OK;
}

static asx_status check_duplicate(const reader *r, size_t i)
{
    const asx_row *row = r->tech->row;
    for (size_t j = 0; j < i; j++) {
        bool same = row[j].component == row[i].component && row[j].quantity == row[i].quantity &&
                    row[j].fit == row[i].fit && row[j].x == row[i].x && row[j].y == row[i].y;
        /* rows to check against may come from several sources */
        if (same && (row[i].fit || strcmp(cell(r, j, SOURCE), cell(r, i, SOURCE)) == 0))
            return asx_fail(r->err, ASX_EINVAL, "%s:%zu: duplicate of the row in line %zu",
                            asx_csv_name(r->tech->csv), asx_csv_line(r->tech->csv, i),
                            asx_csv_line(r->tech->csv, j));
    }
    return ASX_OK;
}

static asx_status read_row(const reader *r, size_t i)
{
    asx_row *row = &r->tech->row[i];
    asx_status status = read_names(row, r, i);
    if (status != ASX_OK || row->component == ASX_N_COMPONENTS)
        return status;
    unsigned n_sizes = asx_component_n_sizes(row->component);
    status = read_size(&row->x, r, i, X, n_sizes >= 1);
    if (status == ASX_OK)
        status = read_size(&row->y, r, i, Y, n_sizes >= 2);
    if (status == ASX_OK)
        status = number(&row->value, r, i, VALUE);
    if (status == ASX_OK)
        status = read_unit(row, r, i);
    if (status == ASX_OK)
        status = check_duplicate(r, i);
    return status;
}

static asx_status fit_all(asx_technology *tech, asx_error *err)
{
    asx_status status = ASX_OK;
    asx_sample *sample = asx_array_new(tech->n_rows, sizeof *sample);
    if (!sample)
        return asx_fail(err, ASX_ENOMEM, "no memory for the rows of '%s'", tech->name);
    for (asx_component c = 0; status == ASX_OK && c < ASX_N_COMPONENTS; c++) {
        for (asx_quantity q = 0; status == ASX_OK && q < ASX_N_QUANTITIES; q++) {
            if (!asx_component_has(c, q))
                continue;
            size_t n = 0;
            for (size_t i = 0; i < tech->n_rows; i++) {
                const asx_row *row = &tech->row[i];
                if (row->fit && row->component == c && row->quantity == q)
                    sample[n++] =
                        (asx_sample){row->x, row->y, row->value, asx_csv_line(tech->csv, i)};
            }
            status =
                asx_model_fit(&tech->model[c][q], asx_csv_name(tech->csv), c, q, sample, n, err);
        }
    }
    free(sample);
    return status;
}

static asx_status read_rows(asx_technology *tech, asx_error *err)
{
    reader r = {.tech = tech, .err = err};
    asx_status status = ASX_OK;
    for (column c = 0; status == ASX_OK && c < N_COLUMNS; c++)
        status = asx_csv_find(&r.column[c], tech->csv, column_text[c], err);
    if (status != ASX_OK)
        return status;
    tech->n_rows = asx_csv_rows(tech->csv);
    if (tech->n_rows == 0)
        return asx_fail(err, ASX_EINVAL, "%s:1: no rows", asx_csv_name(tech->csv));
    tech->row = asx_array_new(tech->n_rows, sizeof *tech->row);
    if (!tech->row)
        return asx_fail(err, ASX_ENOMEM, "no memory for the rows of '%s'", tech->name);
    for (size_t i = 0; status == ASX_OK && i < tech->n_rows; i++)
        status = read_row(&r, i);
    if (status == ASX_OK && !(tech->node_nm > 0 && tech->voltage > 0))
        status = asx_fail(err, ASX_EINVAL, "%s:1: component 'technology' lacks its %s",
                          asx_csv_name(tech->csv), tech->node_nm > 0 ? "voltage" : "node");
    return status;
}

asx_status asx_technology_parse(asx_technology **out, const char *name, const char *text, size_t n,
                                asx_error *err)
{
    asx_status status = ASX_ENOMEM;
    asx_technology *tech = asx_array_new(1, sizeof *tech);
    if (!tech)
        return asx_fail(err, ASX_ENOMEM, "no memory for technology '%s'", name);
    tech->name = asx_string_copy(name);
    tech->text = asx_array_new(n + 1, 1);
    if (!tech->name || !tech->text) {
        status = asx_fail(err, ASX_ENOMEM, "no memory for technology '%s'", name);
        goto done;
    }
    if (n > 0)
        memcpy(tech->text, text, n);
    tech->n_text = n;
    status = asx_csv_parse(&tech->csv, name, text, n, err);
    if (status == ASX_OK)
        status = read_rows(tech, err);
    if (status == ASX_OK)
        status = fit_all(tech, err);
    if (status == ASX_OK) {
        *out = tech;
        tech = NULL;
    }
done:
    asx_technology_free(tech);
    return status;
}

void asx_technology_free(asx_technology *technology)
{
    if (!technology)
        return;
    asx_csv_free(technology->csv);
    free(technology->row);
    free(technology->text);
    free(technology->name);
    free(technology);
}

const char *asx_technology_name(const asx_technology *technology)
{
    return technology->name;
}

const char *asx_technology_summary(const asx_technology *technology)
{
    return technology->summary;
}

double asx_technology_node_nm(const asx_technology *technology)
{
    return technology->node_nm;
}

double asx_technology_voltage(const asx_technology *technology)
{
    return technology->voltage;
}

const char *asx_technology_text(const asx_technology *technology, size_t *n)
{
    *n = technology->n_text;
    return technology->text;
}

size_t asx_technology_n_rows(const asx_technology *technology)
{
    return technology->n_rows;
}
