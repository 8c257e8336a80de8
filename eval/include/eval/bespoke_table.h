/* Tables as a bespoke classifier sees them: every feature an unsigned integer of a few bits, rows in three parts. */
#ifndef ASX_EVAL_BESPOKE_TABLE_H
#define ASX_EVAL_BESPOKE_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "eval/bespoke_runner.h"
#include "eval/dataset.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What rows are for: to learn from, to choose by, and to report on, by which nothing is chosen. */
typedef enum asx_bespoke_part_kind {
    ASX_BESPOKE_TRAIN,
    ASX_BESPOKE_CHOOSE,
    ASX_BESPOKE_TEST,
    ASX_BESPOKE_N_PARTS
} asx_bespoke_part_kind;

typedef struct asx_bespoke_split {
    double share[ASX_BESPOKE_N_PARTS]; /* of the rows, > 0; they add up to 1 */
    uint64_t seed;
    unsigned bits; /* 1 .. 8, of every feature */
} asx_bespoke_split;

typedef struct asx_bespoke_table {
    size_t n, features, classes;
    unsigned bits;
    asx_bespoke_span part[ASX_BESPOKE_N_PARTS];
    uint16_t *value;   /* [features][n] */
    uint16_t *label;   /* [n] */
    size_t *origin;    /* [n]: the row of the data set */
    float *low, *high; /* [features]: values 0 and 2^bits - 1 stand for these */
} asx_bespoke_table;

/**
 * Splits a table and puts its features into a few bits.
 *
 * Rows of each class are dealt out in a random order that only the seed decides, so that every part has its share of each
 * class, and those with the same features and class into one part: nothing that is reported on was learnt from. A feature's
 * lowest and highest value in the part to learn from become 0 and 2^bits - 1, what lies between is rounded to the nearest,
 * what lies beyond is cut. Classes that occur are numbered anew without gaps, in their order.
 *
 * @param data  vectors with classes
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL for shares or bits out of range, fewer than two classes, a part without rows, or
 *         more than 4096 features
 */
ASX_API ASX_NODISCARD asx_status asx_bespoke_table_new(asx_bespoke_table **out,
                                                       const asx_dataset *data,
                                                       const asx_bespoke_split *split,
                                                       asx_error *err);
ASX_API void asx_bespoke_table_free(asx_bespoke_table *table);

/** The table as rows to run on; borrowed. */
ASX_API asx_bespoke_rows asx_bespoke_table_rows(const asx_bespoke_table *table);

/** Rows of a part. */
ASX_API size_t asx_bespoke_table_size(const asx_bespoke_table *table, asx_bespoke_part_kind part);

/** Rows of the commonest class of a part: what is right of who always says the same. */
ASX_API size_t asx_bespoke_table_commonest(const asx_bespoke_table *table,
                                           asx_bespoke_part_kind part);

/** Hash of values, labels and parts. */
ASX_API uint64_t asx_bespoke_table_hash(const asx_bespoke_table *table);

/**
 * A table that is drawn: three kinds of something, told apart by twelve measurements that depend on each other, some of
 * them on the kind hardly or not at all; the kinds are 60, 25 and 15 % of the rows, lie in two clusters each and overlap.
 * @param n  rows, 30 .. 1,000,000
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL. asx_dataset_free
 */
ASX_API ASX_NODISCARD asx_status asx_bespoke_draw(asx_dataset **out, size_t n, uint64_t seed,
                                                  asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
