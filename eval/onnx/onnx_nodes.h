/* Lists of nodes as they are made anew before the import. Private to the importer. */
#ifndef ASX_EVAL_ONNX_NODES_H
#define ASX_EVAL_ONNX_NODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "onnx.pb-c.h"

enum { ASX_ONNX_NAME_MAX = 256 };

/* The nodes of the graph to be; what they point to is protobuf-c's to free. */
typedef struct asx_onnx_nodes {
    Onnx__NodeProto **node;
    size_t n, capacity;
    bool failed;
} asx_onnx_nodes;

/** Takes `node` over, and frees it if memory lacks. */
void asx_onnx_nodes_append(asx_onnx_nodes *list, Onnx__NodeProto *node);

/** Appends a node with these inputs; absent ones are "". NULL, and the list has failed, if memory
 *  lacks. */
Onnx__NodeProto *asx_onnx_nodes_add(asx_onnx_nodes *list, const char *op, const char *name,
                                    const char *const *input, size_t n_inputs, const char *output);

/** Attributes of a node that asx_onnx_nodes_add made; NULL is passed over. */
void asx_onnx_nodes_int(asx_onnx_nodes *list, Onnx__NodeProto *node, const char *name,
                        int64_t value);
void asx_onnx_nodes_float(asx_onnx_nodes *list, Onnx__NodeProto *node, const char *name,
                          float value);
void asx_onnx_nodes_ints(asx_onnx_nodes *list, Onnx__NodeProto *node, const char *name,
                         const int64_t *value, size_t n);

void asx_onnx_nodes_attribute(asx_onnx_nodes *list, Onnx__NodeProto *node,
                              const Onnx__AttributeProto *copied);

/** A Constant of one number. */
void asx_onnx_nodes_number(asx_onnx_nodes *list, const char *output, float value);

/** The same node, by its bytes; NULL if memory lacks. */
Onnx__NodeProto *asx_onnx_node_copy(const Onnx__NodeProto *node);

/** The same attribute under another name; NULL if memory lacks. */
Onnx__AttributeProto *asx_onnx_attribute_copy(const Onnx__AttributeProto *attribute,
                                              const char *name);

/** "<first output>/<what>" */
const char *asx_onnx_derived(char out[ASX_ONNX_NAME_MAX], const Onnx__NodeProto *node,
                             const char *what);

#endif
