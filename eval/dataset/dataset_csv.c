/* Feature tables: one row per item, with or without names of the columns, separated by commas,
 * semicolons or tabs. One column is the class: 0 .. K-1, or words, which are numbered in the order
 * of their bytes as scikit-learn's LabelEncoder does; or a number, where numbers are measured. */
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dataset_samples.h"
#include "dataset_stream.h"
#include "dse/csv.h"
#include "dse/memory.h"
#include "dse/number.h"

enum { LABEL_MAX = UINT16_MAX };

/* ---- which column is the class ---- */

static bool is_called_label(const char *name)
{
    static const char *const known[] = {"label", "labels", "class", "classes", "target"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcasecmp(name, known[i]) == 0)
            return true;
    return false;
}

/* A name, else a position: 1 is the first column, -1 the last. */
static asx_status find_named(size_t *out, const asx_csv *csv, const char *wanted, asx_error *err)
{
    const size_t n = asx_csv_columns(csv);
    double position;
    asx_error not_found = {0};
    if (asx_csv_find(out, csv, wanted, &not_found) == ASX_OK)
        return ASX_OK;
    if (asx_number_parse(&position, wanted, -(double)n, (double)n, "", &(asx_error){0}) == ASX_OK &&
        position == floor(position) && position != 0) {
        *out = position > 0 ? (size_t)position - 1 : n - (size_t)-position;
        return ASX_OK;
    }
    return asx_fail(err, not_found.status,
                    "label column: %s (or a position: 1 to %zu, or -1 to -%zu from the last)",
                    not_found.message, n, n);
}

/* Whether a column could be classes: whole numbers, every one from 0 to the largest, at least two
 * of them. */
static asx_status looks_like_classes(bool *out, const asx_csv *csv, size_t column, asx_error *err)
{
    bool *seen = asx_array_new(LABEL_MAX + 1, sizeof *seen);
    size_t distinct = 0, top = 0;
    if (!seen)
        return asx_fail(err, ASX_ENOMEM, "no memory for '%s'", asx_csv_name(csv));
    *out = true;
    for (size_t row = 0; *out && row < asx_csv_rows(csv); row++) {
        double value;
        *out = asx_number_parse(&value, asx_csv_cell(csv, row, column), 0, LABEL_MAX, "",
                                &(asx_error){0}) == ASX_OK &&
               value == floor(value);
        if (!*out || seen[(size_t)value])
            continue;
        seen[(size_t)value] = true;
        distinct++;
        top = (size_t)value > top ? (size_t)value : top;
    }
    *out = *out && distinct > 1 && distinct == top + 1;
    free(seen);
    return ASX_OK;
}

static asx_status find_label(size_t *out, const asx_csv *csv, const char *wanted, bool classes,
                             asx_error *err)
{
    const size_t n = asx_csv_columns(csv);
    size_t named = 0;
    if (wanted)
        return find_named(out, csv, wanted, err);
    *out = n - 1;
    for (size_t i = 0; i < n; i++)
        if (is_called_label(asx_csv_header(csv, i))) {
            *out = i;
            named++;
        }
    if (named > 1)
        return asx_fail(err, ASX_EINVAL,
                        "%s: %zu columns are called as a class is; name one (data.label)",
                        asx_csv_name(csv), named);
    if (named == 1 || !classes)
        return ASX_OK;
    /* nothing is known: not the last column where only the first can be it */
    bool first, last;
    asx_status status = looks_like_classes(&last, csv, n - 1, err);
    if (status == ASX_OK && !last)
        status = looks_like_classes(&first, csv, 0, err);
    if (status == ASX_OK && !last && first)
        status = asx_fail(err, ASX_EINVAL,
                          "%s: the first column looks like the class, the last does not; say which "
                          "(data.label: 1 or -1)",
                          asx_csv_name(csv));
    return status;
}

/* ---- classes that are words ---- */

