/* Functions of one integer as tables of all integers. Private to eval.
 *
 * What an operator makes of one integer depends on that integer, the two scales and nothing else, so
 * that a network of swishes computes each of its functions once for all designs and images whose
 * scales are equal. */
#ifndef ASX_EVAL_LOOKUPS_H
#define ASX_EVAL_LOOKUPS_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/error.h"
#include "graph.h"

/* The function of a node between integers. */
typedef struct asx_lookup_of {
    const asx_node *node;
    double scale_in, scale_out;
    float limit_in, limit_out; /* integers are in -limit .. limit */
} asx_lookup_of;

typedef struct asx_lookups asx_lookups;

/** @param max_bytes  bound on the tables */
ASX_NODISCARD asx_status asx_lookups_new(asx_lookups **out, size_t max_bytes, asx_error *err);
void asx_lookups_free(asx_lookups *lookups);

/**
 * The table, made if need be: its element [v] is what becomes of integer v, -limit_in .. limit_in.
 * Borrowed for the life of `lookups`. Any number of threads.
 * @return NULL: there is no room; compute instead
 */
const float *asx_lookups_find(asx_lookups *lookups, const asx_lookup_of *of);

/** What the table holds, computed: out[i] becomes the function of integer in[i]; `out` may be `in`. */
void asx_lookups_compute(float *out, const float *in, size_t n, const asx_lookup_of *of);

#endif
