/* Propagation of scales: which values of a network are integers of one scale. Private. */
#ifndef ASX_EVAL_GROUPS_H
#define ASX_EVAL_GROUPS_H

#include <stdbool.h>

#include "graph.h"

enum { ASX_NO_READER = -1 };

/* Operators that add, compare or move numbers want their inputs and output in one scale: those
 * values form a group. */
typedef struct asx_groups {
    size_t *of_value; /* the group of a value: a value that stands for it */
    /* Per group: the layer that alone reads it, and no sums or means are formed in it. Its values
     * can be that layer's words themselves. ASX_NO_READER: there is no such layer. */
    int *reader;
    /* Per group: the Quantize that alone writes it, or else alone reads it: its values are integers
     * of that one's step. NULL: there is none. */
    const asx_node **quantizer;
    bool *shared; /* per group: a Quantize in it cuts only */
    bool *cuts;   /* per node: a Quantize that layers alone read: it cuts, their words round */
    /* Per node: the next node is its Relu, and nobody else reads it: both are done in one pass. */
    bool *relu;
} asx_groups;

ASX_NODISCARD asx_status asx_groups_init(asx_groups *out, const asx_network *network,
                                         asx_error *err);
void asx_groups_fini(asx_groups *groups);

#endif
