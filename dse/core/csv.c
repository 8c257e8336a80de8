/* CSV tables in memory, read by libcsv. */
#include "dse/csv.h"

#include <csv.h>
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/file.h"
#include "dse/memory.h"
#include "dse/number.h"
#include "dse/text.h"

enum { COLUMNS_MAX = 65535, BYTES_MAX = ASX_CSV_BYTES_MAX };

/* The header, if there is one, is record 0. */
struct asx_csv {
    char *name;
    size_t n_headers;   /* 1, or 0: no record names the columns */
    char (*number)[24]; /* [n_columns] names of columns that have none */
    asx_text cells;     /* all cells one after the other, each with its NUL */
    size_t *cell;       /* [n_cells] offsets into `cells` */
    size_t n_cells, cell_capacity;
    size_t *line; /* [n_records] where each record begins */
    size_t n_records, line_capacity;
    size_t n_columns; /* of the header, once it is read */
};

/* What libcsv's callbacks see. They cannot stop it, so the first failure is kept. */
typedef struct reader {
    asx_csv *csv;
    asx_error *err;
    asx_status status;
    size_t line;         /* that is being read */
    size_t record_line;  /* where the record at hand began */
    size_t record_cells; /* it has so far */
    bool after_return;   /* a record of this line ended with a carriage return */
} reader;

static void fail_no_memory(reader *r)
{
    r->status = asx_fail(r->err, ASX_ENOMEM, "no memory for the cells of '%s'", r->csv->name);
}

static void add_cell(void *s, size_t n, void *state)
{
    reader *r = state;
    asx_csv *csv = r->csv;
    if (r->status != ASX_OK)
        return;
    if (r->after_return) {
        r->status = asx_fail(r->err, ASX_EPARSE, "%s:%zu: a carriage return ends no line",
                             csv->name, r->line);
        return;
    }
    if (r->record_cells == COLUMNS_MAX) {
        r->status = asx_fail(r->err, ASX_EPARSE, "%s:%zu: more than %d columns", csv->name,
                             r->record_line, COLUMNS_MAX);
        return;
    }
    size_t *cell = asx_array_grow(csv->cell, &csv->cell_capacity, csv->n_cells + 1, sizeof *cell);
    if (!cell) {
        fail_no_memory(r);
        return;
    }
    csv->cell = cell;
    csv->cell[csv->n_cells++] = csv->cells.n;
    asx_text_add_bytes(&csv->cells, s, n);
    asx_text_add_bytes(&csv->cells, "", 1);
    if (csv->cells.failed)
        fail_no_memory(r);
    r->record_cells++;
}

static void end_record(int end, void *state)
{
    reader *r = state;
    asx_csv *csv = r->csv;
    if (r->status != ASX_OK)
        return;
    r->after_return = end == CSV_CR;
    if (csv->n_records && r->record_cells != csv->n_columns) {
        r->status = asx_fail(r->err, ASX_EPARSE, "%s:%zu: %zu cells, but the %s has %zu", csv->name,
                             r->record_line, r->record_cells,
                             csv->n_headers > 0 ? "header" : "first row", csv->n_columns);
        return;
    }
    size_t *line = asx_array_grow(csv->line, &csv->line_capacity, csv->n_records + 1, sizeof *line);
    if (!line) {
        fail_no_memory(r);
        return;
    }
    csv->line = line;
    csv->line[csv->n_records++] = r->record_line;
    csv->n_columns = r->record_cells;
    r->record_cells = 0;
}

static void check_parser(reader *r, struct csv_parser *parser)
{
    if (r->status != ASX_OK)
        return;
    if (csv_error(parser) == CSV_ENOMEM)
        fail_no_memory(r);
    else
        r->status =
            asx_fail(r->err, ASX_EPARSE, "%s:%zu: broken quoting", r->csv->name, r->record_line);
}

/* Line by line, so that every record knows where it begins. A record goes on behind the end of a
 * line where that is inside quotes: after an odd number of them. */
