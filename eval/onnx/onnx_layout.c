/* Images as [height][width][channels]: Keras networks take them so, perhaps scale and shift them,
 * and turn them to [channels][height][width] before the first convolution. Such a network is
 * imported as one that takes [channels][height][width] and does not turn. */
#include <string.h>

#include "onnx_ops.h"

enum { CHAIN_MAX = 16 };

/* The one live node that reads a name; NULL if there are others, or none. */
static const Onnx__NodeProto *sole_reader(const asx_onnx *in, const char *name)
{
    const asx_onnx_symbol *symbol = asx_onnx_find(in, name);
    if (!symbol || symbol->uses != 1)
        return NULL;
    for (size_t i = 0; i < in->graph->n_node; i++) {
        const Onnx__NodeProto *node = in->graph->node[i];
        if (!asx_onnx_is_live(in, node))
            continue;
        for (size_t k = 0; k < node->n_input; k++) {
            if (strcmp(node->input[k], name) == 0)
                return node;
        }
    }
    return NULL;
}

static bool is_one_of(const char *name, const char *const *list)
{
    for (; *list; list++) {
        if (strcmp(name, *list) == 0)
            return true;
    }
    return false;
}

bool asx_onnx_turns(const Onnx__NodeProto *node)
{
    static const int64_t to_channels_first[] = {0, 3, 1, 2};
    const Onnx__AttributeProto *perm = asx_onnx_attribute(node, "perm");
    return node->op_type && strcmp(node->op_type, "Transpose") == 0 && perm && perm->n_ints == 4 &&
           memcmp(perm->ints, to_channels_first, sizeof to_channels_first) == 0;
}

/* As every name on the way has one reader only, other inputs of the nodes must be constants. */
bool asx_onnx_is_turned(const asx_onnx *in, const char *input)
{
    static const char *const passed[] = {"Add",  "Sub",      "Mul", "Div",
                                         "Cast", "Identity", "Pad", NULL};
    const Onnx__NodeProto *node = sole_reader(in, input);
    for (int i = 0; node && i < CHAIN_MAX; i++) {
        if (asx_onnx_turns(node))
            return true;
        if (!node->op_type || !is_one_of(node->op_type, passed) || node->n_output != 1)
            return false;
        node = sole_reader(in, node->output[0]);
    }
    return false;
}

size_t asx_onnx_image_axis(const asx_onnx *in, size_t axis)
{
    return !in->channels_last ? axis : axis == 2 ? 0 : axis + 1;
}
