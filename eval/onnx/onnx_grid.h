/* The grid of QuantizeLinear and DequantizeLinear. Private to the importer. */
#ifndef ASX_EVAL_ONNX_GRID_H
#define ASX_EVAL_ONNX_GRID_H

#include "onnx.h"

/* Scale and zero point, one for all numbers or one for each position of an axis. */
typedef struct asx_onnx_grid {
    asx_onnx_constant step, zero;
    int type; /* of the integers */
} asx_onnx_grid;

/** Of a node: inputs 1 and 2, copied; asx_onnx_grid_fini them. */
ASX_NODISCARD asx_status asx_onnx_grid_read(asx_onnx_grid *g, asx_onnx *in,
                                            const Onnx__NodeProto *node, asx_error *err);
void asx_onnx_grid_fini(asx_onnx_grid *g);

/** The zero point that belongs to scale `i`. */
int64_t asx_onnx_grid_zero(const asx_onnx_grid *g, size_t i);

#endif
