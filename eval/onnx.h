/* The state of one import, and what it offers to the handlers of operators: names and constants.
 * Private to the importer. */
#ifndef ASX_EVAL_ONNX_H
#define ASX_EVAL_ONNX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/error.h"
#include "graph.h"
#include "onnx.pb-c.h"

enum {
    ASX_ONNX_RANK_MAX = 8, /* of constants */
    ASX_ONNX_OPSET_MIN = 7,
    ASX_ONNX_OPSET_MAX = 21
};

/* Limits that keep small hostile files from asking for much memory or time. */
#define ASX_ONNX_FILE_MAX     ((size_t)1 << 30) /* bytes */
#define ASX_ONNX_FIELDS_MAX   ((size_t)1 << 20) /* strings, arrays and messages of a file */
#define ASX_ONNX_ELEMENTS_MAX ((size_t)1 << 28) /* of one constant */
#define ASX_ONNX_VALUE_MAX    ((size_t)1 << 26) /* elements of a value, per image */
#define ASX_ONNX_CHANNELS_MAX ((size_t)1 << 20) /* of one affine map */
#define ASX_ONNX_MACS_MAX     ((size_t)1 << 45) /* of one layer */

/* A constant, decoded. One of `f` and `i` is set. */
typedef struct asx_onnx_constant {
    size_t rank, dim[ASX_ONNX_RANK_MAX], n;
    float *f;
    int64_t *i;
    const char *name; /* that it has in the file, borrowed; may be NULL */
} asx_onnx_constant;

/* A name of the ONNX graph. */
typedef struct asx_onnx_symbol {
    const char *name;                  /* borrowed from the message; NULL: free slot */
    const Onnx__TensorProto *tensor;   /* of a constant of the file, else NULL */
    const asx_onnx_constant *constant; /* of one computed by the import, else NULL */
    bool computed;                     /* `value` is valid */
    size_t value;
    size_t uses;  /* by live nodes and as output of the graph */
    size_t looks; /* those of them that ask for its shape only */
} asx_onnx_symbol;

/* An open-addressing table; `mask` + 1 slots. */
typedef struct asx_onnx_symbols {
    asx_onnx_symbol *slot;
    size_t mask;
} asx_onnx_symbols;

/* How a value of the network comes to be and is used, needed for folding. */
typedef struct asx_onnx_use {
    size_t count;
    size_t producer; /* index of a node; SIZE_MAX for the input */
} asx_onnx_use;

typedef struct asx_onnx {
    const char *file;
    Onnx__GraphProto *graph;
    int64_t opset;
    int64_t batch;      /* as declared; 0 if symbolic */
    bool channels_last; /* the file's values are [h][w][c] where ours are [c][h][w], so far */
    asx_network *net;
    asx_onnx_symbols symbols;
    asx_onnx_use *use; /* per value of the network */
    size_t use_capacity;
    asx_onnx_constant **constant; /* those the import computed, owned */
    size_t n_constants, constant_capacity;
    size_t budget; /* elements of weights that may still be copied and folded */
} asx_onnx;

/* onnx_scan.c */

/** Whether `n` bytes are well-formed protobuf of this type, neither deep nor crowded. */
bool asx_onnx_scan(const ProtobufCMessageDescriptor *type, const uint8_t *bytes, size_t n);

/* onnx_symbol.c */

ASX_NODISCARD asx_status asx_onnx_symbols_init(asx_onnx *in, asx_error *err);
asx_onnx_symbol *asx_onnx_find(const asx_onnx *in, const char *name);

/** The network's value that is input `i` of a node. */
ASX_NODISCARD asx_status asx_onnx_value(size_t *out, const asx_onnx *in,
                                        const Onnx__NodeProto *node, size_t i, asx_error *err);
bool asx_onnx_has_input(const Onnx__NodeProto *node, size_t i);
bool asx_onnx_is_constant_symbol(const asx_onnx_symbol *symbol);
bool asx_onnx_is_constant(const asx_onnx *in, const Onnx__NodeProto *node, size_t i);

/** Lets the node's output stand for `value`, which it took as its input. */
ASX_NODISCARD asx_status asx_onnx_alias(asx_onnx *in, const Onnx__NodeProto *node, size_t value,
                                        asx_error *err);

/** Adds a value under `name`, computed by node `producer`. */
ASX_NODISCARD asx_status asx_onnx_define(size_t *out, asx_onnx *in, const char *name,
                                         asx_value *shape, size_t producer, asx_error *err);

/**
 * Adds `*made` (owned parts move) as the import of `node`, reading `n_inputs` values and writing a
 * new value of the shape and sign of `*shape`.
 */
ASX_NODISCARD asx_status asx_onnx_emit(asx_onnx *in, const Onnx__NodeProto *node, asx_node *made,
                                       const size_t *input, size_t n_inputs, asx_value *shape,
                                       asx_error *err);

/** As asx_onnx_emit for a node with one input and no owned parts. */
ASX_NODISCARD asx_status asx_onnx_emit_unary(asx_onnx *in, const Onnx__NodeProto *node,
                                             asx_node *made, size_t input, asx_value *shape,
                                             asx_error *err);

/* onnx_tensor.c */

/** Input `i` of a node as a float constant; asx_onnx_constant_fini it. */
ASX_NODISCARD asx_status asx_onnx_floats(asx_onnx_constant *out, asx_onnx *in,
                                         const Onnx__NodeProto *node, size_t i, asx_error *err);

/** The same for integers (int32 or int64) in at most one dimension. */
ASX_NODISCARD asx_status asx_onnx_integers(asx_onnx_constant *out, asx_onnx *in,
                                           const Onnx__NodeProto *node, size_t i, asx_error *err);

/** A float constant of one element. */
ASX_NODISCARD asx_status asx_onnx_scalar(float *out, asx_onnx *in, const Onnx__NodeProto *node,
                                         size_t i, asx_error *err);

/** A constant of either kind. */
ASX_NODISCARD asx_status asx_onnx_any(asx_onnx_constant *out, asx_onnx *in,
                                      const Onnx__NodeProto *node, size_t i, asx_error *err);

/** What a tensor of the file holds. */
ASX_NODISCARD asx_status asx_onnx_decode(asx_onnx_constant *out, asx_onnx *in,
                                         const Onnx__TensorProto *tensor, asx_error *err);
void asx_onnx_constant_fini(asx_onnx_constant *constant);

/** Room for a constant of `rank` and `dim` as set in `*out`, of integers or floats. */
ASX_NODISCARD asx_status asx_onnx_constant_alloc(asx_onnx_constant *out, asx_onnx *in,
                                                 bool integers, asx_error *err);

/** Lets the node's output stand for `*constant`, whose owned parts move. */
ASX_NODISCARD asx_status asx_onnx_keep(asx_onnx *in, const Onnx__NodeProto *node,
                                       asx_onnx_constant *constant, asx_error *err);

/** Books `n` elements copied or folded; ASX_EINVAL once that is out of all proportion to the file:
 *  a small one may use a weight ten thousand times. */
ASX_NODISCARD asx_status asx_onnx_spend(asx_onnx *in, size_t n, asx_error *err);

#endif
