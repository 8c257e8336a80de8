/* A network's copy, to be given other weights, and random ones to begin with. Private to eval. */
#ifndef ASX_EVAL_NETWORK_COPY_H
#define ASX_EVAL_NETWORK_COPY_H

#include "graph.h"

ASX_NODISCARD asx_status asx_network_copy(asx_network **out, const asx_network *network,
                                          asx_error *err);

/** Gives convolutions and dense layers normal weights of variance 2 / depth (He et al., arXiv
 *  1502.01852), the last one 1 / depth, and biases of zero. */
void asx_network_randomise(asx_network *network, uint64_t seed);

#endif
