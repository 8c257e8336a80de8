#include "table.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "dse/memory.h"

typedef struct cell {
    char *text; /* NULL: not a text, or empty; of an empty cell: what to show */
    double number;
    bool empty;
} cell;

struct table {
    char *title;
    table_column *column;
    size_t n_columns;
    cell *cell; /* row after row */
    size_t n_cells, capacity;
    bool failed;
};

asx_status table_new(table **out, const char *title, const table_column *columns, asx_error *err)
{
    table *t = asx_array_new(1, sizeof *t);
    if (!t)
        return asx_fail(err, ASX_ENOMEM, "no memory for a table");
    while (columns[t->n_columns].name)
        t->n_columns++;
    t->column = asx_array_copy(columns, t->n_columns, sizeof *columns);
    if (!t->column) {
        free(t);
        return asx_fail(err, ASX_ENOMEM, "no memory for a table");
    }
    t->title = asx_string_copy(title ? title : "");
    t->failed = !t->title;
    *out = t;
    return ASX_OK;
}

void table_free(table *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->n_cells; i++)
        free(t->cell[i].text);
    free(t->cell);
    free(t->column);
    free(t->title);
    free(t);
}

static cell *add_cell(table *t)
{
    cell *grown = asx_array_grow(t->cell, &t->capacity, t->n_cells + 1, sizeof *t->cell);
    if (!grown) {
        t->failed = true;
        return NULL;
    }
    t->cell = grown;
    cell *c = &t->cell[t->n_cells++];
    *c = (cell){.empty = true};
    return c;
}

void table_text(table *t, const char *text)
{
    cell *c = add_cell(t);
    if (!c || !text)
        return;
    c->text = asx_string_copy(text);
    c->empty = false;
    t->failed = t->failed || !c->text;
}

void table_integer(table *t, long long value)
{
    table_number(t, (double)value);
}

void table_number(table *t, double value)
{
    cell *c = add_cell(t);
    if (!c || isnan(value))
        return;
    c->number = value;
    c->empty = false;
}

void table_unknown(table *t)
{
    cell *c = add_cell(t);
    if (!c)
        return;
    c->text = asx_string_copy("unknown");
    t->failed = t->failed || !c->text;
}

/* ---- the aligned table ---- */

enum { LEAST_SHOWN = 12, FEW = 5 }; /* characters worth a cut, rows that may wrap */

static int auto_decimals(double v)
{
    const double a = fabs(v);
    if (a < 1e9 && a == floor(a))
        return 0;
    return a >= 999.5 || a == 0 ? 0 : a >= 99.95 ? 1 : a >= 9.995 ? 2 : a >= 0.9995 ? 3 : 4;
}

static const char *cell_text(char *buffer, size_t n, const table_column *column, const cell *c)
{
    if (c->empty)
        return c->text ? c->text : column->kind == TABLE_TEXT ? "" : "-";
    if (column->kind == TABLE_TEXT)
        return c->text ? c->text : "";
    if (column->kind == TABLE_NUMBER && column->decimals == TABLE_GENERAL) {
        snprintf(buffer, n, "%g", c->number);
        return buffer;
    }
    const int decimals = column->kind == TABLE_INTEGER    ? 0
                         : column->decimals == TABLE_AUTO ? auto_decimals(c->number)
                                                          : column->decimals;
    snprintf(buffer, n, "%.*f", decimals, c->number);
    return buffer;
}

/* [n_columns] characters of the longest cell; NULL if there is no memory. */
static size_t *column_widths(const table *t)
{
    char buffer[400];
    size_t *width = asx_array_new(t->n_columns, sizeof *width);
    for (size_t j = 0; width && j < t->n_columns; j++)
        width[j] = strlen(t->column[j].name);
    for (size_t i = 0; width && i < t->n_cells; i++) {
        const size_t j = i % t->n_columns;
        const size_t n = strlen(cell_text(buffer, sizeof buffer, &t->column[j], &t->cell[i]));
        width[j] = n > width[j] ? n : width[j];
    }
    return width;
}

