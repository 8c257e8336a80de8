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
    ASX_ONNX_OPSET_MIN = 6,
    ASX_ONNX_OPSET_MAX = 27
};

#define ASX_ONNX_NO_VALUE SIZE_MAX

/* Limits that keep small hostile files from asking for much memory or time. */
#define ASX_ONNX_FILE_MAX     ((size_t)1 << 30) /* bytes */
#define ASX_ONNX_FIELDS_MAX   ((size_t)1 << 20) /* strings, arrays and messages of a file */
#define ASX_ONNX_ELEMENTS_MAX ((size_t)1 << 28) /* of one constant */
#define ASX_ONNX_VALUE_MAX    ((size_t)1 << 26) /* elements of a value, per image */
#define ASX_ONNX_CHANNELS_MAX ((size_t)1 << 20) /* of one affine map */
#define ASX_ONNX_MACS_MAX     ((size_t)1 << 45) /* of one layer */
#define ASX_ONNX_FILLED_MAX   ((size_t)1 << 28) /* elements made of one number, in all */

/* A constant, decoded. One of `f` and `i` is set. */
typedef struct asx_onnx_constant {
    size_t rank, dim[ASX_ONNX_RANK_MAX], n;
    float *f;
    int64_t *i;
    int type;         /* of the elements, in ONNX's numbers */
    const char *name; /* that it has in the file, borrowed; may be NULL */
    /* What quantisation makes: integers within low .. high (0, 0: not known), or reals that are such
     * integers times a step, one for all or one for each of a dimension. */
    int64_t low, high;
    float *step; /* [n_steps], owned; NULL: no such reals */
    size_t n_steps;
} asx_onnx_constant;

/* A name of the ONNX graph. */
typedef struct asx_onnx_symbol {
    const char *name;                  /* borrowed from the message; NULL: free slot */
    const Onnx__TensorProto *tensor;   /* of a constant of the file, else NULL */
    const asx_onnx_constant *constant; /* of one computed by the import, else NULL */
    bool computed;                     /* `value` is valid */
    bool lifted;       /* `value` is a feature map of height one where the file's has no height */
    size_t batch_axis; /* the dimension of the file's that is the batch (onnx_turned.c) */
    const Onnx__ValueInfoProto *info; /* its shape, as the file says; NULL: it does not */
    bool skipped; /* of a node that is left out, and of a shape that nobody knows */
    size_t value;
    size_t other; /* the same with the height taken out, or put in; ASX_ONNX_NO_VALUE: not made */
    size_t uses;  /* by live nodes and as output of the graph */
    size_t looks; /* those of them that ask for its shape only */
    float step;   /* 0: real numbers. Else the file's are integers q, and `value` is */
    int64_t zero; /* step (q - zero) */
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
    asx_onnx_constant *result; /* NULL: a network is wanted; else any graph is imported, and if its
                                  output is a constant, it goes here */
    const char *output;        /* the one that is imported */
    const char *folder;        /* of the model, for weights beside it; NULL: there is none */
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
    size_t budget;    /* elements of weights that may still be copied and folded */
    size_t filled;    /* elements made by ConstantOfShape so far */
    uint64_t *beside; /* the files with weights that were met, hashed */
    size_t n_beside, beside_capacity;
    bool price;    /* what cannot be run is left out */
    size_t *loose; /* values that nodes read which were left out for good */
    size_t n_loose, loose_capacity;
} asx_onnx;

/* onnx_scan.c */

/** Whether `n` bytes are well-formed protobuf of this type, neither deep nor crowded. */
bool asx_onnx_scan(const ProtobufCMessageDescriptor *type, const uint8_t *bytes, size_t n);

/**
 * A model of bytes that were looked at so.
 * @param out  free with onnx__model_proto__free_unpacked(, NULL); NULL: they are no model
 * @return ASX_OK; ASX_ENOMEM
 */
ASX_NODISCARD asx_status asx_onnx_unpack(Onnx__ModelProto **out, const char *name,
                                         const void *bytes, size_t n, asx_error *err);

/* onnx_symbol.c */

ASX_NODISCARD asx_status asx_onnx_symbols_init(asx_onnx *in, asx_error *err);
asx_onnx_symbol *asx_onnx_find(const asx_onnx *in, const char *name);

/** The network's value that is input `i` of a node, lifted (onnx_lift.c) or not. */
ASX_NODISCARD asx_status asx_onnx_value_as_is(size_t *out, bool *lifted, const asx_onnx *in,
                                              const Onnx__NodeProto *node, size_t i,
                                              asx_error *err);
