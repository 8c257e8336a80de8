/* Libraries of cells: tables with a source in every row. */
#include "cell_library.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "asx_cell_libraries.h"
#include "dse/csv.h"
#include "dse/file.h"
#include "dse/memory.h"
#include "dse/text.h"

enum { BYTES_MAX = 1 << 20 };

typedef enum quantity {
    AREA,
    LEAKAGE,
    DELAY,
    TOGGLE,
    CLOCK,
    SETUP,
    VOLTAGE,
    SHARE,
    N_QUANTITIES
} quantity;
enum { CELL_QUANTITIES = VOLTAGE };

static const char *const quantity_text[] = {"area",  "leakage", "delay",   "toggle",
                                            "clock", "setup",   "voltage", "static_share"};

static const char *const cell_text[] = {
#define ASX_TEXT(name, text) text,
    ASX_CELL_LIST(ASX_TEXT)
#undef ASX_TEXT
};

/* Into mm2, mW, ms, mJ, V, a share of 1. */
static const struct {
    const char *name;
    quantity of;
    double factor;
} units[] = {
    {"um2", AREA, 1e-6},  {"mm2", AREA, 1},     {"nW", LEAKAGE, 1e-6}, {"uW", LEAKAGE, 1e-3},
    {"ms", DELAY, 1},     {"us", DELAY, 1e-3},  {"ns", DELAY, 1e-6},   {"ps", DELAY, 1e-9},
    {"ms", SETUP, 1},     {"us", SETUP, 1e-3},  {"ns", SETUP, 1e-6},   {"ps", SETUP, 1e-9},
    {"nJ", TOGGLE, 1e-6}, {"pJ", TOGGLE, 1e-9}, {"fJ", TOGGLE, 1e-12}, {"nJ", CLOCK, 1e-6},
    {"pJ", CLOCK, 1e-9},  {"fJ", CLOCK, 1e-12}, {"V", VOLTAGE, 1},     {"%", SHARE, 0.01},
};

typedef enum column { CELL, QUANTITY, VALUE, UNIT, USE, SOURCE, N_COLUMNS } column;
static const char *const column_text[] = {"cell", "quantity", "value", "unit", "use", "source"};

struct asx_cell_library {
    char *name, *summary;
    double cell[ASX_N_CELLS][CELL_QUANTITIES]; /* mm2, mW, ms, mJ; 0: not there */
    double voltage, static_share;
};

const char *asx_cell_text(asx_cell cell)
{
    return cell_text[cell];
}

void asx_cell_library_free(asx_cell_library *l)
{
    if (!l)
        return;
    free(l->name);
    free(l->summary);
    free(l);
}

const char *asx_cell_library_name(const asx_cell_library *l)
{
    return l->name;
}

const char *asx_cell_library_summary(const asx_cell_library *l)
{
    return l->summary;
}

double asx_cell_library_voltage(const asx_cell_library *l)
{
    return l->voltage;
}

double asx_cell_area_mm2(const asx_cell_library *l, asx_cell cell)
{
    return l->cell[cell][AREA];
}

double asx_cell_leakage_mw(const asx_cell_library *l, asx_cell cell)
{
    return l->cell[cell][LEAKAGE];
}

double asx_cell_delay_ms(const asx_cell_library *l, asx_cell cell)
{
    return l->cell[cell][DELAY];
}

double asx_cell_toggle_mj(const asx_cell_library *l, asx_cell cell)
{
    return l->cell[cell][TOGGLE];
}

bool asx_cell_library_has(const asx_cell_library *l, asx_cell cell)
{
    return l->cell[cell][AREA] > 0;
}

bool asx_cell_library_switches(const asx_cell_library *l)
{
    return !(l->static_share > 0);
}

double cell_library_clock_mj(const asx_cell_library *l)
{
    return l->cell[ASX_CELL_DFF][CLOCK];
}

double cell_library_setup_ms(const asx_cell_library *l)
{
    return l->cell[ASX_CELL_DFF][SETUP];
}

double cell_library_static_share(const asx_cell_library *l)
{
    return l->static_share;
}

typedef struct reader {
    asx_cell_library *library;
    const asx_csv *csv;
    size_t column[N_COLUMNS];
    asx_error *err;
} reader;

static asx_status refuse(const reader *r, size_t row, column c, const char *why)
{
    return asx_fail(r->err, ASX_EPARSE, "%s:%zu: column '%s': '%s' %s", asx_csv_name(r->csv),
                    asx_csv_line(r->csv, row), column_text[c],
                    asx_csv_cell(r->csv, row, r->column[c]), why);
}

static size_t find(const char *const *text, size_t n, const char *wanted)
{
    size_t i = 0;
    while (i < n && strcmp(text[i], wanted) != 0)
        i++;
    return i;
}

/* Where the value of a row goes; NULL where it is only for comparison. */
static asx_status target_of(double **out, quantity *of, const reader *r, size_t row)
{
    const char *cell = asx_csv_cell(r->csv, row, r->column[CELL]);
    const bool whole = strcmp(cell, "library") == 0;
    const size_t c = find(cell_text, ASX_N_CELLS, cell);
    *of =
        (quantity)find(quantity_text, N_QUANTITIES, asx_csv_cell(r->csv, row, r->column[QUANTITY]));
    if (!whole && c == ASX_N_CELLS)
        return refuse(r, row, CELL, "is no cell that circuits are built of");
    if (*of == N_QUANTITIES || (*of >= VOLTAGE) != whole ||
        ((*of == CLOCK || *of == SETUP) && c != ASX_CELL_DFF))
        return refuse(r, row, QUANTITY, "is not a quantity of this cell");
    if (*of == VOLTAGE)
        *out = &r->library->voltage;
    else
        *out = whole ? &r->library->static_share : &r->library->cell[c][*of];
    return ASX_OK;
}

