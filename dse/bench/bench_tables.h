/* Tables of 20 layers x 512 formats, of which a design picks one per layer and whose two
 * objectives, error and energy, add up: the reference tables that other programs were measured on,
 * or made-up ones where those are missing. */
#ifndef ASX_BENCH_BENCH_TABLES_H
#define ASX_BENCH_BENCH_TABLES_H

#include "dse/error.h"
#include "dse/format.h"

enum { BENCH_LAYERS = 20, BENCH_CHOICES = 512, BENCH_TABLES_MAX = 2 };

typedef struct bench_table {
    const char *name;
    double reference[2]; /* of hypervolumes */
    asx_format format[BENCH_CHOICES];
    double value[BENCH_LAYERS][BENCH_CHOICES][2];
} bench_table;

/**
 * Reads ../bench/alph_structured.csv.gz and alph_iid.csv.gz, seen from ASX_DATA. Without ASX_DATA
 * or such files: one made-up table, 'generated'.
 *
 * @param out [BENCH_TABLES_MAX]; @param n how many there are
 * @return ASX_OK; ASX_EIO, ASX_EPARSE, ASX_EINVAL for a file that is there and no such table
 */
ASX_NODISCARD asx_status bench_tables_load(bench_table *out, size_t *n, asx_error *err);

/**
 * The hypervolume of all that the searcher 'nsga2' evaluates on a table, as it is by default.
 *
 * @param seconds what the searcher took, with the sums of its designs
 */
ASX_NODISCARD asx_status bench_tables_evolve(double *volume, double *seconds,
                                             const bench_table *table, size_t evaluations,
                                             uint64_t seed, asx_error *err);

#endif
