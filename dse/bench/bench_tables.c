#include "bench_tables.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "dse/csv.h"
#include "dse/seed.h"
#include "dse/text.h"

enum { ROWS = BENCH_LAYERS * BENCH_CHOICES, BYTES_MAX = 1 << 24 };

/* The reference points are stated beside the tables. */
static const struct {
    const char *name, *file;
    double reference[2];
} sources[BENCH_TABLES_MAX] = {
    {"structured", "alph_structured.csv.gz", {17.641131672673847, 37.015889249394505}},
    {"iid", "alph_iid.csv.gz", {9.6130292818052343, 9.2936557660351848}},
};

static asx_format format_of(unsigned set, unsigned bits)
{
    return (asx_format){
        .weight = {.bits = bits, .digit_width = 4, .set = asx_alphabet_set_from_index(2 * set + 1)},
        .activation = {.bits = 8, .digit_width = 4}};
}

static asx_status unpack(asx_text *out, const char *path, asx_error *err)
{
    char block[1 << 16];
    gzFile file = gzopen(path, "rb");
    if (!file)
        return asx_fail(err, ASX_EIO, "cannot open '%s'", path);
    int n;
    while ((n = gzread(file, block, sizeof block)) > 0 && out->n <= BYTES_MAX)
        asx_text_add_bytes(out, block, (size_t)n);
    const bool whole = gzclose(file) == Z_OK && n == 0;
    if (out->failed)
        return asx_fail(err, ASX_ENOMEM, "no memory for '%s'", path);
    return whole ? ASX_OK : asx_fail(err, ASX_EIO, "'%s' is damaged, or no table", path);
}

/* Row i is format i % BENCH_CHOICES of layer i / BENCH_CHOICES. */
static asx_status read_row(bench_table *out, const asx_csv *csv, size_t i, asx_error *err)
{
    static const char *const name[] = {"layer", "set", "bits", "error", "energy"};
    static const double low[] = {0, 0, 1, 0, 0}, high[] = {BENCH_LAYERS - 1, 127, 16, 1e9, 1e9};
    double v[5];
    for (size_t c = 0; c < 5; c++) {
        size_t column;
        asx_status status = asx_csv_find(&column, csv, name[c], err);
        if (status == ASX_OK)
            status = asx_csv_number(&v[c], csv, i, column, low[c], high[c], err);
        if (status != ASX_OK)
            return status;
    }
    const size_t layer = i / BENCH_CHOICES, choice = i % BENCH_CHOICES;
    const asx_format format = format_of((unsigned)v[1], (unsigned)v[2]);
    if ((size_t)v[0] != layer || (layer && !asx_format_equal(&format, &out->format[choice])))
        return asx_fail(err, ASX_EPARSE, "%s:%zu: layers do not have the same %d formats",
                        asx_csv_name(csv), asx_csv_line(csv, i), BENCH_CHOICES);
    out->format[choice] = format;
    out->value[layer][choice][0] = v[3];
    out->value[layer][choice][1] = v[4];
    return ASX_OK;
}

static asx_status read_table(bench_table *out, const char *path, asx_error *err)
{
    asx_text text = {0};
    asx_csv *csv = NULL;
    asx_status status = unpack(&text, path, err);
    if (status == ASX_OK)
        status = asx_csv_parse(&csv, path, text.s, text.n, err);
    if (status == ASX_OK && asx_csv_rows(csv) != ROWS)
        status = asx_fail(err, ASX_EPARSE, "'%s': %zu rows, not %d", path, asx_csv_rows(csv), ROWS);
    for (size_t i = 0; status == ASX_OK && i < ROWS; i++)
        status = read_row(out, csv, i, err);
    asx_csv_free(csv);
    asx_text_fini(&text);
    return status;
}

/* Error falls and energy rises with the bits of a format, both with noise, in layers of different
 * weight. The reference point is the worst format everywhere. */
static void generate(bench_table *out)
{
    static const unsigned word[] = {4, 5, 6, 8};
    *out = (bench_table){.name = "generated"};
    for (size_t i = 0; i < BENCH_CHOICES; i++)
        out->format[i] = format_of((unsigned)i / 4, word[i % 4]);
    for (size_t l = 0; l < BENCH_LAYERS; l++) {
        const double weight = 0.2 + asx_seed_uniform(1, 0, l),
                     size = 0.2 + asx_seed_uniform(1, 1, l);
        double worst[2] = {0, 0};
        for (size_t i = 0; i < BENCH_CHOICES; i++) {
            const double bits = word[i % 4];
            double *v = out->value[l][i];
            v[0] = weight * exp2(-bits) * (1 + 8 * asx_seed_uniform(2, l, i));
            v[1] = size * bits * (0.4 + 0.6 * asx_seed_uniform(3, l, i));
            worst[0] = fmax(worst[0], v[0]);
            worst[1] = fmax(worst[1], v[1]);
        }
        out->reference[0] += worst[0];
        out->reference[1] += worst[1];
    }
}

asx_status bench_tables_load(bench_table *out, size_t *n, asx_error *err)
{
    const char *folder = getenv("ASX_DATA");
    size_t found = 0;
    for (size_t i = 0; folder && *folder && i < BENCH_TABLES_MAX; i++) {
        char path[1024];
        const int length = snprintf(path, sizeof path, "%s/../bench/%s", folder, sources[i].file);
        if (length >= (int)sizeof path || access(path, F_OK) != 0)
            continue;
        const asx_status status = read_table(&out[found], path, err);
        if (status != ASX_OK)
            return status;
        out[found].name = sources[i].name;
        out[found].reference[0] = sources[i].reference[0];
        out[found++].reference[1] = sources[i].reference[1];
    }
    if (!found)
        generate(&out[found++]);
    *n = found;
    return ASX_OK;
}