bool asx_onnx_has_input(const Onnx__NodeProto *node, size_t i);
bool asx_onnx_is_constant_symbol(const asx_onnx_symbol *symbol);
bool asx_onnx_is_constant(const asx_onnx *in, const Onnx__NodeProto *node, size_t i);

/* onnx_captured.c */

/** Calls `take` for every name that graphs within a node read. */
void asx_onnx_captured(const Onnx__NodeProto *node, void (*take)(void *state, const char *name),
                       void *state);

/* onnx_emit.c */

/** Lets the node's output stand for `value`, which it took as its input. */
ASX_NODISCARD asx_status asx_onnx_alias(asx_onnx *in, const Onnx__NodeProto *node, size_t value,
                                        asx_error *err);

/** @return ASX_EINVAL for the shape of a value that is empty or too large */
ASX_NODISCARD asx_status asx_onnx_check_shape(const asx_value *shape, asx_error *err);

/** Adds a value that `uses` nodes read, computed by node `producer`. */
ASX_NODISCARD asx_status asx_onnx_add_value(size_t *out, asx_onnx *in, const asx_value *value,
                                            size_t uses, size_t producer, asx_error *err);

/** The same under a name of the file, which tells the uses. */
ASX_NODISCARD asx_status asx_onnx_define(size_t *out, asx_onnx *in, const char *name,
                                         asx_value *shape, size_t producer, asx_error *err);

/**
 * Adds `*made` (owned parts move) as the import of `node`, reading `n_inputs` values and writing a
 * new value of the shape and sign of `*shape`.
 */
ASX_NODISCARD asx_status asx_onnx_emit(asx_onnx *in, const Onnx__NodeProto *node, asx_node *made,
                                       const size_t *input, size_t n_inputs, asx_value *shape,
                                       asx_error *err);

/** Adds y = factor x + offset between nodes of the file, which one node reads. */
ASX_NODISCARD asx_status asx_onnx_insert_scale(size_t *out, asx_onnx *in, size_t input,
                                               float factor, float offset, asx_error *err);

/** Adds `*made` between nodes of the file: it reads `input`, and a new value of shape `*shape`,
 *  which `uses` nodes read, is its output. */
ASX_NODISCARD asx_status asx_onnx_insert(size_t *out, asx_onnx *in, asx_node *made, size_t input,
                                         asx_value *shape, size_t uses, asx_error *err);

ASX_NODISCARD asx_status asx_onnx_insert_many(size_t *out, asx_onnx *in, asx_node *made,
                                              const size_t *input, size_t n_inputs,
                                              asx_value *shape, size_t uses, asx_error *err);

/** As asx_onnx_emit for a node with one input and no owned parts. */
ASX_NODISCARD asx_status asx_onnx_emit_unary(asx_onnx *in, const Onnx__NodeProto *node,
                                             asx_node *made, size_t input, asx_value *shape,
                                             asx_error *err);

/** "[3, 32, 32]"; `room` should be 96. */
const char *asx_onnx_shape_text(char *out, size_t room, size_t rank, const size_t *dim);

/** A node whose output `*y` has the elements of value `input` in other dimensions; an alias where
 *  nothing changes. */
ASX_NODISCARD asx_status asx_onnx_emit_reshape(asx_onnx *in, const Onnx__NodeProto *node,
                                               size_t input, asx_value *y, asx_error *err);

/* onnx_lift.c */

/** The network's value that is input `i` of a node, of the rank that the file gives it. */
ASX_NODISCARD asx_status asx_onnx_value(size_t *out, asx_onnx *in, const Onnx__NodeProto *node,
                                        size_t i, asx_error *err);

/** The same as a feature map [c][h][w]: [c][length] is lifted to [c][1][length]. */
ASX_NODISCARD asx_status asx_onnx_map(size_t *out, bool *lifted, asx_onnx *in,
                                      const Onnx__NodeProto *node, size_t i, asx_error *err);

/** Notes whether the node's first output is lifted. */
void asx_onnx_set_lifted(asx_onnx *in, const Onnx__NodeProto *node, bool lifted);

/* onnx_prune.c */
ASX_NODISCARD asx_status asx_onnx_prune(asx_network *net, asx_error *err);

/* onnx_ends.c */

