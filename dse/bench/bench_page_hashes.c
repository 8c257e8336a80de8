/* What hashes of pages cost. Nothing switches them off; but a file that was made without room for them has none. So the
 * same rows go into a new file, and into one that SQLite would have made: empty, with no byte of a page reserved. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench_store.h"
#include "dse/file.h"

enum { PAGE = 4096, ROUNDS = 7 };

/* See https://sqlite.org/fileformat2.html#the_database_header; what is 0 stays so. */
static asx_status make_plain(const char *path, asx_error *err)
{
    static const struct {
        int at;
        unsigned char byte;
    } header[] = {{16, PAGE >> 8}, {18, 1}, {19, 1}, {21, 64}, {22, 32},  {23, 32},        {27, 1},
                  {31, 1},         {47, 4}, {59, 1}, {95, 1},  {100, 13}, {105, PAGE >> 8}};
    unsigned char page[PAGE] = "SQLite format 3";
    for (size_t i = 0; i < sizeof header / sizeof *header; i++)
        page[header[i].at] = header[i].byte;
    FILE *file = fopen(path, "wb");
    const bool written = file && fwrite(page, sizeof page, 1, file) == 1;
    if ((file && fclose(file) != 0) || !written)
        return asx_fail(err, ASX_EIO, "cannot write '%s'", path);
    return ASX_OK;
}

/* Processor seconds of storing `n` designs, closing included, and of reading all of them. */
static asx_status measure(double out[2], const char *path, size_t n, asx_error *err)
{
    asx_store *store = NULL;
    asx_ledger ledger;
    int64_t campaign;
    asx_status status = bench_store_open(&store, &ledger, path, &campaign, err);
    double begin = bench_cpu_seconds();
    if (status == ASX_OK)
        status = bench_store_write(store, &ledger, 500, n, err);
    asx_store_free(store);
    out[0] = bench_cpu_seconds() - begin;
    begin = bench_cpu_seconds();
    if (status == ASX_OK)
        status = bench_store_ask(path, (asx_query){0}, err);
    out[1] = bench_cpu_seconds() - begin;
    return status;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *value)
{
    qsort(value, ROUNDS, sizeof *value, by_value);
    return value[ROUNDS / 2];
}

asx_status bench_page_hashes(bench_report *report, const char *folder, size_t n, asx_error *err)
{
    double second[2][2][ROUNDS]; /* of storing, of reading; without hashes, with them */
    char path[64];
    asx_status status = ASX_OK;
    snprintf(path, sizeof path, "%s/hashes.db", folder);
    for (int i = 0; i < 2 * ROUNDS && status == ASX_OK;
         i++) { /* in turn: machines change their pace */
        double used[2];
        status = i % 2 == 0 ? make_plain(path, err) : ASX_OK;
        if (status == ASX_OK)
            status = measure(used, path, n, err);
        for (int what = 0; what < 2 && status == ASX_OK; what++)
            second[what][i % 2][i / 2] = used[what];
        unlink(path);
    }
    if (status != ASX_OK)
        return status;
    for (int what = 0; what < 2; what++)
        bench_ratio(report, what ? "cpu_per_read_hashed" : "cpu_per_stored_hashed",
                    1e6 * median(second[what][1]) / (double)n, "us", "without hashes of pages",
                    1e6 * median(second[what][0]) / (double)n);
    return ASX_OK;
}
