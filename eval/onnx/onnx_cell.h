/* Cells of recurrent layers, unrolled: what the reader of LSTM, GRU and RNN (onnx_recurrent.c) asks of
 * the builder of their steps (onnx_cell.c). Private to the importer. */
#ifndef ASX_EVAL_ONNX_CELL_H
#define ASX_EVAL_ONNX_CELL_H

#include "onnx_ops.h"

typedef enum asx_cell_kind { ASX_CELL_RNN, ASX_CELL_GRU, ASX_CELL_LSTM } asx_cell_kind;

enum { ASX_CELL_ACTIVATIONS = 3 };

typedef struct asx_cell_activation {
    char name[32];
    float alpha, beta;
} asx_cell_activation;

/* One direction of a recurrent layer. Arrays are borrowed; gates in ONNX's order. */
typedef struct asx_cell {
    asx_cell_kind kind;
    const Onnx__NodeProto *node;
    size_t n_gates, inputs, hidden;
    size_t length, used; /* steps of the sequence; those before its end */
    bool reverse, linear_before_reset, input_forget;
    float clip;                                           /* 0: none */
    asx_cell_activation activation[ASX_CELL_ACTIVATIONS]; /* f, g, h */
    const float *weight;                                  /* [n_gates hidden][inputs] */
    const float *recurrent;                               /* [n_gates hidden][hidden] */
    const float *bias;         /* [2][n_gates hidden], of both; NULL: 0 */
    const float *peephole;     /* LSTM: [3][hidden], of i, o, f; NULL: none */
    const float *state, *cell; /* [hidden] before the first step; NULL: 0 */
} asx_cell;

/* What a direction computes: values of the network, rows of [1][hidden]. */
typedef struct asx_cell_out {
    size_t *row; /* [length], owned; ASX_ONNX_NO_VALUE behind the sequence's end */
    size_t last, last_cell;
} asx_cell_out;

/**
 * Adds the nodes of all steps. @param x  the value [length][inputs]
 * @return ASX_OK; ASX_ENOMEM; ASX_EUNSUPPORTED for an activation that is not known
 */
ASX_NODISCARD asx_status asx_cell_unroll(asx_cell_out *out, asx_onnx *in, const asx_cell *cell,
                                         size_t x, asx_error *err);

/**
 * The activations of all directions, with their numbers or those of the standard.
 *
 * @param out  [n_directions][n_activations]
 * @return ASX_OK; ASX_EINVAL for another number of them; ASX_EUNSUPPORTED for a name that none has
 */
ASX_NODISCARD asx_status asx_cell_read_activations(asx_cell_activation *out, size_t n_directions,
                                                   size_t n_activations, asx_cell_kind kind,
                                                   const Onnx__NodeProto *node, asx_error *err);

/** A constant row of `n` numbers. @param data  NULL: zeros */
ASX_NODISCARD asx_status asx_cell_row(size_t *out, asx_onnx *in, const float *data, size_t n,
                                      asx_error *err);

#endif
