/* The network as a graph: what the importer makes and the engine executes. Private to eval.
 *
 * Values are tensors of one image (no batch dimension), in the logical order of ONNX; a feature map
 * is [c][h][w]. How the engine lays them out in memory is its own business. Nodes are in execution
 * order, so the inputs of a node are computed before it. */
#ifndef ASX_EVAL_GRAPH_H
#define ASX_EVAL_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/workload.h"
#include "eval/network.h"
#include "function.h"

enum { ASX_RANK_MAX = 4, ASX_NO_LAYER = -1 };

#define ASX_OP_LIST(X)                                                                             \
    X(ASX_OP_CONV, "Conv")   /* weight [out_c][in_c / groups][kh][kw], bias [out_c] */             \
    X(ASX_OP_DENSE, "Dense") /* over the last dimension; weight [out_c][in_c], bias */             \
    X(ASX_OP_SCALE, "Scale") /* y = weight[c] x + bias[c] over the first dimension */              \
    X(ASX_OP_RELU, "Relu")                                                                         \
    X(ASX_OP_CLIP, "Clip")         /* low, high */                                                 \
    X(ASX_OP_QUANTIZE, "Quantize") /* y = alpha v, v = rint(x / alpha) within low .. high */       \
    X(ASX_OP_SIGMOID, "Sigmoid")                                                                   \
    X(ASX_OP_SOFTMAX, "Softmax")        /* axis */                                                 \
    X(ASX_OP_LOG_SOFTMAX, "LogSoftmax") /* axis */                                                 \
    X(ASX_OP_ADD, "Add")                /* two inputs of equal shape */                            \
    X(ASX_OP_SUB, "Sub")                /* likewise, and those below */                            \
    X(ASX_OP_MUL, "Mul")                                                                           \
    X(ASX_OP_DIV, "Div")                                                                           \
    X(ASX_OP_MAX, "Max")                                                                           \
    X(ASX_OP_MIN, "Min")                                                                           \
    X(ASX_OP_MATMUL, "MatMul")       /* of two values: [..][m][k] by [..][k][n] */                 \
    X(ASX_OP_NORMALISE, "Normalise") /* over reduced[]; epsilon alpha; beta: mean counts as 0 */   \
    X(ASX_OP_CONSTANT, "Constant")   /* no input; weight: all of the output, in logical order */   \
    X(ASX_OP_FUNCTION, "Function")   /* function, alpha, beta (function.h) */                      \
    X(ASX_OP_CONCAT, "Concat")       /* axis */                                                    \
    X(ASX_OP_MAX_POOL, "MaxPool")    /* window */                                                  \
    X(ASX_OP_AVERAGE_POOL, "AveragePool") /* window, count_padding */                              \
    X(ASX_OP_REDUCE_MEAN, "ReduceMean")   /* reduced[]: per dimension; out dim 1 or dropped */     \
    X(ASX_OP_RESHAPE, "Reshape")          /* same elements in logical order, other shape */        \
    X(ASX_OP_TRANSPOSE, "Transpose")      /* perm: out dim i = in dim perm[i] */                   \
    X(ASX_OP_SLICE, "Slice")              /* start, step (or 0: repeated) per dimension */         \
    X(ASX_OP_PICK, "Pick")       /* out element i is in element pick[i] - 1; fill where it is 0 */ \
    X(ASX_OP_PAD, "Pad")         /* before, after per dimension; constant fill */                  \
    X(ASX_OP_UNKNOWN, "Unknown") /* of a network for costs only: nothing is known but shapes */

typedef enum asx_op {
#define ASX_ENUM(name, text) name,
    ASX_OP_LIST(ASX_ENUM)
#undef ASX_ENUM
        ASX_N_OPS
} asx_op;

const char *asx_op_text(asx_op op);

