/* A layer of a bespoke network as gates. */
#ifndef ASX_HWMODEL_LAYER_H
#define ASX_HWMODEL_LAYER_H

#include "shared.h"

/** The sums of a layer. @param shared  one with a graph; NULL: every neuron on its own @param out  [outputs] @return whether
 *  there was memory, and nothing stopped; see also gates->failed */
bool layer_sums(word *out, const asx_bespoke_layer *l, const word *in, const shared_sums *shared,
                gates *g);

/** What the activation makes of a sum. */
word layer_activate(const asx_bespoke_layer *l, const word *sum, gates *g);

#endif
