/* Operators that others say in more nodes. Private to the importer. */
#ifndef ASX_EVAL_ONNX_SHORTHAND_H
#define ASX_EVAL_ONNX_SHORTHAND_H

#include "dse/error.h"
#include "onnx_nodes.h"

/** The i-th of these operators; NULL behind the last. */
const char *asx_onnx_shorthand_name(size_t i);

/** Whether the node is LRN, LpPool or GlobalLpPool. */
bool asx_onnx_is_shorthand(const Onnx__NodeProto *node);

/** Whether such a node can be taken apart. @return ASX_OK; ASX_EINVAL */
ASX_NODISCARD asx_status asx_onnx_check_shorthand(const Onnx__NodeProto *node, asx_error *err);

/** Appends what it is short for; `node` stays the caller's. */
void asx_onnx_expand_shorthand(asx_onnx_nodes *list, Onnx__NodeProto *node);

#endif
