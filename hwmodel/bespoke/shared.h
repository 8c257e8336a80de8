/* The sums of a layer as an adder graph for its matrix. */
#ifndef ASX_HWMODEL_SHARED_H
#define ASX_HWMODEL_SHARED_H

#include "dse/bespoke.h"
#include "hwmodel/adders.h"
#include "hwmodel/bespoke.h"
#include "sum.h"

/* A layer's matrix as adders: a column for each input with the bits that are wired of it, as masks ask for. */
typedef struct shared_sums {
    asx_adder_graph *graph; /* NULL: none, as nothing is wired, or too much */
    size_t n_inputs, n_columns;
    size_t *input;  /* [n_columns] */
    uint64_t *mask; /* [n_columns] */
} shared_sums;

/** @return ASX_OK; ASX_EINTERRUPTED; ASX_ENOMEM. Neurons with a cut are not in the graph: their rows are 0. */
ASX_NODISCARD asx_status shared_sums_init(shared_sums *s, const asx_bespoke_layer *l,
                                          const unsigned *input_bits, const asx_bespoke_build *how,
                                          asx_error *err);
void shared_sums_fini(shared_sums *s);

/* Nodes of a graph that are words of their own: columns, and adders that are used more than once. */
typedef struct shared_words {
    const asx_adder_graph *graph;
    word *value;    /* [inputs + n] */
    unsigned *uses; /* [inputs + n] */
} shared_words;

/**
 * The gates of what several sums use, as wide as its values are, and no wider than what is taken of it.
 * @param in   inputs of the layer
 * @param out  [outputs] sums to be made: as many bits as they have are right
 * @return whether there was memory, and nothing stopped; shared_words_fini in any case
 */
bool shared_words_init(shared_words *w, const shared_sums *s, const word *in, const word *out,
                       gates *g);
void shared_words_fini(shared_words *n);

/** Adds what output `j` of the graph is. */
void shared_words_add(heap *h, const shared_words *n, size_t j);

#endif
