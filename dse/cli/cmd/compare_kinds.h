/* asx compare --by: designs of one campaign told apart by an expression. */
#ifndef ASX_CLI_COMPARE_KINDS_H
#define ASX_CLI_COMPARE_KINDS_H

#include "dse/error.h"
#include "look.h"
#include "results/plot.h"

typedef struct kinds_request {
    const char *db, *campaign; /* NULL: the newest */
    const char *by, *where;    /* where NULL: all */
    double max_drop;           /* NAN: one point, or as much of another measure */
    asx_plot_options plot;     /* path NULL: no picture */
    look look;
} kinds_request;

ASX_NODISCARD asx_status compare_kinds(const kinds_request *request, asx_error *err);

#endif