static int compare_words(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool all_numbers(const asx_csv *csv, size_t column)
{
    for (size_t row = 0; row < asx_csv_rows(csv); row++) {
        double ignored;
        if (asx_number_parse(&ignored, asx_csv_cell(csv, row, column), -DBL_MAX, DBL_MAX, "",
                             &(asx_error){0}) != ASX_OK)
            return false;
    }
    return true;
}

/* The different words of a column, sorted; their cells are borrowed. @param out  free() */
static asx_status list_words(const char ***out, size_t *n, const asx_csv *csv, size_t column,
                             asx_error *err)
{
    const size_t rows = asx_csv_rows(csv);
    const char **word = asx_array_new(rows, sizeof *word);
    asx_status status = ASX_OK;
    *out = word;
    *n = 0;
    if (!word)
        return asx_fail(err, ASX_ENOMEM, "no memory for '%s'", asx_csv_name(csv));
    for (size_t row = 0; row < rows; row++) {
        word[row] = asx_csv_cell(csv, row, column);
        if (!*word[row] && status == ASX_OK)
            status =
                asx_fail(err, ASX_EPARSE, "%s:%zu: no class in column '%.64s'", asx_csv_name(csv),
                         asx_csv_line(csv, row), asx_csv_header(csv, column));
    }
    qsort(word, rows, sizeof *word, compare_words);
    for (size_t i = 0; i < rows; i++)
        if (*n == 0 || strcmp(word[*n - 1], word[i]) != 0)
            word[(*n)++] = word[i];
    return status;
}

static asx_status copy_names(asx_samples *out, const char *const *name, size_t n, asx_error *err)
{
    out->name = asx_array_new(n, sizeof *out->name);
    for (size_t i = 0; out->name && i < n && (out->name[i] = strdup(name[i])); i++)
        out->n_names = i + 1;
    return out->n_names == n ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for names");
}

static asx_status number_words(asx_samples *labels, const asx_csv *csv, size_t column,
                               asx_error *err)
{
    const size_t rows = asx_csv_rows(csv);
    int32_t *label = (int32_t *)(void *)labels->bytes;
    const char **word = NULL;
    size_t n = 0;
    asx_status status = list_words(&word, &n, csv, column, err);
    if (status == ASX_OK && (n > LABEL_MAX || (n > 2 && n == rows)))
        status = asx_fail(err, ASX_EPARSE,
                          "%s: column '%.64s' has %zu different words in %zu rows: no classes",
                          asx_csv_name(csv), asx_csv_header(csv, column), n, rows);
    for (size_t row = 0; status == ASX_OK && row < rows; row++) {
        const char *cell = asx_csv_cell(csv, row, column);
        const char **found = bsearch(&cell, word, n, sizeof *word, compare_words);
        label[row] = (int32_t)(found - word);
    }
    if (status == ASX_OK)
        status = copy_names(labels, word, n, err);
    free(word);
    return status;
}

static asx_status read_labels(asx_samples *labels, const asx_csv *csv, size_t column, bool alone,
                              asx_error *err)
{
    int32_t *label = (int32_t *)(void *)labels->bytes;
    const bool words = !all_numbers(csv, column);
    if (words && !alone)
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "%s: classes that are words, in one of several files: join the files, so "
                        "that the words are numbered once",
                        asx_csv_name(csv));
    if (words)
        return number_words(labels, csv, column, err);
    for (size_t row = 0; row < asx_csv_rows(csv); row++) {
        double value;
        asx_status status = asx_csv_number(&value, csv, row, column, 0, LABEL_MAX, err);
        if (status != ASX_OK)
            return status;
        if (value != floor(value))
            return asx_fail(err, ASX_EPARSE, "%s:%zu: class '%s' is not a whole number",
                            asx_csv_name(csv), asx_csv_line(csv, row),
                            asx_csv_cell(csv, row, column));
        label[row] = (int32_t)value;
    }
    return ASX_OK;
}

static asx_status read_numbers(asx_samples *labels, const asx_csv *csv, size_t column,
                               asx_error *err)
{
    double *label = (double *)(void *)labels->bytes;
    asx_status status = ASX_OK;
    for (size_t row = 0; status == ASX_OK && row < asx_csv_rows(csv); row++)
        status =
            asx_csv_number(&label[row], csv, row, column, -(double)FLT_MAX, (double)FLT_MAX, err);
    return status;
}

/* ---- the table ---- */

static asx_status read_features(asx_samples *images, const asx_csv *csv, size_t label,
                                asx_error *err)
{
    float *feature = (float *)(void *)images->bytes;
    for (size_t row = 0; row < asx_csv_rows(csv); row++)
        for (size_t c = 0; c < asx_csv_columns(csv); c++) {
            double value;
            if (c == label)
                continue;
            asx_status status =
                asx_csv_number(&value, csv, row, c, -(double)FLT_MAX, (double)FLT_MAX, err);
            if (status != ASX_OK)
                return status;
            *feature++ = (float)value;
        }
    return ASX_OK;
}

