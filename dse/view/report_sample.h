/* How much of a campaign fits into a page that is still quick to send and to open. */
#ifndef ASX_VIEW_REPORT_SAMPLE_H
#define ASX_VIEW_REPORT_SAMPLE_H

#include "results/front.h"

typedef struct report_sample {
    size_t n_front;  /* rows of the front, each with its parts and layers */
    size_t n_behind; /* at most so many of the others, without */
} report_sample;

/**
 * All rows of the front up to 1.5 MB of page and 1500 rows, and others up to 1.2 MB and 4000.
 * @param n_layers  of the network: each is told of every design of the front
 * Cost: O(rows), their texts are measured.
 */
report_sample report_sample_of(const asx_front *f, size_t n_layers);

/** The k-th of `shown` places among `n`, k < shown <= n: spread evenly, both ends included. */
size_t report_sample_at(size_t k, size_t shown, size_t n);

#endif
