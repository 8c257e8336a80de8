/* CSV tables, held in memory as text, with the line of every cell known.
 * Lines that start with '#' and empty lines are skipped. Reading is libcsv's (strict RFC 4180). */
#ifndef ASX_DSE_CSV_H
#define ASX_DSE_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_csv asx_csv;

/** Larger texts are refused. */
enum { ASX_CSV_BYTES_MAX = 1 << 28 };

/* Whether the first row names the columns. */
typedef enum asx_csv_header_rule {
    ASX_CSV_HEADER,    /* it does */
    ASX_CSV_NO_HEADER, /* it does not: columns are called 1, 2, ... */
    ASX_CSV_GUESS      /* it does unless all of its cells are numbers */
} asx_csv_header_rule;

/* Zeros: commas and a header. */
typedef struct asx_csv_layout {
    char separator; /* '\0': a comma; '?': comma, semicolon or tab, as the first row has most of */
    asx_csv_header_rule header;
} asx_csv_layout;

/**
 * @return ASX_OK; ASX_EIO; ASX_ENOMEM; ASX_EINVAL if larger than 256 MiB; ASX_EPARSE for broken
 *         quoting, a NUL byte, no header, a duplicate or empty column name, more than 65535
 *         columns, or a row whose number of cells differs from the header's, with `file:line:`
 */
ASX_API ASX_NODISCARD asx_status asx_csv_load(asx_csv **out, const char *path, asx_error *err);

/** The same from memory; `name` stands for the file in messages. */
ASX_API ASX_NODISCARD asx_status asx_csv_parse(asx_csv **out, const char *name, const char *text,
                                               size_t n, asx_error *err);

/** The same of another layout. */
ASX_API ASX_NODISCARD asx_status asx_csv_parse_as(asx_csv **out, const char *name, const char *text,
                                                  size_t n, const asx_csv_layout *layout,
                                                  asx_error *err);
ASX_API void asx_csv_free(asx_csv *csv);

ASX_API const char *asx_csv_name(const asx_csv *csv);
ASX_API bool asx_csv_has_header(const asx_csv *csv);
ASX_API size_t asx_csv_rows(const asx_csv *csv);
ASX_API size_t asx_csv_columns(const asx_csv *csv);
ASX_API const char *asx_csv_header(const asx_csv *csv, size_t column);

/** Line of a row in the file, from 1. */
ASX_API size_t asx_csv_line(const asx_csv *csv, size_t row);

/** Index of a column; ASX_ENOTFOUND names the file, the column and the columns there are. */
ASX_API ASX_NODISCARD asx_status asx_csv_find(size_t *column, const asx_csv *csv, const char *name,
                                              asx_error *err);

/** The text of a cell, "" if empty; borrowed from `csv`. */
ASX_API const char *asx_csv_cell(const asx_csv *csv, size_t row, size_t column);

/** A finite number in [low, high], or an error with file, line, column name, value and range. */
ASX_API ASX_NODISCARD asx_status asx_csv_number(double *out, const asx_csv *csv, size_t row,
                                                size_t column, double low, double high,
                                                asx_error *err);

/** The same of a whole number, which may be written as 3.0. @param low, high  within +-2^53 */
ASX_API ASX_NODISCARD asx_status asx_csv_whole(int64_t *out, const asx_csv *csv, size_t row,
                                               size_t column, int64_t low, int64_t high,
                                               asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
