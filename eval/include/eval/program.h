/* The program of a network in a design: the steps that a machine of integers runs, with every
 * constant, and the integers of an image after every step. It is what the measured tier computes,
 * taken from the engine itself; whoever builds a machine, or writes one down in another language,
 * starts here and has nothing to look up elsewhere.
 *
 * Values are arrays of integers in logical order, a feature map [c][h][w]. With
 *   scaled(v, f)   v times f.multiplier / 2^f.shift, rounded once, half to even
 *   cut(v)         v within the step's low .. high
 * a step computes, element by element of its output:
 *   CONV       word = nearest in the input word's set of scaled(x, input_factor) cut to its ends
 *              (ties of `nearest` away from zero); total = bias[c] + sum of weight x word, padding
 *              is 0; y = cut(scaled(total, factor[c]))
 *   DENSE      the same over the last dimension of the input, weight [out][in]
 *   ADD, SUB, MAX, MIN   of two inputs, cut
 *   MUL        cut(scaled(a b, factor[0]))
 *   CLIP       cut(x): a ReLU has low 0
 *   MAX_POOL   the largest of a window; padding does not count
 *   MEAN       cut(scaled(sum of a window, 1 / n as asx_dyadic_of gives it in multiplier_bits)), n:
 *              the taps inside the map, with count_padding those inside map and padding
 *   MOVE       `fill`, then one box copied from every input */
#ifndef ASX_EVAL_PROGRAM_H
#define ASX_EVAL_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/design.h"
#include "dse/error.h"
#include "dse/word.h"
#include "eval/calibration.h"
#include "eval/dyadic.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ASX_PROGRAM_RANK = 4, ASX_PROGRAM_NOWHERE = -1 };

#define ASX_STEP_LIST(X)                                                                           \
    X(ASX_STEP_CONV, "conv")                                                                       \
    X(ASX_STEP_DENSE, "dense")                                                                     \
    X(ASX_STEP_ADD, "add")                                                                         \
    X(ASX_STEP_SUB, "sub")                                                                         \
    X(ASX_STEP_MUL, "mul")                                                                         \
    X(ASX_STEP_MAX, "max")                                                                         \
    X(ASX_STEP_MIN, "min")                                                                         \
    X(ASX_STEP_CLIP, "clip")                                                                       \
    X(ASX_STEP_MAX_POOL, "max_pool")                                                               \
    X(ASX_STEP_MEAN, "mean")                                                                       \
    X(ASX_STEP_MOVE, "move")

typedef enum asx_step_kind {
#define ASX_ENUM(name, text) name,
    ASX_STEP_LIST(ASX_ENUM)
#undef ASX_ENUM
        ASX_N_STEP_KINDS
} asx_step_kind;

ASX_API const char *asx_step_text(asx_step_kind kind);

/* One array of integers. dim[i] = 1 for i >= rank. */
typedef struct asx_program_value {
    const char *name;
    size_t rank, dim[ASX_PROGRAM_RANK], n;
    double scale;    /* real = integer x scale */
    int32_t limit;   /* integers lie in -limit .. limit */
    ptrdiff_t place; /* first element in a memory of `size`; NOWHERE: no step leaves it there.
                        Values of one place at different times; a reshaped value keeps its place */
} asx_program_value;

/* A box of elements that goes from one value to another. */
typedef struct asx_move {
    size_t dim[ASX_PROGRAM_RANK];
    size_t from, to; /* its first element in input and output */
    ptrdiff_t from_stride[ASX_PROGRAM_RANK], to_stride[ASX_PROGRAM_RANK];
} asx_move;

typedef struct asx_step {
    asx_step_kind kind;
    const char *name; /* of the node; of the layer for CONV and DENSE */
    const size_t *input;
    size_t n_inputs, output;
    int32_t low, high;
    /* CONV, MAX_POOL, MEAN: [0] height, [1] width */
    size_t groups, kernel[2], stride[2], dilation[2], before[2], after[2];
    bool count_padding;
    /* CONV, DENSE */
    asx_word weight_word, input_word;
    asx_dyadic input_factor;
    size_t n_weights, n_biases;
    const int32_t *weight;      /* [out_c][in_c / groups][kernel_h][kernel_w] */
    const double *weight_scale; /* [n_biases] */
    const int64_t *bias;        /* [n_biases] */
    const asx_dyadic *factor;   /* [n_biases]; MUL: one */
    /* MOVE: one of each input */
    const asx_move *move;
    int32_t fill;
} asx_step;

/* Read only. */
typedef struct asx_program {
    asx_step *step;
    size_t n_steps;
    asx_program_value *value;
    size_t n_values, input, output;
    size_t size; /* elements of memory that hold all values */
    unsigned multiplier_bits;
    struct asx_program_parts *parts; /* what owns the arrays, and the engine */
} asx_program;

/**
 * @param calibration  borrowed for the life of `*out`
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL if the design has not one format per layer of the network;
 *         ASX_EUNSUPPORTED naming the node that is not computed in integers (Softmax and other
 *         functions, Scale, Div) or not over windows
 */
ASX_API ASX_NODISCARD asx_status asx_program_new(asx_program **out, asx_calibration *calibration,
                                                 const asx_design *design, asx_error *err);
ASX_API void asx_program_free(asx_program *program);

/** Elements of a trace of one image: all values one after the other, by number. */
ASX_API size_t asx_program_trace_size(const asx_program *program);

/**
 * Runs the engine on images and keeps every value.
 * @param out     [n][asx_program_trace_size], values that are nowhere 0
 * @param images  [n][c][h][w] as asx_dataset_images gives them
 * @return ASX_OK; ASX_ENOMEM
 */
ASX_API ASX_NODISCARD asx_status asx_program_trace(int32_t *out, const asx_program *program,
                                                   const float *images, size_t n, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
