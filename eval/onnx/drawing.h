/* Drawing a graph without weights to speak of: pens that add a node and give its output. Private to eval. */
#ifndef ASX_EVAL_DRAWING_H
#define ASX_EVAL_DRAWING_H

#include "dse/param.h"
#include "graph.h"

/** A graph being drawn. The first failure is kept; what follows does nothing. */
typedef struct asx_drawing {
    asx_network *net;
    const asx_params *params;
    asx_status status;
    asx_error *err;
} asx_drawing;

/** A parameter of the architecture. */
double asx_draw_number(const asx_drawing *d, const char *name);

/** Dimensions of a value, [channels, height, width]; ones after a failure. */
const size_t *asx_draw_dims(const asx_drawing *d, size_t value);

/* Each gives the index of the value that the node makes; 0 after a failure. */
size_t asx_draw_value(asx_drawing *d, size_t rank, const size_t *dim);
/** kernel x kernel, padded to keep the size; depthwise if `groups` says so */
size_t asx_draw_conv(asx_drawing *d, size_t in, const char *name, size_t channels, size_t kernel,
                     size_t stride, size_t groups);
size_t asx_draw_relu(asx_drawing *d, size_t in);
size_t asx_draw_add(asx_drawing *d, size_t a, size_t b);
/** Channels `first` and the `n - 1` behind it. */
size_t asx_draw_channels(asx_drawing *d, size_t in, size_t first, size_t n);
/** The channels of two values, dealt out in turn: a channel shuffle of two groups. */
size_t asx_draw_interleaved(asx_drawing *d, size_t a, size_t b);
/** A dense layer of a vector. */
size_t asx_draw_dense(asx_drawing *d, size_t in, const char *name, size_t outputs);
/** The elements of a value as a vector. */
size_t asx_draw_flat(asx_drawing *d, size_t in);
/** Mean over the places of a feature map, then a dense layer of `classes`. */
void asx_draw_classify(asx_drawing *d, size_t in);

/* ---- architectures ---- */

void asx_draw_mlp(asx_drawing *d);
void asx_draw_mobilenet(asx_drawing *d);
void asx_draw_resnet(asx_drawing *d);
void asx_draw_shufflenet(asx_drawing *d);

#endif
