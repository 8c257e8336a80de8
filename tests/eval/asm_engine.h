/* The engine beside the reference of asm_reference.h: the same words, a few images. */
#ifndef ASX_TESTS_ASM_ENGINE_H
#define ASX_TESTS_ASM_ENGINE_H

#include "asm_reference.h"
#include "toy_data.h"

enum { IMAGES = 4, BATCH = 3 };

/* A layer's words as the engine rounds them. */
static inline void asm_layer_init(asm_layer *l, asx_calibration *c, size_t layer,
                                  const asx_format *format)
{
    asx_error err;
    const asx_network *net = asx_calibration_network(c);
    const asx_node *node = asx_calibration_plan(c)->node[layer];
    asx_rounder *rounder = NULL;
    l->weight_word = format->weight;
    l->input_word = asx_format_activation(format, net->work.layer[layer].input_non_negative);
    l->weight = calloc(node->n_weights, sizeof *l->weight);
    l->weight_scale = calloc(node->n_biases, sizeof *l->weight_scale);
    assert_true(l->weight && l->weight_scale);
    CHECK_OK(asx_rounder_new(&rounder, &format->weight, &err), err);
    asx_integer_project(l->weight, l->weight_scale, node, rounder, NULL);
    asx_rounder_free(rounder);
    CHECK_OK(asx_calibration_scale(&l->input_scale, c, layer, &l->input_word, &err), err);
    CHECK_OK(asx_grid_new(&l->grid, &l->input_word, &err), err);
}

/* All images through the engine, in batches. @param y [IMAGES][outputs] */
static inline void asm_run_engine(float *y, const asx_plan *plan, const asx_dataset *data,
                                  const asx_integer *integer)
{
    asx_error err;
    const asx_network *net = plan->network;
    const size_t n_in = asx_value_n_elements(&net->value[net->input]);
    const size_t n_out = asx_value_n_elements(&net->value[net->output]);
    const asx_run run = {.numerics = &asx_integers, .design = integer};
    float *x = toy_array(IMAGES * n_in), *workspace = asx_plan_workspace(plan);
    assert_non_null(workspace);
    asx_dataset_images(x, data, 0, IMAGES);
    for (size_t i = 0; i < IMAGES; i += BATCH)
        CHECK_OK(asx_plan_run(plan, y + i * n_out, x + i * n_in, i,
                              IMAGES - i < BATCH ? IMAGES - i : BATCH, &run, workspace, &err),
                 err);
    free(workspace);
    free(x);
}

#endif
