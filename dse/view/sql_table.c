#include "sql_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/text.h"
#include "results/sql.h"
#include "table.h"

typedef struct answer {
    table *t;
    table_column *column; /* [n_columns] and an end */
    char **name;
    size_t n_columns, n_rows;
    bool *filled; /* [n_columns] of the columns: whether any row has a value */
    bool made;
    bool fields; /* of evaluations: all are numbers but the design */
} answer;

/* Kinds are known with the first row: a column of numbers is aligned as such. */
static asx_status make_table(answer *a, const asx_sql_value *value, asx_error *err)
{
    for (size_t i = 0; i < a->n_columns && a->fields; i++)
        a->column[i] = (table_column){
            a->name[i], strcmp(a->name[i], "design") == 0 ? TABLE_DESIGN : TABLE_NUMBER,
            TABLE_AUTO};
    for (size_t i = 0; i < a->n_columns && !a->fields; i++)
        a->column[i] = (table_column){
            a->name[i],
            !value || value[i].kind == ASX_SQL_TEXT || value[i].kind == ASX_SQL_NULL ? TABLE_TEXT
                                                                                     : TABLE_NUMBER,
            TABLE_AUTO};
    a->made = true;
    return table_new(&a->t, NULL, a->column, err);
}

static asx_status take_names(answer *a, size_t n, const char *const *name, asx_error *err)
{
    a->column = asx_array_new(n + 1, sizeof *a->column);
    a->name = asx_array_new(n, sizeof *a->name);
    a->filled = asx_array_new(n, sizeof *a->filled);
    bool lost = !a->column || !a->name || !a->filled;
    for (size_t i = 0; i < n && !lost; i++) {
        a->name[i] = asx_string_copy(name[i]);
        lost = !a->name[i];
        a->n_columns = i + 1;
    }
    return lost ? asx_fail(err, ASX_ENOMEM, "no memory for %zu columns", n) : ASX_OK;
}

static void add_value(answer *a, size_t i, const asx_sql_value *value)
{
    char text[32];
    a->filled[i] = a->filled[i] || value->kind != ASX_SQL_NULL;
    if (a->column[i].kind == TABLE_NUMBER) {
        table_number(a->t, value->kind == ASX_SQL_INTEGER  ? (double)value->integer
                           : value->kind == ASX_SQL_NUMBER ? value->number
                                                           : NAN);
        return;
    }
    /* a number in a column that began with a text */
    if (value->kind == ASX_SQL_INTEGER)
        snprintf(text, sizeof text, "%lld", (long long)value->integer);
    else
        snprintf(text, sizeof text, "%.10g", value->number);
    table_text(a->t, value->kind == ASX_SQL_TEXT   ? value->text
                     : value->kind == ASX_SQL_NULL ? NULL
                                                   : text);
}

static asx_status visit(void *state, size_t n, const char *const *name, const asx_sql_value *value,
                        asx_error *err)
{
    answer *a = state;
    if (!value)
        return take_names(a, n, name, err);
    asx_status status = a->made ? ASX_OK : make_table(a, value, err);
    for (size_t i = 0; i < n && status == ASX_OK; i++)
        add_value(a, i, &value[i]);
    a->n_rows++;
    return status;
}

static asx_status ask(answer *a, asx_store *store, const char *sql, asx_error *err)
{
    const asx_status status = asx_sql_each(store, sql, visit, a, err);
    return status == ASX_OK && !a->made ? make_table(a, NULL, err) : status;
}

static void answer_fini(answer *a)
{
    table_free(a->t);
    for (size_t i = 0; a->name && i < a->n_columns; i++)
        free(a->name[i]);
    free(a->name);
    free(a->filled);
    free(a->column);
}

asx_status sql_table_print(size_t *n, asx_store *store, const char *sql, const char *format,
                           asx_error *err)
{
    answer a = {0};
    asx_status status = ask(&a, store, sql, err);
    if (status == ASX_OK)
        status = table_print(stdout, format, &a.t, 1, err);
    if (status == ASX_OK)
        *n = a.n_rows;
    answer_fini(&a);
    return status;
}

asx_status sql_table_look(size_t *n, asx_store *store, const char *sql, const look *l,
                          const char *spare, asx_error *err)
{
    answer a = {.fields = look_is_brief(l)};
    asx_text names = {0};
    asx_status status = ask(&a, store, sql, err);
    for (size_t i = 0; status == ASX_OK && i < a.n_columns; i++)
        if (!a.filled[i])
            asx_text_add(&names, "%s ", a.name[i]);
    asx_text_add(&names, "%s", spare);
    if (status == ASX_OK && names.failed)
        status = asx_fail(err, ASX_ENOMEM, "no memory for a table");
    if (status == ASX_OK) {
        table_for_people(a.t, NULL, names.s);
        status = look_print(l, &a.t, 1, err);
    }
    if (status == ASX_OK)
        *n = a.n_rows;
    asx_text_fini(&names);
    answer_fini(&a);
    return status;
}
