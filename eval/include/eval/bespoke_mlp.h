/* Multilayer perceptrons in real numbers, trained on a table, and put into integers. */
#ifndef ASX_EVAL_BESPOKE_MLP_H
#define ASX_EVAL_BESPOKE_MLP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/bespoke.h"
#include "dse/error.h"
#include "dse/text.h"
#include "eval/bespoke_table.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ASX_BESPOKE_MLP_LAYERS = 3 };

typedef struct asx_bespoke_dense {
    size_t inputs, outputs;
    float *weight, *bias; /* [outputs][inputs], [outputs] */
} asx_bespoke_dense;

/* Rectifiers between layers. Inputs are values of the table over 2^bits - 1: 0 .. 1. Zeroed: none. */
typedef struct asx_bespoke_mlp {
    size_t n_layers;
    asx_bespoke_dense layer[ASX_BESPOKE_MLP_LAYERS];
} asx_bespoke_mlp;

typedef struct asx_bespoke_training {
    size_t hidden[ASX_BESPOKE_MLP_LAYERS -
                  1]; /* neurons of each hidden layer, until a 0; the first is not 0 */
    size_t epochs, batch;
    double rate;
    size_t restarts; /* from other random weights; the best is taken */
    uint64_t seed;
    bool (*stop)(void *state); /* polled often; may be NULL */
    void *stop_state;
} asx_bespoke_training;

/**
 * Trains by the trainer of networks (eval/train.h: AdamW, cosine) on the table's part to learn from, again and again, and
 * keeps the network that has most rows right of the parts to learn from and to choose by, of equal ones the first.
 *
 * @param out  asx_bespoke_mlp_fini it
 * @return ASX_OK; ASX_ENOMEM; ASX_EINTERRUPTED if told to stop; ASX_EINVAL for options out of range
 */
ASX_API ASX_NODISCARD asx_status asx_bespoke_mlp_train(asx_bespoke_mlp *out,
                                                       const asx_bespoke_table *table,
                                                       const asx_bespoke_training *options,
                                                       asx_error *err);
ASX_API void asx_bespoke_mlp_fini(asx_bespoke_mlp *mlp);

/** How many rows of a part are right, in real numbers; of equal outputs the first wins. @return ASX_OK; ASX_ENOMEM */
ASX_API ASX_NODISCARD asx_status asx_bespoke_mlp_count(size_t *correct, const asx_bespoke_mlp *mlp,
                                                       const asx_bespoke_table *table,
                                                       asx_bespoke_part_kind part, asx_error *err);

/** The greatest output of each layer on the rows of a part; 0 where none is above. @param reach  [n_layers]
 *  @return ASX_OK; ASX_ENOMEM */
ASX_API ASX_NODISCARD asx_status asx_bespoke_mlp_reach(double *reach, const asx_bespoke_mlp *mlp,
                                                       const asx_bespoke_table *table,
                                                       asx_bespoke_part_kind part, asx_error *err);

/** The greatest magnitude of a layer's weights. */
ASX_API double asx_bespoke_dense_largest(const asx_bespoke_dense *layer);

/** Bytes that asx_bespoke_mlp_parse reads as the same. */
ASX_API void asx_bespoke_mlp_print(asx_text *out, const asx_bespoke_mlp *mlp);
/** @return ASX_OK; ASX_ENOMEM; ASX_EPARSE */
ASX_API ASX_NODISCARD asx_status asx_bespoke_mlp_parse(asx_bespoke_mlp *out, const char *bytes,
                                                       size_t n, asx_error *err);

/**
 * The exact bespoke classifier of the literature: weights rounded to integers of `weight_bits` with a scale a layer,
 * biases in units of the sum, whole sums everywhere, rectifiers without an end, the first greatest output.
 *
 * @param input_bits   of every feature, as in the table
 * @param weight_bits  2 .. 16
 * @param out          asx_bespoke_free
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL
 */
ASX_API ASX_NODISCARD asx_status asx_bespoke_mlp_project(asx_bespoke **out,
                                                         const asx_bespoke_mlp *mlp,
                                                         unsigned input_bits, unsigned weight_bits,
                                                         asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
