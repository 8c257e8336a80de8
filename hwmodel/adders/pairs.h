/* How often pairs of terms occur in the rows: counts by key, and the keys by count. */
#ifndef ASX_HWMODEL_PAIRS_H
#define ASX_HWMODEL_PAIRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Terms a <= b; b stands `step` places above a; opposite: with the other sign. Of a == b step > 0. */
typedef struct pair {
    uint32_t a, b;
    int step;
    bool opposite;
} pair;

typedef struct pair_count {
    uint64_t key;
    uint32_t count;
    uint32_t place; /* in its bucket, or none */
} pair_count;

typedef struct pair_bucket {
    uint32_t *item; /* of pairs.pool */
    size_t n, capacity;
} pair_bucket;

typedef struct pairs {
    pair_count *pool;
    size_t n_pool, capacity;
    uint32_t unused; /* head of the list of unused ones, linked by `place` */
    uint32_t *slot;  /* [1 << bits] open addressing, linear */
    unsigned bits;
    size_t n;            /* keys */
    pair_bucket *bucket; /* [n_buckets] by count, of counts that are at least 2 */
    size_t n_buckets, bucket_capacity;
    bool failed; /* an allocation was */
} pairs;

void pairs_init(pairs *p);
void pairs_fini(pairs *p);

uint64_t pair_key(pair which);
pair pair_of(uint64_t key);

/** One occurrence more, or less. */
void pairs_more(pairs *p, pair which);
void pairs_less(pairs *p, pair which);

/** Not to be chosen before it occurs more often. */
void pairs_block(pairs *p, pair which);

/** The highest count that a pair in a bucket has; 0: none is left. */
size_t pairs_top(pairs *p);

#endif
