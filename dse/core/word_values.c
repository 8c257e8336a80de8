/* Words whose values are a list, as a table in a file says: those of NF4, or the centres that a clustering of weights left.
 *
 *   text := "[" value {"," value} "]"     [-8,-3,0,3,8]: integers of -128 .. 127 in ascending order, 0 among them
 *
 * The list is the text, so that a design means the same when the file is gone or has become another. The code of a value is
 * its place in the list. A circuit looks the integer up and multiplies by it exactly: it sees a plain word of the bits that
 * the integers take (hwmodel/job.c prices the look-up). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/csv.h"
#include "dse/file.h"
#include "dse/memory.h"
#include "dse/number.h"
#include "word_type.h"

enum { LOW = -128, HIGH = 127, N = HIGH - LOW + 1 };

static bool has(const asx_word *w, int value)
{
    return w->list[(value - LOW) / 64] >> ((value - LOW) % 64) & 1;
}

static void add(asx_word *w, int value)
{
    w->list[(value - LOW) / 64] |= (uint64_t)1 << ((value - LOW) % 64);
}

static unsigned count(const asx_word *w)
{
    unsigned n = 0;
    for (int v = LOW; v <= HIGH; v++)
        n += has(w, v);
    return n;
}

/* Fields other than the list. The parameters are a hash of it, so that shapes differ where lists do. */
static void complete(asx_word *w)
{
    const uint64_t hash = asx_hash(w->list, sizeof w->list, 0);
    int largest = 0;
    for (int v = LOW; v <= HIGH; v++)
        if (has(w, v))
            largest = abs(v) - (v < 0) > largest ? abs(v) - (v < 0) : largest;
    w->bits = largest ? 1 + asx_log2_ceil((size_t)largest + 1) : ASX_WORD_BITS_MIN;
    w->digit_width = ASX_DIGIT_WIDTH_DEFAULT;
    w->kind = ASX_WORD_VALUES;
    for (size_t i = 0; i < ASX_WORD_PARAMETERS; i++)
        w->parameter[i] = (uint8_t)(hash >> (8 * i));
}

static asx_status check_list(const asx_word *w, asx_error *err)
{
    const unsigned n = count(w);
    if (n > 0 && !has(w, 0))
        return asx_fail(err, ASX_EINVAL, "a list of values must have 0");
    if (n < 2)
        return asx_fail(err, ASX_EINVAL, "a list of values must have two or more, 0 among them");
    return ASX_OK;
}

static asx_status check(const asx_word *w, asx_error *err)
{
    asx_word made = {0};
    const asx_status status = check_list(w, err);
    if (status != ASX_OK)
        return status;
    memcpy(made.list, w->list, sizeof made.list);
    complete(&made);
    if (w->non_negative || !asx_alphabet_set_is_empty(w->set) || w->bits != made.bits ||
        w->digit_width != made.digit_width || w->digits != made.digits ||
        memcmp(w->parameter, made.parameter, sizeof made.parameter) != 0)
        return asx_fail(err, ASX_EINVAL, "lists of values are for weights");
    return ASX_OK;
}

static void print(asx_text *text, const asx_word *w)
{
    const char *before = "[";
    for (int v = LOW; v <= HIGH; v++)
        if (has(w, v)) {
            asx_text_add(text, "%s%d", before, v);
            before = ",";
        }
    asx_text_add(text, "]");
}

static bool starts(const char *s)
{
    return *s == '[';
}

/* "-12", as it is printed. */
static asx_status parse_value(int *out, const char **s, asx_error *err)
{
    const char *digits = *s + (**s == '-');
    unsigned n = 0;
    const asx_status status = asx_word_parse_count(&n, &digits, "a value", err);
    if (status != ASX_OK)
        return status;
    if ((**s == '-' && n == 0) || n > (unsigned)(**s == '-' ? -LOW : HIGH))
        return asx_fail(err, ASX_EINVAL, "the value %.*s is outside %d .. %d", (int)(digits - *s),
                        *s, LOW, HIGH);
    *out = **s == '-' ? -(int)n : (int)n;
    *s = digits;
    return ASX_OK;
}