static void read_lines(reader *r, struct csv_parser *parser, const char *text, size_t n)
{
    bool quoted = false;
    while (n && r->status == ASX_OK) {
        const char *end = memchr(text, '\n', n);
        const size_t length = end ? (size_t)(end - text) + 1 : n;
        r->line++;
        r->after_return = false;
        if (!quoted)
            r->record_line = r->line;
        if (quoted || *text != '#') {
            for (size_t i = 0; i < length; i++)
                quoted ^= text[i] == '"';
            if (csv_parse(parser, text, length, add_cell, end_record, r) != length)
                check_parser(r, parser);
        }
        text += length;
        n -= length;
    }
    if (r->status == ASX_OK && csv_fini(parser, add_cell, end_record, r) != 0)
        check_parser(r, parser);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static asx_status check_header(const asx_csv *csv, asx_error *err)
{
    if (!csv->n_records)
        return asx_fail(err, ASX_EPARSE, "%s:1: no header row", csv->name);
    const char **name = asx_array_new(csv->n_columns, sizeof *name);
    if (!name)
        return asx_fail(err, ASX_ENOMEM, "no memory for the cells of '%s'", csv->name);
    asx_status status = ASX_OK;
    for (size_t i = 0; i < csv->n_columns && status == ASX_OK; i++) {
        name[i] = asx_csv_header(csv, i);
        if (!*name[i])
            status = asx_fail(err, ASX_EPARSE, "%s:%zu: column %zu has no name", csv->name,
                              csv->line[0], i + 1);
    }
    if (status == ASX_OK)
        qsort(name, csv->n_columns, sizeof *name, compare_names);
    for (size_t i = 1; i < csv->n_columns && status == ASX_OK; i++) {
        if (strcmp(name[i - 1], name[i]) == 0)
            status = asx_fail(err, ASX_EPARSE, "%s:%zu: two columns '%.64s'", csv->name,
                              csv->line[0], name[i]);
    }
    free(name);
    return status;
}

/* Whether all cells of the first record are numbers. */
static bool is_row_of_numbers(const asx_csv *csv)
{
    for (size_t i = 0; i < csv->n_columns; i++) {
        double ignored;
        if (asx_number_parse(&ignored, csv->cells.s + csv->cell[i], -DBL_MAX, DBL_MAX, "",
                             &(asx_error){0}) != ASX_OK)
            return false;
    }
    return true;
}

static asx_status number_columns(asx_csv *csv, asx_error *err)
{
    csv->n_headers = 0;
    if (!csv->n_records)
        return asx_fail(err, ASX_EPARSE, "%s:1: no rows", csv->name);
    if (!(csv->number = asx_array_new(csv->n_columns, sizeof *csv->number)))
        return asx_fail(err, ASX_ENOMEM, "no memory for the cells of '%s'", csv->name);
    for (size_t i = 0; i < csv->n_columns; i++)
        snprintf(csv->number[i], sizeof csv->number[i], "%zu", i + 1);
    return ASX_OK;
}

/* What the first row that is no comment has most of, outside of quotes. */
static char find_separator(const char *text, size_t n)
{
    static const char known[] = ",;\t";
    size_t count[sizeof known] = {0}, best = 0;
    bool quoted = false;
    while (n > 0 && (*text == '#' || *text == '\n')) {
        const char *end = memchr(text, '\n', n);
        const size_t length = end ? (size_t)(end - text) + 1 : n;
        text += length;
        n -= length;
    }
    for (size_t i = 0; i < n && (quoted || text[i] != '\n'); i++) {
        quoted ^= text[i] == '"';
        const char *at = quoted || !text[i] ? NULL : strchr(known, text[i]);
        if (at)
            count[at - known]++;
    }
    for (size_t k = 1; known[k]; k++)
        best = count[k] > count[best] ? k : best;
    return known[best];
}

static asx_status check_bytes(const char *name, const char *text, size_t n, asx_error *err)
{
    if (n > BYTES_MAX)
        return asx_fail(err, ASX_EINVAL, "%s: larger than %d bytes", name, BYTES_MAX);
    const char *nul = n ? memchr(text, '\0', n) : NULL;
    if (!nul)
        return ASX_OK;
    size_t line = 1;
    for (const char *s = text; s < nul; s++)
        line += *s == '\n';
    return asx_fail(err, ASX_EPARSE, "%s:%zu: a NUL byte: not a text file", name, line);
}

asx_status asx_csv_parse(asx_csv **out, const char *name, const char *text, size_t n,
                         asx_error *err)
{
    return asx_csv_parse_as(out, name, text, n, &(asx_csv_layout){0}, err);
}

asx_status asx_csv_parse_as(asx_csv **out, const char *name, const char *text, size_t n,
                            const asx_csv_layout *layout, asx_error *err)
{
    asx_status status = check_bytes(name, text, n, err);
    if (status != ASX_OK)
        return status;
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    if (n >= 3 && memcmp(text, byte_order_mark, 3) == 0) {
        text += 3;
        n -= 3;
    }
    asx_csv *csv = asx_array_new(1, sizeof *csv);
    if (!csv || !(csv->name = asx_string_copy(name))) {
        asx_csv_free(csv);
        return asx_fail(err, ASX_ENOMEM, "no memory for the cells of '%s'", name);
    }
    reader r = {.csv = csv, .err = err, .status = ASX_OK};
    struct csv_parser parser;
    csv->n_headers = layout->header != ASX_CSV_NO_HEADER;
    csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
    if (layout->separator)
        csv_set_delim(&parser, (unsigned char)(layout->separator == '?' ? find_separator(text, n)
                                                                        : layout->separator));
    csv_set_realloc_func(&parser, realloc);
    csv_set_free_func(&parser, free);
    read_lines(&r, &parser, text, n);
    csv_free(&parser);
    status = r.status;
    if (status == ASX_OK && layout->header != ASX_CSV_HEADER &&
        (!csv->n_headers || (csv->n_records && is_row_of_numbers(csv))))
        status = number_columns(csv, err);
    else if (status == ASX_OK)
        status = check_header(csv, err);
    if (status != ASX_OK) {
        asx_csv_free(csv);
        return status;
    }
    *out = csv;
    return ASX_OK;
}

asx_status asx_csv_load(asx_csv **out, const char *path, asx_error *err)
{
    char *text = NULL;
    size_t n = 0;
    asx_status status = asx_file_read(&text, &n, path, BYTES_MAX, err);
    if (status == ASX_OK)
        status = asx_csv_parse(out, path, text, n, err);
    free(text);
    return status;
}

void asx_csv_free(asx_csv *csv)
{
    if (!csv)
        return;
    free(csv->name);
    asx_text_fini(&csv->cells);
    free(csv->cell);
    free(csv->number);
    free(csv->line);
    free(csv);
}

const char *asx_csv_name(const asx_csv *csv)
{
    return csv->name;
}

bool asx_csv_has_header(const asx_csv *csv)
{
    return csv->n_headers > 0;
}

size_t asx_csv_rows(const asx_csv *csv)
{
    return csv->n_records - csv->n_headers;
}

size_t asx_csv_columns(const asx_csv *csv)
{
    return csv->n_columns;
}

const char *asx_csv_header(const asx_csv *csv, size_t column)
{
    return csv->number ? csv->number[column] : csv->cells.s + csv->cell[column];
}

size_t asx_csv_line(const asx_csv *csv, size_t row)
{
    return csv->line[row + csv->n_headers];
}

asx_status asx_csv_find(size_t *column, const asx_csv *csv, const char *name, asx_error *err)
{
    for (size_t i = 0; i < csv->n_columns; i++) {
        if (strcmp(asx_csv_header(csv, i), name) == 0) {
            *column = i;
            return ASX_OK;
        }
    }
    asx_text names = {0};
    for (size_t i = 0; i < csv->n_columns && names.n < ASX_ERROR_MAX; i++)
        asx_text_add(&names, "%s%s", i ? ", " : "", asx_csv_header(csv, i));
    asx_status status = asx_fail(err, ASX_ENOTFOUND, "%s: no column '%.64s'; there are %s",
                                 csv->name, name, names.s ? names.s : "others");
    asx_text_fini(&names);
    return status;
}

const char *asx_csv_cell(const asx_csv *csv, size_t row, size_t column)
{
    return csv->cells.s + csv->cell[(row + csv->n_headers) * csv->n_columns + column];
}

asx_status asx_csv_number(double *out, const asx_csv *csv, size_t row, size_t column, double low,
                          double high, asx_error *err)
{
    asx_status status =
        asx_number_parse(out, asx_csv_cell(csv, row, column), low, high, "value", err);
    if (status == ASX_OK)
        return ASX_OK;
    return asx_fail_context(err, status, "%s:%zu: column '%.64s'", csv->name,
                            asx_csv_line(csv, row), asx_csv_header(csv, column));
}

asx_status asx_csv_whole(int64_t *out, const asx_csv *csv, size_t row, size_t column, int64_t low,
                         int64_t high, asx_error *err)
{
    double value = 0;
    const asx_status status =
        asx_csv_number(&value, csv, row, column, (double)low, (double)high, err);
    if (status != ASX_OK)
        return status;
    if (value != floor(value))
        return asx_fail(err, ASX_EPARSE, "%s:%zu: column '%.64s': %g is no whole number", csv->name,
                        asx_csv_line(csv, row), asx_csv_header(csv, column), value);
    *out = (int64_t)value;
    return ASX_OK;
}
