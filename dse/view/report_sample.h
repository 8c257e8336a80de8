/* How much of a campaign fits into a page that is still quick to send and to open. */
#ifndef ASX_VIEW_REPORT_SAMPLE_H
#define ASX_VIEW_REPORT_SAMPLE_H

#include "results/front.h"

typedef struct report_sample {
    size_t n_front; /* rows of the front, each with its parts and layers */
    asx_rows
        behind; /* some of the others, without: spread evenly over the evaluations, the baseline not among them */
    size_t n_all; /* rows that were considered */
} report_sample;

/**
 * All rows of the front up to 1.5 MB of page and 1500 rows, and others up to 1.2 MB and 4000.
 * @param out       report_sample_fini it
 * @param f         loaded with `where`, streamed or not
 * @param n_layers  of the network: each is told of every design of the front
 * @return ASX_OK; ASX_ENOMEM; ASX_EDB
 * Cost: O(rows), of which 8 bytes are held; texts are read of those that are shown.
 */
ASX_NODISCARD asx_status report_sample_take(report_sample *out, const asx_front *f,
                                            asx_store *store, const char *where, size_t n_layers,
                                            asx_error *err);
void report_sample_fini(report_sample *s);

/** The k-th of `shown` places among `n`, k < shown <= n: spread evenly, both ends included. */
size_t report_sample_at(size_t k, size_t shown, size_t n);

#endif
