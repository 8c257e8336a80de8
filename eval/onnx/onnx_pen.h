/* An ONNX message under construction: constants and nodes with their attributes. Private to eval.
 *
 * Everything the message points to is kept by the pen. A failed allocation is remembered, so that
 * callers write freely and check `failed` once at the end; until then results may be NULL. */
#ifndef ASX_EVAL_ONNX_PEN_H
#define ASX_EVAL_ONNX_PEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/error.h"
#include "graph.h"
#include "onnx.pb-c.h"

typedef struct asx_pen {
    const asx_network *net; /* borrowed */
    bool qonnx;             /* what is quantised is written in QONNX's operators */
    void **owned;
    size_t n_owned, owned_capacity;
    bool failed;
    Onnx__NodeProto **node;
    size_t n_nodes, node_capacity;
    Onnx__TensorProto **tensor;
    size_t n_tensors, tensor_capacity;
    Onnx__StringStringEntryProto **note;
    size_t n_notes, note_capacity;
} asx_pen;

void asx_pen_fini(asx_pen *p);

/** Zeroed memory, and formatted text, as long-lived as the pen. */
void *asx_pen_keep(asx_pen *p, size_t n, size_t size);
char *asx_pen_text(asx_pen *p, const char *format, ...) ASX_PRINTF(2, 3);

/** Constants; both return `name`, for a node's input. */
char *asx_pen_floats(asx_pen *p, char *name, size_t rank, const int64_t *dim, const float *data,
                     size_t n);
char *asx_pen_integers(asx_pen *p, char *name, const int64_t *data, size_t n);

/** The same of integers of ONNX's type int8, uint8, int16, uint16 or int32. */
char *asx_pen_words(asx_pen *p, char *name, int type, size_t rank, const int64_t *dim,
                    const double *data, size_t n);

/** What a node's weights are named after: its layer, if it has one. */
const char *asx_pen_part_name(const asx_pen *p, const asx_node *node);

/** A key and its value, beside the graph. */
void asx_pen_note(asx_pen *p, char *key, char *value);

/** A node, its inputs and outputs in order, and its attributes; names are kept by the pen already.
 */
Onnx__NodeProto *asx_pen_node(asx_pen *p, const char *op, char *name);
/** Brings a node behind those that were made after it, and that it reads. */
void asx_pen_last(asx_pen *p, const Onnx__NodeProto *n);
void asx_pen_input(asx_pen *p, Onnx__NodeProto *n, char *name);
void asx_pen_output(asx_pen *p, Onnx__NodeProto *n, char *name);
void asx_pen_int(asx_pen *p, Onnx__NodeProto *n, const char *name, size_t value);
void asx_pen_float(asx_pen *p, Onnx__NodeProto *n, const char *name, float value);
void asx_pen_string(asx_pen *p, Onnx__NodeProto *n, const char *name, const char *value);
void asx_pen_ints(asx_pen *p, Onnx__NodeProto *n, const char *name, const size_t *value,
                  size_t count);

#endif
