/* Multiplication of a vector by a constant matrix, y = W x, by two-input adders and subtractors; shifts are wires. */
#ifndef ASX_HWMODEL_ADDERS_H
#define ASX_HWMODEL_ADDERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A node's value times 2^shift, perhaps negated. */
typedef struct asx_wire {
    size_t node; /* ASX_NO_NODE: the constant 0 */
    unsigned shift;
    bool negative;
} asx_wire;

#define ASX_NO_NODE SIZE_MAX

/* Nodes 0 .. inputs - 1 are the inputs, node inputs + i is the sum of the two wires of adder i, of which at most one is
 * negative; wires come from nodes before. */
typedef struct asx_adder_graph {
    size_t inputs, outputs, n;
    asx_wire (*adder)[2]; /* [n] */
    asx_wire *output;     /* [outputs]: negative ones are not counted as adders */
    bool
        cut; /* an attempt reached its limit: of what it had not shared yet, digits are added one by one */
} asx_adder_graph;

enum {
    ASX_ADDERS_SIDE_MAX = 1024,           /* rows and columns of a matrix */
    ASX_ADDERS_WEIGHT_MAX = 1 << 20,      /* of its entries */
    ASX_ADDERS_DEPTH_MAX = 62,            /* of limits */
    ASX_ADDERS_EFFORT = 10 * 1000 * 1000, /* see asx_adder_options */
    ASX_ADDERS_ATTEMPT =
        4 /* an attempt is cut short after so many times the effort, in the same steps */
};

/* Zeros but for effort: no limit. */
typedef struct asx_adder_options {
    unsigned depth; /* adders in a row at most, 1 .. ASX_ADDERS_DEPTH_MAX; 0: any number */
    /* Steps, counts of a pair of terms that change, after which no new attempt begins; an attempt of ASX_ADDERS_ATTEMPT times
     * as many is cut short. 0: one attempt, however long. */
    size_t effort;
    uint64_t seed;             /* of ties */
    bool (*stop)(void *state); /* polled often; may be NULL */
    void *stop_state;
} asx_adder_options;

/**
 * A graph of few adders for a matrix: the best of many attempts. Each replaces, greedily, the pair of terms that occurs most
 * often in the canonical signed digits of the rows (M. Potkonjak et al., IEEE TCAD 15, 1996; R. Hartley, IEEE TCAS-II 43,
 * 1996), of the matrix or of its transpose, whose graph turned around is one of the matrix, and of what is left of rows
 * where one is computed from another along a spanning tree (O. Gustafsson et al., Asilomar 2004; the two stages of
 * C. Sun et al., da4ml, 2025). Attempts differ in these choices and in how ties are broken. The result is compared with W in
 * integers before it is returned.
 *
 * @param out     owned by the caller, asx_adder_graph_free
 * @param matrix  [rows][columns], row by row
 * @return ASX_OK; ASX_EINVAL for sizes or entries beyond the limits, or a depth that canonical digits alone exceed, naming
 *         the least, or beyond ASX_ADDERS_DEPTH_MAX; ASX_EINTERRUPTED where `stop` said so; ASX_ENOMEM
 * Cost: one attempt on 64 x 64 entries of 8 bits takes some 0.2 s; it grows with the pairs of digits in rows, the cube of
 * the side. Same arguments, same graph.
 */
ASX_API ASX_NODISCARD asx_status asx_adder_graph_new(asx_adder_graph **out, const int32_t *matrix,
                                                     size_t rows, size_t columns,
                                                     const asx_adder_options *options,
                                                     asx_error *err);
ASX_API void asx_adder_graph_free(asx_adder_graph *graph);

/** Adders in a row, at most, before any output. */
ASX_API ASX_NODISCARD asx_status asx_adder_graph_depth(unsigned *depth,
                                                       const asx_adder_graph *graph,
                                                       asx_error *err);

/** y = what the graph computes. @param x  [inputs] @param y  [outputs] @param work  [inputs + n] */
ASX_API void asx_adder_graph_run(int64_t *y, const asx_adder_graph *graph, const int64_t *x,
                                 int64_t *work);

/** Adders without any sharing: the canonical signed digits of each row, less one. */
ASX_API size_t asx_adders_of_digits(const int32_t *matrix, size_t rows, size_t columns);

#ifdef __cplusplus
}
#endif

#endif
