/* Nodes that stand for several, replaced by these before the import. Private to the importer. */
#ifndef ASX_EVAL_ONNX_REWRITE_H
#define ASX_EVAL_ONNX_REWRITE_H

#include "dse/error.h"
#include "onnx.pb-c.h"

/**
 * Replaces in the model's graph calls of its functions, what computes on quantised numbers as a
 * whole (QLinearConv, QLinearMatMul and their like) by what it is short for: DequantizeLinear of
 * the operands, the operator, QuantizeLinear of the result, and LRN, LpPool and GlobalLpPool.
 *
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL for a node whose inputs are too few; as asx_onnx_inline
 */
ASX_NODISCARD asx_status asx_onnx_rewrite(Onnx__ModelProto *model, asx_error *err);

/** The i-th operator that is taken apart here; NULL behind the last. Trunc is QONNX's. */
const char *asx_onnx_rewritten(size_t i);

/* onnx_inline.c */

/**
 * Replaces calls of the model's functions by their nodes.
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL for functions that call themselves or grow beyond 131,072 nodes;
 *         ASX_EUNSUPPORTED for other operator sets than the model's, defaults of attributes, graphs within
 */
ASX_NODISCARD asx_status asx_onnx_inline(Onnx__ModelProto *model, asx_error *err);

#endif
