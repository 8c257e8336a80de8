/* Technologies: reading the rows of a table, checking every cell. */
#include <string.h>

#include "dse/memory.h"
#include "dse/word.h"
#include "technology_private.h"

/* The columns of the file. */
typedef enum column { COMPONENT, QUANTITY, X, Y, VALUE, UNIT, USE, SOURCE, N_COLUMNS } column;

static const char *const use_text[] = {"fit", "scaled", "check", "left-out"};

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
    {"ns", "ns", 1, 1 << ASX_QUANTITY_ACCESS},
    {"ps", "ns", 1e-3, 1 << ASX_QUANTITY_ACCESS},
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
static asx_status read_property(asx_technology_entry *row, const reader *r, size_t i)
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
    row->kind = ASX_ROW_PROPERTY;
    row->value = *property;
    row->unit = node ? "nm" : "V";
    return ASX_OK;
}

static asx_status read_unit(asx_technology_entry *row, const reader *r, size_t i)
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

static asx_status read_use(asx_technology_entry *row, const reader *r, size_t i)
{
    size_t use = 0, n = sizeof use_text / sizeof use_text[0];
    while (use < n && strcmp(use_text[use], cell(r, i, USE)) != 0)
        use++;
    if (use == n)
        return refuse(r, i, ASX_EPARSE, USE, "is not one of fit, scaled, check, left-out");
    if (!*cell(r, i, SOURCE))
        return refuse(r, i, ASX_EINVAL, SOURCE, "is empty: every row names its source");
    row->use = (asx_row_use)use;
    r->tech->scaled = r->tech->scaled || row->use == ASX_USE_SCALED;
    return ASX_OK;
}

/* "flat.fa/sign": a term of a family of units. */
static asx_status read_term(asx_technology_entry *row, const reader *r, size_t i)
{
    if (!asx_terms_parse(&row->family, &row->mapping, &row->term, cell(r, i, COMPONENT)))
        return refuse(r, i, ASX_EPARSE, COMPONENT, "is not a term FAMILY.MAPPING/TERM");
    for (row->range = 0; row->range < ASX_N_RANGES; row->range++)
        if (row->term == ASX_N_TERMS &&
            strcmp(cell(r, i, QUANTITY), asx_range_text(row->range)) == 0)
            break;
    row->kind = row->range < ASX_N_RANGES ? ASX_ROW_RANGE : ASX_ROW_TERM;
    if (row->kind == ASX_ROW_RANGE)
        return ASX_OK;
    if (!asx_measure_parse(&row->measure, cell(r, i, QUANTITY)))
        return refuse(r, i, ASX_EPARSE, QUANTITY,
                      "is not one of energy, settled, area, leakage, delay, and for a whole family "
                      "weight_bits, activation_bits");
    if ((row->term == ASX_N_TERMS) != (row->use == ASX_USE_LEFT_OUT))
        return refuse(r, i, ASX_EPARSE, COMPONENT,
                      "must name a term, or stand in a row for use left-out or of a range");
    return ASX_OK;
}

