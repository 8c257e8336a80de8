/* Dataflows: how the loops of a layer are laid over an array, and how often what happens then.
 *
 * The array has `rows` x `columns` lanes: a column adds up the products of its lanes, an activation
 * that enters a row serves the lanes of a group's columns. A dataflow says which loops are unrolled
 * in space and in which order the others run in time. Only counting is done here, no pricing, so
 * that every count can be held against a hand calculation or another simulator.
 *
 *   for each block of `tiles` tiles of output channels                     (weight buffer filled)
 *     for each block of `alive` pixels                            (their sums: in a memory, if need)
 *       for each chunk of `chunk` tiles of the depth                            (weight buffer)
 *         for each block of `pixels` pixels                     (pixels x tiles sums: in registers)
 *           for each tile of the depth in the chunk
 *             weights held: for each pixel          inputs held: for each tile of output channels
 *               one cycle: rows x columns products
 */
#ifndef ASX_HWMODEL_DATAFLOW_H
#define ASX_HWMODEL_DATAFLOW_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/text.h"
#include "dse/workload.h"

/* One dimension of loops folded over a length of the array: folds = ceil(n / length). */
double asx_folds(double n, double length);

/* What is unrolled in space. */
typedef struct asx_unrolling {
    bool window;     /* rows take the window (channels and kernel positions) end to end; else the
                      * channels of one kernel position, as they stand in the memory */
    unsigned rows;   /* of the array that one group takes */
    unsigned groups; /* side by side: each has rows and columns of its own (the diagonal) */
} asx_unrolling;

typedef struct asx_dataflow {
    asx_unrolling unrolling;
    unsigned pixels; /* sums of so many pixels are in registers; a weight is held for them */
    unsigned tiles;  /* tiles of output channels that an input is held for; 1: weights are held */
    double chunk;    /* tiles of the depth between which sums leave the registers */
    double alive;    /* pixels whose sums are in the memory of sums */
    bool buffer;     /* weights come through the weight buffer */
    bool line;       /* activations come through the line buffer */
} asx_dataflow;

/* How often what happens per inference; words, not bits. */
typedef struct asx_flow_counts {
    double steps;        /* cycles of the array at one pass per product */
    double x_loads;      /* activations that enter a row of the array */
    double x_reads;      /* activations read from their memory */
    double line_reads;   /* from the line buffer, which each activation of x_reads is written to */
    double bank_uses;    /* pre-computer banks that an entering activation meets */
    double w_loads;      /* weights that enter a lane */
    double w_reads;      /* weights read from their memory */
    double buffer_reads; /* from the weight buffer, which each weight of w_reads is written to */
    double buffered_words; /* that the buffer holds at once */
    double sums;           /* additions to a sum, by columns */
    double spills;         /* sums written to and read from the memory of sums, each */
    double spilled_words;  /* that the memory holds at once */
    double hold;           /* operations in a row that a lane has the same weight */
    double aligned;        /* activations that a rotator must bring to their row */
    unsigned registers;    /* sums per column */
} asx_flow_counts;

/* Lanes, and what stands beside them: the limits of a dataflow. */
typedef struct asx_array {
    unsigned rows, columns, lanes_per_bank;
    unsigned registers;  /* sums per column, at most */
    double buffer_words; /* that the weight buffer holds; 0: none */
    double spill_words;  /* sums that the memory of sums holds; 0: none */
    bool line;           /* there is a line buffer */
} asx_array;

/** What happens under a dataflow, whether or not the array can do it. */
void asx_dataflow_count(asx_flow_counts *out, const asx_layer *layer, const asx_array *array,
                        const asx_dataflow *flow);

enum { ASX_DATAFLOWS_MAX = 1024 };

/**
 * All dataflows of the set that the array can do with this layer.
 * @param out  [ASX_DATAFLOWS_MAX]
 * @return their number, at least 1
 */
size_t asx_dataflow_list(asx_dataflow *out, const asx_layer *layer, const asx_array *array);

/** Appends a short name: "window 16, weights held 8, depth in registers, buffer, lines". */
void asx_dataflow_print(asx_text *out, const asx_dataflow *flow);

/* Another array: systolic, with operands that are handed from lane to lane, and one of them
 * stationary. Here to be held against simulators of such arrays. */
typedef enum asx_stationary {
    ASX_STATIONARY_WEIGHTS, /* rows: depth, columns: output channels, time: pixels */
    ASX_STATIONARY_INPUTS,  /* rows: depth, columns: pixels, time: output channels */
    ASX_STATIONARY_OUTPUTS, /* rows: pixels, columns: output channels, time: depth */
    ASX_N_STATIONARY
} asx_stationary;

typedef struct asx_systolic_counts {
    double cycles; /* without the first loads; skew of operands included */
    double input_reads, weight_reads, output_writes;
} asx_systolic_counts;

/** One group of the layer. */
void asx_systolic_count(asx_systolic_counts *out, const asx_layer *layer, unsigned rows,
                        unsigned columns, asx_stationary held);

#endif