static asx_status name_features(asx_samples *images, const asx_csv *csv, size_t label,
                                asx_error *err)
{
    const size_t columns = asx_csv_columns(csv);
    const char **name = asx_array_new(columns, sizeof *name);
    size_t n = 0;
    if (!name)
        return asx_fail(err, ASX_ENOMEM, "no memory for the names of '%s'", asx_csv_name(csv));
    for (size_t c = 0; c < columns; c++)
        if (c != label)
            name[n++] = asx_csv_header(csv, c);
    const asx_status status = copy_names(images, name, n, err);
    free(name);
    return status;
}

/* Columns called 0, 1, 2, ..., as pandas calls those that have no names, are no row. */
static asx_status check_first_row(const asx_csv *csv, asx_error *err)
{
    const size_t n = asx_csv_columns(csv);
    double first;
    if (asx_csv_has_header(csv) || n < 3 || asx_csv_rows(csv) == 0)
        return ASX_OK;
    for (size_t i = 0; i < n; i++) {
        double value;
        if (asx_csv_number(&value, csv, 0, i, 0, (double)n, &(asx_error){0}) != ASX_OK)
            return ASX_OK;
        first = i == 0 ? value : first;
        if (value != first + (double)i)
            return ASX_OK;
    }
    return asx_fail(err, ASX_EINVAL,
                    "%s:%zu: numbers in a row: a header or an item? say which (data.header: on or "
                    "off)",
                    asx_csv_name(csv), asx_csv_line(csv, 0));
}

/* @param images, labels  fini them, on failure too */
static asx_status read_table(asx_samples *images, asx_samples *labels, const asx_csv *csv,
                             const asx_dataset_spec *spec, asx_error *err)
{
    size_t rows = asx_csv_rows(csv), columns = asx_csv_columns(csv), column;
    if (columns < 2)
        return asx_fail(err, ASX_EPARSE, "'%s': one column is too few for features and a class",
                        asx_csv_name(csv));
    if (rows == 0)
        return asx_fail(err, ASX_EPARSE, "'%s' has a header but no rows", asx_csv_name(csv));
    const bool classes = spec->labels == ASX_LABEL_CLASS;
    *images = (asx_samples){ASX_SAMPLE_F32, 2, .dim = {rows, columns - 1}};
    *labels = (asx_samples){classes ? ASX_SAMPLE_I32 : ASX_SAMPLE_F64, 1, .dim = {rows}};
    images->bytes = asx_array_new(rows * (columns - 1), sizeof(float));
    labels->bytes = asx_array_new(rows, classes ? sizeof(int32_t) : sizeof(double));
    asx_status status = images->bytes && labels->bytes
                            ? find_label(&column, csv, spec->label_column, classes, err)
                            : asx_fail(err, ASX_ENOMEM, "no memory for '%s'", asx_csv_name(csv));
    if (status == ASX_OK && spec->header == ASX_CSV_GUESS)
        status = check_first_row(csv, err);
    if (status == ASX_OK)
        status = read_features(images, csv, column, err);
    if (status == ASX_OK)
        status = name_features(images, csv, column, err);
    if (status == ASX_OK)
        status = classes ? read_labels(labels, csv, column, spec->n_files == 1, err)
                         : read_numbers(labels, csv, column, err);
    return status;
}

static asx_status open_table(asx_csv **out, const asx_dataset_spec *spec, size_t i, asx_error *err)
{
    unsigned char *bytes = NULL;
    size_t n;
    const asx_csv_layout layout = {.separator = '?', .header = spec->header};
    asx_status status =
        asx_stream_read(&bytes, &n, spec->file[i], spec->unpacked, ASX_CSV_BYTES_MAX, err);
    if (status == ASX_OK)
        status = asx_csv_parse_as(out, spec->file[i], (const char *)bytes, n, &layout, err);
    free(bytes);
    return status;
}

asx_status asx_samples_read_csv(asx_samples *images, asx_samples *labels,
                                const asx_dataset_spec *spec, size_t i, asx_error *err)
{
    asx_csv *csv = NULL;
    asx_status status = open_table(&csv, spec, i, err);
    if (status == ASX_OK)
        status = read_table(images, labels, csv, spec, err);
    asx_csv_free(csv);
    return status;
}
