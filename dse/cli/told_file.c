#include "told_file.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "dse/csv.h"
#include "dse/memory.h"
#include "input.h"

/* The numbers of a result. */
static const struct {
    const char *name;
    double low, high, absent;
} numbers[] = {{"accuracy", 0, 100, NAN}, {"drop", -100, 100, NAN}, {"images", 0, 1e9, 0}};

enum { N_NUMBERS = sizeof numbers / sizeof *numbers };

static asx_status add(told_file *f, size_t *capacity, const char *design, const double *value,
                      size_t line, asx_error *err)
{
    if (isnan(value[0]) && isnan(value[1]))
        return asx_fail(err, ASX_EPARSE, "%s:%zu: neither an accuracy nor a drop", f->name, line);
    told_result *grown = asx_array_grow(f->result, capacity, f->n + 1, sizeof *grown);
    char *copy = asx_string_copy(design);
    if (grown)
        f->result = grown;
    if (!grown || !copy) {
        free(copy);
        return asx_fail(err, ASX_ENOMEM, "no memory for results");
    }
    f->result[f->n++] = (told_result){copy, value[0], value[1], value[2], line};
    return ASX_OK;
}

static asx_status add_json(told_file *f, size_t *capacity, const char *text, size_t n, size_t line,
                           asx_error *err)
{
    json_error_t why;
    double value[N_NUMBERS];
    asx_status status = ASX_OK;
    json_t *object = json_loadb(text, n, JSON_REJECT_DUPLICATES, &why);
    if (!object)
        return asx_fail(err, ASX_EPARSE, "%s:%zu: %s", f->name, line, why.text);
    const char *design = json_string_value(json_object_get(object, "design"));
    if (!design)
        status = asx_fail(err, ASX_EPARSE, "%s:%zu: no text 'design'", f->name, line);
    for (size_t k = 0; status == ASX_OK && k < N_NUMBERS; k++) {
        const json_t *member = json_object_get(object, numbers[k].name);
        const bool there = member && !json_is_null(member);
        value[k] = there ? json_number_value(member) : numbers[k].absent;
        if (there &&
            (!json_is_number(member) || value[k] < numbers[k].low || value[k] > numbers[k].high))
            status = asx_fail(err, ASX_EPARSE, "%s:%zu: '%s' is not a number from %g to %g",
                              f->name, line, numbers[k].name, numbers[k].low, numbers[k].high);
    }
    if (status == ASX_OK)
        status = add(f, capacity, design, value, line, err);
    json_decref(object);
    return status;
}

static asx_status read_json(told_file *f, const char *text, asx_error *err)
{
    size_t capacity = 0, line = 0;
    asx_status status = ASX_OK;
    while (status == ASX_OK && *text) {
        const size_t n = strcspn(text, "\n"), blank = strspn(text, " \t\r");
        line++;
        if (blank < n)
            status = add_json(f, &capacity, text, n, line, err);
        text += n + (text[n] == '\n');
    }
    return status;
}

static asx_status add_row(told_file *f, size_t *capacity, const asx_csv *csv, size_t row,
                          size_t design, const size_t *column, asx_error *err)
{
    double value[N_NUMBERS];
    asx_status status = ASX_OK;
    for (size_t k = 0; status == ASX_OK && k < N_NUMBERS; k++) {
        value[k] = numbers[k].absent;
        if (column[k] < asx_csv_columns(csv) && *asx_csv_cell(csv, row, column[k]))
            status = asx_csv_number(&value[k], csv, row, column[k], numbers[k].low, numbers[k].high,
                                    err);
    }
    return status != ASX_OK ? status
                            : add(f, capacity, asx_csv_cell(csv, row, design), value,
                                  asx_csv_line(csv, row), err);
}

static asx_status read_csv(told_file *f, const char *text, size_t n, asx_error *err)
{
    asx_csv *csv = NULL;
    size_t design = 0, column[N_NUMBERS], capacity = 0;
    asx_status status = asx_csv_parse(&csv, f->name, text, n, err);
    if (status == ASX_OK)
        status = asx_csv_find(&design, csv, "design", err);
    for (size_t k = 0; status == ASX_OK && k < N_NUMBERS; k++)
        if (asx_csv_find(&column[k], csv, numbers[k].name, NULL) < 0)
            column[k] = SIZE_MAX;
    for (size_t i = 0; status == ASX_OK && i < asx_csv_rows(csv); i++)
        status = add_row(f, &capacity, csv, i, design, column, err);
    asx_csv_free(csv);
    return status;
}

asx_status told_file_read(told_file *out, const char *path, asx_error *err)
{
    told_file f = {.name = input_name(path)};
    char *text = NULL;
    size_t n = 0;
    asx_status status = input_read(&text, &n, path, err);
    if (status != ASX_OK)
        return status;
    const char *first = text;
    while (isspace((unsigned char)*first))
        first++;
    if (*first)
        status = *first == '{' ? read_json(&f, text, err) : read_csv(&f, text, n, err);
    free(text);
    if (status == ASX_OK)
        *out = f;
    else
        told_file_fini(&f);
    return status;
}

void told_file_fini(told_file *file)
{
    if (!file)
        return;
    for (size_t i = 0; i < file->n; i++)
        free(file->result[i].design);
    free(file->result);
    *file = (told_file){0};
}