static asx_status read_row(const reader *r, size_t row)
{
    double *target = NULL, value = 0;
    quantity of = AREA;
    asx_status status = target_of(&target, &of, r, row);
    if (status == ASX_OK)
        status = asx_csv_number(&value, r->csv, row, r->column[VALUE], 1e-15, 1e15, r->err);
    if (status != ASX_OK)
        return status;
    size_t u = 0;
    while (u < sizeof units / sizeof *units &&
           (units[u].of != of ||
            strcmp(units[u].name, asx_csv_cell(r->csv, row, r->column[UNIT])) != 0))
        u++;
    if (u == sizeof units / sizeof *units)
        return refuse(r, row, UNIT, "is not a unit of this quantity");
    const char *use = asx_csv_cell(r->csv, row, r->column[USE]);
    if (!*asx_csv_cell(r->csv, row, r->column[SOURCE]))
        return refuse(r, row, SOURCE, "is empty: every row names its source");
    if (strcmp(use, "check") == 0)
        return ASX_OK;
    if (strcmp(use, "price") != 0)
        return refuse(r, row, USE, "is not one of price, check");
    if (*target > 0)
        return refuse(r, row, QUANTITY, "is given twice");
    *target = value * units[u].factor;
    if (of == VOLTAGE)
        r->library->summary = asx_string_copy(asx_csv_cell(r->csv, row, r->column[SOURCE]));
    return ASX_OK;
}

/* What a cell needs to be priced. */
static asx_status check_cell(const asx_cell_library *l, asx_cell c, asx_error *err)
{
    const bool switches = asx_cell_library_switches(l);
    for (int q = 0; q < CELL_QUANTITIES; q++) {
        const bool needed =
            q < TOGGLE || (switches && (q == TOGGLE || (q == CLOCK && c == ASX_CELL_DFF)));
        if (needed && !(l->cell[c][q] > 0))
            return asx_fail(err, ASX_EINVAL, "%s: cell '%s' has no %s%s", l->name, cell_text[c],
                            quantity_text[q],
                            q < TOGGLE ? "" : ", and the library has no static_share");
    }
    return ASX_OK;
}

static asx_status check_whole(const asx_cell_library *l, asx_error *err)
{
    asx_status status = ASX_OK;
    for (asx_cell c = 0; c < ASX_N_CELLS && status == ASX_OK; c++) {
        bool said = c < ASX_CELLS_ALWAYS;
        for (int q = 0; q < CELL_QUANTITIES; q++)
            said = said || l->cell[c][q] > 0;
        if (said)
            status = check_cell(l, c, err);
    }
    if (status != ASX_OK)
        return status;
    if (!(l->voltage > 0) || l->static_share > 1)
        return asx_fail(err, ASX_EINVAL,
                        "%s: cell 'library' has no voltage, or a static_share above 100 %%",
                        l->name);
    return l->summary ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for library '%s'", l->name);
}

static asx_status parse(asx_cell_library **out, const char *name, const char *text, size_t n,
                        asx_error *err)
{
    asx_csv *csv = NULL;
    asx_cell_library *l = asx_array_new(1, sizeof *l);
    if (l)
        l->name = asx_string_copy(name);
    asx_status status = l && l->name
                            ? asx_csv_parse(&csv, name, text, n, err)
                            : asx_fail(err, ASX_ENOMEM, "no memory for library '%s'", name);
    reader r = {.library = l, .csv = csv, .err = err};
    for (int c = 0; c < N_COLUMNS && status == ASX_OK; c++)
        status = asx_csv_find(&r.column[c], csv, column_text[c], err);
    for (size_t i = 0; status == ASX_OK && i < asx_csv_rows(csv); i++)
        status = read_row(&r, i);
    if (status == ASX_OK)
        status = check_whole(l, err);
    asx_csv_free(csv);
    if (status == ASX_OK)
        *out = l;
    else
        asx_cell_library_free(l);
    return status;
}

static asx_status unknown(const char *name, asx_error *err)
{
    asx_text names = {0};
    for (const struct asx_embedded_file *f = asx_cell_libraries; f->name; f++)
        asx_text_add(&names, "%s%s", names.n > 0 ? ", " : "", f->name);
    const asx_status status =
        asx_fail(err, ASX_ENOTFOUND,
                 "no library of cells '%s', but %s; a file needs a path that ends in .csv", name,
                 names.s ? names.s : "some");
    asx_text_fini(&names);
    return status;
}

asx_status asx_cell_library_load(asx_cell_library **out, const char *name_or_path, asx_error *err)
{
    for (const struct asx_embedded_file *f = asx_cell_libraries; f->name; f++)
        if (strcmp(f->name, name_or_path) == 0)
            return parse(out, f->name, (const char *)f->bytes, f->size, err);
    if (!asx_is_path(name_or_path, ".csv"))
        return unknown(name_or_path, err);
    char *text = NULL;
    size_t n = 0;
    asx_status status = asx_file_read(&text, &n, name_or_path, BYTES_MAX, err);
    if (status == ASX_OK)
        status = parse(out, name_or_path, text, n, err);
    free(text);
    return status;
}

const char *asx_cell_library_embedded(size_t index)
{
    size_t i = 0;
    while (i < index && asx_cell_libraries[i].name)
        i++;
    return asx_cell_libraries[i].name;
}
