/* A layer of a bespoke network as gates. */
#ifndef ASX_HWMODEL_LAYER_H
#define ASX_HWMODEL_LAYER_H

#include "dse/bespoke.h"
#include "hwmodel/adders.h"
#include "hwmodel/bespoke.h"
#include "sum.h"

/* A layer's matrix as adders: a column for each input with the bits that are wired of it, as masks ask for. */
typedef struct shared_sums {
    asx_adder_graph *graph; /* NULL: none, as nothing is wired, or too much */
    size_t n_columns;
    size_t *input;  /* [n_columns] */
    uint64_t *mask; /* [n_columns] */
} shared_sums;

/** @return ASX_OK; ASX_EINTERRUPTED; ASX_ENOMEM. Neurons with a cut are not in the graph: their rows are 0. */
ASX_NODISCARD asx_status shared_sums_init(shared_sums *s, const asx_bespoke_layer *l,
                                          const unsigned *input_bits, const asx_bespoke_build *how,
                                          asx_error *err);
void shared_sums_fini(shared_sums *s);

/** The sums of a layer. @param shared  NULL: every neuron on its own @param out  [outputs] @return whether there was memory */
bool layer_sums(word *out, const asx_bespoke_layer *l, const word *in, const shared_sums *shared,
                gates *g);

/** What the activation makes of a sum. */
word layer_activate(const asx_bespoke_layer *l, const word *sum, gates *g);

#endif
