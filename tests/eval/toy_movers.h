/* A network of all that a program can do beside layers. */
#ifndef ASX_TESTS_EVAL_TOY_MOVERS_H
#define ASX_TESTS_EVAL_TOY_MOVERS_H

#include "toy_data.h"

/* Everything that moves, pairs or pools, of a small feature map. */
static inline asx_network *toy_movers(void)
{
    const asx_window same = {{3, 3}, {1, 1}, {2, 1}, {2, 1}, {2, 1}};
    const asx_window pool = {{3, 2}, {2, 1}, {1, 1}, {1, 0}, {1, 1}};
    asx_network *net = toy_network(SHAPE(4, 6, 6));
    const asx_node group = {.op = ASX_OP_CONV, .window = same, .groups = 2};
    const size_t a = toy_layer(net, group, 0, SHAPE(6, 6, 6));
    size_t v = toy_node(net, (asx_node){.op = ASX_OP_CLIP, .low = -0.4f, .high = 0.5f}, 1, a, 0,
                        SHAPE(6, 6, 6));
    v = toy_node(net, (asx_node){.op = ASX_OP_MUL}, 2, a, v, SHAPE(6, 6, 6));
    v = toy_node(net, (asx_node){.op = ASX_OP_SLICE, .start = {1, 5, 0}, .step = {2, -1, 1}}, 1, v,
                 0, SHAPE(3, 6, 6));
    const size_t padded = toy_node(
        net, (asx_node){.op = ASX_OP_PAD, .before = {1, 0, 0}, .after = {2, 0, 0}, .fill = 0.25f},
        1, v, 0, SHAPE(6, 6, 6));
    v = toy_node(net, (asx_node){.op = ASX_OP_MAX}, 2, padded, a, SHAPE(6, 6, 6));
    v = toy_node(net, (asx_node){.op = ASX_OP_CONCAT, .axis = 1}, 2, v, padded, SHAPE(6, 12, 6));
    v = toy_node(net, (asx_node){.op = ASX_OP_TRANSPOSE, .perm = {2, 0, 1}}, 1, v, 0,
                 SHAPE(6, 6, 12));
    const size_t top =
        toy_node(net, (asx_node){.op = ASX_OP_MAX_POOL, .window = pool}, 1, v, 0, SHAPE(6, 3, 12));
    v = toy_node(net, (asx_node){.op = ASX_OP_AVERAGE_POOL, .window = pool, .count_padding = true},
                 1, v, 0, SHAPE(6, 3, 12));
    v = toy_node(net, (asx_node){.op = ASX_OP_SUB}, 2, top, v, SHAPE(6, 3, 12));
    v = toy_node(net, (asx_node){.op = ASX_OP_REDUCE_MEAN, .reduced = {false, true, true}}, 1, v, 0,
                 SHAPE(6, 1, 1));
    v = toy_node(net, (asx_node){.op = ASX_OP_RESHAPE}, 1, v, 0, SHAPE(2, 3));
    v = toy_layer(net, (asx_node){.op = ASX_OP_DENSE}, v, SHAPE(2, 5));
    toy_node(net, (asx_node){.op = ASX_OP_RESHAPE}, 1, v, 0, SHAPE(10));
    return net;
}

#endif
