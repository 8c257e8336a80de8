/* A trained network, imported from ONNX, ready to be quantised and evaluated. */
#ifndef ASX_EVAL_NETWORK_H
#define ASX_EVAL_NETWORK_H

#include <stddef.h>
#include <stdint.h>

#include "dse/error.h"
#include "dse/workload.h"

typedef struct asx_network asx_network;

/**
 * Imports an ONNX file (operator set 7-21, float32, one input, one output: a number per class).
 *
 * Constants per channel and BatchNormalization are folded into the convolution or dense layer
 * before them. Shapes may be computed in the file, as for one image where the batch is symbolic;
 * Squeeze, Split and what depends on constants only are resolved. Layers of the workload are named
 * after the modules of the framework, as their weights tell ("layer1.0.conv1"). Nodes that the
 * output does not depend on are left out. A network that takes [height, width, channels] and turns
 * it at once is imported without that transposition: images are [channels, height, width] always.
 *
 * @param out  owned by the caller, asx_network_free
 * @return ASX_OK; ASX_ENOMEM; ASX_EIO; ASX_EPARSE for a damaged file; ASX_EUNSUPPORTED naming file,
 * node and operator (or attribute) that is not known; ASX_EINVAL for shapes that do not fit, NaN or
 * absurd sizes
 */
ASX_NODISCARD asx_status asx_network_load(asx_network **out, const char *path, asx_error *err);

/** The same from memory; `name` stands for the file in messages. */
ASX_NODISCARD asx_status asx_network_parse(asx_network **out, const char *name, const void *bytes,
                                           size_t n, asx_error *err);
void asx_network_free(asx_network *network);

/** Shapes of the layers with weights, in execution order. Borrowed. */
const asx_workload *asx_network_workload(const asx_network *network);

/** Shape of the input image: [channels, height, width]; a vector is [n, 1, 1]. */
const size_t *asx_network_input_shape(const asx_network *network);
size_t asx_network_n_classes(const asx_network *network);

/** Number of parameters after folding: weights and biases. */
size_t asx_network_n_parameters(const asx_network *network);

/** Content hash of the file's bytes. */
uint64_t asx_network_hash(const asx_network *network);

#endif