static asx_status read_component(asx_technology_entry *row, const reader *r, size_t i)
{
    row->kind = ASX_ROW_SIZE;
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

static asx_status read_names(asx_technology_entry *row, const reader *r, size_t i)
{
    asx_status status = read_use(row, r, i);
    if (status != ASX_OK)
        return status;
    if (strcmp(cell(r, i, COMPONENT), "technology") == 0)
        return read_property(row, r, i);
    return strchr(cell(r, i, COMPONENT), '.') ? read_term(row, r, i) : read_component(row, r, i);
}

/* Rows to check against, and errors, may come from several sources. */
static bool same_row(const asx_technology_entry *a, const asx_technology_entry *b)
{
    if (a->kind != b->kind || a->use != b->use || a->kind == ASX_ROW_PROPERTY)
        return false;
    if (a->kind == ASX_ROW_RANGE)
        return a->family == b->family && a->mapping == b->mapping && a->range == b->range;
    if (a->kind == ASX_ROW_TERM)
        return a->family == b->family && a->mapping == b->mapping && a->term == b->term &&
               a->measure == b->measure;
    return a->component == b->component && a->quantity == b->quantity && a->x == b->x &&
           a->y == b->y;
}

static asx_status check_duplicate(const reader *r, size_t i)
{
    const asx_technology_entry *row = r->tech->row;
    bool one = row[i].use == ASX_USE_FIT || row[i].use == ASX_USE_SCALED;
    for (size_t j = 0; j < i; j++)
        if (same_row(&row[j], &row[i]) &&
            (one || strcmp(cell(r, j, SOURCE), cell(r, i, SOURCE)) == 0))
            return asx_fail(r->err, ASX_EINVAL, "%s:%zu: duplicate of the row in line %zu",
                            asx_csv_name(r->tech->csv), asx_csv_line(r->tech->csv, i),
                            asx_csv_line(r->tech->csv, j));
    return ASX_OK;
}

/* How far a model is off: x rows, y % at worst, value % on average. */
static asx_status read_left_out(asx_technology_entry *row, const reader *r, size_t i)
{
    if (strcmp(cell(r, i, UNIT), "%") != 0)
        return refuse(r, i, ASX_EPARSE, UNIT, "is not %");
    row->unit = "%";
    asx_status status = number(&row->x, r, i, X);
    if (status == ASX_OK)
        status = number(&row->y, r, i, Y);
    return status == ASX_OK ? number(&row->value, r, i, VALUE) : status;
}

/* A coefficient, and the place where prices are made from it. */
static asx_status read_coefficient(asx_technology_entry *row, const reader *r, size_t i)
{
    asx_terms *terms = &r->tech->arithmetic.terms[row->family][row->mapping][row->measure];
    asx_status status = read_size(&row->x, r, i, X, false);
    if (status == ASX_OK)
        status = read_size(&row->y, r, i, Y, false);
    if (status == ASX_OK)
        status = number(&row->value, r, i, VALUE);
    if (status != ASX_OK)
        return status;
    row->unit = asx_measure_unit(row->measure);
    if (strcmp(cell(r, i, UNIT), row->unit) != 0)
        return refuse(r, i, ASX_EPARSE, UNIT, "is not the unit of this quantity");
    if (row->use == ASX_USE_CHECK)
        return refuse(r, i, ASX_EINVAL, USE, "is not for a coefficient");
    if (!terms->given)
        terms->line = asx_csv_line(r->tech->csv, i);
    terms->given = true;
    terms->coefficient[row->term] = row->value;
    return ASX_OK;
}

/* Words from x to `value` bits. */
static asx_status read_range(asx_technology_entry *row, const reader *r, size_t i)
{
    asx_terms_range *range = &r->tech->arithmetic.range[row->family][row->mapping][row->range];
    asx_status status =
        asx_csv_number(&row->x, r->tech->csv, i, r->column[X], 1, ASX_WORD_BITS_MAX, r->err);
    if (status == ASX_OK)
        status = read_size(&row->y, r, i, Y, false);
    if (status == ASX_OK)
        status = asx_csv_number(&row->value, r->tech->csv, i, r->column[VALUE], row->x,
                                ASX_WORD_BITS_MAX, r->err);
    if (status != ASX_OK)
        return status;
    row->unit = "bits";
    if (strcmp(cell(r, i, UNIT), row->unit) != 0)
        return refuse(r, i, ASX_EPARSE, UNIT, "is not bits");
    if (row->use == ASX_USE_CHECK || row->use == ASX_USE_LEFT_OUT)
        return refuse(r, i, ASX_EINVAL, USE, "is not for a range");
    *range =
        (asx_terms_range){(unsigned)row->x, (unsigned)row->value, asx_csv_line(r->tech->csv, i)};
    return ASX_OK;
}

static asx_status read_sizes(asx_technology_entry *row, const reader *r, size_t i)
{
    unsigned n_sizes = asx_component_n_sizes(row->component);
    asx_status status = read_size(&row->x, r, i, X, n_sizes >= 1);
    if (status == ASX_OK)
        status = read_size(&row->y, r, i, Y, n_sizes >= 2);
    if (status == ASX_OK)
        status = number(&row->value, r, i, VALUE);
    return status == ASX_OK ? read_unit(row, r, i) : status;
}

static asx_status read_row(const reader *r, size_t i)
{
    asx_technology_entry *row = &r->tech->row[i];
    asx_status status = read_names(row, r, i);
    if (status != ASX_OK || row->kind == ASX_ROW_PROPERTY)
        return status;
    if (row->use == ASX_USE_LEFT_OUT && row->kind != ASX_ROW_RANGE) {
        row->kind = ASX_ROW_LEFT_OUT;
        return read_left_out(row, r, i);
    }
    if (row->kind == ASX_ROW_RANGE)
        status = read_range(row, r, i);
    else
        status = row->kind == ASX_ROW_TERM ? read_coefficient(row, r, i) : read_sizes(row, r, i);
    return status == ASX_OK ? check_duplicate(r, i) : status;
}

/* A family with a coefficient of one measure needs them all; settled energies are for the record.
 */
static asx_status check_terms(const reader *r)
{
    for (size_t f = 0; f < ASX_N_FAMILIES; f++) {
        for (size_t m = 0; m < ASX_N_MAPPINGS; m++) {
            const asx_terms *terms = r->tech->arithmetic.terms[f][m];
            unsigned long line = 0;
            for (size_t q = 0; q < ASX_N_MEASURES; q++)
                line = terms[q].given ? terms[q].line : line;
            for (size_t q = 0; line > 0 && q < ASX_N_MEASURES; q++)
                if (!terms[q].given && q != ASX_MEASURE_SETTLED)
                    return asx_fail(
                        r->err, ASX_EINVAL, "%s:%lu: '%s.%s' has no coefficient for %s",
                        asx_csv_name(r->tech->csv), line, asx_family_text((asx_family)f),
                        asx_mapping_text((asx_mapping)m), asx_measure_text((asx_term_measure)q));
        }
    }
    return ASX_OK;
}

asx_status asx_technology_read(asx_technology *tech, asx_error *err)
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
    return status == ASX_OK ? check_terms(&r) : status;
}
