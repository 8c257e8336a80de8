/* Whether two networks are the same graph with the same numbers. */
#ifndef ASX_TESTS_SAME_NETWORK_H
#define ASX_TESTS_SAME_NETWORK_H

#include <math.h>

#include "check.h"
#include "graph.h"

static inline void check_same(const asx_network *a, const asx_network *b)
{
    assert_int_equal(a->n_nodes, b->n_nodes);
    assert_int_equal(a->work.n_layers, b->work.n_layers);
    assert_memory_equal(a->input_shape, b->input_shape, sizeof a->input_shape);
    for (size_t i = 0; i < a->work.n_layers; i++) {
        assert_string_equal(a->work.layer[i].name, b->work.layer[i].name);
        assert_int_equal(a->work.layer[i].input_non_negative, b->work.layer[i].input_non_negative);
    }
    for (size_t i = 0; i < a->n_nodes; i++) {
        const asx_node *x = &a->node[i], *y = &b->node[i];
        const asx_value *u = &a->value[x->output], *v = &b->value[y->output];
        assert_int_equal(x->op, y->op);
        assert_int_equal(x->layer, y->layer);
        assert_int_equal(x->n_inputs, y->n_inputs);
        assert_int_equal(u->rank, v->rank);
        assert_memory_equal(u->dim, v->dim, sizeof u->dim);
        assert_int_equal(x->normalised, y->normalised);
        assert_true(fabsf(x->clip - y->clip) <= 1e-7f * fabsf(x->clip));
        assert_int_equal(x->n_weights, y->n_weights);
        assert_int_equal(x->n_biases, y->n_biases);
        if (x->n_weights)
            assert_memory_equal(x->weight, y->weight, x->n_weights * sizeof *x->weight);
        if (x->n_biases)
            assert_memory_equal(x->bias, y->bias, x->n_biases * sizeof *x->bias);
        assert_memory_equal(&x->window, &y->window, sizeof x->window);
        assert_int_equal(x->count_padding, y->count_padding);
        assert_memory_equal(&x->low, &y->low, sizeof x->low);
        assert_memory_equal(&x->high, &y->high, sizeof x->high);
        assert_int_equal(x->axis, y->axis);
        assert_memory_equal(x->perm, y->perm, sizeof x->perm);
        assert_memory_equal(x->before, y->before, sizeof x->before);
        assert_memory_equal(x->after, y->after, sizeof x->after);
        assert_memory_equal(x->start, y->start, sizeof x->start);
        for (size_t d = 0; x->op == ASX_OP_SLICE && d < u->rank; d++)
            assert_int_equal(x->step[d], y->step[d]);
    }
}

#endif
