/* A network's copy, to be given other weights. Private to eval. */
#ifndef ASX_EVAL_TRAIN_NETWORK_H
#define ASX_EVAL_TRAIN_NETWORK_H

#include "graph.h"

ASX_NODISCARD asx_status asx_network_copy(asx_network **out, const asx_network *network,
                                          asx_error *err);

#endif
