/* The arithmetic of the accelerator: the network in integers. Private to eval.
 *
 * Every value of the network is an array of integers of 16 bits that stand for v x scale, cut to
 * -32767 .. 32767 (to 65535 where they become words of 16 bits without sign). The scale of a group
 * of values (groups.h) is that of the input word of the layer that alone reads it, or the step of a
 * Quantize; otherwise the largest magnitude seen in calibration is 32767. With D(f) the dyadic factor M / 2^s nearest to f,
 * M of 16 bits or what the calibration says (eval/dyadic.h), rint: to the nearest integer, half to
 * even, once, of the exact product; and s_x, s_w[c] the scales of a layer's input word and of its
 * weights for output channel c:
 *
 *   image    v = clamp(rint(f32(x) f32(1 / scale)))                f32: to the nearest float
 *   layer    x' = N(clamp(rint(x D(scale_in / s_x))))              N: nearest in the input's set, ties to even (grid.h)
 *            total = sum of w' x' + b',   b' = rint((b + d[c]) / (s_x s_w[c]))
 *            v = clamp(rint(total D(s_x s_w[c] / scale_out)))
 *   Add      v = clamp(a + b), Sub v = clamp(a - b), Max and Min as they are
 *   Mul      v = clamp(rint(a b D(s_a s_b / scale_out)))
 *   means    v = clamp(rint(sum D(1 / n)))
 *   Clip, the fill of Pad: their constants are rint(constant / scale)
 *   Quantize Clip, where layers alone read it, whose words round; else as the next
 *   Div      v = clamp(rint(a / b (s_a / (s_b scale_out)))) in doubles; 0 / 0 is 0
 *   MatMul   a', b' as x' of a layer, each in its word and scale; the sum as a float holds it:
 *            v = clamp(rint(f32(sum of a' b') D(s_a s_b / scale_out)))
 *   Scale, Sigmoid, Softmax, LogSoftmax, Normalise, Constant, functions: the float operator on v x scale, then
 *            clamp(rint(f32(y / scale_out)))
 *
 * Down to Clip and Pad nothing between the image's integers and the logits is a float.
 *
 * d: the mean by which projected weights make channel c too small (means.h); 0 without bias
 * correction. Products w' x' are those of an alphabet set multiplier: it is exact for represented
 * operands, so the sum it accumulates *is* this sum, and any convolution that is exact evaluates
 * it:
 *
 *   - oneDNN's on 8-bit words with 32-bit sums, where the processor's instructions do not saturate
 *     in between (dnn.h), and the weights are such that no sum can reach 2^24 (integer_weights.h);
 *   - else its float convolution on such words: their sums are integers that floats hold exactly;
 *   - else that on integer pieces of words, so small that every partial sum is below 2^24. Pieces are
 *     put together in doubles. Words of 9 to 16 bits always go this way.
 *
 * Integers are kept in float variables between layers, where sums of this size are exact, so that
 * the operators that only move data are those of the float network. */
#ifndef ASX_EVAL_INTEGER_H
#define ASX_EVAL_INTEGER_H

#include "calibration_private.h"
#include "dse/design.h"
#include "eval/dyadic.h"
#include "input_faults.h"
#include "plan_run.h"

enum { ASX_INTEGER_MAX = 32767 };

/* A layer of a design. The constants are repeated to `width` numbers, a multiple of the
 * output channels, so that vector loops are long enough. */
typedef struct asx_integer_layer {
    asx_projection *projection; /* pinned; NULL: a product of two values */
    const asx_rounder *rounder; /* borrowed */
    const asx_rounder *second;  /* of a product: of its second operand, borrowed */
    asx_word weight_word, input_word;
    double input_scale; /* of the word */
    asx_dyadic input_factor;
    asx_dyadic *output_factor; /* [out_c] */
    /* the same as reals, which doubles hold */
    double factor;
    double second_factor, product_factor; /* of a product: of its second operand, of its output */
    size_t width;
    double *multiplier;
    int32_t *bias;            /* of narrow weights */
    double *wide_bias;        /* of all */
    asx_input_faults *faults; /* of the memory of its input's words; NULL: none */
} asx_integer_layer;

/* A design, ready to run. Immutable. */
typedef struct asx_integer {
    asx_calibration *calibration; /* borrowed */
    asx_integer_layer *layer;
    const asx_groups *groups; /* of the calibration */
    asx_lookups *lookups;     /* likewise */
    double *scale;            /* per value */
    float *limit;             /* per value: its integers are in -limit .. limit */
    unsigned multiplier_bits;
} asx_integer;

/** @return ASX_OK; ASX_ENOMEM; what asx_word_check and asx_integer_weights_init say */
ASX_NODISCARD asx_status asx_integer_init(asx_integer *out, asx_calibration *calibration,
                                          const asx_design *design, asx_error *err);

/** The same with words that all designs share: without what learned rounding makes of a design's earlier layers. */
ASX_NODISCARD asx_status asx_integer_init_shared(asx_integer *out, asx_calibration *calibration,
                                                 const asx_design *design, asx_error *err);
void asx_integer_fini(asx_integer *integer);

/**
 * Puts a design's words into memories with faults: those of weights are read from there once, those of inputs whenever a
 * layer reads them. Biases, factors and the sums between layers stay as they are, as do products of two values.
 * @param seed  of the device
 * @return ASX_OK; ASX_ENOMEM; ASX_EUNSUPPORTED naming the layer whose codes have too many bits; what
 *         asx_integer_weights_init says
 */
ASX_NODISCARD asx_status asx_integer_suffer(asx_integer *s, const asx_faults *faults, uint64_t seed,
                                            asx_error *err);

/** How many of the first nodes compute the same in both designs; 0 if their images differ too. */
size_t asx_integer_common(const asx_integer *a, const asx_integer *b);

/** The arithmetic, for asx_run: its designs are asx_integer. */
extern const asx_numerics asx_integers;

#endif
