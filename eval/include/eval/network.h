/* A trained network, imported from ONNX, ready to be quantised and evaluated. */
#ifndef ASX_EVAL_NETWORK_H
#define ASX_EVAL_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/output.h"
#include "dse/text.h"
#include "dse/workload.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_network asx_network;

/* An operator of ONNX that is read. */
typedef struct asx_operator {
    const char *name;
    bool qonnx;        /* QONNX's, where it has an import of its own */
    bool of_values;    /* of what the network computes */
    bool of_constants; /* evaluated where all of its inputs are constants */
} asx_operator;

/**
 * All operators that are read, by name.
 * @param out  [room], filled as far as it goes; sorted if all of them fit
 * @return how many there are
 */
ASX_API size_t asx_operators(asx_operator *out, size_t room);

/**
 * Imports an ONNX file (operator sets 7 to 27, one input) up to its first output.
 *
 * Constants per channel and BatchNormalization are folded into the convolution or dense layer
 * before them. Shapes may be computed in the file, as for one image where the batch is symbolic;
 * Squeeze, Split and what depends on constants only are resolved. Layers of the workload are named
 * after the modules of the framework, as their weights tell ("layer1.0.conv1"). Nodes that the
 * output does not depend on are left out. A network that takes [height, width, channels] and turns
 * it at once is imported without that transposition: images are [channels, height, width] always.
 * One number as output becomes two, [0, number], for classes 0 and 1. Weights may be float, double,
 * float16 or bfloat16 (all computed in float), and lie in a file of the model's folder.
 *
 * Where no file holds the weights the network has shapes only: costs need no more, what evaluates
 * it refuses (asx_network_check_weights).
 *
 * @param out  owned by the caller, asx_network_free
 * @return ASX_OK; ASX_ENOMEM; ASX_EIO; ASX_EPARSE for a damaged file; ASX_EUNSUPPORTED naming file,
 * node and operator (or attribute) that is not known; ASX_EINVAL for shapes that do not fit, NaN or
 * absurd sizes
 */
ASX_API ASX_NODISCARD asx_status asx_network_load(asx_network **out, const char *path,
                                                  asx_error *err);

/** The same up to the output of this name; NULL: the first. @return also ASX_ENOTFOUND, naming those
 *  there are */
ASX_API ASX_NODISCARD asx_status asx_network_load_output(asx_network **out, const char *path,
                                                         const char *output, asx_error *err);

/* A node of the file that cannot be run and was left out of a network for costs only. */
typedef struct asx_skipped {
    char *node, *op; /* the node's name, or that of its first output; the operator */
    char *why;
    bool counted; /* whether its operations can be told */
    size_t macs;  /* multiply-accumulates that leaving it out leaves out; 0 if not counted */
} asx_skipped;

/**
 * The same for costs: nodes that cannot be run are left out, and listed (asx_network_skipped). What
 * they compute is there as a shape, where the file tells it or the operator does (shapes of the
 * file's own value_info; attention and others that keep a shape); nodes behind a shape that nobody
 * knows are left out as well, and what these read is an end of the network. Further inputs than the
 * first are shapes. What evaluates such a network refuses (asx_network_check_weights).
 */
ASX_API ASX_NODISCARD asx_status asx_network_load_priced(asx_network **out, const char *path,
                                                         const char *output, asx_error *err);

/** Likewise from memory. */
ASX_API ASX_NODISCARD asx_status asx_network_parse_priced(asx_network **out, const char *name,
                                                          const void *bytes, size_t n,
                                                          asx_error *err);

/** Nodes that were left out, in the order of the file. Borrowed. @param n  how many; 0 for networks
 *  that can be run */
ASX_API const asx_skipped *asx_network_skipped(const asx_network *network, size_t *n);

/** Appends "'nms' (NonMaxSuppression), ... and 4 more: multiply-accumulates of 4 ...". */
ASX_API void asx_network_print_skipped(asx_text *out, const asx_network *network);

/** The same from memory, without files beside it; `name` stands for the file in messages. */
ASX_API ASX_NODISCARD asx_status asx_network_parse(asx_network **out, const char *name,
                                                   const void *bytes, size_t n, asx_error *err);
ASX_API void asx_network_free(asx_network *network);

/**
 * Writes a network as ONNX (operator set 13), which asx_network_load reads back identically.
 * @return ASX_OK; ASX_ENOMEM; ASX_EIO
 */
ASX_API ASX_NODISCARD asx_status asx_network_save(const asx_network *network, const char *path,
                                                  asx_error *err);

/** The same file's bytes, appended. */
ASX_API ASX_NODISCARD asx_status asx_network_print(asx_text *out, const asx_network *network,
                                                   asx_error *err);

/** Adds the file of a network, and those beside it that it names; what cannot be read names none.
 *  @return ASX_OK; ASX_ENOMEM */
ASX_API ASX_NODISCARD asx_status asx_network_files(asx_kept *out, const char *path, asx_error *err);

/** Shapes of the layers with weights, in execution order. Borrowed. */
ASX_API const asx_workload *asx_network_workload(const asx_network *network);

/** Shape of the input image: [channels, height, width]; a vector is [n, 1, 1]. */
ASX_API const size_t *asx_network_input_shape(const asx_network *network);

/** Elements of the output, per image: one for each class where the network classifies. */
ASX_API size_t asx_network_n_classes(const asx_network *network);

/** Whether the output is one number per image: the sign of a logit between two classes, or a number by itself. */
ASX_API bool asx_network_is_one_number(const asx_network *network);

/** Dimensions of the output, at most 4; borrowed. @param rank how many */
ASX_API const size_t *asx_network_output_shape(const asx_network *network, size_t *rank);

/** Name of the output in the file, "" for a network that was not read from one; how many outputs
 *  the file has. */
ASX_API const char *asx_network_output_name(const asx_network *network);
ASX_API size_t asx_network_n_outputs(const asx_network *network);

/** The first constant whose numbers no file holds; NULL: all are there. */
ASX_API const char *asx_network_lacks(const asx_network *network);

/** @return ASX_OK; ASX_EUNSUPPORTED if the network has shapes only, or nodes that were left out */
ASX_API ASX_NODISCARD asx_status asx_network_check_weights(const asx_network *network,
                                                           asx_error *err);

/** Whether the output is a number for each of several classes. @return ASX_OK; ASX_EUNSUPPORTED
 *  saying what it is instead */
ASX_API ASX_NODISCARD asx_status asx_network_check_classes(const asx_network *network,
                                                           asx_error *err);

/** Number of parameters after folding: weights and biases. */
ASX_API size_t asx_network_n_parameters(const asx_network *network);

/** Content hash of the file's bytes. */
ASX_API uint64_t asx_network_hash(const asx_network *network);

#ifdef __cplusplus
}
#endif

#endif
