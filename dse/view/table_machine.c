/* Tables for programs: CSV and JSON, every digit. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json_memory.h"
#include "table_private.h"

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

void table_print_csv(FILE *out, const table *t, const size_t *pick, size_t n)
{
    for (size_t j = 0; j < n; j++)
        fprintf(out, "%s%s", t->column[pick[j]].name, j + 1 < n ? "," : "\n");
    for (size_t row = 0; row + t->n_columns <= t->n_cells; row += t->n_columns)
        for (size_t j = 0; j < n; j++) {
            const table_cell *c = &t->cell[row + pick[j]];
            if (!c->empty && table_is_text(t->column[pick[j]].kind))
                print_quoted(out, c->text ? c->text : "");
            else if (!c->empty)
                print_exact(out, c->number);
            fputs(j + 1 < n ? "," : "\n", out);
        }
}

/* ---- JSON ---- */

static json_t *cell_json(table_kind kind, const table_cell *c)
{
    if (c->empty)
        return json_null();
    if (table_is_text(kind))
        return json_string(c->text ? c->text : "");
    if (kind == TABLE_INTEGER)
        return json_integer((json_int_t)c->number);
    return isfinite(c->number) ? json_real(c->number) : json_null();
}

static json_t *table_json(const table *t, const size_t *pick, size_t n)
{
    json_t *rows = json_array();
    for (size_t i = 0; rows && i + t->n_columns <= t->n_cells; i += t->n_columns) {
        json_t *row = json_object();
        for (size_t j = 0; j < n; j++)
            json_object_set_new(row, t->column[pick[j]].name,
                                cell_json(t->column[pick[j]].kind, &t->cell[i + pick[j]]));
        json_array_append_new(rows, row);
    }
    return rows;
}

asx_status table_print_json(FILE *out, table *const *tables, size_t n_tables, size_t *const *pick,
                            const size_t *n, asx_error *err)
{
    json_memory_begin();
    json_t *root = n_tables == 1 ? table_json(tables[0], pick[0], n[0]) : json_object();
    for (size_t i = 0; n_tables > 1 && root && i < n_tables; i++)
        json_object_set_new(root, tables[i]->title, table_json(tables[i], pick[i], n[i]));
    const bool lacked = json_memory_lacked();
    const int failed = lacked || json_dumpf(root, out, JSON_INDENT(1) | JSON_REAL_PRECISION(15));
    json_decref(root);
    if (lacked || json_memory_lacked())
        return asx_fail(err, ASX_ENOMEM, "no memory for JSON");
    if (failed)
        return asx_fail(err, ASX_EIO, "cannot write JSON");
    fputc('\n', out);
    return ASX_OK;
}
