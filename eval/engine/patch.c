#include "patch.h"

#include "ops.h"

static size_t groups_of(const asx_node *node)
{
    return node->groups ? node->groups : 1;
}

size_t asx_patch_size(const asx_node *node)
{
    return groups_of(node) * (node->n_weights / node->n_biases);
}

size_t asx_patch_n_places(const asx_plan *plan, const asx_node *node)
{
    return asx_value_n_elements(&plan->network->value[node->output]) / node->n_biases;
}

static void cut_conv(float *out, const asx_plan *plan, const asx_node *node, const float *image,
                     size_t place)
{
    const asx_value *in = &plan->network->value[node->input[0]];
    const asx_value *to = &plan->network->value[node->output];
    const asx_window *w = &node->window;
    const size_t row = place / to->dim[2], column = place % to->dim[2];
    for (size_t c = 0; c < in->dim[0]; c++)
        for (size_t i = 0; i < w->kernel[0]; i++)
            for (size_t j = 0; j < w->kernel[1]; j++) {
                const size_t y = row * w->stride[0] + i * w->dilation[0] - w->before[0];
                const size_t x = column * w->stride[1] + j * w->dilation[1] - w->before[1];
                *out++ = y < in->dim[1] && x < in->dim[2]
                             ? image[(y * in->dim[2] + x) * in->dim[0] + c]
                             : 0; /* in the padding; below 0 is far above, size_t */
            }
}

/* A dense layer sees rows of the last dimension; a feature map lies in another order. */
static void cut_row(float *out, const asx_plan *plan, const asx_node *node, const float *image,
                    size_t place)
{
    const asx_value *in = &plan->network->value[node->input[0]];
    const size_t n = in->dim[in->rank - 1];
    const bool logical = asx_tensor_is_logical(in);
    for (size_t i = 0; i < n; i++)
        out[i] = logical ? image[place * n + i]
                         : image[(place % in->dim[1] * n + i) * in->dim[0] + place / in->dim[1]];
}

void asx_patch_cut(float *out, const asx_plan *plan, const asx_node *node, const float *image,
                   size_t place)
{
    (node->op == ASX_OP_CONV ? cut_conv : cut_row)(out, plan, node, image, place);
}
