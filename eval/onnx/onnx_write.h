/* Networks as ONNX messages. Private to eval. */
#ifndef ASX_EVAL_ONNX_WRITE_H
#define ASX_EVAL_ONNX_WRITE_H

#include "graph.h"

/* Key of a note that keeps asx_node.clip, before the layer's name. */
#define ASX_ONNX_CLIP "asx.clip."

/** The bytes of an ONNX file; @param out owned by the caller, free() */
ASX_NODISCARD asx_status asx_onnx_write(void **out, size_t *n, const asx_network *network,
                                        asx_error *err);

/* A key and a value of a file's own, beside the graph; borrowed. */
typedef struct asx_onnx_note {
    const char *key, *value;
} asx_onnx_note;

/* What else a file says, and how. */
typedef struct asx_onnx_style {
    const asx_onnx_note *note;
    size_t n_notes;
    bool qonnx; /* QONNX's Quant instead of QuantizeLinear, Clip, DequantizeLinear */
} asx_onnx_style;

/** The same in a style. */
ASX_NODISCARD asx_status asx_onnx_write_as(void **out, size_t *n, const asx_network *network,
                                           const asx_onnx_style *style, asx_error *err);

#endif