/* A tensor of the graph. dim[i] = 1 for i >= rank. */
typedef struct asx_value {
    char *name;
    size_t rank, dim[ASX_RANK_MAX];
    bool non_negative; /* proven from the graph: behind Relu, Sigmoid, Clip with low >= 0, ... */
} asx_value;

/* Sliding window of Conv and pools: [0] height, [1] width. */
typedef struct asx_window {
    size_t kernel[2], stride[2], dilation[2];
    size_t before[2], after[2]; /* padding */
} asx_window;

/* How a file holds a layer's operands where they are integers already: bits of plain words, and the
 * scales of these. 0 bits: as real numbers. */
typedef struct asx_held {
    unsigned weight_bits, input_bits;
    float *weight_scale; /* [n_biases], owned */
    float input_scale;
    float second_scale; /* of a product, whose second operand has weight_bits */
} asx_held;

typedef struct asx_node {
    asx_op op;
    char *name;    /* of the ONNX node, or made from its operator and number */
    size_t *input; /* indices of values, owned */
    size_t n_inputs;
    size_t output; /* index of a value */
    int layer;     /* index in the workload for Conv, Dense and MatMul, else ASX_NO_LAYER */

    size_t repeat; /* of a layer that runs several times: which; from 1 on weights are those of 0 */

    float *weight, *bias; /* owned; see ASX_OP_LIST; bias is never NULL for Conv, Dense, Scale */
    size_t n_weights, n_biases;
    float clip;      /* of a layer: the end of its input's word, learned; 0: calibration finds it */
    asx_held held;   /* of a layer */
    bool normalised; /* a BatchNormalization was folded into the weights */
    size_t groups;
    asx_window window;
    bool count_padding; /* AveragePool: padding counts in the divisor */
    float low, high;    /* Clip, Quantize */
    asx_function function;
    float alpha, beta; /* Function, Quantize, Normalise */
    size_t axis;
    size_t perm[ASX_RANK_MAX];
    bool reduced[ASX_RANK_MAX];
    ptrdiff_t start[ASX_RANK_MAX], step[ASX_RANK_MAX];
    size_t before[ASX_RANK_MAX], after[ASX_RANK_MAX];
    float fill;
    uint32_t *pick; /* of Pick, owned; all elements in logical order */
    size_t n_picks;
} asx_node;

struct asx_network {
    char *name;           /* of the file */
    char *lacks;          /* the first constant whose numbers no file holds; NULL: all are there */
    asx_skipped *skipped; /* nodes of the file that cannot be run, owned */
    size_t n_skipped, skipped_capacity;
    uint64_t hash;
    asx_value *value;
    size_t n_values, value_capacity;
    asx_node *node;
    size_t n_nodes, node_capacity;
    size_t input, output; /* indices of values */
    char *output_name;    /* in the file */
    size_t n_outputs;     /* of the file, of which this is one; 0: not from a file */
    bool one_logit;       /* the output is [0, the file's number]: class 1 if it is above 0 */
    bool sigmoid_cut;     /* and the file's number is the sigmoid of that */
    size_t input_shape[3];
    asx_workload work;
};

/** Whether a node is a layer whose weights it holds: Conv or Dense. */
static inline bool asx_node_has_weights(const asx_node *node)
{
    return node->op == ASX_OP_CONV || node->op == ASX_OP_DENSE;
}

size_t asx_value_n_elements(const asx_value *value);

/** Whether layers run several times: networks with LSTM, GRU or RNN. */
bool asx_network_has_steps(const asx_network *network);

/** Appends a copy of `value` (its name too). @param out its index */
ASX_NODISCARD asx_status asx_network_add_value(size_t *out, asx_network *network,
                                               const asx_value *value, asx_error *err);

/** Appends `*node`, taking ownership of what it owns; on success `*node` is all zero. */
ASX_NODISCARD asx_status asx_network_add_node(asx_network *network, asx_node *node, asx_error *err);
void asx_node_fini(asx_node *node);

#endif