/** Chooses the output of this name, or the first; the network notes which. */
ASX_NODISCARD asx_status asx_onnx_choose_output(asx_onnx *in, const char *wanted, asx_error *err);

/** Finds the input that is the image, and adds it; inputs that are read as weights only become
 *  constants without numbers, inputs that nobody reads are passed over. */
ASX_NODISCARD asx_status asx_onnx_define_input(asx_onnx *in, asx_error *err);

/** Ends the network at the output. */
ASX_NODISCARD asx_status asx_onnx_finish(asx_onnx *in, asx_error *err);

/* onnx_read.c */

/**
 * Imports any graph, with or without layers, for tests of operators.
 *
 * @param out     NULL where the output is a constant
 * @param result  that constant, owned by the caller; else empty
 */
ASX_NODISCARD asx_status asx_onnx_import_any(asx_network **out, asx_onnx_constant *result,
                                             const char *name, const void *bytes, size_t n,
                                             asx_error *err);

/* onnx_skip.c */

/**
 * Leaves a node out of a network for costs. @param layers  of the workload before it was tried
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL for a shape that no value can have
 */
ASX_NODISCARD asx_status asx_onnx_skip(asx_onnx *in, const Onnx__NodeProto *node, const char *why,
                                       size_t layers, asx_error *err);

/** Whether a node reads what was left out, and which; NULL: it does not. */
const char *asx_onnx_reads_skipped(const asx_onnx *in, const Onnx__NodeProto *node);

/** Makes an input of the graph beside the image a shape. */
ASX_NODISCARD asx_status asx_onnx_skip_input(asx_onnx *in, const Onnx__ValueInfoProto *info,
                                             asx_error *err);

/** Where the output was left out: ends the network in what nodes read that were. */
ASX_NODISCARD asx_status asx_onnx_end_loose(asx_onnx *in, asx_error *err);

/* onnx_sparse.c */

/** Makes the sparse initializers that are used constants, with their zeros. */
ASX_NODISCARD asx_status asx_onnx_read_sparse(asx_onnx *in, asx_error *err);

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

/** A copy of the constant of a name. */
ASX_NODISCARD asx_status asx_onnx_named(asx_onnx_constant *out, asx_onnx *in, const char *name,
                                        asx_error *err);

/** Room for a constant of `rank` and `dim` as set in `*out`, of integers or floats. */
ASX_NODISCARD asx_status asx_onnx_constant_alloc(asx_onnx_constant *out, asx_onnx *in,
                                                 bool integers, asx_error *err);

/** A copy of a constant. */
ASX_NODISCARD asx_status asx_onnx_copy(asx_onnx_constant *out, asx_onnx *in,
                                       const asx_onnx_constant *constant, asx_error *err);

/** What is known of its steps, which stay true where elements are moved. */
ASX_NODISCARD asx_status asx_onnx_copy_steps(asx_onnx_constant *out, const asx_onnx_constant *c,
                                             asx_error *err);

/** Lets the node's output stand for `*constant`, whose owned parts move. */
ASX_NODISCARD asx_status asx_onnx_keep(asx_onnx *in, const Onnx__NodeProto *node,
                                       asx_onnx_constant *constant, asx_error *err);

/** The same for any name of the graph. */
ASX_NODISCARD asx_status asx_onnx_keep_as(asx_onnx *in, asx_onnx_symbol *symbol,
                                          asx_onnx_constant *constant, asx_error *err);

/** Lets a constant of this rank and dimensions be made of one number; ASX_EINVAL if that is out of
 *  all proportion. */
ASX_NODISCARD asx_status asx_onnx_allow_fill(asx_onnx *in, const asx_onnx_constant *shape,
                                             asx_error *err);

/** Room for a float constant of the rank and dimensions in `*out` whose numbers no file holds:
 *  zeros, or ones where it is a vector (scales and variances are divided by). */
ASX_NODISCARD asx_status asx_onnx_unknown(asx_onnx_constant *out, asx_onnx *in, const char *name,
                                          asx_error *err);

/** Books `n` elements copied or folded; ASX_EINVAL once that is out of all proportion to the file:
 *  a small one may use a weight ten thousand times. */
ASX_NODISCARD asx_status asx_onnx_spend(asx_onnx *in, size_t n, asx_error *err);

/** Notes that no file holds the numbers of a constant: the network has shapes only. */
ASX_NODISCARD asx_status asx_onnx_lacks(asx_onnx *in, const char *name, asx_error *err);

#endif
