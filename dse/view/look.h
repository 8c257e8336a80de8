/* How results are shown to who asked: what a command was told of fields, rows and form. */
#ifndef ASX_VIEW_LOOK_H
#define ASX_VIEW_LOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "table.h"

typedef struct look {
    const char *format;  /* "table", "csv", "json" */
    bool wide;           /* every field */
    bool all;            /* every row */
    long long limit;     /* rows; 0: not said */
    const char *columns; /* fields; NULL: not said */
} look;

#define LOOK_DEFAULT                                                                               \
    {                                                                                              \
        .format = "table"                                                                          \
    }

/** Characters of a line: COLUMNS of the environment, else the terminal's that `out` is; 0: any. */
size_t look_width(FILE *out);

/** Whether people read it; then it is also told what it says. */
bool look_is_told(const look *l);

/** Whether people are shown what fits, not every field or those they asked for. */
bool look_is_brief(const look *l);

/** Prints tables to stdout as options say. @return as table_print_as */
ASX_NODISCARD asx_status look_print(const look *l, table *const *tables, size_t n, asx_error *err);

/** How many of `n` rows of a front to print. */
size_t look_rows(const look *l, size_t n);

/** A sentence on stderr, cut into lines of the terminal; further lines are indented. A front of
 *  blanks is kept. */
void look_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
