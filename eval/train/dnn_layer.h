/* What is inside a layer's kernels: for dnn_train.c, which makes them, and dnn_train_run.c, which
 * runs them. Private to those two. */
#ifndef ASX_EVAL_DNN_LAYER_H
#define ASX_EVAL_DNN_LAYER_H

#include <oneapi/dnnl/dnnl.h>

#include "dnn_train.h"

enum { FORWARD, BACK_DATA, BACK_WEIGHTS, N_KERNELS };

typedef struct asx_dnn_kernel {
    dnnl_primitive_t primitive;
    dnnl_primitive_t reorder;  /* of the weights: from the plain order, or (last kernel) to it */
    dnnl_memory_desc_t weight; /* as the kernel wants it */
    dnnl_memory_desc_t scratch;
} asx_dnn_kernel;

struct asx_dnn_layer {
    dnnl_engine_t engine;
    asx_dnn_kernel kernel[N_KERNELS];
    dnnl_memory_desc_t x, y, bias, plain;
    bool half;                         /* multiplies in bfloat16 */
    dnnl_memory_desc_t x_in, y_in;     /* as kernels read x and dy */
    dnnl_primitive_t x_round, y_round; /* from x to x_in; half only */
};

asx_status asx_dnn_fail(asx_error *err, dnnl_status_t status, const char *what);

/* oneDNN runs on one thread between these. @return what to end with */
int asx_dnn_serial_begin(void);
void asx_dnn_serial_end(int threads);

#endif
