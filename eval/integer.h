/* The arithmetic of the accelerator: the network in integers. Private to eval.
 *
 * Every value of the network is an array of integers, |v| <= 65535, that stand for v x scale. The
 * scale of a group of values (groups.h) is that of the input word of the layer that alone reads
 * it; otherwise the largest magnitude seen in calibration is 32767. With rint: to the nearest
 * integer, half to even; f32: to the nearest float; and s_x, s_w[c] the scales of a layer's input
 * word and of its weights for output channel c:
 *
 *   image    v = clamp(rint(f32(x) f32(1 / scale)))
 *   layer    x' = N(clamp(rint(f32(x f32(scale_in / s_x)))))       N: nearest in the input's set
 *            total = sum of w' x' + b',   b' = rint((b + d[c]) / (s_x s_w[c]))   exact integers
 *            v = clamp(rint(f32(f32(total) f32(s_x s_w[c] / scale_out))))
 *   Add      v = clamp(a + b)
 *   means    v = rint(f32(f32(sum) f32(1 / n)))
 *   Clip, the fill of Pad: their constants are rint(constant / scale)
 *   Scale, Sigmoid, Softmax: the float operator on v x scale, then clamp(rint(f32(y / scale_out)))
 *
 * d: the mean by which projected weights make channel c too small (means.h); 0 without bias
 * correction. Products w' x' are those of an alphabet set multiplier: it is exact for represented
 * operands, so the sum it accumulates *is* this sum, and any convolution that is exact evaluates
 * it:
 *
 *   - oneDNN's on 8-bit words with 32-bit sums, where the processor's instructions do not saturate
 *     in between, and the weights are such that no sum can reach 2^24 (integer_weights.h);
 *   - else its float convolution on integer pieces of words, so small that every partial sum is an
 *     integer below 2^24, which floats hold exactly. Pieces are put together in doubles. Words of 9
 *     to 16 bits always go this way.
 *
 * Integers are kept in float variables between layers, where sums of this size are exact, so that
 * the operators that only move data are those of the float network. */
#ifndef ASX_EVAL_INTEGER_H
#define ASX_EVAL_INTEGER_H

#include "calibration.h"
#include "dse/design.h"
#include "ops.h"

enum { ASX_INTEGER_MAX = 65535, ASX_INTEGER_PEAK = 32767 };

/* A layer of a design. The constants are repeated to `width` numbers, a multiple of the
 * output channels, so that vector loops are long enough. */
typedef struct asx_integer_layer {
    asx_projection *projection; /* pinned */
    const asx_rounder *rounder; /* borrowed */
    unsigned input_bits;
    float factor; /* scale of the input / scale of its word */
    size_t width;
    float *multiplier;
    int32_t *bias;     /* of 8-bit kernels */
    double *wide_bias; /* else */
} asx_integer_layer;

/* A design, ready to run. Immutable. */
typedef struct asx_integer {
    asx_calibration *calibration; /* borrowed */
    asx_integer_layer *layer;
    double *scale; /* per value */
} asx_integer;

/** @return ASX_OK; ASX_ENOMEM; what asx_word_check and asx_integer_weights_init say */
ASX_NODISCARD asx_status asx_integer_init(asx_integer *out, asx_calibration *calibration,
                                          const asx_design *design, asx_error *err);
void asx_integer_fini(asx_integer *integer);

/** How many of the first nodes compute the same in both designs; 0 if their images differ too. */
size_t asx_integer_common(const asx_integer *a, const asx_integer *b);

/* What the parts of a run need. */
typedef struct asx_integer_job {
    const asx_integer *design;
    const asx_plan *plan;
    float *workspace;
    bool relu; /* of the node: numbers below 0 become 0 */
} asx_integer_job;

/** The integers of a batch of images, in place. */
void asx_integer_load(asx_tensor image, const asx_integer *design, size_t batch);

/** One layer: input and output in the order that its kernel wants. */
ASX_NODISCARD asx_status asx_integer_run_layer(const asx_integer_job *job, const asx_node *node,
                                               float *y, const float *x, asx_error *err);

void asx_integer_add(asx_tensor out, asx_tensor a, asx_tensor b, bool relu, size_t batch);

/** Brings the reals that a float operator left in `out` to the integers of its scale. */
void asx_integer_settle(asx_tensor out, double scale, size_t batch);

/** The reals that `in` stands for. */
void asx_integer_reals(asx_tensor out, asx_tensor in, double scale, size_t batch);

#endif