/* Columns of the terminal that `out` is; 0: it is none. */
static size_t terminal_width(FILE *out)
{
    struct winsize size = {0};
    const int fd = fileno(out);
    return fd >= 0 && isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/* The last column of a line, cut where the line would wrap. @param room  0: never */
static void print_last(FILE *out, const char *s, size_t used, size_t room)
{
    const size_t n = strlen(s), keep = room > used + LEAST_SHOWN ? room - used : n;
    size_t end = n <= keep ? n : keep - 3;
    while (end < n && end > 0 && ((unsigned char)s[end] & 0xc0) == 0x80)
        end--; /* never within a character */
    fprintf(out, "%.*s%s\n", (int)end, s, end < n ? "..." : "");
}

static asx_status print_aligned(FILE *out, const table *t, asx_error *err)
{
    char buffer[400];
    const size_t n_rows = t->n_cells / t->n_columns;
    size_t *width = column_widths(t);
    /* designs of many layers would bury a table; a few of them may be what was asked for */
    const bool cut = n_rows > FEW && strcmp(t->column[t->n_columns - 1].name, "design") == 0;
    const size_t room = cut ? terminal_width(out) : 0;
    if (!width)
        return asx_fail(err, ASX_ENOMEM, "no memory for a table");
    for (size_t row = 0; row <= n_rows; row++) {
        size_t used = 0;
        for (size_t j = 0; j < t->n_columns; j++) {
            const table_column *col = &t->column[j];
            const char *s = row == 0 ? col->name
                                     : cell_text(buffer, sizeof buffer, col,
                                                 &t->cell[(row - 1) * t->n_columns + j]);
            if (j + 1 == t->n_columns && col->kind == TABLE_TEXT)
                print_last(out, s, used, room);
            else
                fprintf(out, col->kind == TABLE_TEXT ? "%-*s%s" : "%*s%s", (int)width[j], s,
                        j + 1 < t->n_columns ? "  " : "\n");
            used += width[j] + 2;
        }
    }
    free(width);
    return ASX_OK;
}

/* ---- CSV ---- */

static void print_quoted(FILE *out, const char *s)
{
    if (!strpbrk(s, ",\"\n\r")) {
        fputs(s, out);
        return;
    }
    fputc('"', out);
    for (; *s; s++) {
        if (*s == '"')
            fputc('"', out);
        fputc(*s, out);
    }
    fputc('"', out);
}

/* The shortest of the usual precisions that reads back as the same number. */
static void print_exact(FILE *out, double v)
{
    char buffer[40];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(buffer, sizeof buffer, "%.*g", digits, v);
        if (strtod(buffer, NULL) == v)
            break;
    }
    fputs(buffer, out);
}

static void print_csv(FILE *out, const table *t)
{
    for (size_t j = 0; j < t->n_columns; j++)
        fprintf(out, "%s%s", t->column[j].name, j + 1 < t->n_columns ? "," : "\n");
    for (size_t i = 0; i < t->n_cells; i++) {
        const cell *c = &t->cell[i];
        if (!c->empty && t->column[i % t->n_columns].kind == TABLE_TEXT)
            print_quoted(out, c->text ? c->text : "");
        else if (!c->empty)
            print_exact(out, c->number);
        fputs((i + 1) % t->n_columns ? "," : "\n", out);
    }
}

/* ---- JSON ---- */

static json_t *cell_json(table_kind kind, const cell *c)
{
    if (c->empty)
        return json_null();
    if (kind == TABLE_TEXT)
        return json_string(c->text ? c->text : "");
    if (kind == TABLE_INTEGER)
        return json_integer((json_int_t)c->number);
    return isfinite(c->number) ? json_real(c->number) : json_null();
}

static json_t *table_json(const table *t)
{
    json_t *rows = json_array();
    for (size_t i = 0; rows && i + t->n_columns <= t->n_cells; i += t->n_columns) {
        json_t *row = json_object();
        for (size_t j = 0; j < t->n_columns; j++)
            json_object_set_new(row, t->column[j].name,
                                cell_json(t->column[j].kind, &t->cell[i + j]));
        json_array_append_new(rows, row);
    }
    return rows;
}

static asx_status print_json(FILE *out, table *const *tables, size_t n, asx_error *err)
{
    json_t *root = n == 1 ? table_json(tables[0]) : json_object();
    for (size_t i = 0; n > 1 && root && i < n; i++)
        json_object_set_new(root, tables[i]->title, table_json(tables[i]));
    const int failed = !root || json_dumpf(root, out, JSON_INDENT(1) | JSON_REAL_PRECISION(15));
    json_decref(root);
    if (failed)
        return asx_fail(err, ASX_EIO, "cannot write JSON");
    fputc('\n', out);
    return ASX_OK;
}

asx_status table_print(FILE *out, const char *format, table *const *tables, size_t n,
                       asx_error *err)
{
    for (size_t i = 0; i < n; i++)
        if (tables[i]->failed)
            return asx_fail(err, ASX_ENOMEM, "no memory for a table");
    if (strcmp(format, "json") == 0) {
        const asx_status st = print_json(out, tables, n, err);
        if (st < 0)
            return st;
    }
    for (size_t i = 0; strcmp(format, "json") != 0 && i < n; i++) {
        const bool csv = strcmp(format, "csv") == 0;
        if (n > 1)
            fprintf(out, csv ? "%s# %s\n" : "%s%s\n", i ? "\n" : "", tables[i]->title);
        if (csv)
            print_csv(out, tables[i]);
        else if (print_aligned(out, tables[i], err) < 0)
            return ASX_ENOMEM;
    }
    if (fflush(out) != 0 || ferror(out))
        return asx_fail(err, ASX_EIO, "cannot write results: %s", strerror(errno));
    return ASX_OK;
}
