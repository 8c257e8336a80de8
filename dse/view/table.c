/* Tables: their cells, and which columns are printed. */
#include "table.h"
#include "look.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "busy.h"
#include "dse/memory.h"
#include "dse/text.h"
#include "table_private.h"

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

/* ---- cells ---- */

static table_cell *add_cell(table *t)
{
    table_cell *grown = asx_array_grow(t->cell, &t->capacity, t->n_cells + 1, sizeof *t->cell);
    if (!grown) {
        t->failed = true;
        return NULL;
    }
    t->cell = grown;
    table_cell *c = &t->cell[t->n_cells++];
    *c = (table_cell){.empty = true};
    return c;
}

void table_text(table *t, const char *text)
{
    table_cell *c = add_cell(t);
    if (!c || !text)
        return;
    c->text = asx_string_copy(text);
    c->empty = false;
    t->failed = t->failed || !c->text;
}

void table_built(table *t, const asx_text *text)
{
    table_text(t, text->s);
    t->failed = t->failed || text->failed;
}

void table_integer(table *t, long long value)
{
    table_number(t, (double)value);
}

void table_number(table *t, double value)
{
    table_cell *c = add_cell(t);
    if (!c || isnan(value))
        return;
    c->number = value;
    c->empty = false;
}

void table_unknown(table *t)
{
    table_cell *c = add_cell(t);
    if (!c)
        return;
    c->text = asx_string_copy("unknown");
    t->failed = t->failed || !c->text;
}

void table_for_people(table *t, const char *hidden, const char *spare)
{
    t->hidden = hidden;
    t->spare = spare;
}

/* ---- which columns ---- */

static asx_status unknown_field(const table *t, const char *name, size_t n, asx_error *err)
{
    asx_text fields = {0};
    for (size_t j = 0; j < t->n_columns; j++)
        if (t->column[j].kind != TABLE_SHOWN)
            asx_text_add(&fields, "%s%s", fields.n ? ", " : "", t->column[j].name);
    const asx_status status = asx_fail(err, ASX_EINVAL, "no field '%.*s'; fields are %s", (int)n,
                                       name, fields.s ? fields.s : "?");
    asx_text_fini(&fields);
    return status;
}

/* @param pick  room for all columns */
static asx_status pick_named(size_t *pick, size_t *n, const table *t, const char *names,
                             asx_error *err)
{
    static const char between[] = ", ";
    for (const char *s = names + strspn(names, between); *s; s += strspn(s, between)) {
        const size_t length = strcspn(s, between);
        size_t at = 0;
        while (at < t->n_columns &&
               (t->column[at].kind == TABLE_SHOWN || strlen(t->column[at].name) != length ||
                strncmp(t->column[at].name, s, length) != 0))
            at++;
        if (at == t->n_columns)
            return unknown_field(t, s, length, err);
        if (*n == t->n_columns)
            return asx_fail(err, ASX_EINVAL, "more fields than there are: '%s'", names);
        pick[(*n)++] = at;
        s += length;
    }
    return *n ? ASX_OK : asx_fail(err, ASX_EINVAL, "no field in '%s'", names);
}

static bool is_in(const char *names, const char *name)
{
    const size_t n = strlen(name);
    for (const char *s = names; s && (s = strstr(s, name)); s += n)
        if ((s == names || s[-1] == ' ') && (s[n] == ' ' || s[n] == '\0'))
            return true;
    return false;
}

static asx_status pick_columns(size_t *pick, size_t *n, const table *t, const table_style *style,
                               asx_error *err)
{
    if (style->columns)
        return pick_named(pick, n, t, style->columns, err);
    const bool people = style->people && strcmp(style->format, "table") == 0;
    for (size_t j = 0; j < t->n_columns; j++)
        if (t->column[j].kind == TABLE_SHOWN ? people
                                             : !people || !is_in(t->hidden, t->column[j].name))
            pick[(*n)++] = j;
    return ASX_OK;
}

/* ---- printing ---- */

static asx_status print_one(FILE *out, const table_style *style, const table *t, const size_t *pick,
                            size_t n, asx_error *err)
{
    if (strcmp(style->format, "csv") != 0)
        return table_print_aligned(out, t, pick, n, style, err);
    table_print_csv(out, t, pick, n);
    return ASX_OK;
}

static asx_status print_all(FILE *out, const table_style *style, table *const *tables, size_t n,
                            size_t **pick, size_t *n_picked, asx_error *err)
{
    const bool csv = strcmp(style->format, "csv") == 0;
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        pick[i] = asx_array_new(tables[i]->n_columns + 1, sizeof **pick);
        status = tables[i]->failed || !pick[i]
                     ? asx_fail(err, ASX_ENOMEM, "no memory for a table")
                     : pick_columns(pick[i], &n_picked[i], tables[i], style, err);
    }
    if (status == ASX_OK && strcmp(style->format, "json") == 0)
        return table_print_json(out, tables, n, pick, n_picked, err);
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        if (n > 1)
            fprintf(out, csv ? "%s# %s\n" : "%s%s\n", i ? "\n" : "", tables[i]->title);
        status = print_one(out, style, tables[i], pick[i], n_picked[i], err);
    }
    return status;
}

asx_status table_print_as(FILE *out, const table_style *style, table *const *tables, size_t n,
                          asx_error *err)
{
    busy_end();
    size_t **pick = asx_array_new(n + 1, sizeof *pick);
    size_t *n_picked = asx_array_new(n + 1, sizeof *n_picked);
    asx_status status = pick && n_picked ? print_all(out, style, tables, n, pick, n_picked, err)
                                         : asx_fail(err, ASX_ENOMEM, "no memory for a table");
    for (size_t i = 0; pick && i < n; i++)
        free(pick[i]);
    free(pick);
    free(n_picked);
    if (status == ASX_OK && (fflush(out) != 0 || ferror(out)))
        status = asx_fail(err, ASX_EIO, "cannot write results: %s", strerror(errno));
    return status;
}

asx_status table_print(FILE *out, const char *format, table *const *tables, size_t n,
                       asx_error *err)
{
    const table_style style = {.format = format, .width = look_width(out)};
    return table_print_as(out, &style, tables, n, err);
}