static asx_status parse(asx_word *out, const char **s, asx_error *err)
{
    const char *end = *s;
    asx_word word = {0};
    int value = 0, last = LOW - 1;
    do {
        end++; /* the bracket or comma */
        asx_status status = parse_value(&value, &end, err);
        if (status != ASX_OK)
            return status;
        if (value <= last)
            return asx_fail(err, ASX_EPARSE, "the value %d must not stand behind %d", value, last);
        add(&word, last = value);
    } while (*end == ',');
    if (*end != ']')
        return asx_fail(err, ASX_EPARSE, "',' or ']' must stand at '%.32s'", end);
    const asx_status status = check_list(&word, err);
    if (status != ASX_OK)
        return status;
    complete(&word);
    *s = end + 1;
    *out = word;
    return ASX_OK;
}

static const char *family(const asx_word *w)
{
    (void)w;
    return "values";
}

static unsigned code_bits(const asx_word *w)
{
    return asx_log2_ceil(count(w));
}

static bool decode(int64_t *value, const asx_word *w, uint32_t code)
{
    for (int v = LOW; v <= HIGH; v++)
        if (has(w, v) && code-- == 0) {
            *value = v;
            return true;
        }
    return false;
}

static bool encode(uint32_t *code, const asx_word *w, int64_t value)
{
    if (value < LOW || value > HIGH || !has(w, (int)value))
        return false;
    *code = 0;
    for (int v = LOW; v < value; v++)
        *code += has(w, v);
    return true;
}

/* Of magnitudes: ranges are as wide on both sides. */
static int32_t max(const asx_word *w)
{
    int32_t most = 0;
    for (int v = LOW; v <= HIGH; v++)
        if (has(w, v) && abs(v) > most)
            most = abs(v);
    return most;
}

static asx_word circuit(const asx_word *w)
{
    return (asx_word){.bits = w->bits, .digit_width = ASX_DIGIT_WIDTH_DEFAULT};
}

const asx_word_type asx_word_values = {ASX_WORD_STORED_WHOLE};

/* ---- from a file ---- */

/* A value a line, below a name if there is one: a number that is written wrongly is no name. */
static asx_status check_columns(const asx_csv *csv, asx_error *err)
{
    const char *name = asx_csv_has_header(csv) ? asx_csv_header(csv, 0) : "value";
    char *end;
    if (asx_csv_columns(csv) > 1 && asx_csv_rows(csv) < 2)
        return asx_fail(err, ASX_EINVAL, "%s: %zu columns; a value a line is wanted",
                        asx_csv_name(csv), asx_csv_columns(csv));
    (void)strtod(name, &end); /* takes 1.O, "-8 # least" and nan for numbers */
    return end == name && *name
               ? ASX_OK
               : asx_fail(err, ASX_EPARSE, "%s:1: '%.64s' is neither a value nor a name",
                          asx_csv_name(csv), name);
}

asx_status asx_word_load_values(asx_word *out, const char *path, asx_error *err)
{
    const asx_csv_layout layout = {.separator = '?', .header = ASX_CSV_GUESS};
    char *text = NULL;
    size_t n = 0;
    asx_csv *csv = NULL;
    asx_word word = {0};
    double most = 0;
    bool whole = true;
    asx_status status = asx_file_read(&text, &n, path, ASX_CSV_BYTES_MAX, err);
    if (status == ASX_OK)
        status = asx_csv_parse_as(&csv, path, text, n, &layout, err);
    if (status == ASX_OK)
        status = check_columns(csv, err);
    for (size_t r = 0; status == ASX_OK && r < asx_csv_rows(csv); r++) {
        double x = 0;
        status = asx_csv_number(&x, csv, r, 0, -1e30, 1e30, err);
        whole = whole && x == floor(x) && x >= LOW && x <= HIGH;
        most = fmax(most, fabs(x));
    }
    /* what is not integers already is brought onto -127 .. 127 */
    for (size_t r = 0; status == ASX_OK && r < asx_csv_rows(csv); r++) {
        double x = 0;
        status = asx_csv_number(&x, csv, r, 0, -1e30, 1e30, err);
        const int v = (int)lround(whole || most == 0 ? x : x / most * HIGH);
        if (status == ASX_OK && has(&word, v))
            status = asx_fail(err, ASX_EINVAL, "%s:%zu: %g is there already%s", path,
                              asx_csv_line(csv, r), x,
                              whole ? "" : ", in multiples of 1/127 of the largest");
        add(&word, v);
    }
    if (status == ASX_OK && (status = check_list(&word, err)) != ASX_OK)
        status = asx_fail_context(err, status, "%s", path);
    asx_csv_free(csv);
    free(text);
    if (status != ASX_OK)
        return status;
    complete(&word);
    *out = word;
    return ASX_OK;
}
