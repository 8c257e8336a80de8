/* A table of no one's measurements, for who has none at hand. */
#include <math.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "dse/seed.h"
#include "eval/bespoke_table.h"

enum { FEATURES = 12, INFORMATIVE = 7, KINDS = 3, CLUSTERS = 2, ROWS_MIN = 30, ROWS_MAX = 1000000 };

/* Streams of the seed: where clusters lie, how measurements depend on each other, and rows from there on. */
enum { STREAM_CENTRE = 1, STREAM_MIX, STREAM_ROWS };

static const double UP_TO[KINDS] = {0.60, 0.85, 1}; /* of the rows, added up */
static const double APART = 1.9; /* standard deviation of centres, in units of a cluster's */
static const double STEP = 0.02; /* what a byte stands for */

/* One row: hidden normal numbers around a cluster's centre, mixed, and some that say nothing. */
static unsigned draw_row(unsigned char *byte, uint64_t seed, uint64_t row)
{
    double hidden[INFORMATIVE];
    const double lot = asx_seed_uniform(seed, STREAM_ROWS + row, 0);
    unsigned kind = 0;
    while (lot >= UP_TO[kind])
        kind++;
    const uint64_t cluster = kind * CLUSTERS + asx_seed_below(seed, STREAM_ROWS + row, 1, CLUSTERS);
    for (uint64_t i = 0; i < INFORMATIVE; i++)
        hidden[i] = APART * asx_seed_normal(seed, STREAM_CENTRE, cluster * INFORMATIVE + i) +
                    asx_seed_normal(seed, STREAM_ROWS + row, 1 + i);
    for (uint64_t f = 0; f < FEATURES; f++) {
        double x = 0.5 * asx_seed_normal(seed, STREAM_ROWS + row, 1 + INFORMATIVE + f);
        for (uint64_t i = 0; f < FEATURES - 2 && i < INFORMATIVE; i++)
            x += hidden[i] *
                 (i == f ? 1 : 0.3 * asx_seed_normal(seed, STREAM_MIX, f * INFORMATIVE + i));
        const double stored = floor(128 + x / (STEP * 2.5));
        byte[f] = (unsigned char)fmin(fmax(stored, 0), 255);
    }
    return kind;
}

asx_status asx_bespoke_draw(asx_dataset **out, size_t n, uint64_t seed, asx_error *err)
{
    if (n < ROWS_MIN || n > ROWS_MAX)
        return asx_fail(err, ASX_EINVAL, "a drawn table of %zu rows, not %d to %d", n,
                        (int)ROWS_MIN, (int)ROWS_MAX);
    unsigned char *byte = asx_array_new(n, FEATURES);
    uint16_t *class = asx_array_new(n, sizeof *class);
    for (size_t i = 0; byte && class && i < n; i++)
        class[i] = (uint16_t)draw_row(byte + i * FEATURES, seed, i);
    const asx_status status =
        byte && class ? asx_dataset_new(out, byte, class, n, FEATURES, STEP, err)
                      : asx_fail(err, ASX_ENOMEM, "no memory for a drawn table");
    free(byte);
    free(class);
    return status;
}
