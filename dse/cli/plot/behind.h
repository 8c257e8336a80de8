/* Designs behind a front that was streamed, as far as pictures show them. */
#ifndef ASX_CLI_PLOT_BEHIND_H
#define ASX_CLI_PLOT_BEHIND_H

#include "results/front.h"
#include "results/plot.h"

/* Values of each in two objectives or three, and which evaluation it is. */
typedef struct behind {
    double *value[3]; /* [n_of][n] */
    int64_t *id;      /* [n] */
    size_t n, capacity;
    asx_objective of[3];
    size_t n_of;
} behind;

/**
 * Reads the values of all of them.
 * @param out    `of` and `n_of` are set; behind_fini it, whatever is returned
 * @param where  that the front was loaded with
 */
ASX_NODISCARD asx_status behind_read(behind *out, const asx_front *f, asx_store *store,
                                     const char *where, asx_error *err);
void behind_fini(behind *b);

/** In the order in which they were evaluated, whatever was read first. @return ASX_OK; ASX_ENOMEM */
ASX_NODISCARD asx_status behind_sort(behind *b, asx_error *err);

/** Adds a row to `state`, a behind. @return ASX_OK; ASX_ENOMEM */
ASX_NODISCARD asx_status behind_add(void *state, const asx_row *row, asx_error *err);

/**
 * Those that a picture of the front shows: one a spot.
 * @param rows   asx_rows_fini it
 * @param n_all  how many there are
 * @param point  [n] what else will be drawn
 */
ASX_NODISCARD asx_status behind_shown(asx_rows *rows, size_t *n_all, const asx_front *f,
                                      asx_store *store, const char *where,
                                      const asx_plot_options *options, const asx_plot_point *point,
                                      size_t n, asx_error *err);

#endif
